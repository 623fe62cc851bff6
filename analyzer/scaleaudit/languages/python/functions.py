"""What goes into functions and comes out of them: parameters, arguments, returned texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ArgumentsGiven, ConstantDefined
from scaleaudit.languages.handed_on import handed
from scaleaudit.languages.handed_on import result_of as returned_by
from scaleaudit.languages.python.bindings import DOTTED, MAX_NAME
from scaleaudit.languages.telling import (
    MAX_ARGUMENTS,
    may_be_address,
    telling_places,
)
from scaleaudit.regex import regex
from scaleaudit.values import Name, Parameter, Unknown, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

# Methods of texts, loggers and libraries: what they are given says nothing of an address.
NO_HELPERS = frozenset(
    """
    get post put patch delete head options request format join append extend info debug warning
    warn error exception critical print str len int repr getenv replace startswith endswith strip
    split isinstance getattr setattr hasattr update add route path re_path url include Request
    urljoin urlparse urlsplit urlopen match search sub filter values execute field Field
    pop set setdefault insert open Path Column ForeignKey skipif mark parametrize
    """.split()  # noqa: SIM905 - a table to be read
)
LIBRARIES = frozenset(
    """
    aiohttp asyncio boto3 botocore celery click collections django fastapi flask httpx json logging
    os pathlib pydantic pymongo pytest re redis requests rest_framework sqlalchemy starlette sys
    time typing unittest urllib urllib3 warnings
    """.split()  # noqa: SIM905 - a table to be read
)
DEFERRED = ("s", "si", "delay", "apply_async")
RETURNING = regex(
    rb"(?m)def (\w*(?:[uU][rR][lLiI]|[hH]ost|[aA]ddr|[eE]ndpoint|_base|base_|[dD]sn|[sS]erver|[sS]ervice)"
    rb"\w*)\s*\("
)
INSIDE = frozenset(
    {"block", "if_statement", "else_clause", "elif_clause", "try_statement", "except_clause",
     "with_statement"}
)  # fmt: skip
IN_ARGUMENT = frozenset(
    {"identifier", "attribute", "string", "string_content", "interpolation", "binary_operator",
     "boolean_operator", "parenthesized_expression", "keyword_argument", "subscript",
     "concatenated_string", "call", "argument_list", "conditional_expression", "string_start"}
)  # fmt: skip
MAX_STATEMENTS = 60  # of a function that are searched for what it returns
MAX_RETURNS = 6
MAX_LEVELS = 12


def function_name(reader: PythonReader, function: Node) -> tuple[str, bool]:
    """The dotted name of a function, a constructor's by its class; and whether it is a method."""
    outer = reader.scope(function)
    name = reader.definition_name(function)
    above = next(
        (a for a in reader.ancestors(function) if a.type in reader.FUNCTIONS | reader.CLASSES), None
    )
    method = above is not None and above.type in reader.CLASSES
    if method and name == "__init__":
        return outer, True
    return ".".join(part for part in (outer, name) if part), method


def parameter(reader: PythonReader, name: str, node: Node) -> Parameter | None:
    """The parameter of the function around that a name stands for."""
    function = next((a for a in reader.ancestors(node) if a.type == "function_definition"), None)
    holder = function.child_by_field_name("parameters") if function is not None else None
    if function is None or holder is None:
        return None
    own = 0
    for at, child in enumerate(holder.named_children[:40]):
        named = child.child_by_field_name("name") or (
            child.named_children[0]
            if child.type == "typed_parameter" and child.named_children
            else child
        )
        if at == 0 and reader.text(named) in ("self", "cls"):
            own = 1
        if named.type != "identifier" or reader.text(named) != name:
            continue
        written = child.child_by_field_name("value")
        default = reader.value(written) if written is not None and written.type != "none" else None
        if isinstance(default, Unknown | Parameter):
            default = None
        dotted = function_name(reader, function)[0]
        reader.asked.add(dotted)
        return Parameter(dotted, name, at - own, default)
    return None


