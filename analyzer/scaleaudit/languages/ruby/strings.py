"""Ruby's string literals and the expressions that build strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.blocks_around import BLOCKS
from scaleaudit.languages.ruby.functions import parameter
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Join, Literal, Name, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_HOSTS = 16  # of a list of hosts that is read as one address
MAX_PARTS = 64
MAX_LOCAL = 50_000
MAX_SETTING = 120
PERCENT_HOLE = regex(r"%(?:<\w+>|\{\w+\})?[-+ #0]*\d*(?:\.\d+)?[sdifxp]?|%%")
KEY = regex(r"[A-Za-z_]\w*")
ESCAPED = {
    "\\n": "\n",
    "\\t": "\t",
    "\\r": "\r",
    "\\0": "\0",
    "\\s": " ",
    "\\e": "\x1b",
    "\\\n": "",
    "\\\r\n": "",
}
# Methods that give the receiver's text back, near enough for an address.
SAME_METHODS = frozenset(
    [
        "to_s",
        "to_str",
        "to_sym",
        "freeze",
        "dup",
        "clone",
        "strip",
        "chomp",
        "lstrip",
        "rstrip",
        "squish",
        "presence",
        "downcase",
        "html_safe",
        "b",
        "force_encoding",
        "encode",
        "unicode_normalize",
        "host",
        "hostname",
        "itself",
        "expand_path",
        "realpath",
        "delete_suffix",
        "delete_prefix",
        "remove",
        "squeeze",
        "to_i",
        "split",
    ]
)
# Functions of one argument that make an object of a text.
SAME_CALLS = frozenset(
    [
        "URI",
        "String",
        "Integer",
        "Array",
        "Pathname",
        "URI.parse",
        "URI.encode",
        "Addressable.URI.parse",
        "Addressable.URI.heuristic_parse",
        "Pathname.new",
        "File.expand_path",
        "Shellwords.escape",
        "Array.wrap",
    ]
)
PASSING = (b"mktmpdir", b"Tempfile")
TEMPFILE = regex(rb"Tempfile\.(?:new|create|open)\b")
TEMPORARY = regex(r"Dir\.(?:mk)?tmpdir|Tempfile\.(?:new|create|open)(?:\.path)?")
PATHS = frozenset({"File.join", "Rails.root.join", "Pathname.new.join"})
JOINS = frozenset({"URI.join", "Addressable.URI.join"})
# The `config` gem, and Sinatra.
SETTINGS = regex(r"(?:Settings|settings)(?:\.[a-z_]\w*){1,4}")
CONFIGURED = regex(r"^Rails\.(?:application\.config|configuration)\.(x\.[\w.]+|[\w.]+)$")


def literal_value(reader: RubyReader, node: Node, depth: int) -> Value:
    """A string, symbol or heredoc; interpolations become their values."""
    parts: list[Value] = []
    for child in node.children:
        match child.type:
            case "string_content" | "heredoc_content":
                parts.append(Literal(reader.text(child)))
            case "escape_sequence":
                text = reader.text(child)
                parts.append(Literal(ESCAPED.get(text, text[1:])))
            case "interpolation":
                inner = child.named_children
                parts.append(reader.value(inner[0], depth + 1) if len(inner) == 1 else UNKNOWN)
            case _:
                pass
    return join(*parts)


def binary(reader: RubyReader, node: Node, depth: int) -> Value:
    """`+`, `<<`, `%`, and `||` after a read of the environment."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return UNKNOWN
    first = reader.value(left, depth + 1)
    match operator.type:
        case "+" | "<<":
            return join(first, reader.value(right, depth + 1))
        case "%" if isinstance(first, Literal):
            operands = list(right.named_children) if right.type == "array" else [right]
            return fill(first.text, operands, reader, depth)
        case "||" | "or":
            return either(first, reader.value(right, depth + 1))
        case _:
            return Unknown(reader.hint(node))


def either(first: Value, second: Value) -> Value:
    if isinstance(first, Setting):
        if first.default is None:
            return Setting(first.key, known(second))
        if isinstance(first.default, Setting) and first.default.default is None:
            return Setting(first.key, Setting(first.default.key, known(second)))
        return first
    return first if not isinstance(first, Unknown) else UNKNOWN


def fill(text: str, operands: list[Node], reader: RubyReader, depth: int) -> Value:
    """A template with its holes filled in order; named holes stay unknown."""
    parts: list[Value] = []
    end = 0
    left = list(operands)
    for match in PERCENT_HOLE.finditer(text):
        parts.append(Literal(text[end : match.start()]))
        end = match.end()
        if match[0] == "%%":
            parts.append(Literal("%"))
        elif left and match[0][1] not in "<{":
            parts.append(reader.value(left.pop(0), depth + 1))
        else:
            parts.append(Unknown(match[0]))
    parts.append(Literal(text[end:]))
    return join(*parts)


def subscript(reader: RubyReader, node: Node, depth: int) -> Value:
    """`ENV["X"]`."""
    inner = node.named_children
    if len(inner) == 2 and inner[0].type == "constant" and reader.text(inner[0]) == "ENV":
        key = reader.value(inner[1], depth + 1)
        if isinstance(key, Literal) and KEY.fullmatch(key.text):
            return Setting(key.text)
    return Unknown(reader.hint(node))


