"""What stands on classes and properties: PHP's attributes, and annotations in comments.

`#[ORM\\Column(name: "a", nullable: true)]` and `@ORM\\Column(name="a", nullable=true)` say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    import re

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

Given: TypeAlias = "str | bool | list[Given] | dict[str, Given] | Mark | None"

CONSTANT = regex(r"\b(\w+)::([A-Z_]\w*)")
DBAL_TYPES = frozenset({"Types", "Type"})  # of Doctrine: their constants are called as the types
MAX_DEPTH = 8
MAX_TOKENS = 4_000  # of one comment
MAX_COMMENT = 20_000  # characters
WORDS = regex(
    r"@(?:\w+\\)*(?P<mark>[A-Z]\w*)|\"(?P<text>(?:[^\"]|\"\")*)\"|(?P<word>[\w\\:.-]+)|(?P<sign>[(){}=,])"
)


class Mark(Gathering):
    """One attribute or annotation: its short name, its named members, those without a name."""

    name: str
    named: dict[str, Given] = msgspec.field(default_factory=dict)
    listed: list[Given] = msgspec.field(default_factory=list)

    def text(self, *names: str, position: int = -1) -> str:
        for name in names:
            value = self.named.get(name)
            if isinstance(value, str):
                return value
        if 0 <= position < len(self.listed) and isinstance(self.listed[position], str):
            return str(self.listed[position])
        return ""

    def texts(self, *names: str) -> list[str]:
        for name in names:
            value = self.named.get(name)
            if isinstance(value, list):
                return [each for each in value if isinstance(each, str)]
            if isinstance(value, str):
                return [value]
        return []

    def marks(self, name: str) -> list[Mark]:
        value = self.named.get(name)
        each = value if isinstance(value, list) else [value]
        return [mark for mark in each if isinstance(mark, Mark)]

    def says(self, name: str, *, otherwise: bool = False) -> bool:
        value = self.named.get(name)
        return value if isinstance(value, bool) else otherwise


def marks_on(reader: PhpReader, node: Node) -> list[Mark]:
    """Attributes of a definition; without any, the annotations of the comment before it."""
    holder = node.child_by_field_name("attributes")
    if holder is not None:
        found = [
            attribute(reader, each)
            for group in holder.named_children
            for each in group.named_children
            if each.type == "attribute"
        ]
        if found:
            return found
    before = node.prev_named_sibling
    if before is None or before.type != "comment":
        return []
    comment = reader.text(before)[:MAX_COMMENT]
    if "::" in comment:
        own = reader.definition_name(node) or "self"
        comment = CONSTANT.sub(lambda match: _written_out(reader, match, own), comment)
    return annotated(comment)


def _written_out(reader: PhpReader, match: re.Match[str], own: str) -> str:
    """`Order::TABLE` of the same file as the text it stands for."""
    owner = own if match[1] in ("self", "static") else match[1]
    value = reader.constants.get(f"{owner}.{match[2]}")
    return f'"{value.text}"' if isinstance(value, Literal) else match[0]


def attribute(reader: PhpReader, node: Node, depth: int = 0) -> Mark:
    """Also `new ORM\\Index(...)` inside of one."""
    named = next((c for c in node.named_children if c.type in ("name", "qualified_name")), None)
    mark = Mark(reader.text(named).rpartition("\\")[2] if named is not None else "")
    holder = node.child_by_field_name("parameters") or next(
        (c for c in node.named_children if c.type == "arguments"), None
    )
    for argument in holder.named_children if holder is not None else ():
        if argument.type != "argument" or not argument.named_children:
            continue
        name = argument.child_by_field_name("name")
        value = given(reader, argument.named_children[-1], depth + 1)
        if name is not None:
            mark.named[reader.text(name)] = value
        else:
            mark.listed.append(value)
    return mark


def given(reader: PhpReader, node: Node, depth: int) -> Given:
    if depth > MAX_DEPTH:
        return None
    if node.type == "object_creation_expression":
        return attribute(reader, node, depth)
    if node.type == "boolean":
        return reader.text(node).lower() == "true"
    if node.type == "array_creation_expression":
        keyed: dict[str, Given] = {}
        listed: list[Given] = []
        for element in node.named_children:
            inner = element.named_children
            if element.type != "array_element_initializer" or not inner:
                continue
            value = given(reader, inner[-1], depth + 1)
            if len(inner) > 1:
                keyed[reader.text(inner[0]).strip("'\"")] = value
            else:
                listed.append(value)
        return keyed or listed
    if node.type == "class_constant_access_expression":
        return constant(reader, node)
    value_ = reader.value(node) if node.type != "null" else None
    return value_.text if isinstance(value_, Literal) else None


def constant(reader: PhpReader, node: Node) -> str | None:
    """`Order::class`, `Types::STRING` as `string`, and what the file says of its own constants."""
    owner, _, name = reader.text(node).rpartition("::")
    if name == "class":
        return owner.lstrip("\\").replace("\\", ".")
    if owner.rpartition("\\")[2] in DBAL_TYPES:
        return name.lower()
    own = reader.class_around(node) if owner in ("self", "static") else None
    holder = reader.definition_name(own) if own is not None else owner.rpartition("\\")[2]
    value = reader.constants.get(f"{holder}.{name}")
    return value.text if isinstance(value, Literal) else None


def annotated(comment: str) -> list[Mark]:
    """Every annotation of a comment."""
    if "@" not in comment:
        return []
    text = comment.replace("\n", " ").replace("*", " ")
    tokens = [match for _, match in zip(range(MAX_TOKENS), WORDS.finditer(text), strict=False)]
    found: list[Mark] = []
    position = 0
    while position < len(tokens):
        if tokens[position]["mark"]:
            mark, position = _mark(tokens, position, 0, text)
            found.append(mark)
        else:
            position += 1
    return found


def _mark(tokens: list[re.Match[str]], position: int, depth: int, text: str) -> tuple[Mark, int]:
    mark = Mark(tokens[position]["mark"])
    end = tokens[position].end()
    position += 1
    opened = position < len(tokens) and tokens[position]["sign"] == "("
    if not opened or text[end : tokens[position].start()].strip():
        return mark, position
    named, listed, position = _members(tokens, position + 1, ")", depth + 1, text)
    mark.named.update(named)
    mark.listed += listed
    return mark, position


def _members(
    tokens: list[re.Match[str]], position: int, end: str, depth: int, text: str
) -> tuple[dict[str, Given], list[Given], int]:
    named: dict[str, Given] = {}
    listed: list[Given] = []
    while position < len(tokens) and tokens[position]["sign"] != end:
        token = tokens[position]
        if token["sign"] == "," or token["sign"] == "=" or depth > MAX_DEPTH:
            position += 1
            continue
        ahead = tokens[position + 1] if position + 1 < len(tokens) else None
        key = token["word"] or token["text"]
        if key and ahead is not None and (ahead["sign"] == "=" or ahead["word"] == ":"):
            named[key], position = _value(tokens, position + 2, depth, text)
        else:
            value, position = _value(tokens, position, depth, text)
            listed.append(value)
    return named, listed, position + 1


def _value(tokens: list[re.Match[str]], position: int, depth: int, text: str) -> tuple[Given, int]:
    if position >= len(tokens):
        return None, position
    token = tokens[position]
    if token["mark"]:
        return _mark(tokens, position, depth, text)
    if token["sign"] == "{":
        named, listed, position = _members(tokens, position + 1, "}", depth + 1, text)
        return named or listed, position
    if token["sign"]:
        return None, position + 1
    if token["text"] is not None:
        return token["text"].replace("\\", ".").lstrip("."), position + 1
    word = token["word"]
    if word.lower() in ("true", "false"):
        return word.lower() == "true", position + 1
    return word.removesuffix("::class").replace("\\", ".").lstrip("."), position + 1
