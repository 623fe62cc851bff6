"""Data sources of Spring whose settings stand under a prefix of the application's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import StoreUsed
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Setting, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

MADE = regex(r"\b(?:\w*DataSource(?:Properties)?|HikariConfig|MongoProperties|ConnectionFactory)\b")
KEYS = ("{}.jdbc-url", "{}.url", "{}.uri", "{}.configuration.jdbc-url")


class ConfiguredSource(Record, frozen=True, kw_only=True):
    """`@Bean @ConfigurationProperties("app.orders-db") DataSource orders()`."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target, given = site.target, site.argument(0, "prefix", "value")
        if target is None or given is None or target.type not in reader.FUNCTIONS:
            return
        prefix = literal_text(reader.value(given))
        body = target.child_by_field_name("body")
        end = body.start_byte if body is not None else target.end_byte
        head = reader.content[site.node.end_byte : end].decode("utf-8", "replace")[:600]
        if not prefix or MADE.search(head) is None:
            return
        address: Setting | None = None
        for key in reversed(KEYS):
            address = Setting(key.format(prefix), address)
        if address is not None:
            yield StoreUsed(reader.span(site.node), "", address, "jdbc")
