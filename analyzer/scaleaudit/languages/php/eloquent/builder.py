"""What each call of a chain adds to a query: `->where("state", "open")->orderBy("created_at")`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.inflection import underscored
from scaleaudit.languages.php.conditions import MAX_GROUPS, Built, Term
from scaleaudit.languages.php.eloquent import words
from scaleaudit.languages.php.eloquent.arguments import (
    COLUMN,
    column_of,
    columns_of,
    constant,
    entries,
    fragment,
    operator_of,
    returned,
    statements,
)
from scaleaudit.languages.php.forward_steps import CLOSURES, closures_of
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

DYNAMIC = regex(r"^where([A-Z]\w*)$")
PREFIX = regex(r"^or([A-Z])")
JOINED = regex(r"^\s*(?:\w+\.)*(\w+)(?:\s+as\s+(\w+))?\s*$", re.IGNORECASE)


def follow(
    reader: PhpReader, built: Built, links: Iterable[Link], seen: set[int], depth: int = 0
) -> None:
    """Adds the calls of a chain; those inside its closures are noted in `seen`."""
    for link in links:
        if built.ended or link.call is None:
            built.ended = True
            return
        seen.add(link.call.id)
        take(reader, built, link.name, link.call, seen, depth)


def take(
    reader: PhpReader, built: Built, name: str, call: Node, seen: set[int], depth: int
) -> None:
    if name in words.CERTAIN:
        built.known = True
    either = PREFIX.match(name) is not None and name not in ("orderBy", "orderByDesc", "orderByRaw")
    plain = PREFIX.sub(lambda m: m[1].lower(), name) if either else name
    negated = plain == "whereNot"
    if plain in words.COMPARING or negated:
        if plain != "having":
            compared(reader, built, call, seen, depth, either=either, negated=negated)
        if name == "firstWhere":
            built.ended = built.limited = True
    elif plain in words.MEMBERSHIP or plain in words.EQUAL_DATE:
        listed(reader, built, plain, call, either=either)
    elif plain in words.ANY_OF:
        any_of(reader, built, plain, call, either=either)
    elif plain == "whereKey":
        built.add(Condition("id", "="), either=either)
    elif plain == "whereBelongsTo":
        belonging(reader, built, call, either=either)
    elif plain in words.RELATED:
        related(reader, built, plain, call, seen, depth, either=either)
    elif plain in ("whereRaw", "orderByRaw"):
        raw(reader, built, plain, call, either=either)
    elif name in words.SORTS:
        sorted_by(reader, built, name, call)
    elif name in words.JOINS:
        joined(reader, built, call)
    elif name in words.LOADS:
        built.loads += loaded(reader, call)
        inside(reader, call, seen)
    elif name in words.OPTIONS:
        optional(reader, built, call, seen, depth)
    elif name in words.OFFERED:
        offered(reader, built, name, call)
    elif name in words.OTHER_JOINS:
        built.partial = True
    elif name in words.GROUPS:
        built.grouped = True
    elif name in words.LIMITS:
        built.limited = True
    elif name in words.ENDS:
        ended(reader, built, name, call, seen)
    elif plain in words.WITHOUT:
        inside(reader, call, seen)
    elif name in words.NO_ROWS:
        built.ended = True
        built.model, built.via, built.table = "", (), ""  # nothing of the database is read
    elif DYNAMIC.match(plain):
        dynamic(reader, built, plain, call, either=either)
    elif name not in words.HARMLESS:
        built.scopes.append(name)
        if len(built.scopes) > MAX_GROUPS:
            built.ended = True


def inside(reader: PhpReader, call: Node, seen: set[int]) -> None:
    """Chains on the parameter of a closure are nobody's else."""
    for closure in closures_of(call):
        for top in statements(closure):
            seen.add(top.id)


