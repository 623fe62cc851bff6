"""One stage of a Dockerfile, and the image that it makes."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.config_files.interpolation import without_secret_options
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import EnvEntry, ImageBuilt, ProgramBuilt
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, Unknown, text_with_holes

if TYPE_CHECKING:
    from scaleaudit.values import Value

# Variables that bundlers of front ends replace by their values: Vite, Create React App, Next.js,
# Vue CLI, Nuxt, Gatsby, SvelteKit and Astro, Expo, Angular's builders.
BUNDLED = regex(
    r"(VITE|REACT_APP|NEXT_PUBLIC|VUE_APP|NUXT(_PUBLIC)?|GATSBY|PUBLIC|EXPO_PUBLIC|NG_APP)_\w"
)
MAX_TEXT = 65_536  # characters of all variables, paths and ports of a stage
MAX_PATH = 4_096


class Stage(Gathering):
    """`base` is the image at the root of the chain of stages, `name` what follows `AS`."""

    at: Span
    base: str
    name: str
    variables: dict[str, Value | None] = msgspec.field(default_factory=dict)  # ARG and ENV by name
    environment: dict[str, EnvEntry] = msgspec.field(default_factory=dict)
    ports: dict[str, None] = msgspec.field(default_factory=dict)
    copies: dict[str, None] = msgspec.field(default_factory=dict)
    programs: dict[ProgramBuilt, None] = msgspec.field(default_factory=dict)
    built_with: dict[str, EnvEntry] = msgspec.field(default_factory=dict)
    workdir: str = ""
    entrypoint: tuple[str, ...] = ()
    entrypoint_in_shell: bool = False
    command: tuple[str, ...] = ()
    command_at: Span | None = None
    command_is_own: bool = False  # set in this very stage
    size: int = 0  # characters kept so far

    def child(self, at: Span, name: str) -> Stage:
        """A stage that starts from this one; ARGs end with their stage, the rest is inherited."""
        environment = dict(self.environment)
        return replace(
            self,
            at=at,
            name=name,
            variables={key: entry.value for key, entry in environment.items()},
            environment=environment,
            ports=dict(self.ports),
            copies=dict(self.copies),
            programs=dict(self.programs),
            built_with=dict(self.built_with),
            command_is_own=False,
        )

    def set_variable(self, name: str, value: Value, at: Span) -> None:
        value = without_secrets(name, value)
        if not self._fits(name + text_with_holes(value)):
            value = Unknown("too long")
        self.variables[name] = value
        self.environment[name] = EnvEntry(name, value, at)
        self.bundle(name, value, at)

    def bundle(self, name: str, value: Value | None, at: Span) -> None:
        """Keeps what a bundler puts into the pages that it builds."""
        if BUNDLED.match(name) and isinstance(value, Literal | Join | Setting):
            self.built_with[name] = EnvEntry(name, value, at)

    def expose(self, port: str) -> None:
        if self._fits(port):
            self.ports[port] = None

    def copy(self, path: str) -> None:
        if path not in self.copies and self._fits(path):
            self.copies[path] = None

    def change_folder(self, folder: str) -> None:
        path = posixpath.normpath(posixpath.join(self.workdir or "/", folder))
        self.workdir = path if len(path) <= MAX_PATH else ""

    def _fits(self, text: str) -> bool:
        self.size += len(text) + 1
        return self.size <= MAX_TEXT

    def build(self, tool: str, target: Value) -> None:
        if self._fits(text_with_holes(target)):
            self.programs[ProgramBuilt(tool, target, self.workdir)] = None

    def take_copies(self, other: Stage | None) -> None:
        """What another stage was made from, this one is made from too."""
        if other is not None:
            for path in other.copies:
                self.copy(path)
            self.programs |= other.programs
            self.built_with = other.built_with | self.built_with

    def set_entrypoint(self, words: tuple[str, ...], shell: bool, at: Span) -> None:
        self.entrypoint, self.entrypoint_in_shell, self.command_at = words, shell, at
        if not self.command_is_own:  # an ENTRYPOINT drops the CMD of the image before
            self.command = ()

    def set_command(self, words: tuple[str, ...], at: Span) -> None:
        self.command, self.command_is_own, self.command_at = words, True, at


def image_built(stage: Stage, name: str) -> ImageBuilt:
    """What a build of this stage gives; `name` is empty for the stage built by default.

    An ENTRYPOINT in shell form ignores CMD.
    """
    own = () if stage.entrypoint and stage.entrypoint_in_shell else stage.command
    command = (*stage.entrypoint, *own)
    words = without_secret_options([Literal(word) for word in command])
    return ImageBuilt(
        stage.at,
        stage.base,
        name,
        command=tuple(text_with_holes(word, "***") for word in words),
        environment=tuple(stage.environment.values()),
        ports=tuple(stage.ports),
        copies=tuple(stage.copies),
        workdir=stage.workdir,
        command_at=stage.command_at or Span(0),
        programs=tuple(stage.programs),
        built_with=tuple(
            e for name, e in stage.built_with.items() if name not in stage.environment
        ),
    )
