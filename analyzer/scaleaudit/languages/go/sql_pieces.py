"""What a string expression is put together from: text that is always there, and text by choice.

`query += " AND a = ?"` in an `if`, `append(where, "a = ?")`, a fragment that one of several
callers hands over: each is a choice, named by the places that lead to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.go import strings
from scaleaudit.languages.go.following import ALWAYS, branches, declared, later, mentions
from scaleaudit.languages.go.own_texts import given_back, own_function
from scaleaudit.languages.go.sums import addends, appended
from scaleaudit.record import Record
from scaleaudit.values import Literal, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.following import Choices
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

HOLE = "{}"
MAX_DEPTH = 12
MAX_PIECES = 300
MAX_FOLLOWED = 1_000  # calls of own functions
LITERALS = {"interpreted_string_literal", "raw_string_literal"}
INDEXED = re.compile(r"%\[(\d+)\]")
CONJUNCTION = "AND"
NUMBERS = {"strconv.Itoa", "strconv.FormatInt", "strconv.FormatUint"}
NUMBER = "1"  # stands for any, as in `$` + strconv.Itoa(n)
GIVEN = "?"  # a number that is no part of a placeholder: `LIMIT %d`


class Piece(Record, frozen=True):
    """Text that stands in the whole when all of `choices` are made.

    Pieces of one `group` are conditions in a list, joined by AND.
    """

    text: str
    choices: Choices
    at: Node
    group: int = 0


class Pieces:
    """Takes expressions of one file apart."""

    def __init__(self, reader: GoReader) -> None:
        self._reader = reader
        self._held: dict[str, list[Piece]] = {}  # variables that are being added to
        self._inside: set[int] = set()  # functions whose results are being read
        self._followed = 0
        self.used: set[int] = set()  # first bytes of the literals that were read

    def of(self, node: Node, choices: Choices = ALWAYS, depth: int = 0) -> list[Piece]:
        if depth > MAX_DEPTH:
            return [Piece(HOLE, choices, node)]
        kind = node.type
        if kind in LITERALS:
            self.used.add(node.start_byte)
            text = text_with_holes(strings.literal_value(self._reader, node))
            return [Piece(text, choices, node)]
        if kind == "binary_expression":
            found = [p for part in addends(node) for p in self.of(part, choices, depth + 1)]
            return found[:MAX_PIECES]
        if kind == "parenthesized_expression" and node.named_children:
            return self.of(node.named_children[0], choices, depth + 1)
        if kind in ("identifier", "selector_expression") and strings.is_table_prefix(
            self._reader, node
        ):
            return [Piece("", choices, node)]
        if kind == "identifier":
            known = self._named(node, choices, depth)
            if known is not None:
                return known
        if kind == "call_expression":
            known = self._called(node, choices, depth)
            if known is not None:
                return known
        return [Piece(text_with_holes(self._reader.value(node)), choices, node)]

    def _named(self, node: Node, choices: Choices, depth: int) -> list[Piece] | None:
        name = self._reader.text(node)
        if name in self._held:
            return self._held[name]
        definition = declared(self._reader, name, node)
        if definition is not None:
            if definition.parameter:
                return self._given(definition, node, choices, depth)
            if definition.index or (definition.adds and definition.declares):
                return [Piece(HOLE, choices, node)]
            return self.followed(definition, node, choices, depth)
        value = self._reader.constants.get(name)
        variable = self._reader.variables.get(name)
        if value is None and variable is not None:
            listed = variable.child_by_field_name("value")
            value = listed.named_children[0] if listed and listed.named_child_count == 1 else None
        return self.of(value, choices, depth + 1) if value is not None else None

    def _given(
        self, parameter: Definition, node: Node, choices: Choices, depth: int
    ) -> list[Piece] | None:
        """What callers of this file hand over: one of them at a time."""
        given = self._reader.usages.given_to(parameter)
        if len(given) == 1:
            return self.of(given[0], choices, depth + 1)
        found: list[Piece] = []
        for each in given:
            found.extend(self.of(each, choices | {each.start_byte}, depth + 1))
        return found[:MAX_PIECES] or [Piece(HOLE, choices, node)]

    def followed(
        self, start: Definition, until: Node | None, choices: Choices, depth: int
    ) -> list[Piece]:
        """A variable from its first value on, up to a use, or to the end of its block."""
        name = start.name
        sure = until if until is not None else start.node
        found = self.of(start.value, choices, depth + 1) if start.value is not None else []
        for each in later(self._reader, start, until):
            branch = choices | branches(self._reader, each.node, sure)
            if each.value is None:
                continue
            if each.adds:
                found.extend(self.of(each.value, branch, depth + 1))
            elif mentions(self._reader, each.value, name):
                before = self._held.get(name)
                self._held[name] = found
                found = self.of(each.value, branch, depth + 1)
                if before is None:
                    del self._held[name]
                else:
                    self._held[name] = before
            elif branch == choices:
                if until is None:
                    break  # from here on it is another statement
                found = self.of(each.value, branch, depth + 1)
            elif not any(piece.text for piece in found):
                found.extend(self.of(each.value, branch, depth + 1))
            if len(found) > MAX_PIECES:
                return found[:MAX_PIECES]
        return found

    def _called(self, node: Node, choices: Choices, depth: int) -> list[Piece] | None:
        function = node.child_by_field_name("function")
        holder = node.child_by_field_name("arguments")
        if function is None or holder is None or node.end_byte - function.end_byte < 3:
            return None
        arguments = [each for each in holder.named_children if each.type != "comment"]
        if not arguments:
            return None
        name = self._reader.text(function) if function.end_byte - function.start_byte < 60 else ""
        if name == "fmt.Sprintf":
            return self._formatted(arguments, choices, depth)
        if name == "strings.Join" and len(arguments) == 2:
            return self._joined(node, arguments, choices, depth)
        if name in NUMBERS:
            return [Piece(NUMBER, choices, node)]
        if name.startswith("strings.Trim"):
            return self.of(arguments[0], choices, depth + 1)
        return self._given_back(node, choices, depth)

    def _given_back(self, call: Node, choices: Choices, depth: int) -> list[Piece] | None:
        """What a function of this file may give back: one result at a time."""
        function = own_function(self._reader, call)
        if function is None or function.id in self._inside or self._followed >= MAX_FOLLOWED:
            return None
        self._followed += 1
        self._inside.add(function.id)
        held, self._held = self._held, {}
        found: list[Piece] = []
        for each, way in given_back(self._reader, function):
            found.extend(self.of(each, choices | way, depth + 1))
        self._held = held
        self._inside.discard(function.id)
        return found[:MAX_PIECES] or None

    def _formatted(self, arguments: list[Node], choices: Choices, depth: int) -> list[Piece] | None:
        template = self._reader.value(arguments[0], formatting=True)
        if arguments[0].type in LITERALS:
            self.used.add(arguments[0].start_byte)
        if not isinstance(template, Literal):
            return None
        found: list[Piece] = []
        end, used = 0, 1
        for verb in strings.VERB.finditer(template.text):
            found.append(Piece(template.text[end : verb.start()], choices, arguments[0]))
            end = verb.end()
            if verb[0] == "%%":
                found.append(Piece("%", choices, arguments[0]))
                continue
            numbered = INDEXED.match(verb[0])
            used = int(numbered[1][:3]) if numbered else used
            operand = arguments[used] if used < len(arguments) else None
            used += 1
            if operand is None or verb[0][-1] not in "svdq":
                found.append(Piece(HOLE, choices, arguments[0]))
            elif verb[0][-1] == "d" and not template.text[: verb.start()][-1:].isalnum():
                counted = self._reader.value(operand)
                of_driver = template.text[: verb.start()].endswith("$")
                unknown = NUMBER if of_driver else GIVEN
                known = counted.text if isinstance(counted, Literal) else unknown
                found.append(Piece(known, choices, arguments[0]))
            else:
                found.extend(self.of(operand, choices, depth + 1))
        found.append(Piece(template.text[end:], choices, arguments[0]))
        return found[:MAX_PIECES]

    def _joined(
        self, call: Node, arguments: list[Node], choices: Choices, depth: int
    ) -> list[Piece]:
        separator = self._reader.value(arguments[1])
        between = separator.text if isinstance(separator, Literal) else ""
        items = list(self.items(arguments[0], choices, depth))[:MAX_PIECES]
        if between.strip().upper() == CONJUNCTION:
            group = call.start_byte + 1
            return [Piece(p.text, p.choices, p.at, group) for p in items] or [
                Piece("TRUE", choices, call)
            ]
        if items and all(p.choices == choices and HOLE not in p.text for p in items):
            return [Piece(between.join(p.text for p in items), choices, call)]
        return [Piece(HOLE, choices, call)]

    def items(self, node: Node, choices: Choices, depth: int) -> Iterator[Piece]:
        """The elements of a list of strings, as far as the file shows how it is filled."""
        if depth > MAX_DEPTH:
            yield Piece(HOLE, choices, node)
        elif node.type == "composite_literal":
            for each in self._reader.each(node):
                if each != node:
                    yield self._item(each, choices, depth)
        elif node.type == "identifier":
            yield from self._listed(node, choices, depth)
        elif node.type == "selector_expression":
            yield from self._field(node, choices, depth)
        elif node.type == "call_expression":
            added = appended(self._reader, node)
            if added is None:
                if not self._reader.text(node).startswith("make("):
                    yield Piece(HOLE, choices, node)
                return
            yield from self.items(added[0], choices, depth + 1)
            for each in added[1:]:
                yield self._item(each, choices, depth)
        elif node.type != "nil":
            yield Piece(HOLE, choices, node)

    def _item(self, node: Node, choices: Choices, depth: int) -> Piece:
        pieces = self.of(node, choices, depth + 1)
        known = all(piece.choices == choices and not piece.group for piece in pieces)
        return Piece("".join(p.text for p in pieces) if known else HOLE, choices, node)

    def _listed(self, node: Node, choices: Choices, depth: int) -> Iterator[Piece]:
        name = self._reader.text(node)
        start = declared(self._reader, name, node)
        if start is None or start.parameter or start.index:
            yield Piece(HOLE, choices, node)
            return
        found: list[Piece] = []
        if start.value is not None:
            found.extend(self.items(start.value, choices, depth + 1))
        for each in later(self._reader, start, node):
            branch = choices | branches(self._reader, each.node, node)
            added = appended(self._reader, each.value) if each.value is not None else None
            if added is not None and self._reader.text(added[0]) == name:
                found.extend(self._item(item, branch, depth) for item in added[1:])
            elif each.value is not None and branch == choices and not each.index:
                found = list(self.items(each.value, branch, depth + 1))
            else:
                found.append(Piece(HOLE, branch, each.node))
        yield from found

    def _field(self, node: Node, choices: Choices, depth: int) -> Iterator[Piece]:
        """A field that methods of this file append to: any of them may have been called."""
        operand, field = node.child_by_field_name("operand"), node.child_by_field_name("field")
        if operand is None or field is None:
            yield Piece(HOLE, choices, node)
            return
        owner = self._reader.receivers.meaning(operand).name
        values = self._reader.receivers.field_values(owner, self._reader.text(field))
        literals = [each for each in values if each.type == "composite_literal"]
        if not values:
            yield Piece(HOLE, choices, node)
        for value in values:
            if value in literals and len(literals) == 1:
                yield from self.items(value, choices, depth + 1)
                continue
            added = appended(self._reader, value)
            here = choices | {value.start_byte}
            for each in added[1:] if added is not None else ():
                yield self._item(each, here, depth)
            if added is None:
                yield from self.items(value, here, depth + 1)
