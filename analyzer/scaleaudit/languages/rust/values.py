"""What an expression of Rust stands for, as far as one file tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.rust.syntax import (
    apart,
    bare,
    last_part,
    method_of,
    path_of,
    positional,
    receiver,
    string_text,
)
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, Setting, Unknown, Value, join

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.rust.reader import RustReader

# Methods that give the same text in another type, or that only unpack it.
SAME = frozenset(
    """
    to_string to_owned into as_str as_ref as_deref clone unwrap expect unwrap_or_default trim
    trim_end_matches trim_end trim_matches to_lowercase parse borrow deref into_boxed_str ok
    into_string map_err context with_context ok_or ok_or_else leak
    """.split()  # noqa: SIM905 - a table to be read
)
DEFAULTING = frozenset({"unwrap_or", "unwrap_or_else", "or_else"})
WRAPPING = frozenset({"from", "new", "parse", "Some", "Ok", "from_str", "from_static"})
ENVIRONMENT = regex(r"^(?:std\.)?env\.var(?:_os)?$|^dotenv(?:y|_codegen)?\.var$")
TEXT = regex(r'r?#{0,9}"(?:[^"\\]|\\.)*"')
HOLE = regex(r"\{(\w*)(?::[^{}]*)?\}")
DOTTED = regex(r"^&?(?:self\.)?([A-Za-z_][\w.]*)$")
MAX_PARTS = 30
MAX_MACRO = 4_000  # characters


def value_of(reader: RustReader, node: Node, depth: int) -> Value:
    inner = bare(node)
    if inner is None or not reader.goes_on(depth):
        return UNKNOWN
    match inner.type:
        case "string_literal" | "raw_string_literal":
            return Literal(string_text(reader, inner))
        case "integer_literal":
            return Literal(re.sub(r"(?<=\d)[ui](?:8|16|32|64|size)$", "", reader.text(inner)))
        case "identifier" | "field_expression" | "scoped_identifier":
            return named(reader, reader.text(inner), inner, depth)
        case "call_expression":
            return called(reader, inner, depth)
        case "macro_invocation":
            return expanded(reader, inner, depth)
        case "binary_expression":
            sides = (inner.child_by_field_name("left"), inner.child_by_field_name("right"))
            return join(*(value_of(reader, s, depth + 1) for s in sides if s is not None))
        case "array_expression" | "tuple_expression":
            given = [value_of(reader, each, depth + 1) for each in inner.named_children[:MAX_PARTS]]
            if inner.type == "array_expression":
                return given[0] if len(given) == 1 else Unknown(reader.text(inner)[:80])
            listed = [each for part in given for each in (Literal(":"), part)]
            return join(*listed[1:]) if listed else UNKNOWN
        case "closure_expression" if (body := inner.child_by_field_name("body")) is not None:
            return value_of(reader, body, depth + 1)
    return Unknown(reader.text(inner)[:80])


def named(reader: RustReader, text: str, node: Node, depth: int) -> Value:
    """A local, a constant of the file, else a name that other files may know."""
    text = re.sub(r"\s+", "", text).replace("::", ".").removeprefix("self.")
    if "." not in text:
        local = reader.local(text, node)
        if local is not None:
            return value_of(reader, local, depth + 1)
        if text in reader.constants and reader.constants[text].id != node.id:
            return value_of(reader, reader.constants[text], depth + 1)
        if not text.isupper():
            return Unknown(text[:80])
    return Name(text.removeprefix("crate.")[:200])


def called(reader: RustReader, node: Node, depth: int) -> Value:
    method = method_of(reader, node)
    given = positional(node)
    if method:
        before = receiver(node)
        value = value_of(reader, before, depth + 1) if before is not None else UNKNOWN
        if method in DEFAULTING and given and isinstance(value, Setting):
            default = value_of(reader, given[0], depth + 1)
            told = default if isinstance(default, Literal) else value.default
            return Setting(value.key, told)
        if method in SAME or method in DEFAULTING:
            return value
        if not given and before is not None:  # `config.url()`
            return Name(f"{reader.text(before).removeprefix('self.')[:100]}.{method}")
        return Unknown(reader.text(node)[:80])
    path = path_of(reader, node)
    whole = reader.qualify(path, node)[0]
    if given and (ENVIRONMENT.match(path) or ENVIRONMENT.match(whole)):
        key = value_of(reader, given[0], depth + 1)
        return Setting(key.text) if isinstance(key, Literal) else UNKNOWN
    if len(given) == 1 and last_part(reader, node) in WRAPPING:
        return value_of(reader, given[0], depth + 1)
    return Unknown(reader.text(node)[:80])


def expanded(reader: RustReader, node: Node, depth: int) -> Value:
    """`format!("{}/items", base)`, `format!("{base}/items")`, `env!("URL")`."""
    macro, tree = node.child_by_field_name("macro"), node.named_children[-1]
    name = reader.text(macro) if macro is not None else ""
    text = reader.text(tree)[1:-1][:MAX_MACRO] if tree.type == "token_tree" else ""
    first = TEXT.search(text)
    if name == "vec" and first is None:
        return written(reader, text, node, depth)
    if first is None:
        return Unknown(reader.text(node)[:80])
    template = first[0].strip("r#")[1:-1]
    if name in ("env", "option_env"):
        return Setting(template)
    if name == "concat":
        texts = [each.strip("r#")[1:-1] for each in TEXT.findall(text)]
        return Literal("".join(texts))
    if name == "vec":
        return Literal(template)
    if name != "format":
        return Unknown(reader.text(node)[:80])
    given = [*apart(text[first.end() :])][1:]
    pairs = (each.partition("=") for each in given)
    keywords = {name.strip(): value.strip() for name, mark, value in pairs if mark}
    parts: list[Value] = []
    at, count = 0, 0
    for hole in HOLE.finditer(template.replace("{{", "((").replace("}}", "))")):
        parts.append(Literal(template[at : hole.start()]))
        at = hole.end()
        if hole[1] and not hole[1].isdigit():
            parts.append(written(reader, keywords.get(hole[1], hole[1]), node, depth))
            continue
        place = int(hole[1]) if hole[1] else count
        count += not hole[1]
        told = given[place] if place < len(given) else ""
        parts.append(written(reader, told, node, depth))
        if len(parts) > MAX_PARTS:
            break
    parts.append(Literal(template[at:]))
    return join(*(each for each in parts if each != Literal("")))


def written(reader: RustReader, text: str, node: Node, depth: int) -> Value:
    """An expression inside a macro, of which only the text is there."""
    text = re.sub(r"\.(?:to_string|clone|as_str|unwrap|to_owned|into)\(\)", "", text.strip())
    whole = TEXT.fullmatch(text)
    if whole is not None:
        return Literal(text.strip("r#")[1:-1])
    found = DOTTED.match(text.replace("::", "."))
    return named(reader, found[1], node, depth) if found is not None else Unknown(text[:80])
