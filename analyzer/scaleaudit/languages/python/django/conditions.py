"""Keywords of `filter` and combined Q objects as conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.dictionaries import MAX_DEPTH, of_dictionary
from scaleaudit.languages.python.django.keywords import of_keyword, of_pair
from scaleaudit.languages.python.django.logic import All, either, negated
from scaleaudit.languages.python.django.nodes import arguments_of, bare
from scaleaudit.languages.python.django.variables import apart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known
    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.django.variables import Given

MAX_LISTED = 24  # Q objects of one list
EXPRESSIONS = frozenset({"Exists", "Subquery"})


def of_arguments(known: Known, given: Arguments, skip: Iterable[str] = (), depth: int = 0) -> All:
    """The conditions of one `filter(...)`."""
    found = All()
    for node in given.given:
        found.add(of_q(known, node, depth + 1))
    for node in given.starred:
        several = listed(known, node)
        if several is None:
            found.partial = True
        for each, sure in several or ():
            more = of_q(known, each, depth + 1)
            if sure:
                found.add(more)
            else:
                found.extended.append((each, more))
    for name, value in given.named.items():
        if name not in skip:
            found.add(of_keyword(known.reader, name, value))
    for node in given.spread:
        found.add(of_dictionary(known, node, depth + 1))
    return found


def of_q(known: Known, node: Node, depth: int = 0) -> All:
    """A positional argument of `filter`; `partial` and empty for what cannot be read."""
    reader = known.reader
    node = bare(node)
    if depth > MAX_DEPTH:
        return All(partial=True)
    if node.type == "binary_operator":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        sign = node.child_by_field_name("operator")
        word = reader.text(sign) if sign is not None else ""
        if left is None or right is None or word not in ("&", "|"):
            return All(partial=True)
        one, two = of_q(known, left, depth + 1), of_q(known, right, depth + 1)
        if word == "|":
            return either(one, two)
        one.add(two)
        return one
    if node.type == "unary_operator":
        inner = node.child_by_field_name("argument")
        return negated(of_q(known, inner, depth + 1)) if inner is not None else All(partial=True)
    if node.type == "call":
        last = reader.callee(node).rpartition(".")[2]
        if last == "Q":
            given = arguments_of(reader, node)
            given.named.pop("_connector", None)
            found = of_arguments(known, given, ("_negated",), depth + 1)
            for each in given.given:
                if each.type == "tuple":
                    found.add(of_pair(reader, each))
            return found
        if last in EXPRESSIONS:
            return All(narrowed=True)
        if last == "reduce":
            return of_reduce(known, node, depth)
        return known.made_by(node, lambda value: of_q(known, value, depth + 1))
    if node.type == "conditional_expression":
        sides = [of_q(known, each, depth + 1) for each in node.named_children[::2]]
        return one_of(node, *sides) if len(sides) == 2 else All(partial=True)
    if node.type == "tuple":
        return All()  # read by whoever calls Q with it
    if node.type in ("identifier", "attribute"):
        return of_name(known, node, depth + 1)
    return All(partial=True)


def of_reduce(known: Known, call: Node, depth: int) -> All:
    """`reduce(or_, (Q(name__contains=word) for word in words))`: that of one word, once."""
    given = arguments_of(known.reader, call).given
    if len(given) < 2:
        return All(partial=True)
    how, several = known.reader.hint(given[0]), bare(given[1])
    either_way = how.endswith("or_") or "|" in how
    if not either_way and not how.endswith("and_") and "&" not in how:
        return All(partial=True)
    members = listed(known, several)
    if members is None:
        return All(partial=True)
    found: All | None = None
    for each, sure in [*((first, True) for first in given[2:3]), *members]:
        more = of_q(known, each, depth + 1)
        if either_way:
            found = more if found is None else either(found, more)
            continue
        found = found or All()
        if sure:
            found.add(more)
        else:
            found.extended.append((each, more))
    return found if found is not None else All(partial=True)


def one_of(node: Node, one: All, two: All) -> All:
    """`Q(...) if paid else Q(...)`: of two each has to be served; an empty one leaves the other open."""
    if not one.members and not two.members:
        return All(partial=one.partial or two.partial)
    if one.members and two.members:
        return either(one, two)
    return All(extended=[(node, one if one.members else two)])


def listed(known: Known, node: Node) -> list[tuple[Node, bool]] | None:
    """The Q objects of a list, by itself or behind a name; with each, whether it surely is among them."""
    reader = known.reader
    node = bare(node)
    if node.type in ("generator_expression", "list_comprehension"):
        body = node.child_by_field_name("body")
        return [(body, True)] if body is not None else []
    if node.type in ("list", "tuple"):
        return [(each, True) for each in node.named_children[:MAX_LISTED] if each.type != "comment"]
    function = known.function(node) if node.type == "identifier" else None
    if function is None:
        return None
    found: list[tuple[Node, bool]] | None = None
    for change, sure in known.changes(function, reader.text(node), node):
        if change.kind == "=" and (sure or found is None):
            found = listed(known, change.value)
        elif change.kind == "+=" and found is not None:
            found += [(each, sure and also) for each, also in listed(known, change.value) or ()]
        elif change.kind == ".append" and found is not None:
            found += [(each, sure) for each in arguments_of(reader, change.value).given[:1]]
        else:
            return None
        if found is None:
            return None
    return found


def of_name(known: Known, node: Node, depth: int) -> All:
    """A Q object behind a name, with what the function adds to it before."""
    reader = known.reader
    name = reader.hint(node)
    function = known.function(node)
    if function is None or name not in function.given:
        if function is not None and name in function.parameters:
            return All(partial=True)
        value = reader.module_values.get(name)
        if value is None and name.partition(".")[0] in ("self", "cls"):
            own = known.class_around(node)
            value = own.attributes.get(name.partition(".")[2]) if own is not None else None
        if value is None and "." in name:  # `Order.OPEN_FILTER`
            of_class = known.by_name.get(name.rpartition(".")[0])
            value = of_class.attributes.get(name.rpartition(".")[2]) if of_class else None
        if value is None or (value.end_byte > node.start_byte and value.start_byte < node.end_byte):
            return All(partial=True)
        return of_q(known, value, depth + 1)
    found: All | None = None
    last: tuple[int, ...] = ()
    for change, sure in known.changes(function, name, node):
        if change.kind == "=":
            fresh = of_q(known, change.value, depth + 1)
            if sure or found is None:
                found = fresh
            elif apart(function, change.branch, last):
                found = either(found, fresh)  # one of both: each has to be served
            else:
                found.extended.append((change.value, fresh))
            last = change.branch
            continue
        if found is None:
            return All(partial=True)
        change_q(known, found, change, depth, sure=sure)
    return found if found is not None else All(partial=True)


def change_q(known: Known, found: All, change: Given, depth: int, *, sure: bool) -> None:
    """`q &= Q(...)`, `q |= Q(...)`, `q.add(Q(...), Q.AND)`; in place."""
    node, word = change.value, change.kind
    if word == ".add":
        given = arguments_of(known.reader, node).given
        if len(given) != 2:
            found.partial = True
            return
        word = "|=" if known.reader.hint(given[1]).endswith("OR") else "&="
        node = given[0]
    if word not in ("&=", "|="):
        found.partial = True
        return
    more = of_q(known, node, depth + 1)
    if word == "|=":
        before = All(found.members, found.partial, found.narrowed)
        joined = either(before, more)
        found.members, found.partial = joined.members, joined.partial
        found.narrowed = joined.narrowed
        found.extended.extend(more.extended)
    elif sure:
        found.add(more)
    else:
        found.extended.append((change.value, more))


def excluded(found: All) -> All:
    """What `exclude(...)` asks, given what its arguments say."""
    turned = negated(found)
    turned.extended = [(node, negated(each)) for node, each in found.extended]
    return turned
