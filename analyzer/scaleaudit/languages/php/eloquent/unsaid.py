"""Queries that Laravel makes of what code declares: rules of validation, keys of routes.

`unique:users,email` counts the users of that address before each save, `exists:shops,code` looks
for the shop, and `getRouteKeyName()` says by which column a route finds its model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition, OrmQuery, Predicate, QueryFound
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php.eloquent.arguments import column_of, constant
from scaleaudit.languages.php.eloquent.relations import class_of
from scaleaudit.languages.php.names import chain
from scaleaudit.languages.php.strings import STRINGS
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

MARKS = (b"unique:", b"exists:", b"Rule::unique(", b"Rule::exists(", b"getRouteKeyName")
RULE = regex(rb"['\"|](?:unique|exists):[\w\\.]|\bRule::(?:unique|exists)(?=\()")
WRITTEN = regex(r"(?:^|\|)(unique|exists):(?:[\w-]+\.)?([\w\\]+)((?:,[^,|]*){0,12})")
COLUMN = regex(r"([A-Za-z_]\w*)(?:->(.*))?")
KEY = regex(r"(?:\w|->)+")  # of a document, spelled out
# Where the pairs of a further column and its value begin, after the table: behind the column, and
# for `unique` behind the row to leave out and the name of its key.
PAIRS = {"exists": 1, "unique": 3}
ROUTE_KEY = regex(
    rb"function\s+getRouteKeyName\s*\([^()]*\)[^{]{0,40}\{\s*return\s+['\"](\w+)['\"]\s*;"
)
KEYS = frozenset({"id", "NULL", "uuid"})
MAX_RULES = 300  # of one file
MAX_ABOVE = 5  # arrays around a rule, up to the name of the attribute


def facts(reader: PhpReader) -> Iterator[OrmQuery | QueryFound]:
    if not has_any(reader.content, MARKS):
        return
    told: set[int] = set()
    for _, match in zip(range(MAX_RULES), RULE.finditer(reader.content), strict=False):
        node = reader.root.descendant_for_byte_range(match.start() + 1, match.end())
        for _ in range(3):
            if node is None or node.type in STRINGS or node.type == "scoped_call_expression":
                break
            node = node.parent
        if node is None or node.id in told:
            continue
        told.add(node.id)
        if node.type in STRINGS:
            whole = joined(reader, node)
            if whole.id == node.id or whole.id not in told:
                yield from written(reader, whole)
            told.add(whole.id)
        elif node.type == "scoped_call_expression":
            yield from called(reader, node)
    for match in ROUTE_KEY.finditer(reader.content):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        own = reader.class_around(leaf) if leaf is not None else None
        column = match[1].decode()
        if leaf is None or own is None or column in KEYS:
            continue
        owner = reader.definition_name(own)
        yield of_model(reader, leaf, owner, f"{owner} by {column}", [Condition(column, "=")])


def joined(reader: PhpReader, node: Node) -> Node:
    """The whole text of which a string is a part: `'unique:members,code,' . $id`."""
    for above in reader.ancestors(node):
        operator = above.child_by_field_name("operator")
        if above.type != "binary_expression" or operator is None or operator.type != ".":
            break
        node = above
    return node


def written(reader: PhpReader, node: Node) -> Iterator[OrmQuery | QueryFound]:
    text = text_with_holes(reader.value(node))
    for match in WRITTEN.finditer(text):
        given = [part.strip() for part in match[3].split(",")[1:]]
        unsaid = not given or given[0] == "NULL"
        asked = COLUMN.fullmatch(given[0]) if given and not unsaid else None
        column = asked[1] if asked is not None else attribute(reader, node) if unsaid else ""
        if column and column not in KEYS:
            shown = f"{match[1]}:{match[2]},{column}"
            inside = asked[2] if asked is not None else None
            first = Condition(column, "=", function=in_document(inside))
            conditions = [first, *further(given[PAIRS[match[1]] :])]
            yield told_of(reader, node, match[2], shown, conditions, partial=False)


def in_document(path: str | None) -> str:
    """`->a.b` for the key `a->b` of a document, `->` for one that is not spelled out."""
    if path is None:
        return ""
    return "->" + (path.replace("->", ".") if KEY.fullmatch(path) else "")


def further(given: list[str]) -> Iterator[Condition]:
    """`account_id,7,closed_at,NULL`: what else the rows counted have."""
    for column, value in zip(given[::2], given[1::2], strict=False):
        if not column.isidentifier():
            continue
        if value in ("NULL", "NOT_NULL"):
            yield Condition(column, "is-null" if value == "NULL" else "is-not-null")
        else:
            operator = "!=" if value.startswith("!") else "="
            yield Condition(column, operator, constant=bool(value) and "{" not in value)


def called(reader: PhpReader, node: Node) -> Iterator[OrmQuery | QueryFound]:
    """`Rule::unique("users", "email")->ignore($user)->where("team_id", $team)`."""
    top = node
    for above in reader.ancestors(node):
        if above.type != "member_call_expression" or above.child_by_field_name("object") != top:
            break
        top = above
    links = chain(reader, top)[1]
    args = reader.arguments(node)[0]
    column = column_of(reader, args[1]) if len(args) > 1 else attribute(reader, top)
    if not args or not column or column in KEYS:
        return
    conditions = [Condition(column, "=")]
    partial = False
    for link in links[1:]:
        given = reader.arguments(link.call)[0] if link.call is not None else []
        path = column_of(reader, given[0]) if given else ""
        if link.name == "where" and path:
            same = len(given) > 1 and constant(given[1])
            conditions.append(Condition(path, "=", constant=same))
        elif link.name == "where":
            partial = True
        elif link.name == "withoutTrashed":
            conditions.append(Condition(path or "deleted_at", "is-null"))
    named = class_of(reader, args[0], "") if args[0].type not in STRINGS else ""
    table = named or text_with_holes(reader.value(args[0])).rpartition(".")[2]
    if table and "{" not in table:
        shown = excerpt(reader.content, top, 120)
        yield told_of(reader, top, table, shown, conditions, partial=partial)


def attribute(reader: PhpReader, node: Node) -> str:
    """The key of the array around: `"email" => ["required", "unique:users"]`."""
    below, left = node, MAX_ABOVE
    for above in reader.ancestors(node):
        left -= 1
        if left < 0 or above.type not in ("array_element_initializer", "array_creation_expression"):
            if above.type == "binary_expression" and left > 0:
                below = above
                continue
            return ""
        if above.type == "array_element_initializer" and len(above.named_children) > 1:
            key = above.named_children[0]
            if key == below or key.type not in STRINGS:
                return ""
            return text_with_holes(reader.value(key)).rpartition(".")[2]
        below = above
    return ""


def told_of(
    reader: PhpReader,
    node: Node,
    named: str,
    text: str,
    conditions: list[Condition],
    *,
    partial: bool,
) -> OrmQuery | QueryFound:
    if "\\" in named or "." in named or named[:1].isupper():
        model = named.replace("\\", ".").strip(".")
        found = of_model(reader, node, model, text, conditions)
        # The rule asks the table itself.
        return replace(found, partial=partial, without=("*",))
    table = named.lower()
    return QueryFound(
        at=reader.span(node),
        text=text,
        reads=(table,),
        predicates=tuple(
            Predicate(
                table,
                column.lower(),
                each.operator,
                each.clause,
                f"->{key}" if key else each.function,
                constant=each.constant,
            )
            for each in conditions
            for column, _, key in (each.path.removeprefix(f"{named}.").partition("."),)
        ),
        limited=True,
        partial=partial,
        library="laravel",
        scope=reader.scope(node),
    )


def of_model(
    reader: PhpReader, node: Node, model: str, text: str, conditions: list[Condition]
) -> OrmQuery:
    return OrmQuery(
        at=reader.span(node),
        framework="eloquent",
        model=model,
        text=text,
        conditions=tuple(conditions),
        limited=True,
        scope=reader.scope(node),
    )
