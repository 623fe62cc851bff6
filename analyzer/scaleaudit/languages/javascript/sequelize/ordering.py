"""The order of Sequelize's lists: `[["createdAt", "DESC"], [{ model: User, as: "author" }, "name"]]`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.inflection import plural
from scaleaudit.languages.javascript.builders.chains import arguments, method
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.sorted_by_chance import drawn
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_KEYS = 8
DIRECTION = regex(r"(?:asc|desc)?(?:\s*nulls\s+(?:first|last))?", re.IGNORECASE)
COLUMN = regex(
    r"[\"`]?(\w+)[\"`]?(?:(?:\.|->)[\"`]?(\w+)[\"`]?)?(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?",
    re.IGNORECASE,
)
NAMES = frozenset({"string", "template_string", "identifier", "member_expression"})


class Order(Gathering):
    keys: tuple[Condition, ...] = ()
    shuffled: bool = False


def ordering(reader: JavaScriptReader, node: Node, model: str) -> Order:
    """What a list of `model` is sorted by, up to the first key that is not known."""
    given = bare(node)
    if given is not None and given.type in ("identifier", "shorthand_property_identifier"):
        given = bare(reader.local(reader.text(given), given)) or given
    if given is None:
        return Order()
    listed = [each for each in given.named_children if each.type != "comment"]
    listed = listed if given.type == "array" else [given]
    found: list[Condition] = []
    written = text_of(reader, given) if given.type in ("string", "template_string") else ""
    if written and not written.isidentifier():  # SQL, as older versions take it
        return in_sql(written, model)
    for each in listed[:MAX_KEYS]:
        path = key(reader, each, model)
        if not path:
            return Order(tuple(found), not found and drawn(reader.text(each)))
        found.append(Condition(path, "sort", Clause.SORT))
    return Order(tuple(found))


def key(reader: JavaScriptReader, node: Node, model: str) -> str:
    """The dotted attribute of one key; empty where it is computed or not known."""
    inner = node.named_children if node.type == "array" else [node]
    parts: list[str] = []
    for at, part in enumerate(inner):
        if part.type == "object":
            found = assembled(reader, part)
            name = text_of(reader, dict(found.always).get("as")) if found is not None else ""
        elif part.type == "call_expression":
            name = column(reader, part, model)
        elif part.type in NAMES:
            name = text_of(reader, part)
            if at and (at == len(inner) - 1 and (not name or DIRECTION.fullmatch(name))):
                break  # the direction
        else:
            name = ""
        if not name:
            return ""
        parts.append(name)
    path = ".".join(parts)
    return path if path and all(each.isidentifier() for each in path.split(".")) else ""


def column(reader: JavaScriptReader, call: Node, model: str) -> str:
    """`sequelize.col("Order.createdAt")`, `Sequelize.literal('"createdAt" DESC')`."""
    args = arguments(call)
    if method(reader, call) not in ("col", "literal") or len(args) != 1:
        return ""
    return placed(text_of(reader, args[0]), model)


def placed(text: str, model: str) -> str:
    match = COLUMN.fullmatch(text.strip())
    if match is None:
        return ""
    if match[2] is None or match[1].lower() in (model.lower(), plural(model).lower()):
        return match[2] or match[1]
    return f"{match[1]}.{match[2]}"


def in_sql(text: str, model: str) -> Order:
    """`"Orders.createdAt DESC, id"`."""
    paths = [placed(each, model) for each in text.split(",")[:MAX_KEYS]]
    known = paths[: paths.index("")] if "" in paths else paths
    keys = tuple(Condition(path, "sort", Clause.SORT) for path in known)
    return Order(keys, not keys and drawn(text))
