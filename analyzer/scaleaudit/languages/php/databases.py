"""PDO's addresses: `pgsql:host=db;port=5432;dbname=shop`, parts of which may be symbolic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import StoreUsed
from scaleaudit.languages.patterns.arguments import Arg
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

DRIVERS = {
    "mysql": "mysql",
    "pgsql": "postgresql",
    "sqlite": "sqlite",
    "sqlsrv": "sqlserver",
    "dblib": "sqlserver",
    "oci": "oracle",
}
DSN = Arg(0, ("dsn",))
HOLE = regex("\0(\\d+)\0")
MAX_PARTS = 30


class PdoStore(Record, frozen=True, kw_only=True):
    """`new PDO($dsn, $user, $password)`; the driver in front of the DSN is the technology.

    `technology`: what the class itself is for, where the DSN stands elsewhere.
    """

    callees: tuple[str, ...] = ("PDO",)
    library: str = "pdo"
    technology: str = ""
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        dsn = DSN.value(site, reader) or UNKNOWN
        holes: list[Value] = []
        text = _with_holes(dsn, holes)
        driver, _, rest = text.partition(":")
        technology = DRIVERS.get(driver, "")
        members = {
            key.strip(): value.strip()
            for key, _, value in (member.partition("=") for member in rest.split(";"))
        }
        address = dsn
        if technology == "sqlite":
            address = _filled(rest, holes)
        elif technology and "host" in members:
            address = _filled(members["host"], holes)
            if "port" in members:
                address = join(address, Literal(":"), _filled(members["port"], holes))
        database = _filled(members["dbname"], holes) if members.get("dbname") else None
        yield StoreUsed(
            at=reader.span(site.node),
            technology=technology or self.technology,
            address=address,
            library=self.library,
            database=database if technology else None,
            scope=reader.scope(site.node),
        )


class Hosts(Record, frozen=True, kw_only=True):
    """A list of addresses as the argument: `ClientBuilder::create()->setHosts([$url])`."""

    callees: tuple[str, ...]
    technology: str
    library: str
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        listed = reader.each(site.args[0]) if site.args else []
        address = reader.value(listed[0]) if listed else UNKNOWN
        yield StoreUsed(
            at=reader.span(site.node),
            technology=self.technology,
            address=address,
            library=self.library,
            scope=reader.scope(site.node),
        )


def _with_holes(value: Value, holes: list[Value]) -> str:
    text = ""
    for part in (value.parts if isinstance(value, Join) else (value,))[:MAX_PARTS]:
        if isinstance(part, Literal):
            text += part.text.replace("\0", "")
        else:
            text += f"\0{len(holes)}\0"
            holes.append(part)
    return text


def _filled(text: str, holes: list[Value]) -> Value:
    parts: list[Value] = []
    for number, piece in enumerate(HOLE.split(text)):
        parts.append(holes[int(piece)] if number % 2 else Literal(piece))
    return join(*parts)
