"""Texts as PHP builds them: interpolation, concatenation, reads of the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.php import injection, scopes
from scaleaudit.languages.php.class_names import CLASS_NAMES, class_name
from scaleaudit.languages.php.names import OWN
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

MAX_PARTS = 400  # of one concatenation or string
MAX_REFERRING = 2_000  # characters
MAX_NAME = 60
MAX_STEPS = 300  # expressions looked at for one value: names may lead to names
ESCAPES = {"\\n": "\n", "\\t": "\t", "\\r": "\r", '\\"': '"', "\\\\": "\\", "\\$": "$", "\\'": "'"}
BUILT_IN = {"PHP_EOL": Literal("\n")}
ENVIRONMENT_CALLS = {"env", "getenv", "config"}
PARAMETERS = {"getParameter", "param"}  # of a container
REFERENCE = regex(r"%env\((?:\w+:)*(\w+)\)%|%([a-z][\w.]*)%")  # inside a text of a container
SAME_TEXT = {"rtrim", "trim", "ltrim", "strval", "urlencode", "rawurlencode", "strtolower"}
FORMAT = regex(r"%(?:(\d+)\$)?[-+ 0]*\d*(?:\.\d+)?[sduf]|%%")
# What each installation puts before the names of all tables, here and where they are made.
TABLE_PREFIX = regex(
    r"(?i)(?:^|_)(?:db|table|tb)_?(?:table_?)?pref(?:ix)?_?$|(?:db|wpdb)->(?:base_?)?prefix$"
    r"|(?:->|\$)(?:db|table)_?prefix$"
)
TABLE = regex(
    r"\$(?:this->)?wpdb->(?!(?:insert_id|last_\w+|num_\w+|rows_affected|charset|collate|db\w*|result|ready|blogid|siteid|is_\w+)$)(\w+)"
)
STRINGS = {"string", "encapsed_string", "heredoc", "nowdoc"}


def value(reader: PhpReader, node: Node, depth: int) -> Value:
    reader.budget -= 1
    if depth > MAX_NESTING or reader.budget < 0:
        return UNKNOWN
    match node.type:
        case "string" | "encapsed_string" | "heredoc" | "nowdoc":
            return string_value(reader, node, depth)
        case "integer" | "float":
            return Literal(reader.text(node))
        case "binary_expression":
            return _binary(reader, node, depth)
        case "conditional_expression":
            return _conditional(reader, node, depth)
        case "function_call_expression" | "member_call_expression" | "scoped_call_expression":
            return _call(reader, node, depth)
        case "subscript_expression":
            return _environment(reader, node) or _required(reader, node) or _unknown(reader, node)
        case "class_constant_access_expression":
            return _class_constant(reader, node)
        case "variable_name":
            found = scopes.assigned(reader, reader.text(node), node)
            if found is None:
                return (
                    table_prefix(reader, node) or _parameter(reader, node) or _unknown(reader, node)
                )
            return value(reader, found, depth + 1)
        case "member_access_expression":
            return table_prefix(reader, node) or _field(reader, node, depth)
        case "name":
            text = reader.text(node)
            known = reader.constants.get(text) or BUILT_IN.get(text)
            return known or table_prefix(reader, node) or Name(text)
        case "parenthesized_expression" | "cast_expression" if node.named_children:
            return value(reader, node.named_children[-1], depth + 1)
        case _:
            return _unknown(reader, node)


def _unknown(reader: PhpReader, node: Node) -> Unknown:
    end = min(node.end_byte, node.start_byte + 80)
    return Unknown(reader.content[node.start_byte : end].decode("utf-8", "replace"))


def table_prefix(reader: PhpReader, node: Node) -> Literal | None:
    """Left away: `$wpdb->prefix`, `DB_PREFIX`; and WordPress' names of tables with it, `$wpdb->orders`."""
    if node.end_byte - node.start_byte >= MAX_NAME:
        return None
    text = reader.text(node)
    if TABLE_PREFIX.search(text):
        return Literal("")
    table = TABLE.fullmatch(text)
    return Literal(table[1]) if table is not None else None


