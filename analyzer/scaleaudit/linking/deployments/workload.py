"""One declared workload, with all that other files say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal, text_with_holes

if TYPE_CHECKING:
    from scaleaudit.facts import ImageBuilt, WorkloadDeclared
    from scaleaudit.findings import Evidence
    from scaleaudit.source import Location
    from scaleaudit.values import Value

NOT_IN_PROJECTS = regex(r"[^a-z0-9_-]")  # characters that compose leaves out of a folder's name


class Workload(Gathering):
    """One declaration, resolved. `root` is the source folder that builds it, None when unknown."""

    fact: WorkloadDeclared
    path: str
    name: str
    image: str = ""
    root: str | None = None
    dockerfile: str = ""
    aliases: set[str] = msgspec.field(default_factory=set)
    environment: dict[str, tuple[Value | None, Location]] = msgspec.field(default_factory=dict)
    # Variables from files that several share.
    shared_names: set[str] = msgspec.field(default_factory=set)
    files: dict[str, str] = msgspec.field(default_factory=dict)  # of mounted entries, by their key
    open_environment: bool = False  # more is handed in than the repository holds
    replicas: int | None = None
    published: bool = False
    routes: list[Evidence] = msgspec.field(default_factory=list)  # of the cluster's edge, to it
    balanced: list[Evidence] = msgspec.field(default_factory=list)  # Services open to outside
    command: tuple[str, ...] = ()
    image_fact: ImageBuilt | None = None
    daemon: tuple[str, ...] = ()  # the command of Dapr's daemon that stands beside it

    @property
    def at(self) -> Location:
        return self.fact.at.in_file(self.path)

    @property
    def container(self) -> str:
        """What compose calls the container of a service that gives it no name; other projects of
        the machine reach it so. Source: "Specify a project name", docs.docker.com."""
        folder = self.path.rpartition("/")[0].rpartition("/")[2].lower()
        project = NOT_IN_PROJECTS.sub("", folder)
        return f"{project}-{self.fact.name}-1" if project and self.fact.source == "compose" else ""


def value_text(value: Value | None) -> str:
    """The text of a value for looking at words in it; holes are `{}`."""
    if value is None:
        return ""
    return value.text if isinstance(value, Literal) else text_with_holes(value)
