"""Options that several commands have."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

# Whether it can be read is told in words of ours, by `pipeline.folder`.
PATH = click.argument("path", metavar="PATH", type=click.Path(readable=False))

COLOR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours; auto follows NO_COLOR, FORCE_COLOR and the terminal.",
)

TABLES = click.option(
    "--table",
    "-t",
    "tables",
    metavar="NAME",
    multiple=True,
    help="Only this table, or what a pattern fits ('order*'). Repeat, or a,b.",
)

CONFIG_REPOS = click.option(
    "--config-repo",
    "config_repos",
    metavar="FOLDER",
    type=click.Path(),
    multiple=True,
    help="A checked-out configuration repository; its settings count as if a configuration server "
    "handed them out (repeat for several).",
)


def _words(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For the shell: what the last word of `a,b` may be."""
    from scaleaudit.cli.selection import vocabulary
    from scaleaudit.rules import load_rules

    before, comma, last = incomplete.rpartition(",")
    known = vocabulary(load_rules())
    return [
        CompletionItem(f"{before}{comma}{word}", help=kind)
        for kind, words in known.items()
        for word in words
        if word.startswith(last)
    ]


class Reading(NamedTuple):
    """How the folder is read, as the command line says."""

    config_file: str | None
    jobs: int
    no_cache: bool
    cache_dir: str | None
    quiet: bool
    verbose: bool


def scanning(function: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that scans, which gets them as one `reading`."""

    @wraps(function)
    def gathering(*args: Any, **given: Any) -> None:
        reading = Reading(**{name: given.pop(name) for name in Reading._fields})
        function(*args, reading=reading, **given)

    command: Callable[..., None] = gathering
    for option in reversed(
        (
            click.option(
                "--config",
                "config_file",
                metavar="FILE",
                type=click.Path(),
                help="Settings, in place of the repository's own scaleaudit.toml.",
            ),
            click.option(
                "--jobs",
                "-j",
                metavar="N",
                type=click.IntRange(min=0),
                default=0,
                help="Processes that read files. Default: one for each core.",
            ),
            click.option("--no-cache", is_flag=True, help="Read every file again."),
            click.option(
                "--cache-dir",
                metavar="FOLDER",
                type=click.Path(),
                envvar="SCALEAUDIT_CACHE_DIR",
                help="Where facts are kept between scans.",
            ),
            click.option("--quiet", "-q", is_flag=True, help="The result alone, no notes."),
            click.option(
                "--verbose", "-v", is_flag=True, help="Also timings, and the traceback of a crash."
            ),
        )
    ):
        command = option(command)
    return command


def ruling(function: F) -> F:
    """Which rules run and what is shown of their findings."""
    for option in reversed(
        (
            click.option(
                "--select",
                metavar="WORDS",
                multiple=True,
                shell_complete=_words,
                help="Only these rules, families, dimensions or phases (repeat, or a,b).",
            ),
            click.option(
                "--ignore",
                metavar="WORDS",
                multiple=True,
                shell_complete=_words,
                help="All but these rules, families, dimensions or phases.",
            ),
            click.option(
                "--allow-local-rules",
                is_flag=True,
                help="Also run the rules that the repository brings: this executes its code.",
            ),
        )
    ):
        function = option(function)
    return function