def string_value(reader: PhpReader, node: Node, depth: int) -> Value:
    holder = node.child_by_field_name("value") if node.type in ("heredoc", "nowdoc") else node
    parts: list[Value] = []
    for child in holder.named_children[:MAX_PARTS] if holder is not None else ():
        if child.type in ("string_content", "nowdoc_string"):
            parts += referring(reader.text(child))
        elif child.type == "escape_sequence":
            written = reader.text(child)
            parts.append(Literal(ESCAPES.get(written, written)))
        else:
            parts.append(value(reader, child, depth + 1))
    return join(*parts)


def referring(text: str) -> list[Value]:
    """`%env(STOCK_URL)%/items` as its parts; other texts as they are."""
    if "%env(" not in text:
        return [Literal(text)]
    parts: list[Value] = []
    end = 0
    for match in REFERENCE.finditer(text[:MAX_REFERRING]):
        parts.append(Literal(text[end : match.start()]))
        parts.append(Setting(match[1]) if match[1] else Name(f"parameter.{match[2]}"))
        end = match.end()
    return [*parts, Literal(text[end:])]


def _binary(reader: PhpReader, node: Node, depth: int) -> Value:
    operator = node.child_by_field_name("operator")
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if operator is None or left is None or right is None:
        return UNKNOWN
    if operator.type == "??":
        return with_default(value(reader, left, depth + 1), value(reader, right, depth + 1))
    if operator.type != ".":
        return _unknown(reader, node)
    operands = [right]  # a long sum leans to the left: it is walked, not descended
    for _ in range(MAX_PARTS):
        inner = left.child_by_field_name("operator") if left.type == "binary_expression" else None
        further, beside = left.child_by_field_name("left"), left.child_by_field_name("right")
        if inner is None or inner.type != "." or further is None or beside is None:
            operands.append(left)
            break
        operands.append(beside)
        left = further
    else:
        return UNKNOWN
    return join(*(value(reader, operand, depth + 1) for operand in reversed(operands)))


def _conditional(reader: PhpReader, node: Node, depth: int) -> Value:
    """Only `getenv("A") ?: "text"` says one thing."""
    condition, other = (
        node.child_by_field_name("condition"),
        node.child_by_field_name("alternative"),
    )
    if condition is None or other is None or node.child_by_field_name("body") is not None:
        return _unknown(reader, node)
    return with_default(value(reader, condition, depth + 1), value(reader, other, depth + 1))


def with_default(first: Value, second: Value) -> Value:
    if isinstance(first, Setting) and first.default is None:
        return Setting(first.key, None if isinstance(second, Unknown) else second)
    return first


def _call(reader: PhpReader, node: Node, depth: int) -> Value:
    callee = reader.named(node)[0]
    args = reader.arguments(node)[0]
    if not args:
        return _unknown(reader, node)
    name = callee.rpartition(".")[2]
    if name in PARAMETERS and len(args) == 1:
        key = value(reader, args[0], depth + 1)
        return Name(f"parameter.{key.text}") if isinstance(key, Literal) else _unknown(reader, node)
    if callee in ENVIRONMENT_CALLS or callee in ("Illuminate.Support.Env.get", "Config.get"):
        key = value(reader, args[0], depth + 1)
        if not isinstance(key, Literal):
            return _unknown(reader, node)
        # The second argument of `getenv` is a flag.
        given = args[1] if len(args) > 1 and callee != "getenv" else None
        default = value(reader, given, depth + 1) if given is not None else None
        return Setting(key.text, None if isinstance(default, Unknown) else default)
    if callee == "sprintf":
        return _formatted(reader, args, depth)
    if name in SAME_TEXT and "." not in callee:
        return value(reader, args[0], depth + 1)
    return _unknown(reader, node)


