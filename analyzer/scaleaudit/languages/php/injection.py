"""What containers hand to constructors: the address in `$this->url` stands where it is wired.

The field is the name `Stock.$0.url` (class, position and name of the parameter); where an object
is made or registered, the argument is the constant `Stock.$0` or `Stock.$url`. The linker joins
the two. Parameters of the container are constants `parameter.stock_url`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import tree_sitter_php
from tree_sitter import Language, Query, QueryCursor

from scaleaudit.facts import ConstantDefined
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.class_names import CLASS_NAMES, class_name
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name, Setting, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.reader import PhpReader

# Run only on files that may have such calls: few do, and the patterns cost as much as many others.
QUERY = r"""
(object_creation_expression
  (arguments
    (argument (function_call_expression function: (name) @_reads)))
  (#match? @_reads "^(env|getenv|config)$")) @made
(object_creation_expression
  (arguments
    (argument (_ (function_call_expression function: (name) @_reads))))
  (#match? @_reads "^(env|getenv|config)$")) @made
(object_creation_expression
  (arguments
    (argument [(string) (encapsed_string)] @_text))
  (#match? @_text "^.[a-z][a-z0-9+]*:(//|host=)")) @made
(object_creation_expression
  (arguments
    (argument (subscript_expression (variable_name) @_env)))
  (#eq? @_env "$_ENV")) @made
(member_call_expression
  name: (name) @_wires
  (#match? @_wires "^(setParameter|addArgument|setArgument|arg|args|setArguments|constructorParameter)$")) @wired
"""
MADE_OF = (b"://", b":host=", b"$_ENV")
READ = (regex(rb"env\s*\("), regex(rb"config\s*\("))
WIRING = (b"setParameter", b"addArgument", b"setArgument", b"constructorParameter")
WIRED = regex(rb"args?\s*\(")
MAX_PENDING = 2_000  # matches begun and not yet ended
MAX_DEPTH = 500
MAX_ARGUMENTS = 20
MAX_TEXT = 500
ADDRESS = regex(r"^[a-z][a-z0-9+]*:(?://|host=)")
READ_ELSEWHERE = {"PDO", "mysqli", "SoapClient", "Client", "Uri", "Request"}
REGISTERS = {"register", "set", "autowire", "singleton"}
POSITIONED = {"addArgument"}
NAMED = {"setArgument", "arg", "setBindings", "constructorParameter"}


@cache
def _query() -> Query:
    return Query(Language(tree_sitter_php.language_php()), QUERY)


def found(reader: PhpReader) -> Iterator[Fact]:
    """All that a file hands to constructors."""
    content = reader.content
    made = b"new" in content and (
        has_any(content, MADE_OF) or any(each.search(content) for each in READ)
    )
    wires = b"->" in content and (has_any(content, WIRING) or WIRED.search(content) is not None)
    if not made and not wires:
        return
    cursor = QueryCursor(_query(), match_limit=MAX_PENDING)
    cursor.set_max_start_depth(MAX_DEPTH)
    captures = cursor.captures(reader.root)
    for nodes in captures.values():
        nodes.sort(key=lambda node: node.start_byte)  # captures come in no order
    yield from made_objects(reader, captures.get("made", ()))
    yield from wired(reader, captures.get("wired", ()))


def constructor(reader: PhpReader, own: Node) -> Node | None:
    body = own.child_by_field_name("body")
    for member in body.named_children if body is not None else ():
        if member.type == "method_declaration" and reader.definition_name(member) == "__construct":
            return member
    return None


def parameter_name(reader: PhpReader, own: Node, variable: str) -> Name | None:
    """The name that stands for a parameter of a class's constructor."""
    made = constructor(reader, own)
    for position, each in enumerate(scopes.parameters(made) if made is not None else ()):
        named = each.child_by_field_name("name")
        if named is not None and reader.text(named) == variable:
            return Name(f"{reader.definition_name(own)}.${position}.{variable.lstrip('$')}")
    return None


def field_given(reader: PhpReader, own: Node, field: str) -> Node | Name | None:
    """What `$this->field` is given once: an expression, or a parameter of the constructor."""
    values = scopes.fields_assigned(reader, own, field)
    if len(values) == 1:
        if values[0].type == "variable_name":
            return parameter_name(reader, own, reader.text(values[0])) or values[0]
        return values[0]
    if not values:
        made = constructor(reader, own)
        for each in scopes.parameters(made) if made is not None else ():
            named = each.child_by_field_name("name")
            promoted = each.type == "property_promotion_parameter"
            if promoted and named is not None and reader.text(named) == f"${field}":
                return parameter_name(reader, own, f"${field}")
    return None


def made_objects(reader: PhpReader, nodes: Iterable[Node]) -> Iterator[Fact]:
    """`new Stock(getenv("STOCK_URL"))`: the arguments that may hold an address."""
    seen: set[int] = set()
    for node in nodes:
        if node.id in seen:
            continue
        seen.add(node.id)
        written = next((c for c in node.named_children if c.type in CLASS_NAMES), None)
        if written is None:
            continue
        name = class_name(reader, reader.text(written)).rpartition(".")[2]
        if name in READ_ELSEWHERE:
            continue
        yield from _arguments(reader, node, name)


def _arguments(reader: PhpReader, call: Node, name: str) -> Iterator[Fact]:
    args, keywords, _ = reader.arguments(call)
    for position, arg in enumerate(args[:MAX_ARGUMENTS]):
        yield from _constant(reader, call, f"{name}.${position}", reader.value(arg))
    for key, arg in keywords.items():
        if key.isidentifier() and arg.id not in {a.id for a in args}:
            yield from _constant(reader, call, f"{name}.${key}", reader.value(arg))


def _constant(reader: PhpReader, node: Node, name: str, value: Value) -> Iterator[Fact]:
    first = value.parts[0] if isinstance(value, Join) else value
    if isinstance(first, Literal) and not ADDRESS.match(first.text[:MAX_TEXT]):
        return
    if isinstance(first, Literal | Setting | Name):
        yield ConstantDefined(reader.span(node), name, value)


def wired(reader: PhpReader, nodes: Iterable[Node]) -> Iterator[Fact]:
    """`$c->setParameter("p", x)`, `$c->register(Stock::class)->addArgument(x)`, `->arg('$url', x)`."""
    for node in nodes:
        links = chain(reader, node)[1]
        called = links[-1].name if links else ""
        args = reader.arguments(node)[0]
        if called in ("setParameter", "set") and len(args) == 2:
            key = reader.value(args[0])
            if isinstance(key, Literal) and (called == "setParameter" or "\\" not in key.text):
                yield from _constant(reader, node, f"parameter.{key.text}", reader.value(args[1]))
            continue
        registered = next((i for i, link in enumerate(links) if link.name in REGISTERS), None)
        if registered is None or not args:
            continue
        call = links[registered].call
        given = reader.arguments(call)[0] if call is not None else []
        name = _class_of(reader, given)
        if not name:
            continue
        if called in POSITIONED:
            before = links[registered + 1 : -1]
            position = sum(1 for link in before if link.name in POSITIONED)
            yield from _constant(reader, node, f"{name}.${position}", reader.value(args[0]))
        elif called in NAMED and len(args) == 2:
            key = reader.value(args[0])
            if isinstance(key, Literal):
                named = f"{name}.${key.text.lstrip('$')}"
                yield from _constant(reader, node, named, reader.value(args[1]))
        elif called in ("args", "setArguments"):
            for position, each in enumerate(reader.each(args[0])[:MAX_ARGUMENTS]):
                yield from _constant(reader, node, f"{name}.${position}", reader.value(each))


def _class_of(reader: PhpReader, given: list[Node]) -> str:
    for node in given[:2]:
        text = reader.text(node)
        if text.endswith("::class"):
            return class_name(reader, text.removesuffix("::class")).rpartition(".")[2]
    return ""
