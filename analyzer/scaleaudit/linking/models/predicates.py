"""One condition of a query on one column of one of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Predicate
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Condition
    from scaleaudit.linking.models.model import Model
    from scaleaudit.schema import Schema

# The function of a comparison that the mapper makes blind to capitals; `any-case:upper` where it
# writes another function than LOWER.
ANY_CASE = "any-case"
SEARCHED = {
    "TSVECTOR",
    "GEOMETRY",
    "GEOGRAPHY",
}  # every comparison is one for an index of their own
# Elsewhere "contains" asks for a member of a list or a document, not for a part of a text.
TEXTS = regex(r"^(?:CI)?(?:TEXT|VAR|N?CHAR|STRING|CLOB|LONGTEXT|MEDIUMTEXT|TINYTEXT)")
ANY_NUMBER = regex(
    r"^(?:BIG|SMALL|MEDIUM|TINY)?(?:INT|SERIAL)|^(?:UUID|BOOL|DATE|TIME|NUMERIC|DECIMAL)"
)


class Mention(Gathering):
    """One occurrence of a table in a query: the model's own, or that of a relation followed."""

    table: str
    number: int
    model: Model | None


def predicate(
    schema: Schema, asked: Condition, at: Mention, column: str, function: str
) -> Predicate:
    if function.startswith(ANY_CASE):
        folded = function.removeprefix(ANY_CASE).removeprefix(":") or "lower"
        function = "" if folds_case(schema, at.table, column) else folded
    operator = asked.operator
    field = at.model.fields.get(asked.path.rpartition(".")[2]) if at.model is not None else None
    type_ = field[1].type if field is not None else ""
    member = operator == "contains" and type_ and not TEXTS.match(type_)
    if member or (type_ in SEARCHED and asked.clause is not Clause.SORT):
        operator = "search"
    return Predicate(
        at.table, column, operator, asked.clause, function, asked.alternative,
        at.number, asked.group, asked.branch, asked.constant,
    )  # fmt: skip


def folds_case(schema: Schema, table: str, column: str) -> bool:
    """Whether the engine takes capitals for small letters there by itself."""
    known = schema.tables.get(table)
    found = known.column(column) if known is not None else None
    if found is not None and found.type == "CITEXT":
        return True
    if found is not None and ANY_NUMBER.match(found.type):
        return True  # nothing to fold
    return known is not None and known.dialect in ("mysql", "mariadb")


def beside_its_kind(asked: Condition, at: Mention, part: str) -> Iterator[Predicate]:
    """A record of any class is looked for by its key and its class."""
    relation = at.model.relations.get(part) if at.model is not None else None
    kind = relation[1].discriminator if relation is not None else ""
    if kind and asked.clause is Clause.FILTER and asked.operator in ("=", "in"):
        yield Predicate(
            at.table, kind, "=", Clause.FILTER, "", asked.alternative,
            at.number, asked.group, asked.branch, constant=True,
        )  # fmt: skip
