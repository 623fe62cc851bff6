"""Where statements of squirrel and goqu begin that no call of the file ends, and where they are handed on."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.go.candidates import call_at
from scaleaudit.languages.go.following import declared
from scaleaudit.languages.go.mappers.kept_fields import builder_fields
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

BEGUN = regex(rb"\.\s*(?:From|Update|Delete|Insert)\(")
BEGUN_ALONE = regex(rb"\.\s*From\(|(?<!\w)(?:Update|Delete|Insert)\(")
KIND = rb"(?:\w+\.)?(?:Select|Update|Delete)(?:Builder|Dataset)\b"
# What a variable of the package is when it holds a builder: by its type, or by what it is given.
HOLDING = regex(
    rb"^\w+\s*\*?"
    + KIND
    + rb"|=\s*[\w.]+(?:\([^()\n]{0,80}\)\.\w+)?\.?(?:Select|Update|Delete|From)\("
)
# `func (s *Store) orders() sq.SelectBuilder {`
GIVEN = regex(rb"(?m)^func (?:\([^()\n]*\) )?(\w+)\([^()\n]*\) \*?" + KIND + rb" \{")
MAX_HEAD = 300  # bytes of a variable's declaration
MAX_NAMES = 60  # of variables and functions of one file
MAX_BEGUN = 500  # of one file
MAX_USES = 60  # of one variable
MAX_LINKS = 60


def begun_at(reader: GoReader, *, alone: bool) -> Iterator[Node]:
    """Calls that begin a statement, or go on from one that a field of a struct holds.

    `alone`: the functions of the library stand without its name.
    """
    for match in islice((BEGUN_ALONE if alone else BEGUN).finditer(reader.content), MAX_BEGUN):
        call = call_at(reader.root, match.end() - 2)
        if call is not None:
            yield call
    for field in dict.fromkeys(field for _, field in builder_fields(reader)):
        again = re.compile(rb"\." + re.escape(field.encode()) + rb"\.\s*[A-Z]\w*\(")
        for match in islice(again.finditer(reader.content), MAX_BEGUN):
            call = call_at(reader.root, match.end() - 2)
            if call is not None and not put_back(reader, outermost(call), field):
                yield call
    yield from _gone_on_with(reader)


def _gone_on_with(reader: GoReader) -> Iterator[Node]:
    """`orders.Where(...)` of a variable of the package, `s.orders().Where(...)` of a function.

    And the variable itself, where a local one begins with what it holds.
    """
    variables = [
        name.encode()
        for name, each in reader.variables.items()
        if HOLDING.search(reader.content[each.start_byte : each.end_byte][:MAX_HEAD])
    ]
    functions = list(islice(dict.fromkeys(m[1] for m in GIVEN.finditer(reader.content)), MAX_NAMES))
    if not variables and not functions:
        return
    begun = [rb"(?<![\w.])" + each for each in variables]
    begun += [rb"(?<!\w)" + each + rb"\([^()\n]{0,80}\)" for each in functions]
    pattern = re.compile(rb"(?:" + rb"|".join(begun) + rb")\s*\.\s*[A-Z]\w*\(")
    for match in islice(pattern.finditer(reader.content), MAX_BEGUN):
        call = call_at(reader.root, match.end() - 2)
        if call is not None:
            yield call
    alone = re.compile(rb":=\s*(" + rb"|".join(variables) + rb")\s*\n")  # `query := orders`
    for match in islice(alone.finditer(reader.content), MAX_BEGUN if variables else 0):
        node = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        if node is not None and node.type == "identifier":
            yield node


def outermost(call: Node) -> Node:
    """The whole of a chain of calls."""
    at = call
    for _ in range(MAX_LINKS):
        above = at.parent
        outer = above.parent if above is not None and above.type == "selector_expression" else None
        if outer is None or outer.type != "call_expression":
            break
        at = outer
    return at


def put_back(reader: GoReader, call: Node, field: str) -> bool:
    """`q.sql = q.sql.Where(...)`, which ends nothing."""
    left = _target(call)
    return left is not None and reader.text(left).endswith(f".{field}")


def handed_on(reader: GoReader, call: Node) -> Node | None:
    """Where the variable that a statement is put into is handed to a function, after all that adds to it."""
    left = _target(call)
    function = reader.scopes.function(call.start_byte)
    if left is None or left.type != "identifier" or function is None:
        return None
    name = reader.text(left)
    start = declared(reader, name, left if left.start_byte > function.start_byte else call)
    last: Node | None = None
    pattern = re.compile(rb"(?<![\w.])" + re.escape(name.encode()) + rb"(?=\s*[,)])")
    for match in islice(
        pattern.finditer(reader.content, call.end_byte, function.end_byte), MAX_USES
    ):
        node = reader.root.descendant_for_byte_range(match.start(), match.end())
        above = node.parent if node is not None else None
        if node is None or node.type != "identifier" or above is None:
            continue
        if above.type != "argument_list" or above.parent is None:
            continue
        target = _target(outermost(above.parent))
        again = target is not None and reader.text(target) == name
        if not again and (start is None or declared(reader, name, node) == start):
            last = node
    return last


def _target(call: Node) -> Node | None:
    """What the value of a call alone is put into."""
    values = call.parent
    statement = values.parent if values is not None else None
    if values is None or statement is None or values.named_child_count != 1:
        return None
    if statement.type not in ("short_var_declaration", "assignment_statement"):
        return None
    left = statement.child_by_field_name("left")
    if left is None or left == values or left.named_child_count != 1:
        return None
    return left.named_children[0]
