"""The roots of Criteria queries: variables that stand for a class, and where they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.java.jpa.members import returned_type
from scaleaudit.languages.java.jpa.type_texts import last_name
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.java.jvm import JvmReader

MAX_ROOTS = 500  # of one file
TYPED = regex(rb"\bRoot<\s*([A-Z][\w.]*)\s*>\s+(\w+)")
# A part of another's query that a method is handed: a path or a join, by the class it leads to.
HANDED = regex(rb"\b(?:Path|From|Join)<\s*(?:[\w.?]+\s*,\s*)?([A-Z][\w.]*)\s*>\s+(\w+)\s*[,)]")
KOTLIN_TYPED = regex(rb":\s*Root<\s*([A-Z][\w.]*)\s*>")
NAME_BEFORE = regex(rb"(\w+)\s*$")
MADE = regex(rb"\.\s*from\(\s*([A-Z][\w.]*?)(?:\.class\b|::class\.java\b)")
MADE_BEFORE = regex(rb"(\w+)\s*=\s*([\w.]+)\s*$")
LAMBDA = regex(rb"\(\s*(\w+)\s*,\s*\w+\s*,\s*(\w+)\s*\)\s*->")
KOTLIN_LAMBDA = regex(
    rb"Specification(?:<\s*([A-Z][\w.]*)\s*>|\s*)\s*\{\s*(\w+)\s*(?::[^,{}]*)?,\s*\w+[^,{}]*,[^,{}]*->"
)
FINDING = frozenset({"findAll", "findOne", "findBy", "count", "exists", "delete"})
JOINING = frozenset({"and", "or", "where", "allOf", "anyOf", "add"})
REPOSITORY = regex(r"(?:\w+\.)*([A-Z]\w*?)(?:Jpa)?(?:Repository|Repo|Dao|DAO)")
MAX_METHOD = 20_000  # bytes
SPECIFICATION = regex(r"Specification<\s*(?:\? super )?([A-Z][\w.]*)\s*>")
# A project's own interface of that shape, `Predicate<Order>`: one that a lambda with a root makes.
OWN_SHAPE = regex(r"\b\w*(?:Predicate|Criteria|Criterion)<\s*(?:\? super )?([A-Z][\w.]*)\s*>")
SHAPES = (b"Specification", b"Predicate<", b"Criteria<", b"Criterion<")


class Root(Gathering):
    """A variable for the rows of a class, inside one function or lambda."""

    name: str
    model: str
    start: int  # where it begins to hold
    scope: Node
    below: bool = False  # of a query inside another one
    given: bool = False  # by a caller, who may add conditions of his own
    handed: bool = False  # whoever has the specification asks: here stands only a part


def roots(reader: JvmReader) -> list[Root]:
    found: dict[tuple[int, str], Root] = {}
    for root in _roots(reader):
        found.setdefault((root.scope.id, root.name), root)
        if len(found) >= MAX_ROOTS:
            break
    return list(found.values())


def _roots(reader: JvmReader) -> Iterator[Root]:
    content = reader.content
    for match in MADE.finditer(content):
        before = MADE_BEFORE.search(content, max(0, match.start() - 200), match.start())
        if before is None:
            continue
        owner = re.escape(before[2])
        below = b"ubquery" in content and re.search(
            rb"\bSubquery<[^;=]{0,80}>\s+" + owner + rb"\b|\b" + owner + rb"\s*=\s*\w+\.subquery\(",
            content,
        )
        yield from _at(reader, before, 1, match[1], below=bool(below))
    for match in TYPED.finditer(content):
        yield from _at(reader, match, 2, match[1])
    for match in HANDED.finditer(content):
        yield from (root for root in _at(reader, match, 2, match[1]) if root.given)
    for match in KOTLIN_TYPED.finditer(content):
        before = NAME_BEFORE.search(content, max(0, match.start() - 100), match.start())
        if before is not None:
            yield from _at(reader, before, 1, match[1])
    if not reader.says(*SHAPES):
        return
    methods: dict[int, str] = {}
    for match in LAMBDA.finditer(content):
        yield from _of_specification(reader, match, 1, b"", methods, match[2].decode())
    for match in KOTLIN_LAMBDA.finditer(content):
        yield from _of_specification(reader, match, 2, match[1] or b"", methods)


def _at(
    reader: JvmReader, match: re.Match[bytes], group: int, model: bytes, *, below: bool = False
) -> Iterator[Root]:
    node = reader.root.descendant_for_byte_range(match.start(group), match.end(group))
    scope = scope_around(reader, node) if node is not None else None
    if scope is not None and node is not None:
        name = match[group].decode("utf-8", "replace")
        holder = node.parent
        handed = holder is not None and holder.type in ("formal_parameter", "parameter")
        given = (
            handed
            and reader.definition_name(scope) != "toPredicate"
            and scope.type in reader.FUNCTIONS
        )
        of = last_name(model.decode("utf-8", "replace"))
        yield Root(name, of, node.start_byte, scope, below, given, handed)


def scope_around(reader: JvmReader, node: Node) -> Node | None:
    """The innermost function or lambda."""
    for above in reader.ancestors(node):
        if above.type in reader.FUNCTIONS or above.type in ("lambda_expression", "lambda_literal"):
            return above
    return None


def _of_specification(
    reader: JvmReader,
    match: re.Match[bytes],
    group: int,
    model: bytes,
    methods: dict[int, str],
    builder: str = "",
) -> Iterator[Root]:
    node = reader.root.descendant_for_byte_range(match.start(group), match.end(group))
    scope = scope_around(reader, node) if node is not None else None
    if scope is None or node is None or scope.type not in ("lambda_expression", "lambda_literal"):
        return
    written = last_name(model.decode("utf-8", "replace")) or specified(reader, scope, builder)
    joined = "" if written else joined_to(reader, scope, methods)
    if written or joined:
        name = match[group].decode("utf-8", "replace")
        given = bool(joined)
        yield Root(name, written or joined, node.start_byte, scope, given=given, handed=True)


def specified(reader: JvmReader, scope: Node, builder: str) -> str:
    """The class in the type of the variable or the method that a lambda is given to."""
    shape = SPECIFICATION
    if builder and re.search(rf"\b{builder}\s*\.\s*[a-z]\w*\s*\(", reader.text(scope)[:MAX_METHOD]):
        shape = OWN_SHAPE if b"Specification" not in reader.content else SPECIFICATION
    for above in reader.ancestors(scope):
        text = ""
        if above.type in reader.FUNCTIONS:
            text = returned_type(reader, above)
        elif above.type in (
            "local_variable_declaration",
            "field_declaration",
            "property_declaration",
        ):
            text = reader.text(above)[: max(0, scope.start_byte - above.start_byte)]
        elif above.type == "method_invocation":
            asked = of_repository(reader, above, scope)
            if asked:
                return asked
            text = reader.text(above)[: max(0, scope.start_byte - above.start_byte)][-200:]
        match = shape.search(text)
        if match is not None:
            return last_name(match[1])
        if above.type in reader.FUNCTIONS or above.type in reader.CLASSES:
            return ""
    return ""


def of_repository(reader: JvmReader, call: Node, scope: Node) -> str:
    """`orders.findAll((root, query, cb) -> ...)`: the class that the repository is named after."""
    links, args = reader.chain(call), reader.arguments_of(call)
    if len(links) != 2 or links[1].name not in FINDING or scope.id not in {a.id for a in args}:
        return ""
    match = REPOSITORY.fullmatch(reader.declared_type(links[0].name, call))
    return match[1] if match is not None else ""


def joined_to(reader: JvmReader, scope: Node, methods: dict[int, str]) -> str:
    """`wanted = wanted.and((root, query, cb) -> ...)`: the one class that the function specifies.

    `methods` keeps what is known of each function.
    """
    call = next((a for a in reader.ancestors(scope) if a.type == "method_invocation"), None)
    name = reader.name_node(call) if call is not None else None
    if name is None or reader.text(name) not in JOINING:
        return ""
    method = reader.function_around(scope)
    while method is not None and method.type not in reader.FUNCTIONS:
        method = reader.function_around(method)
    if method is None:
        return ""
    if method.id not in methods:
        text = reader.content[method.start_byte : method.end_byte][:MAX_METHOD]
        said = SPECIFICATION.findall(text.decode("utf-8", "replace"))
        named = {last_name(each) for each in said}
        methods[method.id] = named.pop() if len(named) == 1 else ""
    return methods[method.id]
