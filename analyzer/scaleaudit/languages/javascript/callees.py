"""What a call calls: paths of names, qualified by the bindings and imports of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import imports, scopes
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.reader import Binding, Reader

TRANSPARENT = {
    "await_expression",
    "parenthesized_expression",
    "non_null_expression",
    "as_expression",
    "satisfies_expression",
    "type_assertion",
}
CALLS = {"call_expression", "new_expression"}
# Chained calls of routers return the router: `router.get(...).post(...)`.
CHAINED = {"get", "post", "put", "patch", "delete", "head", "options", "all", "use"}
HANDING = (".register", ".group", ".guard")
OF_PLUGINS = CHAINED | {"route", "register"}
# Names that people give to a web application or router which a function or module hands in.
ROUTER = regex(r"^(app|router|routes?|server|httpServer|fastify|\w+(Router|router|App|Server))$")
# Functions and objects that are there without an import.
GLOBALS = {
    "fetch",
    "$fetch",  # of Nuxt, which imports them by itself
    "useFetch",
    "useLazyFetch",
    "setInterval",
    "global",
    "globalThis",
    "window",
    "Deno",
    "Bun",
    "String",
    "Number",
    "XMLHttpRequest",
} | {"parseInt", "encodeURI", "encodeURIComponent"}
REQUIRED = "require:"  # before the module in a path that starts with `require("module")`


def bare(node: Node | None) -> Node | None:
    """An expression without `await`, parentheses and type assertions around it."""
    for _ in range(MAX_NESTING):
        if node is None or node.type not in TRANSPARENT:
            break
        inner = [child for child in node.named_children if child.type != "comment"]
        # `<Type>value` holds its type first.
        node = inner[-1 if node.type == "type_assertion" else 0] if inner else None
    return node


def path(reader: Reader, node: Node) -> list[str]:
    """The names of a call from left to right, arguments left out: `["axios", "create", "get"]`."""
    parts: list[str] = []
    at: Node | None = node.named_children[0] if node.type == "decorator" else node
    chained = False
    for _ in range(MAX_NESTING):
        at = bare(at)
        if at is None:
            break
        if at.type == "call_expression":
            module = imports.required(reader, at)
            if module:
                parts.append(REQUIRED + module)
                break
            awaited = _awaited(reader, at)
            chained = chained or awaited is None
            at = awaited or at.child_by_field_name("function")
        elif at.type == "new_expression":
            at = at.child_by_field_name("constructor")
        elif at.type == "member_expression":
            name = at.child_by_field_name("property")
            word = reader.text(name) if name else "?"
            if not (chained and parts and parts[-1] in CHAINED and word in CHAINED):
                parts.append(word)
            at = at.child_by_field_name("object")
        else:
            known = at.type in ("identifier", "this")
            parts.append(reader.text(at) if known else "?")
            break
    parts.reverse()
    return parts


def _awaited(reader: Reader, call: Node) -> Node | None:
    """The grammar of JavaScript takes `await (x)` for a call of `await`."""
    function, holder = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or holder is None or function.end_byte - function.start_byte != 5:
        return None
    single = len(holder.named_children) == 1 and reader.text(function) == "await"
    return holder.named_children[0] if single else None


def qualified(
    reader: JavaScriptReader, parts: list[str], node: Node
) -> tuple[str, CallSite | None]:
    """A path as written to a dotted name, and the call that made the object it starts with.

    `router?` stands for a web application or router that comes from elsewhere: known by its
    name alone. A name that is neither imported nor known by its making is not the library of
    the same name: it gets a `?` in front.
    """
    if not parts:
        return "?", None
    first, *rest = parts
    if first.startswith(REQUIRED):
        return ".".join([first[len(REQUIRED) :], *rest]), None
    if first == "this":
        return _field(reader, rest, node)
    bound = binding(reader, first, node)
    if bound is not None:
        return ".".join([bound.type, *rest]), bound.made_by
    known = reader.imports.get(first)
    if rest and ROUTER.match(first):
        relative = known is not None and known.startswith(imports.OWN_PREFIXES)
        if relative or (known is None and scopes.is_parameter(reader, first, node)):
            return ".".join(["router?", *rest]), None
    if known is None and rest and rest[-1] in OF_PLUGINS and _of_plugin(reader, first, node):
        return ".".join(["router?", *rest]), None
    if known is not None:
        return ".".join([known, *rest]), None
    if first in GLOBALS and not imports.declares(reader, first):
        return ".".join(parts), None
    return ".".join(["?", *parts]), None


def _of_plugin(reader: JavaScriptReader, name: str, node: Node) -> bool:
    """The parameter of a function that an application is handed to: a plugin, a group."""
    for function in scopes.functions_around(reader, node):
        if scopes.has_parameter(reader, function, name):
            holder = function.parent
            call = holder.parent if holder is not None and holder.type == "arguments" else None
            called = call.child_by_field_name("function") if call is not None else None
            return called is not None and reader.text(called).endswith(HANDING)
    return False


def _field(reader: JavaScriptReader, rest: list[str], node: Node) -> tuple[str, CallSite | None]:
    own = reader.class_around(node)
    if own is not None and len(rest) > 1:
        bound = reader.bindings.get(f"{reader.definition_name(own)}.{rest[0]}")
        if bound is not None:
            return ".".join([bound.type, *rest[1:]]), bound.made_by
        if ROUTER.match(rest[0]):
            return ".".join(["router?", *rest[1:]]), None
    return ".".join(["this", *rest]), None


def binding(reader: JavaScriptReader, name: str, node: Node) -> Binding | None:
    """The innermost binding of a name that holds at a node."""
    at = node.start_byte
    around = [each for each in reader.scoped.get(name, ()) if each[0] <= at <= each[1]]
    return min(around, key=lambda each: each[1] - each[0])[2] if around else None


def receiver_call(reader: JavaScriptReader, node: Node) -> Node | None:
    """The call that a chained call is made on; calls that return their own object are passed."""
    at = node.child_by_field_name("function")
    for _ in range(MAX_NESTING):
        at = bare(at)
        if at is None:
            return None
        if at.type == "member_expression":
            at = at.child_by_field_name("object")
        elif at.type in CALLS:
            function = at.child_by_field_name("function")
            name = function.child_by_field_name("property") if function is not None else None
            if name is None or reader.text(name) not in CHAINED:
                return at
            at = function
        else:
            return None
    return None
