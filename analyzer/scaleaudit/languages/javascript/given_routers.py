"""Routers that functions are given: `orders(api)` here, `(router) => router.get(...)` there.

Both ends name the function and which of its parameters is meant: `register(0)`, or `register(app)`
of an object. Linking puts them together: what hangs on the parameter hangs on what it is given.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import RouterMounted
from scaleaudit.languages.javascript import imports
from scaleaudit.languages.javascript.callees import CALLS, GLOBALS, ROUTER, bare
from scaleaudit.languages.javascript.functions import parameters, parts
from scaleaudit.languages.javascript.made_routers import MADE
from scaleaudit.languages.javascript.router_scopes import own_name
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_FOUND = 200  # of one file
MAX_ROUTERS = 100  # that a file makes itself and calls by other names: it is read for each
# As an argument, a parameter, or a member of an object that is one: what stands behind the name,
# and what before it. Expressions that begin with a fixed text are searched for at full speed.
BEHIND = rb"(?![\w$])(?=\s{0,40}(?:[,)}:=?]))"
NAMED = tuple(
    regex(ending + BEHIND)
    for ending in (rb"pp", rb"outer", rb"oute", rb"outes", rb"erver", rb"astify")
)
BEFORE = regex(rb"(^|[(,{:=]|\basync)\s{0,40}([\w$]{1,60})$")
RETURNED = regex(rb"return(?<!\wreturn)\s{1,40}([\w$]{1,60})\s*[;}\n]")
IDENTIFIERS = {
    "identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
}
FUNCTION_NAME = regex(r"(?:this\.)?[\w$]{1,80}(?:\.[\w$]{1,80}){0,2}")
DEFAULT = "default"


def given_routers(reader: JavaScriptReader) -> Iterator[RouterMounted]:
    """What a file hands to functions, and what its own functions are handed."""
    if reader.is_page():
        return
    seen: set[int] = set()
    made = {
        name: None  # in the order of the file
        for name, bound in reader.scoped.items()
        if any(MADE.fullmatch(each[2].type) for each in bound)
    }
    yield from _returned(reader, made)
    own = [re.compile(re.escape(name.encode()) + BEHIND) for name in list(made)[:MAX_ROUTERS]]
    for pattern in (*NAMED, *own):
        for number, match in enumerate(pattern.finditer(reader.content)):
            if number >= MAX_FOUND:
                break
            start, end = max(0, match.start() - 100), match.end()
            word = BEFORE.search(reader.content[start:end])
            if word is None:
                continue
            name = word[2].decode()
            node = reader.root.descendant_for_byte_range(start + word.start(2), end)
            known = name in made or ROUTER.match(name) is not None
            if known and node is not None and node.type in IDENTIFIERS and node.id not in seen:
                seen.add(node.id)
                yield from _given(reader, node)


def _given(reader: JavaScriptReader, node: Node) -> Iterator[RouterMounted]:
    """The argument or the parameter that an identifier is."""
    name, key, above = reader.text(node), "", node.parent
    if above is not None and above.type == "pair":
        label = above.child_by_field_name("key")
        if label is None:
            return
        key, above = reader.text(label).strip("'\""), above.parent
    elif node.type == "shorthand_property_identifier":
        key = name
    held = above if key and above is not None and above.type == "object" else node
    holder = held.parent
    if holder is not None and holder.type == "arguments":
        call = holder.parent
        if call is not None and call.type in CALLS:
            place = key or str(_position(holder.named_children, held))
            function = _function_called(reader, call)
            if function:
                parent = own_name(reader, name, node)
                yield RouterMounted(reader.span(call), Literal(""), function, parent, given=place)
    elif above is not None and above.type == "object":
        if key not in ("", name) and _is_exported(reader, above):
            yield RouterMounted(reader.span(node), Literal(""), name, key, alias=True)
        elif above.parent is not None and above.parent.type == "return_statement":
            yield from _result(reader, node, name)
    elif not key:
        yield from _taken(reader, node, name)


def _returned(reader: JavaScriptReader, made: Collection[str]) -> Iterator[RouterMounted]:
    """`return router`: known elsewhere as what its function is called."""
    for match in islice(RETURNED.finditer(reader.content), MAX_FOUND if made else 0):
        if match[1].decode() in made:
            node = reader.root.descendant_for_byte_range(*match.span(1))
            if node is not None and node.type == "identifier":
                yield from _result(reader, node, match[1].decode())


def _result(reader: JavaScriptReader, node: Node, name: str) -> Iterator[RouterMounted]:
    function = reader.function_around(node)
    for known in _names(reader, function) if function is not None else ():
        child = own_name(reader, name, node)
        yield RouterMounted(reader.span(node), Literal(""), child, known, alias=True)


def _is_exported(reader: JavaScriptReader, node: Node) -> bool:
    """`module.exports = { api: apiRouter }`, `export default { ... }`."""
    above = node.parent
    left = above.child_by_field_name("left") if above is not None else None
    if left is not None:
        return reader.text(left) == "module.exports"
    return above is not None and above.type == "export_statement"


def _position(nodes: list[Node], node: Node) -> int:
    return next((at for at, each in enumerate(nodes) if each.id == node.id), 0)


def _function_called(reader: JavaScriptReader, call: Node) -> str:
    """A function of this repository as mounts name it; empty for those of packages."""
    function = bare(call.child_by_field_name("function") or call.child_by_field_name("constructor"))
    if function is None:
        return ""
    member = ""
    if function.type == "member_expression":
        holder = bare(function.child_by_field_name("object"))
        if holder is not None and holder.type == "call_expression":
            last = function.child_by_field_name("property")
            function, member = holder, f".{reader.text(last)}" if last is not None else ""
    if function.type == "call_expression":
        module = imports.required(reader, function)
        return f"require('{module}'){member}" if module.startswith(imports.OWN_PREFIXES) else ""
    text = reader.text(function)
    if not FUNCTION_NAME.fullmatch(text) or text in GLOBALS:
        return ""
    first, _, rest = text.partition(".")
    if first == "this":
        return rest
    origin = reader.imports.get(first)
    if origin is None:
        return "" if rest else text
    return text if origin.startswith(imports.OWN_PREFIXES) else ""


def _taken(reader: JavaScriptReader, node: Node, name: str) -> Iterator[RouterMounted]:
    """The parameter of a function; a constructor's often becomes a field."""
    function = reader.function_around(node)
    if function is None:
        return
    for at, each in enumerate(parameters(function)):
        if not each.start_byte <= node.start_byte < each.end_byte:
            continue
        left, _ = parts(each)
        if left is None or not left.start_byte <= node.start_byte < left.end_byte:
            return
        place = str(at)
        if left.type == "object_pattern":
            above = node.parent
            label = above.child_by_field_name("key") if above is not None else None
            place = reader.text(label) if label is not None else name
        routers = [own_name(reader, name, node)]
        if re.search(rb"this\.%s\s*=\s*%s\b" % ((re.escape(name.encode()),) * 2), reader.content):
            routers.append(f"this.{name}")
        for function_name in _names(reader, function):
            for router in routers:
                yield RouterMounted(
                    reader.span(node),
                    Literal(""),
                    router,
                    f"{function_name}({place})",
                    alias=True,
                )
        return


def _names(reader: JavaScriptReader, function: Node) -> list[str]:
    """What a function is called here, and by those that import it."""
    name = reader.definition_name(function)
    if function.type == "method_definition" and name == "constructor":
        own = reader.class_around(function)
        name = reader.definition_name(own) if own is not None else ""
    above = function.parent
    written = reader.content[max(0, function.start_byte - 40) : function.start_byte]
    if name == "exports" or (above is not None and above.type == "export_statement" and not name):
        return [DEFAULT]
    if not name:
        return []
    exported = rb"(?:module\.exports\s*=|export\s+default)\s+(?:new\s+|class\s+)?%s\b"
    default = re.search(exported % re.escape(name.encode()), reader.content) is not None
    default = default or re.search(rb"export\s+default\s+$", written) is not None
    return [name, DEFAULT] if default else [name]
