"""Conditions of a query builder that stand by themselves: comparisons, lists, fragments of SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition
from scaleaudit.inflection import plural, underscored
from scaleaudit.languages.php.branches import is_certain, way_to
from scaleaudit.languages.php.conditions import Built, Term
from scaleaudit.languages.php.eloquent import words
from scaleaudit.languages.php.eloquent.arguments import (
    column_of,
    columns_of,
    constant,
    entries,
    fragment,
    operator_of,
)
from scaleaudit.languages.php.eloquent.gathered_arrays import added, first_given

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

RANGES = frozenset({"<", "<=", ">", ">="})
NUMBERS = frozenset({"integer", "float"})


def member(reader: PhpReader, key: Node | None, value: Node) -> list[Term]:
    """One entry of `where([...])`: `"a" => 1` or `["a", ">", 1]`."""
    if key is not None:
        path = column_of(reader, key)
        found = comparison(reader, path, "=", value) if path else None
        return [Term(False, found)] if found is not None else []
    parts = [inner for _, inner in entries(reader, value)]
    path = column_of(reader, parts[0]) if len(parts) in (2, 3) else ""
    operator = word(reader, parts[1]) if len(parts) == 3 else "="
    found = comparison(reader, path, operator, parts[-1]) if path else None
    return [Term(False, found)] if found is not None else []


def word(reader: PhpReader, node: Node) -> str:
    return (
        reader.text(node).strip("'\"").lower()
        if node.type in ("string", "encapsed_string")
        else "?"
    )


def comparison(reader: PhpReader, path: str, operator: str, value: Node | None) -> Condition | None:
    told = operator_of(reader, operator, value)
    if not told:
        return None
    # `amount > 0` is a test like `state = "open"`; before a day that stands there is not.
    same = value is not None and (
        constant(value) if told == "=" else told in RANGES and value.type in NUMBERS
    )
    return Condition(path, told, constant=same)


def listed(reader: PhpReader, built: Built, name: str, call: Node, *, either: bool) -> None:
    args, keywords, _ = reader.arguments(call)
    first = args[0] if args else keywords.get("column") or keywords.get("columns")
    function = words.EQUAL_DATE.get(name, "")
    columns = columns_of(reader, first) if first is not None else []
    if not columns:
        built.partial |= first is not None and first.type == "variable_name"
        return
    value = args[1] if len(args) > 1 else keywords.get("values")
    operator = words.MEMBERSHIP.get(name, "=")
    same = False
    if function:
        value = args[2] if len(args) > 2 else value
        operator = (
            operator_of(reader, word(reader, args[1]) if len(args) > 2 else "=", value) or "="
        )
    elif operator == "like":
        operator = operator_of(reader, "like", value) or "search"
    elif operator == "in" and value is not None and value.type == "array_creation_expression":
        inner = entries(reader, value)
        same = bool(inner) and all(constant(each) for _, each in inner)
    for path in columns:
        built.add(Condition(path, operator, function=function, constant=same), either=either)


def any_of(reader: PhpReader, built: Built, name: str, call: Node, *, either: bool) -> None:
    """`whereAny(["name", "email"], "like", $x)`."""
    args = reader.arguments(call)[0]
    operator = word(reader, args[1]) if len(args) > 2 else "="
    terms = []
    for path in columns_of(reader, args[0]) if args else []:
        found = comparison(reader, path, operator, args[-1])
        if found is not None:
            terms.append(Term(words.ANY_OF[name], found))
    if terms:
        built.terms.append(Term(either, None, terms))


def prefixed(terms: list[Term], relation: str) -> list[Term]:
    found = []
    for term in terms:
        condition = term.condition
        if condition is not None:
            # A relation's own table in front of a column says no more than the relation.
            last = condition.path.rpartition(".")[2]
            own = condition.path.partition(".")[0] == relation.rpartition(".")[2]
            path = f"{relation}.{last if own else condition.path}"
            condition = replace(condition, path=path)
        group = prefixed(term.group, relation) if term.group is not None else None
        found.append(Term(term.either, condition, group))
    return found


def belonging(reader: PhpReader, built: Built, call: Node, *, either: bool) -> None:
    """`whereBelongsTo($user)`, `whereBelongsTo($user, "author")`."""
    args = reader.arguments(call)[0]
    named = column_of(reader, args[1]) if len(args) > 1 else ""
    if not named and args and args[0].type == "variable_name":
        named = reader.text(args[0]).lstrip("$")
    if named:
        built.add(Condition(named, "="), either=either)


def correlated(reader: PhpReader, built: Built, call: Node, *, either: bool) -> None:
    """`whereColumn("user_id", "users.id")`, in a query beside each row of another table."""
    args = reader.arguments(call)[0]
    paths = [column_of(reader, each) for each in (args[0], args[-1])] if len(args) > 1 else []
    if not all(paths) or (len(args) > 2 and word(reader, args[1]) != "="):
        return
    own = built.table or plural(underscored(built.model.rpartition(".")[2]))
    here = [path for path in paths if path.rpartition(".")[0] in ("", own)]
    if len(here) == 1:
        built.add(Condition(here[0].rpartition(".")[2], "="), either=either)


def gathered(reader: PhpReader, built: Built, node: Node, *, either: bool) -> bool:
    """`$where = ["state" => 1]; if ($shop) { $where["shop_id"] = $shop; } ...->where($where)`."""
    first = first_given(reader, node)
    if first is None or first.type != "array_creation_expression":
        return False
    pairs = entries(reader, first)
    terms = [term for key, value in pairs for term in member(reader, key, value)]
    built.partial |= len(terms) < len(pairs)
    home = way_to(reader, node)
    for key, value in added(reader, node, first.end_byte):
        more = member(reader, key, value)
        built.partial |= not more
        if is_certain(home, way_to(reader, value)):
            terms += more
        elif more:
            built.options.append((value.parent or value, Built(terms=more)))
    if terms:
        built.terms.append(Term(either, None, terms))
    return True


def raw(reader: PhpReader, built: Built, name: str, call: Node, *, either: bool) -> None:
    args = reader.arguments(call)[0]
    found = fragment(reader, args[0], sort=name == "orderByRaw") if args else None
    if found is None:
        built.partial |= name == "whereRaw"
        return
    if name == "orderByRaw":
        built.others += found
    elif found:
        built.terms.append(Term(either, None, [Term(False, each) for each in found]))


def dynamic(reader: PhpReader, built: Built, name: str, call: Node, *, either: bool) -> None:
    """`whereEmailAndState($a, $b)`."""
    args = reader.arguments(call)[0]
    parts = re.split(r"(And|Or)(?=[A-Z])", name.removeprefix("where"))
    columns = parts[::2]
    if not args or len(columns) != len(args):
        built.scopes.append(name)
        return
    for number, (column, value) in enumerate(zip(columns, args, strict=True)):
        joined_by = either if number == 0 else parts[2 * number - 1] == "Or"
        condition = comparison(reader, underscored(column), "=", value)
        if condition is not None:
            built.add(replace(condition, method=name), either=joined_by)
