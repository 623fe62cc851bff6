"""Option objects of databases that stand apart from the call that takes them.

Configuration files and providers hold `{client: "pg", connection: ...}` (Knex), `{dialect:
"mysql", host: ...}` (Sequelize) or `{type: "postgres", host: ...}` (TypeORM). An engine and an
address in one object are proof enough; what developers and tests use says nothing of production.
An engine that the environment may change (`process.env.DIALECT || "mysql"`) is only told as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import StoreUsed, TableChanged
from scaleaudit.languages.javascript import options
from scaleaudit.languages.patterns import TECHNOLOGIES
from scaleaudit.regex import regex
from scaleaudit.schema import DIALECTS
from scaleaudit.values import UNKNOWN, Literal, join, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.values import Value

MAX_FOUND = 40  # objects of one file
ENGINES = ("pg", "postgres", "postgresql", "mysql", "mysql2", "mariadb", "mssql", "mongodb",
           "oracledb", "cockroachdb")  # fmt: skip
# A part of each engine's name: few searches tell that a file names none.
PARTS = (b"sql", b"'pg'", b'"pg"', b"postgres", b"mariadb", b"mongodb", b"racledb", b"roachdb")
ENGINE = regex(
    rb"\b(client|dialect|type)[\"']?\s*:\s*([\w.$\[\]()\"' ]{1,80}(?:\|\||\?\?)\s{0,20})?"
    rb"[\"'](" + "|".join(ENGINES).encode() + rb")[\"']"
)
# The key that names the engine -> library, where the address stands, which other keys prove it.
LIBRARIES = {
    "client": ("knex", ("connection.connectionString", "connection"), "connection.", "connection"),
    "dialect": ("sequelize", ("url",), "", "host url username"),
    "type": ("typeorm", ("url",), "", "host url replication username"),
}
NOT_DEPLOYED = {"development", "dev", "test", "testing", "local", "ci"}


def store_options(reader: JavaScriptReader) -> Iterator[Fact]:
    content = reader.content
    for part in PARTS:
        if part in content:
            break
    else:
        return
    for number, match in enumerate(ENGINE.finditer(content)):
        if number >= MAX_FOUND:
            return
        node = _object_around(reader, match.start())
        if node is None or _of_developers(reader, node):
            continue
        found: dict[str, Node] = {}
        options.members(reader, node, "", found)
        key = match[1].decode()
        library, urls, prefix, proof = LIBRARIES[key]
        if key not in found or not found.keys() & set(proof.split()):
            continue
        technology = TECHNOLOGIES.get(match[3].decode(), "")
        if technology in DIALECTS:
            yield TableChanged(reader.span(node), "", "engine", dialect=DIALECTS[technology])
        if match[2] is not None or _is_argument(node):
            continue
        engine = literal_text(reader.value(found[key])) or ""
        database = found.get(f"{prefix}database")
        yield StoreUsed(
            reader.span(node),
            TECHNOLOGIES.get(engine, ""),
            _address(reader, found, urls, prefix),
            library,
            reader.value(database) if database is not None else None,
        )


def _address(
    reader: JavaScriptReader, found: dict[str, Node], urls: tuple[str, ...], prefix: str
) -> Value:
    host, port = found.get(f"{prefix}host"), found.get(f"{prefix}port")
    if host is not None:
        address = reader.value(host)
        return address if port is None else join(address, Literal(":"), reader.value(port))
    url = next((found[key] for key in urls if key in found), None)
    return UNKNOWN if url is None else reader.value(url)


def _object_around(reader: JavaScriptReader, at: int) -> Node | None:
    node = reader.root.descendant_for_byte_range(at, at + 1)
    for _ in range(4):
        if node is None or node.type == "object":
            break
        node = node.parent
    return node if node is not None and node.type == "object" else None


def _is_argument(node: Node) -> bool:
    """What a call takes is that call's matter, unless it only hands it on (`registerAs`)."""
    return node.parent is not None and node.parent.type in ("arguments", "array")


def _of_developers(reader: JavaScriptReader, node: Node) -> bool:
    """Below `development:` or `test:`."""
    for above in reader.ancestors(node):
        if above.type == "pair":
            key = above.child_by_field_name("key")
            if key is not None and reader.text(key).strip("'\"") in NOT_DEPLOYED:
                return True
    return False
