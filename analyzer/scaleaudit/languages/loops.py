"""Whether a loop runs what stands in it once for each of several things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.reader import Reader

# `begin ... end until found`, `do { ... } while (taken)`: tried again until it works.
TRIED_AGAIN = frozenset(
    {
        "while_modifier",
        "until_modifier",
        "do_statement",
        "do_while_statement",
    }
)
# `while attempts < 50: ... break`: left as soon as something is found.
WHILES = frozenset({"while_statement", "while", "while_expression"})
LEFT = regex(rb"\bbreak\b")
RETURNS = frozenset({"return_statement", "return"})
SETS = regex(r"(?:assignment|variable_declarator|short_var_declaration)\w*")
# `while not found: found = ...`: tried again until it works, or read page by page.
UNLESS = regex(r"(?:!|\bnot\s+)\(?\s*([A-Za-z_$][\w$]*)(?![\w$.(\[]|->|\s*[=<>])")
PLAIN_NAME = regex(r"[A-Za-z_$][\w$]{0,80}")
ENDLESS = frozenset({"true", "1", "!0"})  # waits and tries again, or serves for ever
# A list that stands in the source is as long as it was written: it grows with no use.
WRITTEN = frozenset(
    "list tuple set array string_array symbol_array array_creation_expression composite_literal integer".split()  # noqa: SIM905
)
# Behind the name of a list: what puts more into it.
GROWS = (
    rb"\s*(?:\.\s*(?:append|extend|insert|add\w*|push\w*|unshift|concat|splice)\b|\+=|<<|\[\]\s*=)"
)
# So are its bounds: `1..3`, `range(5)`, `for (let i = 0; i < 4; i++)`.
SPAN = regex(
    r"\(?\s*\d{1,2}\s*(?:\.\.[.<=]?|\buntil\b|\bdownTo\b)\s*\d{1,2}\s*\)?"
    r"|x?range\(\s*\d{1,2}\s*(?:,\s*\d{1,2}\s*){0,2}\)"
)
BELOW = regex(r"\(?\s*[A-Za-z_$][\w$]{0,40}\s*<=?\s*\d{1,2}\s*;?\s*\)?")
SPREAD = ("list_splat", "spread", "splat_argument", "variadic_unpacking")
CONSTANT = regex(r"(?:[\w$\\]{1,60}(?:\.|::)){0,4}[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?:\.freeze)?")
# `for part in chunked(ids, 500)`, `for i := 0; i < len(ids); i += 500`: once for hundreds of them.
PARTS = regex(
    r"(?:(?:\.|\barray_|^)chunk(?:ed|s|by)?|chunks|\bbatched"
    r"|\blists\.partition|\.each_slice)\s*(?:\[\w+\])?\(|^[\w.$]*chunks$",
    re.IGNORECASE,
)
STRIDE = regex(r"^[\w$]+\s*(?:\+=|=\s*[\w$]+\s*\+)\s*(?!1$)[\w$(]")
# Behind a loop, or around it. What stands inside it may be a part of each statement.
UNITED = regex(rb"\bUNION\b|\bunion(?:_?[aA]ll)?\(")
BEFORE, BEHIND = 60, 300  # bytes
MAX_HEAD = 300  # of what a loop goes over
FIXED = b"readonly"  # of C#
MAX_NAME = 120  # of a constant, with what stands in front of it


def repeats(reader: Reader, loop: Node, inner: Node) -> bool:
    """Not of a loop that tries again or has no end, nor of what decides whether it goes on."""
    if loop.type in TRIED_AGAIN or left_with(reader, loop, inner) or over_parts(reader, loop):
        return False
    if made_one(reader, loop):
        return False
    condition = loop.child_by_field_name("condition")
    if condition is None and loop.type == "while_statement" and loop.named_children:
        condition = loop.named_children[0]  # Kotlin's grammar names no fields
    if condition is None:
        over = _gone_over(loop)
        if over is not None and as_written(reader, over):
            return False
        return not _without_condition(loop) and not _in_head(loop, inner)
    if condition.start_byte <= inner.start_byte < condition.end_byte:
        return False
    if loop.type in WHILES and (
        LEFT.search(reader.content, loop.start_byte, loop.end_byte)
        or decides(reader, loop, condition, inner)
    ):
        return False
    text = reader.text(condition)
    if loop.type not in WHILES and BELOW.fullmatch(text) is not None:
        return False
    if loop.type in WHILES and any(_becomes(reader, loop, name) for name in UNLESS.findall(text)):
        return False
    return text.strip("() ;\t\r\n").lower() not in {*ENDLESS, ""}


def made_one(reader: Reader, loop: Node) -> bool:
    """What it makes is put together into one statement: `parts.join(" UNION ALL ")`, `unionAll(parts)`."""
    start, end = loop.start_byte, loop.end_byte
    return (
        UNITED.search(reader.content, max(0, start - BEFORE), start) is not None
        or UNITED.search(reader.content, end, end + BEHIND) is not None
    )


def over_parts(reader: Reader, loop: Node) -> bool:
    """Each round takes many items at once."""
    over = _gone_over(loop)
    if over is not None:
        text = reader.text(over) if over.end_byte - over.start_byte <= MAX_HEAD else ""
        given = over.child_by_field_name("arguments")
        steps = given is not None and text.startswith("range(") and given.named_child_count == 3
        return steps or PARTS.search(text) is not None
    head = next((each for each in loop.named_children if each.type == "for_clause"), loop)
    moved = head.child_by_field_name("update") or head.child_by_field_name("increment")
    return moved is not None and STRIDE.match(reader.text(moved)) is not None


def _becomes(reader: Reader, loop: Node, name: str) -> bool:
    """The loop gives the name a value."""
    given = re.compile(rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s*:?=(?![=>~])")
    return given.search(reader.content, loop.start_byte, loop.end_byte) is not None


def left_with(reader: Reader, loop: Node, inner: Node) -> bool:
    """`for key in keys: if fits(key): return load(key)`: what is returned ends the loop."""
    leaves = False
    for above in reader.ancestors(inner):
        if above.id == loop.id:
            return leaves
        if above.type in RETURNS:
            leaves = True
        elif above.type in reader.FUNCTIONS or "function" in above.type or "lambda" in above.type:
            leaves = False
    return False


def decides(reader: Reader, loop: Node, condition: Node, inner: Node) -> bool:
    """`while taken: taken = is_taken(new_name())`: what is asked for says whether it goes on."""
    for above in reader.ancestors(inner):
        if above.id == loop.id:
            return False
        if SETS.fullmatch(above.type):
            left = above.child_by_field_name("left") or above.child_by_field_name("name")
            name = reader.text(left) if left is not None else ""
            words = reader.text(condition)[:200]
            asked = re.search(rf"(?<![\w$.]){re.escape(name)}(?![\w$.(\[])", words) is not None
            return asked or climbs(reader, loop, words, name)
    return False


def climbs(reader: Reader, loop: Node, condition: str, name: str) -> bool:
    """`while parent_id: row = load(parent_id); parent_id = row.parent_id`: each leads to the next."""
    if PLAIN_NAME.fullmatch(name) is None:
        return False
    for word in dict.fromkeys(PLAIN_NAME.findall(condition)):
        given = rf"(?<![\w$.]){re.escape(word)}\s*:?=(?![=>~])[^;\n]{{0,200}}?(?<![\w$]){re.escape(name)}(?:\?\.|[.\[]|->)"
        if re.search(given.encode(), reader.content[loop.start_byte : loop.end_byte]) is not None:
            return True
    return False


def as_written(reader: Reader, node: Node) -> bool:
    """A list of so many items as stand in the source, a span of a few numbers, or a constant."""
    if node.type in WRITTEN:
        items = [*node.named_children, *(c for each in node.named_children for c in each.children)]
        return not any(each.type.startswith(SPREAD) for each in items)
    if node.end_byte - node.start_byte > MAX_NAME:
        return False
    name = reader.text(node)
    if SPAN.fullmatch(name) is not None:
        return True
    constant = len(name) > 1 and CONSTANT.fullmatch(name) is not None
    return constant or _fixed(reader, name) or _held(reader, node, name)


def _held(reader: Reader, node: Node, name: str) -> bool:
    """A variable that is given such a list, with something in it, and gets no more."""
    held = reader.local(name, node) if node.type == "identifier" else None
    if held is None or held.type not in WRITTEN or not held.named_child_count:
        return False
    around = reader.function_around(node)
    start, end = (around.start_byte, around.end_byte) if around is not None else (0, 0)
    grown = rb"(?<![\w.])" + re.escape(name.encode()) + GROWS
    return as_written(reader, held) and not re.search(grown, reader.content[start:end])


def _fixed(reader: Reader, name: str) -> bool:
    """A field that its class fills once, where it stands: `static readonly Kind[] _kinds = [...]`."""
    if FIXED not in reader.content or PLAIN_NAME.fullmatch(name) is None:
        return False
    held = rb"\bstatic\s+readonly\s[^;={}]{1,200}?(?<![\w.])" + re.escape(name.encode()) + rb"\s*="
    return re.search(held, reader.content) is not None


def _gone_over(loop: Node) -> Node | None:
    """What stands behind `in`, in front of `as`."""
    if loop.type == "foreach_statement" and loop.child_by_field_name("right") is None:
        return loop.named_children[0] if loop.named_children else None
    if loop.type in ("for_statement", "for_in_statement", "foreach_statement"):
        ranged = next((each for each in loop.named_children if each.type == "range_clause"), loop)
        return ranged.child_by_field_name("right")
    if loop.type == "enhanced_for_statement":
        return loop.child_by_field_name("value")
    return None


def _in_head(loop: Node, inner: Node) -> bool:
    """In what the loop goes over, which is asked for once: `for row in rows():`."""
    if loop.type.startswith(("for", "enhanced_for")):
        body = loop.child_by_field_name("body")
        return body is not None and inner.end_byte <= body.start_byte
    if not loop.type.endswith("comprehension") and loop.type != "generator_expression":
        return False
    clause = next((each for each in loop.named_children if each.type == "for_in_clause"), None)
    over = clause.child_by_field_name("right") if clause is not None else None
    return over is not None and over.start_byte <= inner.start_byte < over.end_byte


def _without_condition(loop: Node) -> bool:
    """`for (;;)`, Go's `for { ... }`."""
    if loop.type != "for_statement" or loop.child_by_field_name("left") is not None:
        return False
    body = loop.child_by_field_name("body")
    if body is None:
        return False
    others = [child for child in loop.named_children if child.id != body.id]
    return not others
