"""What each call of a chain adds to a query: `->where("state", "open")->orderBy("created_at")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Condition
from scaleaudit.languages.php.conditions import MAX_GROUPS, Built, Term
from scaleaudit.languages.php.eloquent import words
from scaleaudit.languages.php.eloquent.arguments import (
    column_of,
    entries,
    returned,
    statements,
)
from scaleaudit.languages.php.eloquent.clauses import joined, loaded, offered, sorted_by
from scaleaudit.languages.php.eloquent.comparisons import (
    any_of,
    belonging,
    comparison,
    correlated,
    dynamic,
    gathered,
    listed,
    member,
    prefixed,
    raw,
    word,
)
from scaleaudit.languages.php.eloquent.finders import by_key, found_by, found_or_made
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
    built.skips |= name in words.SKIPS
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
    elif plain == "whereColumn":
        correlated(reader, built, call, either=either)
    elif name == "tap":
        tapped(reader, built, call, seen, depth)
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
        inside(call, seen)
    elif name in words.FINDERS:
        found_by(reader, built, name, call)
    elif name in words.LIFTED:
        lifted(reader, built, name, call)
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
        ended(reader, built, name, call)
    elif plain in words.WITHOUT:
        inside(call, seen)
    elif name in words.NO_ROWS:
        built.ended = True
        built.model, built.via, built.table = "", (), ""  # nothing of the database is read
    elif DYNAMIC.match(plain):
        built.known = True  # the framework's, or a scope
        dynamic(reader, built, plain, call, either=either)
    elif name not in words.HARMLESS:
        built.scopes.append(name)
        if len(built.scopes) > MAX_GROUPS:
            built.ended = True


def inside(call: Node, seen: set[int]) -> None:
    """Chains on the parameter of a closure are nobody's else."""
    for closure in closures_of(call):
        for top in statements(closure):
            seen.add(top.id)


def lifted(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    """`withTrashed()`, `withoutGlobalScope(Tenant::class)`: what every other query asks."""
    built.without.append(words.LIFTED[name])
    if name == "onlyTrashed":
        built.add(Condition("deleted_at", "is-not-null"))
    elif "SoftDelet" in reader.text(call)[-80:]:
        built.without.append("softDeletes")


def ended(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    built.ended = True
    built.limited |= name in words.ENDS_LIMITED
    built.aggregate |= name in words.ENDS_COUNTED
    built.streamed |= name in words.ENDS_STREAMED
    built.writes |= name in words.ENDS_CHANGED
    built.deletes |= name in words.ENDS_DELETED
    built.inserts |= name in words.ENDS_INSERTED
    if name in words.BY_KEY:
        by_key(reader, built, name, call)
    if name in words.FIND_OR_MAKE:
        found_or_made(reader, built, name, call)


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
    if (
        len(args) == 1
        and first.type == "variable_name"
        and gathered(reader, built, first, either=either)
    ):
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


def tapped(reader: PhpReader, built: Built, call: Node, seen: set[int], depth: int) -> None:
    """`tap(fn ($query) => $query->where("state", 1))`: what it does is done in any case."""
    for closure in closures_of(call):
        part = grouped(reader, closure, seen, depth)
        built.terms += part.terms
        built.others += part.others
        built.scopes += part.scopes
        built.options += part.options
        built.partial |= part.partial


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
        inside(call, seen)
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
