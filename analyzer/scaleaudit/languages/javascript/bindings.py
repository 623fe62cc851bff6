"""What names stand for: objects made by known calls, and parameters of known types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import imports
from scaleaudit.languages.javascript.callees import CALLS, TRANSPARENT, bare
from scaleaudit.languages.reader import Binding
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.javascript.reader import JavaScriptReader


CALLBACKS = frozenset({"arrow_function", "function_expression", "function"})
ERROR = regex(r"_?(e|er|err\d?|error\w*|_)\b")
BINDS = {
    "variable_declarator",
    "assignment_expression",
    "public_field_definition",
    "field_definition",
}


def collect(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> None:
    for node in captures.get("typed", ()):
        _typed(reader, node)
    for node in captures.get("call", ()):
        _handed_to_callback(reader, node)
        above = node.parent
        while above is not None and above.type in TRANSPARENT:
            above = above.parent
        if above is not None and above.type in BINDS:
            _made(reader, above)
    for node in captures.get("setting", ()):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            reader.assigned[reader.named(left)[0]] = right


def _made(reader: JavaScriptReader, node: Node) -> None:
    """`const app = express()`, `this.pool = new Pool()`, `client = new Client()` in a class."""
    left = (
        node.child_by_field_name("name")
        or node.child_by_field_name("left")
        or node.child_by_field_name("property")
    )
    right = bare(node.child_by_field_name("value") or node.child_by_field_name("right"))
    if left is None or right is None or right.type not in CALLS or imports.required(reader, right):
        return
    site = reader.site(right)
    binding = Binding(site.callee, site)
    name = reader.text(left)
    own = reader.class_around(node)
    if node.type in ("public_field_definition", "field_definition") or name.startswith("this."):
        if own is not None:
            reader.bindings[f"{reader.definition_name(own)}.{name.removeprefix('this.')}"] = binding
    elif left.type == "identifier":
        # A variable that is assigned apart from its declaration is usually the module's.
        declared = node.type == "variable_declarator"
        around = reader.function_around(node) if declared else None
        _bind(reader, name, around, binding)


def _handed_to_callback(reader: JavaScriptReader, call: Node) -> None:
    """`connect(url, (error, connection) => ...)`: the callback gets what the call makes."""
    holder = call.child_by_field_name("arguments")
    last = holder.named_children[-1] if holder is not None and holder.named_children else None
    if last is None or last.type not in CALLBACKS:
        return
    holder = last.child_by_field_name("parameters")
    given = holder.named_children if holder is not None else []
    if len(given) != 2 or not ERROR.match(reader.text(given[0])):
        return
    made = given[1].child_by_field_name("pattern") or given[1]
    if made.type == "identifier":
        site = reader.site(call)
        _bind(reader, reader.text(made), last, Binding(site.callee, site))


def _typed(reader: JavaScriptReader, annotation: Node) -> None:
    """`(app: Express)`, `constructor(private http: HttpService)`, `client: AxiosInstance` field."""
    node = annotation.parent
    if node is None or not annotation.named_children:
        return
    left = node.child_by_field_name("pattern") or node.child_by_field_name("name")
    if left is None or node.type not in TYPED:
        return
    written = annotation.named_children[0]
    if written.type == "generic_type":
        written = written.child_by_field_name("name") or written
    first, _, rest = reader.text(written).partition(".")
    origin = reader.imports.get(first)
    if origin is None:
        return
    binding = Binding(f"{origin}.{rest}" if rest else origin, _injected(reader, node))
    name = reader.text(left)
    own = reader.class_around(node)
    member = node.type == "public_field_definition" or any(
        child.type in ("accessibility_modifier", "readonly") for child in node.children
    )
    if member and own is not None:
        reader.bindings[f"{reader.definition_name(own)}.{name}"] = binding
    if node.type != "public_field_definition":
        _bind(reader, name, reader.function_around(node), binding)


TYPED = {
    "required_parameter",
    "optional_parameter",
    "public_field_definition",
    "variable_declarator",
}


def _injected(reader: JavaScriptReader, node: Node) -> CallSite | None:
    """The decorator with arguments that says which object is injected: `@InjectQueue("mail")`."""
    for child in node.children:
        if child.type == "decorator" and child.named_children:
            inner = child.named_children[0]
            if inner.type in CALLS:
                return reader.site(inner)
    return None


def _bind(reader: JavaScriptReader, name: str, around: Node | None, binding: Binding) -> None:
    scope = around or reader.root
    # What made an object says more than its type: it comes first.
    reader.scoped.setdefault(name, []).insert(0, (scope.start_byte, scope.end_byte, binding))