def call_value(reader: RubyReader, node: Node, depth: int) -> Value:
    """Environment reads, and functions that hand their text on."""
    receiver, name = node.child_by_field_name("receiver"), reader.method_name(node)
    args, keywords, _ = reader.arguments(node)
    if receiver is None:
        if name in SAME_CALLS and len(args) == 1:
            return reader.value(args[0], depth + 1)
        if name in ("format", "sprintf") and args:
            template = reader.value(args[0], depth + 1)
            return (
                fill(template.text, args[1:], reader, depth)
                if isinstance(template, Literal)
                else UNKNOWN
            )
        return variable(reader, node, depth) if not args else Unknown(reader.hint(node))
    if name == "fetch" and reader.text(receiver) == "ENV":
        return environment(reader, node, args, depth)
    if name in SAME_METHODS and not (name == "split" and len(args) > 1):
        return reader.value(receiver, depth + 1)
    written = reader.chain(node)
    if TEMPORARY.fullmatch(written):
        return Literal("/tmp")
    if written in SAME_CALLS and args:
        return reader.value(args[0], depth + 1)
    if written in PATHS or written in JOINS:
        parts: list[Value] = []
        for arg in args:
            parts += [Literal("/" if written in PATHS else ""), reader.value(arg, depth + 1)]
        return join(*parts[1:])
    setting = CONFIGURED.match(written)
    if setting is not None and not args:
        return Name(f"config.{setting[1]}"[:MAX_SETTING])
    if not args and SETTINGS.fullmatch(reader.hint(node)):
        return Name(reader.hint(node))
    if keywords.get("host") is not None and written in ("URI.HTTP.build", "URI.HTTPS.build"):
        return built_uri(reader, written, keywords, depth)
    return Unknown(reader.hint(node))


def built_uri(reader: RubyReader, written: str, keywords: dict[str, Node], depth: int) -> Value:
    scheme = "https://" if "HTTPS" in written else "http://"
    parts: list[Value] = [Literal(scheme), reader.value(keywords["host"], depth + 1)]
    if "port" in keywords:
        parts += [Literal(":"), reader.value(keywords["port"], depth + 1)]
    if "path" in keywords:
        parts.append(reader.value(keywords["path"], depth + 1))
    return join(*parts)


def environment(reader: RubyReader, node: Node, args: list[Node], depth: int) -> Value:
    """`ENV.fetch("X")`, with its default as an argument or a block."""
    key = reader.value(args[0], depth + 1) if args else UNKNOWN
    if not isinstance(key, Literal) or not KEY.fullmatch(key.text):
        return UNKNOWN
    given = args[1] if len(args) > 1 else None
    block = node.child_by_field_name("block")
    if given is None and block is not None:
        body = block.child_by_field_name("body")
        inner = body.named_children if body is not None else []
        given = inner[0] if len(inner) == 1 else None
    return Setting(key.text, known(reader.value(given, depth + 1)) if given is not None else None)


def known(value: Value) -> Value | None:
    """A default, or None when the source says nothing usable."""
    return None if isinstance(value, Unknown) or value == Literal("") else value


def variable(reader: RubyReader, node: Node, depth: int) -> Value:
    """A local's or an instance variable's one value, a parameter's default, a method's text."""
    name = reader.hint(node)
    if node.id in reader.values_found:
        return reader.values_found[node.id]
    reader.values_found[node.id] = UNKNOWN  # what a local made of itself is
    assigned = None if reader.is_block_parameter(name, node) else reader.assigned_to(name, node)
    if assigned is None and not name.startswith(("@", "$")):
        assigned = reader.parameter_default(name, node)
    value: Value = Literal("/tmp") if in_passing_folder(reader, name, node) else Unknown(name)
    if assigned is None and not name.startswith(("@", "$")):
        value = parameter(reader, name, node) or value
    if assigned is not None and assigned.id != node.id:
        found = reader.value(assigned, depth + 1)
        small = not isinstance(found, Join) or len(found.parts) <= MAX_PARTS
        short = not isinstance(found, Literal) or len(found.text) <= MAX_LOCAL
        value = found if small and short else UNKNOWN
    reader.values_found[node.id] = value
    return value


def in_passing_folder(reader: RubyReader, name: str, node: Node) -> bool:
    """`Dir.mktmpdir do |folder|`, `Tempfile.new.tap do |file|`: gone when the block, or the request, ends."""
    for above in reader.ancestors(node) if reader.says(*PASSING) else ():
        if above.type in BLOCKS and above.parent is not None:
            given = above.child_by_field_name("parameters")
            named = given.named_children if given is not None else []
            if any(reader.hint(each) == name for each in named):
                call = above.parent
                if call.type != "call":
                    return False
                head = reader.content[call.start_byte : above.start_byte]
                return reader.method_name(call) == "mktmpdir" or TEMPFILE.match(head) is not None
    return False


def hosts(reader: RubyReader, node: Node, depth: int) -> Value:
    """A list of servers as one address, with commas."""
    parts: list[Value] = []
    for child in reader.each(node):
        parts += [Literal(","), reader.value(child, depth + 1)]
    return join(*parts[1:])
