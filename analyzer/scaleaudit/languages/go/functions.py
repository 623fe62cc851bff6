"""What goes into functions and fields of Go: parameters, arguments, members of structs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ArgumentsGiven, ConstantDefined, RemoteCall
from scaleaudit.languages.go.receivers import assigned_to
from scaleaudit.languages.mentions import WORD, mentions
from scaleaudit.languages.telling import MAX_ARGUMENTS, may_be_address, telling, telling_places
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Name, Parameter, Unknown, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

# Packages of the language whose functions take addresses, and hand none to the repository.
LIBRARIES = frozenset(["net", "fmt", "os", "strings", "log", "flag", "context", "errors", "regexp"])
MAX_LEVELS = 12
MAX_ENTRIES = 100  # of one kind in a file
MAX_NAME = 120
NAME = regex(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,3}")
IN_ARGUMENT = frozenset(
    {"identifier", "selector_expression", "field_identifier", "interpreted_string_literal",
     "interpreted_string_literal_content", "raw_string_literal", "binary_expression",
     "call_expression", "argument_list", "unary_expression", "parenthesized_expression",
     "index_expression", '"', "escape_sequence", "package_identifier", "raw_string_literal_content"}
)  # fmt: skip
MAX_BEFORE = 200
DEREFERENCED = regex(rb":\s*\*(\w+)\s*[,}]")
RETURNING = regex(
    rb"func(?: \([^()\n]*\))? (\w*(?:URL|Url|Host|Addr|Endpoint|url|Address|Base)\w*)\("
)


def parameter(reader: GoReader, found: Definition) -> Parameter | None:
    """A parameter of a declared function, for the callers in other files to tell."""
    holder = found.node.parent
    function = holder.parent if holder is not None else None
    if holder is None or function is None or function.type == "func_literal":
        return None
    if function.child_by_field_name("parameters") != holder:
        return None
    names = [
        reader.text(each)
        for declared in holder.named_children
        for each in declared.children_by_field_name("name")
    ]
    types = [reader.text(each)[-16:] for each in holder.named_children[:1]]
    shift = 1 if types and types[0].endswith("context.Context") else 0  # left out of arguments
    if found.name not in names:
        return None
    return Parameter(reader.definition_name(function), found.name, names.index(found.name) - shift)


def _dereferenced(content: bytes) -> Iterator[int]:
    """Names behind a star, as the value of a key."""
    for match in DEREFERENCED.finditer(content):
        before = content[max(0, match.start() - MAX_BEFORE) : match.start()].rstrip()
        if before[-1:] and before[-1] in WORD:
            yield match.start(1)


def handed_on(reader: GoReader) -> Iterator[Fact]:
    """Addresses that the file hands to functions or keeps in fields of structs."""
    seen: set[int] = set()
    for at in telling_places(reader):
        yield from _handed_on(reader, at, seen)
    for number, at in enumerate(_dereferenced(reader.content)):
        if number < MAX_ENTRIES:  # `Config{orders: *ordersFlag}`
            yield from _handed_on(reader, at, seen)
    for number, match in enumerate(RETURNING.finditer(reader.content)):
        name = reader.root.descendant_for_byte_range(match.start(1), match.start(1) + 1)
        function = name.parent if name is not None else None
        if function is None or number >= MAX_ENTRIES or function.type not in reader.FUNCTIONS:
            continue
        values = [reader.value(each) for each in returned(function)]
        value = one_of(each for each in values if not isinstance(each, Unknown))
        if values and not isinstance(value, Unknown) and may_be_address(value):
            dotted = reader.definition_name(function)
            yield ConstantDefined(reader.span(function), f"{dotted}()", value)


def returned(function: Node) -> Iterator[Node]:
    """The first results of the returns that stand directly in a function or its branches."""
    body = function.child_by_field_name("body")
    waiting = [body] if body is not None else []
    for _ in range(60):
        if not waiting:
            return
        at = waiting.pop()
        if at.type == "return_statement":
            results = at.named_children[0] if at.named_children else None
            if results is not None and results.named_children:
                yield results.named_children[0]
        elif at.type in ("block", "if_statement", "statement_list", "expression_switch_statement",
                         "expression_case", "default_case"):  # fmt: skip
            waiting += reversed(at.named_children[:60])


def _handed_on(reader: GoReader, at: int, seen: set[int]) -> Iterator[Fact]:
    node = reader.root.descendant_for_byte_range(at, at + 1)
    for _ in range(MAX_LEVELS):
        above = node.parent if node is not None else None
        if node is None or above is None:
            return
        if above.type == "call_expression" and node.type == "argument_list":
            if above.id not in seen:
                seen.add(above.id)
                yield from given(reader, above)
        elif (
            above.type == "call_expression"
        ):  # the word stands in what is called: `NewWithURL(base)`
            for each in given(reader, above) if above.id not in seen else ():
                if any(may_be_address(v) and not isinstance(v, Parameter) for _, v in each.args):
                    seen.add(above.id)
                    yield each
        elif above.type == "keyed_element":
            if above.id not in seen:
                seen.add(above.id)
                yield from member(reader, above)
            return
        elif node.type not in IN_ARGUMENT and node.type != "literal_element":
            return
        node = above


def given(reader: GoReader, call: Node) -> Iterator[ArgumentsGiven]:
    """A call of a function of the repository, as far as its name tells."""
    function = call.child_by_field_name("function")
    if function is None or function.end_byte - function.start_byte > MAX_NAME:
        return
    if call.id in reader.known_calls:
        return
    name = called_name(reader, function)
    if not name:
        return
    args, _, _ = reader.arguments(call)
    values = [(str(at), reader.value(each)) for at, each in enumerate(args[:MAX_ARGUMENTS])]
    known = tuple((key, value) for key, value in values if not isinstance(value, Unknown))
    if any(may_be_address(value) for _, value in known):
        yield ArgumentsGiven(reader.span(call), name, known)


def called_name(reader: GoReader, function: Node) -> str:
    """`NewClient`, `client.New` of a package of the module, `Server.call` of a type of this one."""
    text = reader.text(function)
    if of_library(reader, text.partition(".")[0]):
        return ""
    meaning = reader.receivers.meaning(function).name
    if NAME.fullmatch(meaning) and "." in meaning and meaning.partition(".")[0] in reader.structs:
        return meaning
    if not NAME.fullmatch(text):
        return ""
    first, dot, rest = text.partition(".")
    if not dot:
        return text
    package = reader.imports.get(first)
    if package is not None:
        return "" if package.partition("/")[0] in LIBRARIES else text
    if NAME.fullmatch(meaning) and meaning != text:
        return meaning
    return reader.as_written(meaning) or (
        "" if "." in rest else meaning if "?" not in meaning else ""
    )


def of_library(reader: GoReader, first: str) -> bool:
    """The name of an imported library of Go's own that stands for nothing else in the file.

    What a name stands for at a place costs more to find out than all else that is done with it.
    """
    package = reader.imports.get(first)
    if package is None or package.partition("/")[0] not in LIBRARIES:
        return False
    known = reader.plain_libraries.get(first)
    if known is None:
        alone = mentions(reader.content, first.encode(), AROUND, ALONE)
        known = reader.plain_libraries[first] = next(alone, None) is None
    return known


def member(reader: GoReader, element: Node) -> Iterator[ConstantDefined]:
    """`Client{baseURL: url}`: what a field is given that is named for an address."""
    key, value = element.child_by_field_name("key"), element.child_by_field_name("value")
    body = element.parent
    literal = body.parent if body is not None else None
    if key is None or value is None or literal is None or literal.type != "composite_literal":
        return
    if not value.named_children:
        return
    owner = reader.receivers.type_name(literal.child_by_field_name("type"))
    owner = owner if "." not in owner else reader.as_written(owner)
    field = reader.text(key)
    if not owner or not field.isidentifier():
        return
    inner = value.named_children[0]
    found = reader.value(inner)
    if isinstance(found, Parameter) and not telling(field) and not telling(found.name):
        return
    if isinstance(found, Literal) and f"{owner}.{field}" in reader.tagged:
        return  # its tag names a variable: this is only what holds until that is set
    if may_be_address(found) or (isinstance(found, Name) and telling(field)):
        yield ConstantDefined(reader.span(inner), f"{owner}.{field}", found)


# What may not stand around the name of a package that stands for something else as well.
AROUND = WORD | frozenset(b'."/')
ALONE = regex(rb"(?![\w.\"/])")
DIRECTED = regex(rb"\.URL\.Host\s*=(?!=)")
MAX_DIRECTED = 40


def directed(reader: GoReader) -> Iterator[RemoteCall]:
    """`req.URL.Host = "orders:8080"` in the director of a reverse proxy."""
    if b"httputil" not in reader.content:
        return
    for number, match in enumerate(DIRECTED.finditer(reader.content)):
        node = reader.root.descendant_for_byte_range(match.start() + 5, match.start() + 6)
        target = node.parent if node is not None else None
        value = next(assigned_to(target), None)
        if value is None or number >= MAX_DIRECTED:
            continue
        host = reader.value(value)
        if not isinstance(host, Unknown):
            yield RemoteCall(
                reader.span(value), "net/http/httputil", host, scope=reader.scope(value)
            )
