"""Objects of conditions: literals, variables that hold one, and what is added to them later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.javascript import options, scopes
from scaleaudit.languages.javascript.builders.functions import function_of, returned
from scaleaudit.languages.javascript.builders.lists import pushed
from scaleaudit.languages.javascript.builders.object_members import (
    MAX_BRANCHES,
    OPERATOR,
    Assembled,
    put,
    put_inside,
)
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_DEPTH = 4
NAMED = frozenset({"identifier", "shorthand_property_identifier"})
PAGES = regex(r"(?:[\w$]+\.)*(?:\w*[pP]aginat(?:e|ed|ion)\w*|with[pP]aging)")
MERGES = regex(r"Object\.assign|(?:_|lodash)\.(?:assign|extend|merge|defaults)")
ASSIGNED = rb"\bObject\.assign\(\s*%s\s*,"
NOTHING = regex(r"undefined|null|false|\{\s*\}")


def assembled(reader: JavaScriptReader, node: Node, depth: int = 0) -> Assembled | None:
    """The members of an expression that is an object; None for any other."""
    given = bare(node)
    if given is None or depth > MAX_DEPTH:
        return None
    if given.type == "object":
        found = Assembled()
        _literal(reader, given, found, depth)
        return found
    if given.type == "call_expression":
        if MERGES.fullmatch(reader.text(given.child_by_field_name("function") or given)[:40]):
            return _merged(reader, given, depth)
        paged = _paged(reader, given)
        return _made(reader, given, depth) if paged is None else _cut(reader, given, paged, depth)
    if given.type not in NAMED:
        return None
    name = reader.text(given)
    values = scopes.all_values(reader, name, given)
    calls = [_paged(reader, each) for each in map(bare, values) if each is not None]
    literals = [
        each for each in (bare(value) for value in values) if each and each.type == "object"
    ]
    if not literals and len(values) == 1 and calls and calls[0] is not None:
        found = _cut(reader, values[0], calls[0], depth)
        _added(reader, name, given, calls[0], found)
        return found
    if not literals or (scopes.is_parameter(reader, name, given) and not values):
        literal = options.literal_of(reader, given, "object")
        if literal is None:
            return None
        literals = [literal]
    found = Assembled()
    _literal(reader, literals[0], found, depth)
    for later in literals[1 : MAX_BRANCHES + 1]:  # where = { ...where, a: 1 }
        more = Assembled()
        _literal(reader, later, more, depth + 1, itself=name)
        put(reader, found, later, given, more.always)
        found.open = found.open or more.open
    found.open = found.open or len(literals) < len(values)
    _added(reader, name, given, literals[0], found)
    return found


def _paged(reader: JavaScriptReader, node: Node) -> Node | None:
    """The options in `paginate({ where }, page)`, which adds the limit and the offset to them."""
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    given = node.child_by_field_name("arguments")
    if function is None or given is None or not PAGES.fullmatch(reader.text(function)[:80]):
        return None
    objects = [each for each in given.named_children if each.type == "object"]
    told = [each for each in objects if any(_named(reader, member) for member in each.children)]
    return told[0] if len(told) == 1 else None


def _named(reader: JavaScriptReader, member: Node) -> bool:
    key = member.child_by_field_name("key") or member
    return reader.text(key) == "where"


def _cut(reader: JavaScriptReader, call: Node, literal: Node, depth: int) -> Assembled:
    found = Assembled(always=[("limit", call)])
    _literal(reader, literal, found, depth)
    return found


def _merged(reader: JavaScriptReader, call: Node, depth: int) -> Assembled | None:
    """`Object.assign({}, options, { limit })`."""
    given = call.child_by_field_name("arguments")
    found = Assembled()
    for each in given.named_children[: options.MAX_MEMBERS] if given is not None else ():
        _spread(reader, each, found, depth + 1)
    return found if found.always or found.sides else None


def _made(reader: JavaScriptReader, call: Node, depth: int) -> Assembled | None:
    """The object that a function of the file returns."""
    function = function_of(reader, call)
    literal = (options.returned(function) or returned(function)) if function is not None else None
    return assembled(reader, literal, depth + 1) if literal is not None else None


def _literal(
    reader: JavaScriptReader, literal: Node, into: Assembled, depth: int, itself: str = ""
) -> None:
    for child in literal.named_children[: options.MAX_MEMBERS]:
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "pair" and key is not None and value is not None:
            name = _key(reader, key)
            if name:
                _member(reader, name, value, into)
            else:
                into.open = True
        elif child.type == "shorthand_property_identifier":
            into.always.append((reader.text(child), child))
        elif child.type == "spread_element" and child.named_children:
            inner = child.named_children[0]
            if not (itself and reader.text(inner) == itself):
                _spread(reader, inner, into, depth)


def _key(reader: JavaScriptReader, key: Node) -> str:
    """A key as written; `[Op.or]` as `Op.or`, any other that is computed is not known."""
    if key.type != "computed_property_name":
        return reader.text(key).strip("'\"`")
    inner = key.named_children[0] if key.named_children else key
    text = reader.text(inner)
    if OPERATOR.fullmatch(text):
        return f"Op.{text.rpartition('.')[2]}"
    if inner.type in ("string", "template_string") and "${" not in text:
        return text.strip("'\"`")
    return ""


def _member(reader: JavaScriptReader, name: str, value: Node, into: Assembled) -> None:
    """`a: x ? In(x) : undefined` is there in one branch only."""
    given = bare(value)
    if name == "Op.and" and given is not None and given.type in NAMED:
        listed = options.literal_of(reader, given, "array")
        if listed is not None:  # each that is pushed to the list holds where it is pushed
            into.always.append((name, listed))
            for place, conditions in pushed(reader, given):
                put(reader, into, place, given, [(name, each) for each in conditions])
            return
    if given is not None and given.type == "ternary_expression":
        yes, no = given.child_by_field_name("consequence"), given.child_by_field_name("alternative")
        if yes is not None and no is not None:
            sides = [each for each in (yes, no) if not NOTHING.fullmatch(reader.text(each))]
            if len(sides) == 1 and reader.text(yes if sides[0] == no else no) == "undefined":
                into.add(given.id, 0, [(name, sides[0])])
                return
            value = sides[0] if sides else value
    into.always.append((name, value))


def _spread(reader: JavaScriptReader, inner: Node, into: Assembled, depth: int) -> None:
    """`...where`, `...(x ? { a: 1 } : {})`, `...(x && { a: 1 })`."""
    given = bare(inner)
    sides: list[Node | None] = []
    if given is not None and given.type == "ternary_expression":
        sides = [given.child_by_field_name("consequence"), given.child_by_field_name("alternative")]
    elif given is not None and given.type == "binary_expression":
        sides = [given.child_by_field_name("right")]
    if sides:
        for number, side in enumerate(sides):
            literal = bare(side)
            if literal is None or NOTHING.fullmatch(reader.text(literal)):
                continue
            more = assembled(reader, literal, depth + 1)
            if more is None:
                into.open = True
            elif given is not None:
                into.add(given.id, number, more.always)
                into.complete.add(given.id)
        return
    more = assembled(reader, given, depth + 1) if given is not None else None
    if more is None:
        into.open = True
        return
    into.always.extend(more.always)
    for (choice, number), members in more.sides.items():
        into.add(choice, number, members)
    into.complete |= more.complete
    into.open = into.open or more.open


def _added(reader: JavaScriptReader, name: str, use: Node, literal: Node, into: Assembled) -> None:
    """`where.a = 1` and `where["a"] = 1` between the literal and its use."""
    written = re.compile(
        rb"(?<![\w$.])" + re.escape(name.encode()) + rb"(?:\.(\w+)|\[\s*[\"'](\w+)[\"']\s*\]|(\[))"
    )
    for match in written.finditer(
        reader.content, literal.end_byte, max(use.start_byte, literal.end_byte)
    ):
        leaf = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        member = leaf.parent if leaf is not None else None
        above = member.parent if member is not None else None
        if member is None or above is None:
            continue
        if above.type != "assignment_expression":
            put_inside(reader, member, (match[1] or match[2] or b"").decode(), use, into)
            continue
        left, right = above.child_by_field_name("left"), above.child_by_field_name("right")
        if left != member or right is None:
            continue
        key = (match[1] or match[2] or b"").decode()
        if not key:
            index = member.child_by_field_name("index")
            text = reader.text(index) if index is not None else ""
            key = f"Op.{text.rpartition('.')[2]}" if "Op." in text else ""
        if key:
            put(reader, into, above, use, [(key, right)])
        else:
            into.open = True
    if b"Object.assign(" in reader.content:
        _assigned(reader, name, use, literal, into)


def _assigned(
    reader: JavaScriptReader, name: str, use: Node, literal: Node, into: Assembled
) -> None:
    """`Object.assign(where, { a: 1 })` between the literal and its use."""
    written = re.compile(ASSIGNED % re.escape(name.encode()))
    end = max(use.start_byte, literal.end_byte)
    for match in written.finditer(reader.content, literal.end_byte, end):
        leaf = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        call = leaf.parent.parent if leaf is not None and leaf.parent is not None else None
        if leaf is None or leaf.parent is None or call is None or call.type != "call_expression":
            continue
        more = Assembled()
        for each in leaf.parent.named_children[1 : options.MAX_MEMBERS]:
            _spread(reader, each, more, 1)
        put(reader, into, call, use, more.always)
        into.open = into.open or more.open or bool(more.sides)
