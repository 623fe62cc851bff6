"""What an application of Slim puts in front of all its routes: `$app->setBasePath("/shop")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import BASE_PATH, SettingDefined
from scaleaudit.languages.patterns import FIRST
from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader


class BasePath(Record, frozen=True, kw_only=True):
    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        value = FIRST.value(site, reader)
        if value is not None:
            yield SettingDefined(reader.span(site.node), BASE_PATH, value, "slim")
