"""Go strings, and the expressions and functions that build them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.go.named_values import either
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.regex import regex
from scaleaudit.values import (
    UNKNOWN,
    Join,
    Literal,
    Name,
    Setting,
    Unknown,
    Value,
    join,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

VERB = regex(r"%(?:%|[-+# 0]*(?:\[\d+\])?(?:\d+|\*)?(?:\.\d+)?[a-zA-Z])")
ESCAPE = regex(r"\\(?:[abfnrtv\\'\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3})")
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}
# A function of any package that is named for what it does: getEnv("KEY", "default").
ENVIRONMENT_READER = regex(
    r"^(must|require)?_?(get|lookup|read|load|fetch|from|default|string|str|e)?_?(str(ing)?)?_?"
    r"env(iron|ironment)?_?(var(iable)?|str(ing)?|or\w*|with\w*|default|value|opt|must)?$",
    re.IGNORECASE,
)
ENVIRONMENT_KEY = regex(r"^[A-Z][A-Z0-9_]+$")
OS_ENVIRONMENT = {"os.Getenv", "os.LookupEnv", "syscall.Getenv"}
VIPER = regex(r"^github\.com/spf13/viper\.(New\.|Viper\.|Sub\.|GetViper\.)*Get\w*$")
VIPER_BY_NAME = regex(r"(^|\.)viper\.Get(String|StringSlice|Duration|Int)?$|^v(p)?\.GetString$")
FLAG = regex(r"^(flag|github\.com/spf13/pflag)\.(String|StringP)$")
SLASHED = {"net/url.JoinPath", "path.Join", "path/filepath.Join"}
# Functions that hand on the text of their first argument, whole or nearly so.
PASS_THROUGH = regex(
    r"^(strings\.(TrimSpace|Trim|TrimRight|TrimLeft|TrimSuffix|TrimPrefix|ToLower|Split|Clone)"
    r"|net/url\.(Parse|ParseRequestURI)|string|fmt\.Sprint"
    r"|github\.com/aws/aws-sdk-go(-v2)?/aws\.String"
    r"|.*\.(ParseURL|ParseConfig|ParseDSN|MustParseURL|ApplyURI|FromURL)"
    r"|github\.com/twmb/franz-go/pkg/kgo\.(SeedBrokers|ConsumeTopics)"
    r"|github\.com/segmentio/kafka-go\.TCP|.*\.(SetURL|DefaultOptions)|strconv\.(Itoa|Quote))$"
)
FORMATTERS = regex(r"^fmt\.(Sprintf|Errorf)$")
TABLE_PREFIX = regex(r"(?i)(?:^|\.)\w*table_?prefix$")
MAX_NAME = 80  # bytes of a path to a field


def literal_value(reader: GoReader, node: Node) -> Value:
    """An interpreted or raw string literal."""
    text = reader.text(node)
    if node.type == "raw_string_literal":
        return Literal(text.strip("`").replace("\r", ""))
    text = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    return Literal(ESCAPE.sub(unescaped, text) if "\\" in text else text)


def unescaped(match: re.Match[str]) -> str:
    sign = match[0][1]
    if sign in "xuU":
        code = int(match[0][2:], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "?"
    return ESCAPED.get(sign, "")


def sum_value(reader: GoReader, node: Node, depth: int) -> Value:
    """`a + b + c`; long sums nest to the left and are unrolled."""
    parts: list[Value] = []
    at: Node | None = node
    for _ in range(2_000):
        if at is None or at.type != "binary_expression":
            break
        operator, right = at.child_by_field_name("operator"), at.child_by_field_name("right")
        if operator is None or operator.type != "+" or right is None:
            return Unknown(reader.text(node)[:80])
        parts.append(reader.value(right, depth + 1))
        at = at.child_by_field_name("left")
    if at is not None:
        parts.append(reader.value(at, depth + 1))
    return join(*reversed(parts))


def call_value(reader: GoReader, node: Node, depth: int) -> Value:
    callee = reader.receivers.meaning(node.child_by_field_name("function") or node).name
    last = callee.rpartition(".")[2]
    args, _, _ = reader.arguments(node)
    if not args or ".ApplyURI." in callee:
        return result_value(reader, node, callee, depth)
    setting = setting_value(reader, node, callee, args, depth)
    if setting is not None:
        return setting
    if FORMATTERS.match(callee):
        return formatted(reader, args, depth)
    if callee in SLASHED:
        return slashed([reader.value(arg, depth + 1) for arg in args])
    if callee == "net.JoinHostPort" and len(args) == 2:
        host, port = (reader.value(arg, depth + 1) for arg in args)
        return join(host, Literal(":"), port)
    if callee == "cmp.Or":
        return either([reader.value(arg, depth + 1) for arg in args])
    if PASS_THROUGH.match(callee) or (last == "String" and len(args) == 1 and "." not in callee):
        return reader.value(args[0], depth + 1)
    return result_value(reader, node, callee, depth)


def slashed(parts: list[Value]) -> Value:
    """Path parts with one slash between them, as JoinPath does."""
    joined: list[Value] = []
    for part in parts:
        pieces = list(part.parts) if isinstance(part, Join) else [part]
        if joined and isinstance(pieces[0], Literal):
            pieces[0] = Literal(pieces[0].text.lstrip("/"))
        if part is not parts[-1] and isinstance(pieces[-1], Literal):
            pieces[-1] = Literal(pieces[-1].text.rstrip("/"))
        joined += [Literal("/"), *pieces] if joined else pieces
    return join(*joined)


def setting_value(
    reader: GoReader, node: Node, callee: str, args: list[Node], depth: int
) -> Setting | None:
    """A read of the environment, of viper or of a flag."""
    last = callee.rpartition(".")[2]
    helper = callee not in OS_ENVIRONMENT and ENVIRONMENT_READER.match(last) is not None
    if callee in OS_ENVIRONMENT or helper:
        key = reader.value(args[0], depth + 1)
        if not isinstance(key, Literal) or (helper and not ENVIRONMENT_KEY.match(key.text)):
            return None
        given = reader.value(args[1], depth + 1) if len(args) > 1 else None
        return Setting(key.text, None if isinstance(given, Unknown) else given)
    if VIPER.match(callee) or VIPER_BY_NAME.search(callee):
        key = reader.value(args[0], depth + 1)
        if isinstance(key, Literal):
            return Setting(key.text, reader.usages.viper_defaults().get(key.text))
    if FLAG.match(callee) and len(args) > 1:
        key = reader.value(args[0], depth + 1)
        given = reader.value(args[-2], depth + 1)
        if isinstance(key, Literal):
            empty = isinstance(given, Unknown) or given == Literal("")
            return Setting(key.text, None if empty else given)
    return None


def result_value(reader: GoReader, node: Node, callee: str, depth: int) -> Value:
    """A function of this file without parameters whose body is one return; `u.String()`."""
    function = reader.declared.get(callee)
    if function is not None and depth < MAX_NESTING:
        parameters = function.child_by_field_name("parameters")
        body = function.child_by_field_name("body")
        statements = body.named_children[0].named_children if body and body.named_children else []
        if parameters is not None and not parameters.named_children and len(statements) == 1:
            only = statements[0]
            if only.type == "return_statement" and only.named_children:
                return reader.value(only.named_children[0].named_children[0], depth + 1)
    function = node.child_by_field_name("function")
    if function is not None and function.type == "selector_expression":
        operand, name = (
            function.child_by_field_name("operand"),
            function.child_by_field_name("field"),
        )
        if operand is None or name is None:
            return UNKNOWN
        if ".ApplyURI." in callee:  # options behind the address
            return reader.value(operand, depth + 1)
        if reader.text(name) == "FormatDSN":
            return mysql_address(reader, operand, depth)
        if reader.text(name) in ("String", "Value"):
            value = reader.value(operand, depth + 1)
            if not isinstance(value, Name):
                return value
    return Unknown(reader.text(node)[:80])


def mysql_address(reader: GoReader, config: Node, depth: int) -> Value:
    """The DSN of a `mysql.Config`: `@tcp(address)/database`."""
    owner = reader.receivers.meaning(config).name
    address = reader.receivers.field_values(owner, "Addr")
    database = reader.receivers.field_values(owner, "DBName")
    if len(address) != 1:
        return Unknown(reader.text(config)[:80])
    name = reader.value(database[0], depth + 1) if len(database) == 1 else Literal("")
    host = reader.value(address[0], depth + 1)
    return join(Literal("@tcp("), host, Literal(")/"), name)


def formatted(reader: GoReader, args: list[Node], depth: int) -> Value:
    """`fmt.Sprintf("%s/x/%d", a, b)`: each verb filled with its operand."""
    template = reader.value(args[0], depth + 1, formatting=True)
    if not isinstance(template, Literal):
        return template if isinstance(template, Name) else UNKNOWN
    parts: list[Value] = []
    end, used = 0, 1
    text = template.text
    for match in VERB.finditer(text):
        parts.append(Literal(text[end : match.start()]))
        end = match.end()
        if match[0] == "%%":
            parts.append(Literal("%"))
            continue
        operand = args[used] if used < len(args) else None
        used += 1
        if operand is None or match[0] not in ("%s", "%v", "%d"):
            parts.append(Unknown(match[0]))
        else:
            parts.append(reader.value(operand, depth + 1))
    parts.append(Literal(text[end:]))
    return join(*parts)


def given_by_pointer(reader: GoReader, call: Node) -> Value | None:
    """The setting that a call puts into the variable whose address it takes."""
    callee = reader.receivers.meaning(call.child_by_field_name("function") or call).name
    args, _, _ = reader.arguments(call)
    texts = [a for a in args if a.type == "interpreted_string_literal"]
    if callee.endswith((".StringVar", ".StringVarP")) and texts and len(args) > 2:
        key = reader.value(texts[0], 1)
        given = reader.value(args[-2], 1)
        return (
            Setting(key.text, given if given != Literal("") else None)
            if (isinstance(key, Literal))
            else None
        )
    keys = [reader.value(text, 1) for text in texts]
    names = [
        key.text for key in keys if isinstance(key, Literal) and ENVIRONMENT_KEY.match(key.text)
    ]
    named = re.search(r"[eE]nv|^ENV", callee.rpartition(".")[2]) is not None
    return Setting(names[0]) if named and len(names) == 1 else None


def is_table_prefix(reader: GoReader, node: Node) -> bool:
    """What each installation puts before the names of all tables: a name that says so, of unknown text.

    Templates of schemas are read without it too.
    """
    if node.end_byte - node.start_byte > MAX_NAME or not TABLE_PREFIX.search(reader.text(node)):
        return False
    return not isinstance(reader.value(node), Literal)
