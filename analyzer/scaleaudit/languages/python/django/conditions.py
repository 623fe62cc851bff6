"""Keywords of `filter` and combined Q objects as conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.known import MAX_SPENT
from scaleaudit.languages.python.django.logic import KEYS, All, Asked, either, negated
from scaleaudit.languages.python.django.lookups import COARSE, lookup
from scaleaudit.languages.python.django.nodes import arguments_of, bare, pairs, text_of
from scaleaudit.languages.python.django.variables import apart, branch_of
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known
    from scaleaudit.languages.python.django.nodes import Arguments
    from scaleaudit.languages.python.django.variables import Given
    from scaleaudit.languages.python.reader import PythonReader

MAX_DEPTH = 14
MAX_STEPS = 24  # changes of one variable
PLAIN_VALUES = frozenset({"string", "integer", "float", "true", "false"})
# `OrderStatus.DRAFT`, `Order.Status.OPEN`, `STATUS_OPEN`, `.value` behind one
ENUM = regex(
    r"(?:[A-Z]\w*\.)*(?:[A-Z]\w*\.)?[A-Z][A-Z0-9_]+(?:\.(?:value|name))?$|(?:[A-Z]\w*\.)+[A-Z]\w*$"
)
FIELD_REFERENCE = regex(r"(?:^|[\s(*+-])(?:\w+\.)?F\(")
EQUALITY = frozenset({"=", "in"})
EXPRESSIONS = frozenset({"Exists", "Subquery"})


def of_arguments(known: Known, given: Arguments, skip: Iterable[str] = (), depth: int = 0) -> All:
    """The conditions of one `filter(...)`."""
    found = All(partial=given.starred)
    for node in given.given:
        found.add(of_q(known, node, depth + 1))
    for name, value in given.named.items():
        if name not in skip:
            found.add(of_keyword(known.reader, name, value))
    for node in given.spread:
        found.add(of_dictionary(known, node, depth + 1))
    return found


def of_keyword(reader: PythonReader, name: str, value: Node, default: str = "exact") -> All:
    asked = lookup(name, default)
    if asked is None:
        return All(partial=True)
    value = bare(value)
    operator = asked.operator
    text = reader.hint(value)
    if operator == "is-null":
        if value.type == "false":
            operator = "is-not-null"
    elif value.type == "none" or (asked.path in KEYS and is_empty(value)):
        operator = "is-null"  # of a key: no row at all
    elif operator == "contains" and value.type == "string":
        operator = "search"  # the same rows at each call: one kind, which nobody looks for by words
    elif value.type not in PLAIN_VALUES and FIELD_REFERENCE.search(text):
        return All(narrowed=True)  # compared with another column of the row
    constant = asked.function in COARSE or (operator in EQUALITY and is_constant(reader, value))
    return All([Asked(asked.path, operator, asked.function, constant)])


def is_empty(value: Node) -> bool:
    return value.type in ("list", "tuple") and value.named_child_count == 0


def is_constant(reader: PythonReader, value: Node) -> bool:
    if value.type in PLAIN_VALUES:
        return True
    if value.type == "unary_operator":
        sign = value.child_by_field_name("argument")
        return sign is not None and sign.type in PLAIN_VALUES
    if value.type in ("list", "tuple", "set"):
        inner = [child for child in value.named_children[:30] if child.type != "comment"]
        return bool(inner) and all(is_constant(reader, bare(each)) for each in inner)
    if value.type in ("identifier", "attribute"):
        text = reader.hint(value)
        return ENUM.match(text) is not None and not text.startswith("settings.")
    return False


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
        return of_reduce(known, node, depth) if last == "reduce" else of_helper(known, node, depth)
    if node.type == "tuple":
        return All()  # read by whoever calls Q with it
    if node.type in ("identifier", "attribute"):
        return of_name(known, node, depth + 1)
    return All(partial=True)


def of_helper(known: Known, call: Node, depth: int) -> All:
    """A function of the file, or a method of the class around, that makes a Q object."""
    name = known.reader.callee(call)
    function = known.module_functions.get(name)
    owner, _, method = name.rpartition(".")
    if owner in ("self", "cls"):
        own = known.class_around(call)
        function = own.methods.get(method) if own is not None else None
    if function is None or known.spent > MAX_SPENT:
        return All(partial=True)
    known.spent += 1
    returns = known.read(function).returns
    if len(returns) != 1 or returns[0].branch:
        return All(partial=True)
    return of_q(known, returns[0].value, depth + 1)


def of_reduce(known: Known, call: Node, depth: int) -> All:
    """`reduce(or_, (Q(name__contains=word) for word in words))`: that of one word, once."""
    given = arguments_of(known.reader, call).given
    if len(given) < 2:
        return All(partial=True)
    how, several = known.reader.hint(given[0]), bare(given[1])
    either_way = how.endswith("or_") or "|" in how
    if not either_way and not how.endswith("and_") and "&" not in how:
        return All(partial=True)
    if several.type in ("generator_expression", "list_comprehension"):
        body = several.child_by_field_name("body")
        members = [body] if body is not None else []
    elif several.type in ("list", "tuple"):
        members = [each for each in several.named_children if each.type != "comment"]
    else:
        return All(partial=True)
    found: All | None = None
    for each in (*given[2:3], *members[:MAX_STEPS]):
        more = of_q(known, each, depth + 1)
        if found is None:
            found = more
        elif either_way:
            found = either(found, more)
        else:
            found.add(more)
    return found if found is not None else All(partial=True)


def of_pair(reader: PythonReader, node: Node) -> All:
    """`Q(("status__in", x))`."""
    parts = node.named_children
    name = text_of(reader, parts[0]) if len(parts) == 2 else None
    return of_keyword(reader, name, parts[1]) if name is not None else All(partial=True)


def of_name(known: Known, node: Node, depth: int) -> All:
    """A Q object behind a name, with what the function adds to it before."""
    reader = known.reader
    name = reader.hint(node)
    function = known.function(node)
    changes = function.given.get(name, []) if function is not None else []
    if not changes or function is None:
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
    here = branch_of(reader, function, node)
    for change in changes[:MAX_STEPS]:
        if change.start >= node.start_byte or change.value.end_byte > node.start_byte:
            break
        if change.kind == "=":
            fresh = of_q(known, change.value, depth + 1)
            if change.branch == here[: len(change.branch)] or found is None:
                found = fresh
            elif apart(function, change.branch, last):
                found = either(found, fresh)  # one of both: each has to be served
            else:
                found.extended.append((change.value, fresh))
            last = change.branch
            continue
        if found is None:
            return All(partial=True)
        change_q(known, found, change, here, depth)
    return found if found is not None else All(partial=True)


def change_q(known: Known, found: All, change: Given, here: tuple[int, ...], depth: int) -> None:
    """`q &= Q(...)`, `q |= Q(...)`, `q.add(Q(...), Q.AND)`; in place."""
    sure = change.branch == here[: len(change.branch)]
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


def of_dictionary(known: Known, node: Node, depth: int) -> All:
    """`filter(**{"a__b": x})`, and a dictionary that a local name holds."""
    reader = known.reader
    node = bare(node)
    if depth > MAX_DEPTH:
        return All(partial=True)
    if node.type == "dictionary" or (node.type == "call" and reader.callee(node) == "dict"):
        found = All()
        read = 0
        for key, entry in pairs(reader, node):
            found.add(of_keyword(reader, key, entry))
            read += 1
        if node.type == "dictionary" and read < node.named_child_count:
            found.partial = True
        return found
    if node.type != "identifier":
        return All(partial=True)
    name = reader.text(node)
    function = known.function(node)
    changes = function.given.get(name, []) if function is not None else []
    if not changes or function is None:
        return All(partial=True)
    total: All | None = None
    here = branch_of(reader, function, node)
    for change in changes[:MAX_STEPS]:
        if change.start >= node.start_byte:
            break
        sure = change.branch == here[: len(change.branch)]
        if change.kind == "=":
            value = of_dictionary(known, change.value, depth + 1)
        elif change.kind == "[]" and change.left is not None:
            word = text_of(reader, change.left.child_by_field_name("subscript"))
            value = of_keyword(reader, word, change.value) if word else All(partial=True)
        elif change.kind == ".update":
            inner = arguments_of(reader, change.value)
            value = All(partial=inner.starred)
            for each in (*inner.given, *inner.spread):
                value.add(of_dictionary(known, each, depth + 1))
            for key, each in inner.named.items():
                value.add(of_keyword(reader, key, each))
        else:
            value = All(partial=True)
        if total is None:
            total = value if change.kind == "=" else All(partial=True)
        elif change.kind == "=" and sure:
            total = value
        elif sure:
            total.add(value)
        else:
            total.extended.append((change.value, value))
    return total if total is not None else All(partial=True)


def excluded(found: All) -> All:
    """What `exclude(...)` asks, given what its arguments say."""
    turned = negated(found)
    turned.extended = [(node, negated(each)) for node, each in found.extended]
    return turned
