"""What a Rails migration says of those who use the table meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import TableChanged
from scaleaudit.inflection import plural, underscored
from scaleaudit.regex import regex
from scaleaudit.sql import is_volatile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import TableDefined
    from scaleaudit.languages.ruby.rails_migrations import Migration

# A block of the gem strong_migrations: a person has looked at what is inside.
ASSURED = "safety_assured"
CONCURRENT = regex(r"\bconcurrently\b")
MODEL = regex(r"(?:\w+::)*([A-Z]\w*)((?:\.(?:unscoped|all|with_deleted))*)")


def online(fact: TableDefined | TableChanged) -> TableDefined | TableChanged:
    return msgspec.structs.replace(fact, online=True) if isinstance(fact, TableChanged) else fact


def keeps_writers(m: Migration, name: str, options: dict[str, Node]) -> bool:
    """`algorithm: :concurrently`, `validate: false`, and the helpers of GitLab's that mean the same.

    `add_reference ..., index: { algorithm: :concurrently }` too, where no key is checked.
    """
    if "_concurrent_" in name:
        return True
    algorithm, validate = options.get("algorithm"), options.get("validate")
    if algorithm is not None and CONCURRENT.search(m.reader.text(algorithm)):
        return True
    return validate is not None and m.reader.hint(validate) == "false"


def index_is_concurrent(m: Migration, given: Node | None) -> bool:
    """`index: { algorithm: :concurrently }`"""
    return given is not None and CONCURRENT.search(m.reader.text(given)) is not None


def key_is_unchecked(m: Migration, given: Node | None) -> bool:
    """`foreign_key: { validate: false }`"""
    own = m.reader.members(given) if given is not None and given.type == "hash" else {}
    return "validate" in own and m.reader.hint(own["validate"]) == "false"


def default_kind(m: Migration, options: dict[str, Node]) -> str:
    given = options.get("default")
    if given is None or m.reader.hint(given) == "nil":
        return "none"
    return "volatile" if is_volatile(m.reader.text(given)) else "constant"


def backfill(m: Migration, receiver: Node, call: Node) -> Iterator[TableChanged]:
    """`Order.update_all(...)`, `Order.all.update_all(...)`: no condition stands before it."""
    match = MODEL.fullmatch(m.reader.text(receiver)[:200])
    if match is not None:
        table = plural(underscored(match[1]))
        yield TableChanged(m.reader.span(call), table, "backfill")