def ended(reader: PhpReader, built: Built, name: str, call: Node, seen: set[int]) -> None:
    built.ended = True
    built.limited |= name in words.ENDS_LIMITED
    built.aggregate |= name in words.ENDS_COUNTED
    built.streamed |= name in words.ENDS_STREAMED
    built.writes |= name in words.ENDS_CHANGED
    built.deletes |= name in words.ENDS_DELETED
    built.inserts |= name in words.ENDS_INSERTED
    if name in words.FIND_OR_MAKE:
        args = reader.arguments(call)[0]
        for key, value in entries(reader, args[0]) if args else ():
            path = column_of(reader, key) if key is not None else ""
            if path:
                built.add(Condition(path, operator_of(reader, "=", value)))
        built.limited = True
        built.known = True


def compared(
    reader: PhpReader,
    built: Built,
    call: Node,
    seen: set[int],
    depth: int,
    *,
    either: bool,
    negated: bool,
) -> None:
    """`where("a", 1)`, `where("a", ">", 1)`, `where(["a" => 1])`, `where(function ($q) { ... })`."""
    args, keywords, _ = reader.arguments(call)
    first = args[0] if args else keywords.get("column")
    if first is None:
        return
    if first.type in CLOSURES:
        group = grouped(reader, first, seen, depth)
        if group.terms and not negated:
            built.terms.append(Term(either, None, group.terms))
        built.partial |= group.partial
        built.scopes += group.scopes
        built.options += group.options
        return
    if first.type == "array_creation_expression":
        terms = [t for key, value in entries(reader, first) for t in member(reader, key, value)]
        if terms:
            built.terms.append(Term(either, None, terms))
        built.partial |= len(terms) < len(entries(reader, first)) or not terms
        return
    path = column_of(reader, first)
    if not path:
        if first.type in ("variable_name", "member_access_expression", "encapsed_string"):
            built.partial = True
        return
    if len(args) == 1 and "value" not in keywords:
        value: Node | None = None
        operator = "is-true" if not keywords else "="
    else:
        value = keywords.get("value") or (args[2] if len(args) > 2 else args[1])
        operator = word(reader, args[1]) if len(args) > 2 else "="
    condition = comparison(reader, path, operator, value)
    if condition is None:
        built.partial = True
        return
    if negated:
        condition = msgspec.structs.replace(condition, operator="!=")
    built.add(condition, either=either)


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
    return Condition(path, told, constant=told == "=" and value is not None and constant(value))


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


def related(
    reader: PhpReader,
    built: Built,
    name: str,
    call: Node,
    seen: set[int],
    depth: int,
    *,
    either: bool,
) -> None:
    """`whereHas("lines", fn ($q) => $q->where("sku", $x))`, `whereRelation("lines", "sku", $x)`."""
    args, keywords, _ = reader.arguments(call)
    relation = column_of(reader, args[0]) if args else ""
    if not relation:
        inside(reader, call, seen)
        return
    if name == "whereRelation" and len(args) > 2:
        path = column_of(reader, args[1])
        operator = word(reader, args[2]) if len(args) > 3 else "="
        found = comparison(reader, f"{relation}.{path}", operator, args[-1]) if path else None
        if found is not None:
            built.add(found, either=either)
        return
    closure = next(
        (each for each in [*args[1:], *keywords.values()] if each.type in CLOSURES), None
    )
    if closure is None:
        return
    inner = grouped(reader, closure, seen, depth)
    if inner.terms:
        built.terms.append(Term(either, None, prefixed(inner.terms, relation)))


def belonging(reader: PhpReader, built: Built, call: Node, *, either: bool) -> None:
    """`whereBelongsTo($user)`, `whereBelongsTo($user, "author")`."""
    args = reader.arguments(call)[0]
    named = column_of(reader, args[1]) if len(args) > 1 else ""
    if not named and args and args[0].type == "variable_name":
        named = reader.text(args[0]).lstrip("$")
    if named:
        built.add(Condition(named, "="), either=either)


def prefixed(terms: list[Term], relation: str) -> list[Term]:
    found = []
    for term in terms:
        condition = term.condition
        if condition is not None:
            # A relation's own table in front of a column says no more than the relation.
            last = condition.path.rpartition(".")[2]
            own = condition.path.partition(".")[0] == relation.rpartition(".")[2]
            path = f"{relation}.{last if own else condition.path}"
            condition = msgspec.structs.replace(condition, path=path)
        group = prefixed(term.group, relation) if term.group is not None else None
        found.append(Term(term.either, condition, group))
    return found