def returned(reader: PythonReader) -> Iterator[ConstantDefined]:
    """What functions that are named for an address return; properties as fields."""
    for match in RETURNING.finditer(reader.content):
        name = reader.root.descendant_for_byte_range(match.start(1), match.start(1) + 1)
        function = name.parent if name is not None else None
        if function is None or function.type != "function_definition":
            continue
        values = [reader.value(each) for each in returns(function)]
        value = one_of(each for each in values if not isinstance(each, Unknown))
        if not values or isinstance(value, Unknown) or not may_be_address(value):
            continue
        dotted = function_name(reader, function)[0]
        above = function.parent
        property_ = above is not None and above.type == "decorated_definition" and re.match(
            r"@(functools\.)?(cached_)?property\b", reader.hint(above)
        )  # fmt: skip
        yield ConstantDefined(reader.span(function), dotted if property_ else f"{dotted}()", value)


def returns(function: Node) -> Iterator[Node]:
    """The expressions that a function returns, without those of functions inside it."""
    body = function.child_by_field_name("body")
    waiting = [body] if body is not None else []
    found = 0
    for _ in range(MAX_STATEMENTS):
        if not waiting or found >= MAX_RETURNS:
            return
        at = waiting.pop()
        if at.type == "return_statement":
            if at.named_children:
                found += 1
                yield at.named_children[0]
        elif at.type in INSIDE:
            waiting += reversed(at.named_children[:MAX_STATEMENTS])


def called_name(reader: PythonReader, node: Node) -> str:
    """A called function as the facts name it: `self.get` by its class, `super().__init__` by the base."""
    function = node.child_by_field_name("function")
    if function is None or function.end_byte - function.start_byte > MAX_NAME:
        return ""
    text = reader.text(function)
    own = reader.class_around(node)
    if text == "super().__init__" and own is not None:
        bases = own.child_by_field_name("superclasses")
        first = bases.named_children[0] if bases is not None and bases.named_children else None
        text = reader.text(first) if first is not None else ""
    if not DOTTED.fullmatch(text):
        return ""
    first_part, _, rest = text.partition(".")
    if first_part in ("self", "cls") and rest:
        return f"{reader.definition_name(own)}.{rest}" if own is not None else ""
    if rest.rpartition(".")[2] in DEFERRED:  # a task of Celery, called later
        text = text.rpartition(".")[0]
    if text.rpartition(".")[2] in NO_HELPERS:
        return ""
    if reader.imports.get(first_part, first_part).partition(".")[0] in LIBRARIES:
        return ""
    return text


def result_of(reader: PythonReader, node: Node) -> Name | None:
    """The text that a call returns, by the function's name."""
    return returned_by(called_name(reader, node))


def arguments_given(reader: PythonReader) -> Iterator[ArgumentsGiven]:
    """Addresses that the file hands to functions, here or elsewhere."""
    seen: set[int] = set()
    for dotted in sorted(reader.asked):
        word = re.escape(dotted.rpartition(".")[2].encode())
        for match in re.finditer(rb"(?<![\w])" + word + rb"\s*\(", reader.content):
            node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
            call = enclosing_call(node, 2)
            if call is not None and call.id not in seen and called_name(reader, call) == dotted:
                seen.add(call.id)
                yield from given(reader, call, dotted, every=True)
    for at in telling_places(reader):
        node = reader.root.descendant_for_byte_range(at, at + 1)
        for _ in range(2):
            call = enclosing_call(node, MAX_LEVELS)
            if call is None or call.id in seen:
                break
            seen.add(call.id)
            name = called_name(reader, call) if call.id not in reader.known_calls else ""
            if name:
                yield from given(reader, call, name, every=False)
                break
            node = call  # a library's function around it may be an argument itself


def enclosing_call(node: Node | None, levels: int) -> Node | None:
    """The call that an expression is the callee, or in an argument, of."""
    for _ in range(levels):
        above = node.parent if node is not None else None
        if node is None or above is None or node.type not in IN_ARGUMENT:
            return None
        if above.type == "call":
            return above
        node = above
    return None


def given(reader: PythonReader, call: Node, name: str, *, every: bool) -> Iterator[ArgumentsGiven]:
    args, keywords, _ = reader.arguments(call)
    holder = call.child_by_field_name("arguments")
    if holder is None or holder.type != "argument_list":
        return
    named = [(str(at), each) for at, each in enumerate(args[:MAX_ARGUMENTS])]
    # members of a literal dictionary are no keywords
    named += [(k, v) for k, v in list(keywords.items())[:MAX_ARGUMENTS] if is_keyword(v, holder)]
    yield from handed(reader, call, name, named, every=every)


def is_keyword(value: Node, holder: Node) -> bool:
    above = value.parent
    return above is not None and above.parent == holder
