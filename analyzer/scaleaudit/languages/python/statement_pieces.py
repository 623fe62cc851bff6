"""Statements in SQL that a function puts together: `sql += " AND code = %s"`, `" AND ".join(wheres)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.branching import branches, conditional, excludes
from scaleaudit.languages.python.sqlalchemy.lists import gathered
from scaleaudit.languages.python.sqlalchemy.syntax import last_name
from scaleaudit.languages.text_choices import Piece, is_small, least, one_choice_each
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Unknown, Value, join, one_of, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_PIECES = 40  # that are added to one statement
MAX_OPTIONS = 12  # of them in branches
MAX_WRAPPED = 4  # parentheses around one string
JOINED_BY = rb"[\"'](?:\s|\\n)*[\"']\s*\.\s*join\(\s*"  # white space alone
LIMITED = regex(r"\s*(?:limit|offset|fetch)\b", re.IGNORECASE)


def joined_conditions(reader: PythonReader, separator: str, parts: Node, depth: int) -> Value:
    """`" AND ".join(wheres)`: what is always there, with each that a branch adds.

    Asked once, for conditions may be lists of conditions that are joined.
    """
    if separator.strip().upper() != "AND":
        return Unknown(reader.hint(parts))
    if parts.id not in reader.local_values:
        reader.local_values[parts.id] = UNKNOWN
        value = with_each(reader, separator, parts, depth)
        reader.local_values[parts.id] = value if is_small(value) else UNKNOWN
    return reader.local_values[parts.id]


def with_each(reader: PythonReader, separator: str, parts: Node, depth: int) -> Value:
    listed = gathered(reader, parts)
    if listed is None:
        return Unknown(reader.hint(parts))
    fixed = [reader.value(each, depth + 1) for each in listed.fixed]
    added = [reader.value(each, depth + 1) for each in listed.optional]
    told = [each for each in added if not isinstance(each, Unknown)][:MAX_OPTIONS]
    choices = [[*fixed, each] for each in told]
    if fixed or not choices:
        choices.insert(0, fixed)
    return one_of(with_between(each, separator) for each in choices)


def with_between(values: list[Value], separator: str) -> Value:
    parts: list[Value] = []
    for each in values:
        parts += [Literal(separator), each]
    return join(*parts[1:])


def statement(reader: PythonReader, node: Node) -> Value:
    """The text of a statement; one that `sql += ...` goes on with has an unknown rest."""
    value = reader.value(node)
    name, around = held_by(reader, node), reader.function_around(node)
    if not name or around is None:
        return value
    grows = re.search(rf"\b({re.escape(name)})\s*(?:\+=|=\s*\1\s*[+%])", reader.text(around))
    return join(value, Literal(" "), UNKNOWN) if grows else value


def variants(reader: PythonReader, node: Node) -> list[tuple[Node, Value]]:
    """The statement at the node with what each branch adds to it, and where that stands."""
    whole = filled(reader, node)
    begun = reader.value(whole)
    pieces = added_to(reader, whole)
    if not pieces:
        begun, pieces = Literal(""), lines_joined(reader, node)
    if not pieces:
        return [(node, each) for each in one_choice_each(reader.value(whole))]
    found: dict[tuple[Node, Value], None] = {}
    places = [each.place for each in pieces if each.place is not None][:MAX_OPTIONS]
    for place in places or [node]:
        parts = [
            each.value
            for each in pieces
            if each.place is None or each.place is place or limits(each.value)
        ]
        text = join(begun, *parts, *([Literal(" "), UNKNOWN] if is_remade(reader, whole) else ()))
        found.update(dict.fromkeys((place, each) for each in (least(text), *one_choice_each(text))))
    return list(found)[: 2 * MAX_OPTIONS]


def is_remade(reader: PythonReader, node: Node) -> bool:
    """`sql = narrowed(sql, user)`: another function may add to the statement."""
    name, around = held_by(reader, node), reader.function_around(node)
    if not name or around is None:
        return False
    word = re.escape(name.encode())
    made = re.compile(rb"\b" + word + rb"\s*=\s*[\w.]{1,80}\(\s*" + word + rb"\s*[,)]")
    return made.search(reader.content, node.end_byte, around.end_byte) is not None


def lines_joined(reader: PythonReader, node: Node) -> list[Piece]:
    """`lines = ["SELECT ..."]`, `lines.append("WHERE ...")`, `" ".join(lines)`: the lines in order."""
    holder, around = node.parent, reader.function_around(node)
    if holder is None or holder.type != "list" or around is None:
        return []
    first = holder.named_child(0)
    if first.type == "string" and first.id != node.id:
        return []  # the statement is told with its first line
    name = held_by(reader, holder)
    used = re.compile(JOINED_BY + re.escape(name.encode()) + rb"(?=\s*\))") if name else None
    match = used.search(reader.content, node.end_byte, around.end_byte) if used else None
    if match is None:
        return []
    leaf = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
    listed = gathered(reader, leaf) if leaf is not None else None
    if listed is None:
        return []
    options = {each.id for each in listed.optional}
    lines = sorted((*listed.fixed, *listed.optional), key=lambda each: each.start_byte)
    return [
        Piece(join(Literal(" "), reader.value(each)), each if each.id in options else None)
        for each in lines[:MAX_PIECES]
    ]


def filled(reader: PythonReader, node: Node) -> Node:
    """`"SELECT ... WHERE {}".format(wheres)`: the call that fills the string in."""
    name = node.parent
    call = name.parent if name is not None and name.type == "attribute" else None
    fills = call is not None and call.type == "call" and last_name(reader, call) == "format"
    return call if call is not None and fills else node


def limits(value: Value) -> bool:
    return LIMITED.match(text_with_holes(value)) is not None


def added_to(reader: PythonReader, node: Node) -> list[Piece]:
    """What later lines of the function add to the variable that holds the string, in order."""
    name, around = held_by(reader, node), reader.function_around(node)
    if not name or around is None:
        return []
    word = re.escape(name.encode())
    given = re.compile(rb"(?m)^[ \t]*(" + word + rb")[ \t]*(?:\+=|=(?!=))")
    grows = re.compile(rb"=[ \t]*(?:\([ \t]*)?" + word + rb"[ \t]*\+")
    base = branches(node, around)
    found: list[Piece] = []
    for match in given.finditer(reader.content, node.end_byte, around.end_byte):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.start(1) + 1)
        line = leaf.parent if leaf is not None else None
        if leaf is None or line is None or len(found) >= MAX_PIECES:
            break
        here = branches(leaf, around)
        if excludes(here, base):
            continue
        if line.type == "assignment" and grows.match(reader.content, match.end() - 1) is None:
            if begins_anew(reader, line, name) and not conditional(here, base):
                break
            continue
        value = more_of(reader, line)
        if value is not None:
            found.append(Piece(value, line if conditional(here, base) else None))
    return found


def begins_anew(reader: PythonReader, line: Node, name: str) -> bool:
    """The variable is given another text, in which the one before is not."""
    right = line.child_by_field_name("right")
    return right is not None and not re.search(rf"\b{re.escape(name)}\b", reader.text(right))


def held_by(reader: PythonReader, node: Node) -> str:
    """The local variable that a string is assigned to."""
    holder = node.parent
    for _ in range(MAX_WRAPPED):
        if holder is None or holder.type != "parenthesized_expression":
            break
        holder = holder.parent
    left = holder.child_by_field_name("left") if holder and holder.type == "assignment" else None
    return reader.hint(left) if left is not None and left.type == "identifier" else ""


def more_of(reader: PythonReader, line: Node) -> Value | None:
    """What a line adds: all of `+= x`, and of `sql = sql + x + y` what follows the name."""
    right = line.child_by_field_name("right")
    if right is None:
        return None
    if line.type == "augmented_assignment":
        return reader.value(right)
    parts: list[Value] = []
    at: Node | None = right
    while at is not None and at.type in ("binary_operator", "parenthesized_expression"):
        if at.type == "parenthesized_expression":
            at = at.named_children[0] if at.named_children else None
            continue
        last = at.child_by_field_name("right")
        if last is not None:
            parts.insert(0, reader.value(last))
        at = at.child_by_field_name("left")
    return join(*parts) if parts else None
