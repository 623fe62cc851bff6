"""What the tags inside a statement of MyBatis make of its text: what always stands, what may.

`<if>` and the branches of `<choose>` are choices, numbered; everything else stands.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

TAG = regex(r"<(/?)([A-Za-z][\w:]{0,40})((?:\s[^<>]{0,1000})?)(/?)>")
ATTRIBUTE = regex(r"([\w:]{1,60})\s{0,5}=\s{0,5}(?:\"([^\"]{0,500})\"|'([^']{0,500})')")
VALUE = regex(r"#\{[^{}]{0,300}\}")
PART = regex(r"\$\{[^{}]{0,300}\}")
FIRST_JOINT = regex(r"^\s*(?:AND|OR)\b", re.IGNORECASE)
# An order that is put in tells nothing of the rows that are looked for.
OPEN_ORDER = regex(r"(?is)\border\s+by\b[^()]{0,500}\{\}[^()]{0,500}$")
CHOICES = frozenset({"if", "when", "otherwise"})
SILENT = frozenset({"bind", "selectKey", "property"})
PLAIN = frozenset({"choose", "where", "set", "trim", "foreach", *CHOICES})
MAX_DEPTH = 20
MAX_PARTS = 500  # of one statement
MAX_CHOICES = 40
HOLE = "{}"
NOTHING_SET = "x = 1"  # stands for what is written, all of which is by choice


class Part(Gathering):
    """Text, or a tag with what stands inside; `choice` is 0 where it always stands."""

    tag: str
    text: str = ""
    attributes: dict[str, str] = msgspec.field(default_factory=dict)
    inner: list[Part] = msgspec.field(default_factory=list)
    choice: int = 0
    at: int = 0  # where it begins in the text


def parts_of(text: str) -> Part:
    """The statement as a tree; tags that nobody closes end with it."""
    root = Part("")
    open_parts = [root]
    end = count = choices = 0
    for match in TAG.finditer(text):
        count += 1
        if count > MAX_PARTS or len(open_parts) > MAX_DEPTH:
            root.inner.append(Part("", HOLE))
            return root
        above = open_parts[-1]
        above.inner.append(Part("", text[end : match.start()], at=end))
        end = match.end()
        closing, tag, attributes, alone = match[1], match[2], match[3], match[4]
        if closing:
            if len(open_parts) > 1 and above.tag == tag:
                open_parts.pop()
            continue
        part = Part(tag, at=match.start())
        part.attributes = {a[1]: a[2] or a[3] or "" for a in ATTRIBUTE.finditer(attributes)}
        if tag in CHOICES:
            choices += 1
            part.choice = choices
        above.inner.append(part)
        if not alone:
            open_parts.append(part)
    open_parts[-1].inner.append(Part("", text[end:], at=end))
    return root


def choices_of(
    part: Part, above: frozenset[int] = frozenset()
) -> Iterator[tuple[Part, frozenset[int]]]:
    """Each choice about the rows that are looked for, with those it stands inside of."""
    for each in part.inner:
        if each.tag == "set" or each.attributes.get("prefix", "").strip().upper() == "SET":
            continue  # what is written
        made = above | {each.choice} if each.choice else above
        if each.choice:
            yield each, made
        yield from choices_of(each, made)


def text_with(part: Part, chosen: frozenset[int]) -> str:
    """The statement when these choices are made; what is not known becomes a hole."""
    text = html.unescape(written(part, chosen))
    return OPEN_ORDER.sub("", PART.sub(HOLE, VALUE.sub("?", text))).strip()


def written(part: Part, chosen: frozenset[int]) -> str:
    if part.choice and part.choice not in chosen:
        return ""
    if not part.tag:
        return part.text + "".join(written(each, chosen) for each in part.inner)
    if part.tag in SILENT:
        return " "
    if part.tag not in PLAIN:
        return f" {HOLE} "
    inner = "".join(written(each, chosen) for each in part.inner)
    said = part.attributes
    if part.tag == "where":
        return around("WHERE", FIRST_JOINT.sub("", inner), "")
    if part.tag == "set":
        return around("SET", inner.rstrip().rstrip(",") or NOTHING_SET, "")
    if part.tag == "foreach":
        return f" {said.get('open', '')}{inner}{said.get('close', '')} "
    if part.tag == "trim":
        return trimmed(inner, said)
    return f" {inner} "


def trimmed(inner: str, said: dict[str, str]) -> str:
    """`<trim prefix="WHERE" prefixOverrides="AND |OR ">`."""
    text = inner.strip()
    for word in said.get("prefixOverrides", "").split("|"):
        if word.strip() and text.upper().startswith(word.strip().upper()):
            text = text[len(word.strip()) :]
            break
    for word in said.get("suffixOverrides", "").split("|"):
        if word.strip() and text.upper().endswith(word.strip().upper()):
            text = text[: -len(word.strip())]
            break
    before = said.get("prefix", "")
    if before.strip().upper() == "SET" and not text.strip():
        text = NOTHING_SET
    return around(before, text, said.get("suffix", ""))


def around(before: str, text: str, after: str) -> str:
    return f" {before} {text} {after} " if text.strip() else " "
