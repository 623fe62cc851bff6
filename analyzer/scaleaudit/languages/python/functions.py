"""What goes into functions and comes out of them: parameters, arguments, returned texts."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from scaleaudit.facts import ArgumentsGiven, ConstantDefined
from scaleaudit.languages import handed_on
from scaleaudit.languages.python.bindings import DOTTED, MAX_NAME
from scaleaudit.languages.telling import MAX_ARGUMENTS, may_be_address
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
AROUND = handed_on.Around(
    calls=frozenset({"call"}),
    through=frozenset(
        {"identifier", "attribute", "string", "string_content", "interpolation", "binary_operator",
         "boolean_operator", "parenthesized_expression", "keyword_argument", "subscript",
         "concatenated_string", "call", "argument_list", "conditional_expression", "string_start"}
    ),
    levels=12,
    outwards=2,
)  # fmt: skip


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
        values = [reader.value(each) for each in handed_on.returns(function, INSIDE)]
        value = one_of(each for each in values if not isinstance(each, Unknown))
        if not values or isinstance(value, Unknown) or not may_be_address(value):
            continue
        dotted = function_name(reader, function)[0]
        above = function.parent
        property_ = above is not None and above.type == "decorated_definition" and re.match(
            r"@(functools\.)?(cached_)?property\b", reader.hint(above)
        )  # fmt: skip
        yield ConstantDefined(reader.span(function), dotted if property_ else f"{dotted}()", value)


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
    return handed_on.result_of(called_name(reader, node))


def arguments_given(reader: PythonReader) -> Iterator[ArgumentsGiven]:
    """Addresses that the file hands to functions, here or elsewhere."""
    seen: set[int] = set()
    for dotted in sorted(reader.asked):
        word = re.escape(dotted.rpartition(".")[2].encode())
        for match in re.finditer(rb"(?<![\w])" + word + rb"\s*\(", reader.content):
            node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
            call = AROUND.call(node, 2)
            if call is not None and call.id not in seen and called_name(reader, call) == dotted:
                seen.add(call.id)
                yield from given(reader, call, dotted, every=True)
    for call, name in handed_on.telling_calls(reader, AROUND, partial(called_name, reader), seen):
        yield from given(reader, call, name, every=False)


def given(reader: PythonReader, call: Node, name: str, *, every: bool) -> Iterator[ArgumentsGiven]:
    args, keywords, _ = reader.arguments(call)
    holder = call.child_by_field_name("arguments")
    if holder is None or holder.type != "argument_list":
        return
    named = [(str(at), each) for at, each in enumerate(args[:MAX_ARGUMENTS])]
    # members of a literal dictionary are no keywords
    named += [(k, v) for k, v in list(keywords.items())[:MAX_ARGUMENTS] if is_keyword(v, holder)]
    yield from handed_on.handed(reader, call, name, named, every=every)


def is_keyword(value: Node, holder: Node) -> bool:
    above = value.parent
    return above is not None and above.parent == holder
