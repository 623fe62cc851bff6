"""Texts as JavaScript builds them: templates, sums, reads of the environment, URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import functions, joined_texts, options, scopes, tables
from scaleaudit.languages.javascript.callees import TRANSPARENT, bare
from scaleaudit.languages.javascript.nuxt_settings import runtime_read
from scaleaudit.languages.javascript.settings import environment_read, setting_read, with_default
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, Setting, Unknown, Value, join, one_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_STEPS = 300  # expressions looked at for one value: names may lead to names
MAX_BOUND = 5  # times that one name is bound
MAX_PARTS = 200  # of one sum, template or list
DOTTED = regex(r"^[\w$]+(\.[\w$]+)*$")
SIMPLE_ESCAPES = {
    "\\n": "\n",
    "\\t": "\t",
    "\\r": "\r",
    "\\`": "`",
    "\\\\": "\\",
    "\\'": "'",
    '\\"': '"',
}
PASS_THROUGH = {"String", "Number", "parseInt", "encodeURI", "encodeURIComponent", "path.normalize"}
PATH_JOINS = {"path.join", "path.resolve", "path.posix.join", "url.resolve", "urljoin", "url-join"}
SAME_TEXT = {
    "toString",
    "trim",
    "replace",
    "split",
    "toLowerCase",
    "asString",
    "asUrlString",
    "asPortNumber",
}


def value(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    reader.budget -= 1
    if depth > MAX_NESTING or reader.budget < 0:
        return UNKNOWN
    match node.type:
        case "string" | "template_string":
            return string_value(reader, node, depth)
        case "number":
            return Literal(reader.text(node))
        case "binary_expression":
            return _binary(reader, node, depth)
        case "ternary_expression":
            return _ternary(reader, node, depth)
        case "identifier" | "shorthand_property_identifier" | "member_expression":
            return name_value(reader, node, depth)
        case "subscript_expression":
            return environment_read(reader, node) or _entry(reader, node, depth)
        case "call_expression":
            return _call(reader, node, depth)
        case "new_expression":
            return joined_texts.made(reader, node, depth) or _unknown(reader, node)
        case "array":
            return _listed(reader, node, depth)
        case _:
            inner = bare(node) if node.type in TRANSPARENT else None
            return value(reader, inner, depth + 1) if inner is not None else _unknown(reader, node)


def _unknown(reader: JavaScriptReader, node: Node) -> Unknown:
    start, end = node.start_byte, min(node.end_byte, node.start_byte + 80)
    return Unknown(reader.content[start:end].decode("utf-8", "replace"))


def string_value(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    parts: list[Value] = []
    for child in node.named_children[:MAX_PARTS]:
        if child.type == "string_fragment":
            parts.append(Literal(reader.text(child)))
        elif child.type == "escape_sequence":
            written = reader.text(child)
            parts.append(
                Literal(SIMPLE_ESCAPES.get(written, "" if written[1:2] == "\n" else written))
            )
        elif child.type == "template_substitution" and child.named_children:
            parts.append(value(reader, child.named_children[0], depth + 1))
    return join(*parts)


def _binary(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    operator = node.child_by_field_name("operator")
    kind = operator.type if operator is not None else ""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return UNKNOWN
    if kind in ("||", "??"):
        return with_default(value(reader, left, depth + 1), value(reader, right, depth + 1))
    if kind == "&&":
        return value(reader, right, depth + 1)
    if kind != "+":
        return _unknown(reader, node)
    # A long sum leans to the left: it is walked, not descended.
    operands: list[Node] = [right]
    for _ in range(MAX_PARTS):
        above = left
        operator = (
            above.child_by_field_name("operator") if above.type == "binary_expression" else None
        )
        left, right = above.child_by_field_name("left"), above.child_by_field_name("right")
        if operator is None or operator.type != "+" or left is None or right is None:
            operands.append(above)
            break
        operands.append(right)
    else:
        return UNKNOWN
    return join(*(value(reader, operand, depth + 1) for operand in reversed(operands)))


def _ternary(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    """Only `process.env.A ? process.env.A : "text"` says one thing."""
    condition = node.child_by_field_name("condition")
    yes, no = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
    if condition is None or yes is None or no is None:
        return UNKNOWN
    first = value(reader, yes, depth + 1)
    if isinstance(first, Setting) and first.key in reader.text(condition):
        return with_default(first, value(reader, no, depth + 1))
    either = [
        each for each in (first, value(reader, no, depth + 1)) if not isinstance(each, Unknown)
    ]
    return one_of(either) if either else _unknown(reader, node)


def _entry(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    found = tables.entry(reader, node, depth)
    return found if found is not None else _unknown(reader, node)


def _listed(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    """A list of addresses, as one text with commas."""
    parts: list[Value] = []
    for child in node.named_children[:MAX_PARTS]:
        if parts:
            parts.append(Literal(","))
        parts.append(_server(reader, child, depth + 1))
    return join(*parts) if parts else _unknown(reader, node)


def _server(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    """One of a list of addresses; `{host: "a", port: 1}` as `a:1`."""
    found = bare(node)
    if found is None or found.type != "object":
        return value(reader, node, depth)
    host = options.member(reader, found, "host") or options.member(reader, found, "url")
    port = options.member(reader, found, "port")
    if host is None:
        return _unknown(reader, node)
    address = value(reader, host, depth + 1)
    return address if port is None else join(address, Literal(":"), value(reader, port, depth + 1))


def name_value(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    """What a name stands for here, or the name, for the linker to look up in other files."""
    read = environment_read(reader, node) if node.type == "member_expression" else None
    if read is None and node.type == "member_expression":
        read = runtime_read(reader, node)
    if read is not None:
        return read
    text = reader.text(node) if node.end_byte - node.start_byte <= 200 else "?"
    text = text.replace("?.", ".").replace("!.", ".")
    if not DOTTED.match(text) or text in ("undefined", "__dirname", "__filename"):
        return _unknown(reader, node)
    first, _, rest = text.partition(".")
    if first == "this":
        own = reader.class_around(node)
        field = f"{reader.definition_name(own)}.{rest}" if own is not None else ""
        return reader.constants.get(field) or (Name(field) if field else _unknown(reader, node))
    assigned = scopes.local(reader, first, node)
    if assigned is not None:
        return _of_local(reader, node, assigned, rest, depth)
    taken = scopes.taken_from(reader, first, node)
    if taken is not None:  # const {url} = config
        holder = name_value(reader, taken[1], depth + 1) if depth < MAX_NESTING else UNKNOWN
        if not isinstance(holder, Name):
            return _unknown(reader, node)
        text = f"{holder.name}.{taken[0]}" + (f".{rest}" if rest else "")
        return reader.constants.get(text) or Name(text)
    if scopes.is_parameter(reader, first, node) or scopes.is_loop_variable(reader, first, node):
        found = tables.entry(reader, node, depth)
        if found is None and not rest:
            found = functions.parameter(reader, first, node)
        return found if found is not None else _unknown(reader, node)
    bound = scopes.all_values(reader, first, node) if not rest else []
    if 1 < len(bound) <= MAX_BOUND and not any(each.id == node.id for each in bound):
        return several(reader, bound, depth)
    if not rest and first in reader.rebound:
        return several(reader, reader.rebound[first], depth)
    if first in reader.environment_objects and rest and "." not in rest:
        return reader.constants.get(text) or Setting(rest)
    if first in reader.unpacked:
        text = ".".join([reader.unpacked[first], *text.split(".")[1:]])
    known = reader.environment.get(text) or reader.constants.get(text)
    if known is None and rest in ("href", "origin"):
        known = reader.constants.get(first)
    return known or Name(text)


def _of_local(reader: JavaScriptReader, node: Node, assigned: Node, rest: str, depth: int) -> Value:
    if not rest or rest == "href":
        return value(reader, assigned, depth + 1)
    found = bare(assigned)
    for key in rest.split("."):
        if found is None or found.type != "object":
            return _unknown(reader, node)
        found = options.member(reader, found, key)
    return value(reader, found, depth + 1) if found is not None else _unknown(reader, node)


def _call(reader: JavaScriptReader, node: Node, depth: int) -> Value:
    holder = node.child_by_field_name("arguments")
    function = node.child_by_field_name("function")
    if holder is None or function is None:
        return UNKNOWN
    if holder.type == "template_string":  # sql`...`
        return value(reader, holder, depth + 1)
    args = [child for child in holder.named_children[:MAX_PARTS] if child.type != "comment"]
    callee = reader.named(node)[0]
    read = setting_read(reader, node, callee, args, depth)
    if read is not None:
        return read
    if callee in PATH_JOINS and args:
        return joined_texts.path_of(reader, args, depth)
    if callee in PASS_THROUGH and args:
        return value(reader, args[0], depth + 1)
    receiver = (
        function.child_by_field_name("object") if function.type == "member_expression" else None
    )
    last = callee.rpartition(".")[2]
    if receiver is not None and last in SAME_TEXT:
        return value(reader, receiver, depth + 1)
    if receiver is not None and last == "concat":
        return join(*(value(reader, part, depth + 1) for part in (receiver, *args)))
    if receiver is not None and last == "join" and receiver.type == "array" and args:
        return _listed(reader, receiver, depth) if reader.text(args[0])[1:-1] == "," else UNKNOWN
    if callee == "util.format" and args:
        return joined_texts.formatted(reader, args, depth)
    return functions.result_of(reader, node) or _unknown(reader, node)


def several(reader: JavaScriptReader, bound: list[Node], depth: int) -> Value:
    """What a name is bound to in one branch or another; a text beside a setting is its default."""
    if depth > MAX_NESTING // 2:
        return UNKNOWN
    values: list[Value] = []
    for each in bound:
        if each.id not in reader.working:  # else it is made of itself
            reader.working.add(each.id)
            values.append(value(reader, each, depth + 1))
            reader.working.discard(each.id)
    settings = [each for each in values if isinstance(each, Setting)]
    texts = [each for each in values if isinstance(each, Literal) and each.text]
    if len(settings) == 1 and settings[0].default is None and len(values) == 2 and texts:
        return Setting(settings[0].key, texts[0])
    return one_of(each for each in values if not isinstance(each, Unknown))
