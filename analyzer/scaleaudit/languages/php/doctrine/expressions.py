"""Conditions given to a query builder: texts, and calls of its `expr()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.branches import is_certain, way_to
from scaleaudit.languages.php.class_names import CALLS
from scaleaudit.languages.php.conditions import MAX_GROUPS, Built, Term
from scaleaudit.languages.php.doctrine.fragments import read
from scaleaudit.languages.php.names import chain
from scaleaudit.languages.php.strings import STRINGS
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Unknown, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

COMPARING = {
    "eq": "=", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "in": "in", "notIn": "not-in",
    "isNull": "is-null", "isNotNull": "is-not-null", "like": "search", "notLike": "search", "between": "between",
    "isMemberOf": "=", "comparison": "=",
}  # fmt: skip
COMPARING = {name.lower(): operator for name, operator in COMPARING.items()}  # PHP knows no case
JOINING = {"andX": False, "orX": True, "and": False, "or": True}
MADE = {"Andx": False, "Orx": True, "CompositeExpression": False}
PATH = regex(r"^\s*(?:(\w+)\(\s*)?([A-Za-z_]\w*\.[A-Za-z_][\w.]*)\s*\)?\s*$")
TRANSPARENT = frozenset({"identity", "distinct"})
BARE = regex(r"^[A-Za-z_]\w*$")
ROOT_ALIAS = "root_alias__"
ROOT = regex(r"getRootAlias(?:es)?\(\)|^\$root_?[aA]lias$")
LITERAL = regex(r"^\s*(?:-?\d|'|true$|false$)")


def take(reader: PhpReader, built: Built, node: Node, *, either: bool, depth: int = 0) -> None:
    """Adds a condition as the next term; what is not understood makes the query partial."""
    terms = terms_of(reader, node, built, depth)
    if terms is None:
        built.partial = True
    elif len(terms) == 1 and terms[0].condition is not None:
        built.add(terms[0].condition, either=either)
    elif terms:
        built.put(Term(either, None, terms))


def terms_of(reader: PhpReader, node: Node, built: Built, depth: int) -> list[Term] | None:
    if depth > MAX_GROUPS:
        return None
    if node.type in STRINGS or node.type == "binary_expression":
        return texted(said(reader, node, built).replace("{}", ":hole"))
    if node.type == "parenthesized_expression" and node.named_children:
        return terms_of(reader, node.named_children[0], built, depth + 1)
    if node.type == "variable_name":
        return kept(reader, node, built, depth)
    if node.type == "object_creation_expression":
        return made(reader, node, built, depth)
    if node.type not in CALLS:
        return None
    links = chain(reader, node)[1]
    name = links[-1].name if links else ""
    args = reader.arguments(node)[0]
    if name in JOINING:
        return joined(reader, args, JOINING[name], built, depth)
    if name.lower() in COMPARING and args:
        return compared(reader, name.lower(), args, built)
    if name == "not" and args:
        return []
    if node.type == "function_call_expression" and args and reader.callee(node) == "sprintf":
        return texted(said(reader, node, built).replace("{}", ":hole"))
    return None


def texted(text: str) -> list[Term] | None:
    found = read(text) if text.strip() else None
    if found is None:
        return None
    return [Term(False, each) for each in found]


def compared(reader: PhpReader, name: str, args: list[Node], built: Built) -> list[Term] | None:
    """`eq("t.user", ":user")`: a side that is a path is the column."""
    text = said(reader, args[-1] if name == "ismemberof" else args[0], built)
    path = PATH.match(text)
    if path is None:
        if BARE.match(text):  # a query of tables, with one table
            return [Term(False, Condition(text, COMPARING[name]))]
        return None
    function = (path[1] or "").lower()
    operator = COMPARING[name]
    other = said(reader, args[1], built) if len(args) > 1 else ""
    if operator in ("=", "!=") and PATH.match(other):
        return []  # two columns: a join that says which rows belong together
    constant = operator == "=" and (
        bool(LITERAL.match(other)) or "literal" in kind_of(reader, args)
    )
    found = Condition(
        path[2], operator, function="" if function in TRANSPARENT else function, constant=constant
    )
    return [Term(False, found)]


def kind_of(reader: PhpReader, args: list[Node]) -> str:
    return reader.callee(args[1]) if len(args) > 1 and args[1].type in CALLS else ""


def plain(reader: PhpReader, node: Node) -> str:
    value = reader.value(node)
    return value.text if isinstance(value, Literal) else ""


def said(reader: PhpReader, node: Node, built: Built) -> str:
    """The text of an expression, with `{}` for what is not known.

    `$alias . ".state"`: of the alias that the method was handed, or that the builder begins with.
    """
    value = reader.value(node)
    parts = value.parts if isinstance(value, Join) else (value,)
    return "".join(
        (built.names.get(part.hint) or (ROOT_ALIAS if ROOT.search(part.hint) else "{}"))
        if isinstance(part, Unknown)
        else text_with_holes(part)
        for part in parts
    )


def joined(
    reader: PhpReader, args: list[Node], either: bool, built: Built, depth: int
) -> list[Term] | None:
    terms: list[Term] = []
    for arg in args:
        inner = terms_of(reader, arg, built, depth + 1)
        if inner is None:
            built.partial = True
        elif inner:
            terms.append(Term(either, None, inner))
    return [Term(False, None, terms)] if terms else []


def made(reader: PhpReader, node: Node, built: Built, depth: int) -> list[Term] | None:
    """`new Expr\\Orx([...])`."""
    name = reader.callee(node)
    args = reader.arguments(node)[0]
    if name not in MADE:
        return None
    members = [each for arg in args for each in reader.each(arg)]
    return joined(reader, members, MADE[name], built, depth)


def kept(reader: PhpReader, node: Node, built: Built, depth: int) -> list[Term] | None:
    """`$or = $qb->expr()->orX(); $or->add(...); $qb->andWhere($or)`."""
    value = scopes.assigned(reader, reader.text(node), node)
    if value is None:
        return None
    terms = terms_of(reader, value, built, depth + 1)
    if terms is None or value.type not in CALLS:
        return terms
    links = chain(reader, value)[1]
    either = JOINING.get(links[-1].name, MADE.get(reader.callee(value), False)) if links else False
    home = way_to(reader, node)
    parts: list[tuple[Node, list[Term], bool]] = []
    for call in additions(reader, node):
        certain = is_certain(home, way_to(reader, call))
        for arg in reader.arguments(call)[0]:
            for each in reader.each(arg):
                inner = terms_of(reader, each, built, depth + 1)
                built.partial |= inner is None
                if inner:
                    parts.append((call, inner, certain))
    if either and not all(certain for _, _, certain in parts):
        # Nobody knows which of the alternatives there are: each is told alone.
        built.options += [(call, Built(terms=inner)) for call, inner, _ in parts]
        return []
    for call, inner, certain in parts:
        if either or certain:
            terms.append(Term(either, None, inner))
        else:
            built.options.append((call, Built(terms=inner)))
    return [Term(False, None, terms)] if terms else []


def additions(reader: PhpReader, node: Node) -> list[Node]:
    """The calls `$where->add(...)` in the function around, before the place where it is used."""
    around = reader.function_around(node)
    start = around.start_byte if around is not None else 0
    name = reader.text(node).encode()
    found: list[Node] = []
    at = reader.content.find(name + b"->add", start, node.start_byte)
    while at >= 0 and len(found) < MAX_ADDED:
        leaf = reader.root.descendant_for_byte_range(at + len(name) + 2, at + len(name) + 3)
        call = leaf.parent if leaf is not None else None
        if call is not None and call.type in CALLS:
            found.append(call)
        at = reader.content.find(name + b"->add", at + 1, node.start_byte)
    return found


MAX_ADDED = 60