def _formatted(reader: PhpReader, args: list[Node], depth: int) -> Value:
    form = value(reader, args[0], depth + 1)
    if not isinstance(form, Literal):
        return form
    parts: list[Value] = []
    end, number = 0, 0
    for match in FORMAT.finditer(form.text):
        parts.append(Literal(form.text[end : match.start()]))
        end = match.end()
        if match[0] == "%%":
            parts.append(Literal("%"))
            continue
        number += 1
        position = int(match[1]) if match[1] and len(match[1]) < 4 else number
        given = args[position] if 0 < position < len(args) else None
        parts.append(value(reader, given, depth + 1) if given is not None else UNKNOWN)
        if len(parts) > MAX_PARTS:
            return UNKNOWN
    return join(*parts, Literal(form.text[end:]))


def _environment(reader: PhpReader, node: Node) -> Setting | None:
    """`$_ENV["KEY"]`; `$_SERVER` also holds what the web server says of the request."""
    holder, *index = node.named_children
    if not index or reader.text(holder) not in ("$_ENV", "$_SERVER"):
        return None
    key = string_value(reader, index[0], 0) if index[0].type in STRINGS else UNKNOWN
    if not isinstance(key, Literal) or REQUEST.match(key.text):
        return None
    return Setting(key.text)


REQUIRES = {"require_expression", "require_once_expression", "include_expression"}
MAX_INDEXES = 6


def _required(reader: PhpReader, node: Node) -> Name | Setting | None:
    """`$config["db"]["host"]`, where `$config = require "config.php"`; or a part of Laravel's
    settings: `$crm = config("services.crm")`."""
    keys: list[str] = []
    at: Node = node
    while at.type == "subscript_expression" and len(keys) < MAX_INDEXES:
        holder, *index = at.named_children
        key = string_value(reader, index[0], 0) if index and index[0].type in STRINGS else None
        if not isinstance(key, Literal):
            return None
        keys.insert(0, key.text)
        at = holder
    made = scopes.assigned(reader, reader.text(at), node) if at.type == "variable_name" else None
    if made is None or not keys:
        return None
    if made.type in REQUIRES:
        return Name(".".join(["return", *keys]))
    held = reader.value(made) if made.type == "function_call_expression" else None
    if isinstance(held, Setting) and reader.callee(made) == "config":
        return Setting(".".join([held.key, *keys]))
    return None


REQUEST = regex(
    r"^(HTTP|REQUEST|REMOTE|SERVER|SCRIPT|PHP|PATH|QUERY|DOCUMENT|GATEWAY|CONTENT)(_|$)|^HTTPS$|^arg[cv]$|^AUTH_TYPE$"
)


def _class_constant(reader: PhpReader, node: Node) -> Value:
    holder, *named = node.named_children
    name = reader.text(named[-1]) if named else "class"
    text = reader.text(holder)
    if text in OWN:
        own = reader.class_around(node)
        if own is None:  # of a class without a name, as migrations are
            found = reader.constants.get(name)
            return found or Name(f"{text}.{name}")
        text = reader.definition_name(own)
    elif holder.type not in CLASS_NAMES:
        return _unknown(reader, node)
    if name == "class":
        return Literal(class_name(reader, text))
    dotted = f"{text.rpartition(chr(92))[2]}.{name}"
    return reader.constants.get(dotted) or Name(dotted)


def _parameter(reader: PhpReader, node: Node) -> Value | None:
    """A parameter of the constructor that the variable stands in."""
    around, own = reader.function_around(node), reader.class_around(node)
    if around is None or own is None or reader.definition_name(around) != "__construct":
        return None
    return injection.parameter_name(reader, own, reader.text(node))


def _field(reader: PhpReader, node: Node, depth: int) -> Value:
    text = reader.text(node) if node.end_byte - node.start_byte < 100 else ""
    own = reader.class_around(node) if text.startswith("$this->") else None
    if own is None:
        return _unknown(reader, node)
    name = text.removeprefix("$this->")
    dotted = f"{reader.definition_name(own)}.{name}"
    given = injection.field_given(reader, own, name)
    known = reader.constants.get(dotted)
    if isinstance(given, Name):
        return given
    if given is not None and known is None and depth < MAX_NESTING:
        return value(reader, given, depth + 1)
    return known or _unknown(reader, node)