def grouped(reader: PhpReader, closure: Node, seen: set[int], depth: int) -> Built:
    """What a closure does to the builder that it is given."""
    built = Built()
    holder = closure.child_by_field_name("parameters")
    first = next(iter(holder.named_children), None) if holder is not None else None
    named = first.child_by_field_name("name") if first is not None else None
    body = closure.child_by_field_name("body")
    if named is None or body is None or depth > MAX_GROUPS:
        return built
    parameter = reader.text(named)
    for top, conditional in returned(closure, body):
        start, links = chain(reader, top)
        seen.add(top.id)
        if start.type != "variable_name" or reader.text(start) != parameter:
            continue
        if conditional:
            part = Built()
            follow(reader, part, links, seen, depth + 1)
            built.options.append((top, part))
        else:
            follow(reader, built, links, seen, depth + 1)
            built.ended = False
    return built


def optional(reader: PhpReader, built: Built, call: Node, seen: set[int], depth: int) -> None:
    """`when($term, fn ($q) => $q->where("name", $term))`."""
    for closure in closures_of(call):
        part = grouped(reader, closure, seen, depth)
        more, part.options = part.options, []
        if part.says:
            built.options.append((closure, part))
        built.options += more


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


def sorted_by(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    args = reader.arguments(call)[0]
    if name.startswith("reorder"):
        built.others = [each for each in built.others if each.clause is not Clause.SORT]
    if not args and name in ("latest", "oldest"):
        built.others.append(Condition("created_at", "sort", Clause.SORT))
    path = column_of(reader, args[0]) if args else ""
    if path:
        built.others.append(Condition(path, "sort", Clause.SORT))


def joined(reader: PhpReader, built: Built, call: Node) -> None:
    """`join("users as u", "u.id", "=", "posts.user_id")`."""
    args = reader.arguments(call)[0]
    table = JOINED.match(reader.text(args[0]).strip("'\"`")[:120]) if args else None
    if table is None or args[0].type not in ("string", "encapsed_string"):
        built.partial = True
        return
    built.aliases[(table[2] or table[1]).lower()] = table[1].lower()
    if len(args) > 1 and args[1].type in CLOSURES:
        for top in statements(args[1]):
            for link in chain(reader, top)[1]:
                if link.name == "on" and link.call is not None:
                    tied(reader, built, reader.arguments(link.call)[0])
    else:
        tied(reader, built, args[1:])


def tied(reader: PhpReader, built: Built, args: list[Node]) -> None:
    sides = [column_of(reader, each) for each in args[:3]]
    for path in (sides[0], sides[-1]) if len(sides) > 1 else ():
        if path and "." in path:
            built.others.append(Condition(path, "=", Clause.JOIN))


def loaded(reader: PhpReader, call: Node) -> list[str]:
    """`with("lines.product")`, `with(["lines", "owner" => fn ...])`."""
    found = []
    for arg in reader.arguments(call)[0]:
        each = entries(reader, arg) if arg.type == "array_creation_expression" else [(None, arg)]
        for key, value in each:
            node = key if key is not None else value
            text = reader.text(node).strip("'\"").partition(":")[0].partition(" ")[0]
            if COLUMN.fullmatch(text):
                found.append(text)
    return found


def offered(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    """`allowedFilters("name", AllowedFilter::exact("state"))`: what a request may ask for."""
    args = reader.arguments(call)[0]
    for arg in args:
        given = entries(reader, arg) if arg.type == "array_creation_expression" else [(None, arg)]
        for _, each in given:
            exact, node = "exact" in reader.text(each)[:60], each
            if each.type == "scoped_call_expression":
                inner = reader.arguments(each)[0]
                kind = reader.text(each)[:60]
                if not inner or not any(word in kind for word in words.OFFERS):
                    continue
                node = inner[1] if len(inner) > 1 else inner[0]
            path = column_of(reader, node)
            if not path:
                continue
            part = Built()
            if name == "allowedSorts":
                part.others.append(Condition(path, "sort", Clause.SORT))
            else:
                part.add(Condition(path, "=" if exact else "search"))
            built.options.append((each, part))


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
            built.add(condition, either=joined_by)
