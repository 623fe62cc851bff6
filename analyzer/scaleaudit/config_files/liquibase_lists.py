"""Which changelogs a master of Liquibase runs, in XML or YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import MAX_FACTS
from scaleaudit.facts import MigrationsListed
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scaleaudit.config_files.xml_elements import Element


def listed_in(children: Iterable[Element]) -> Iterator[MigrationsListed]:
    """The changelogs that this one runs, as far as it names them; nothing where a folder is one of them."""
    paths: list[str] = []
    line = 0
    for child in children:
        if child.tag == "includeAll":
            return
        written = child.attributes.get("file", "") if child.tag == "include" else ""
        if written and len(paths) < MAX_FACTS:
            beside = child.attributes.get("relativeToChangelogFile", "").lower() == "true"
            plain_path = written.removeprefix("classpath:").lstrip("/")
            paths.append(f"./{plain_path.removeprefix('./')}" if beside else plain_path)
            line = line or child.line
    if paths:
        yield MigrationsListed(Span(line), tuple(paths))
