"""Chains of calls that make a query, followed through the variables that hold half of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.go.candidates import call_at
from scaleaudit.languages.go.following import (
    ALWAYS,
    branches,
    declared,
    given_once,
    later,
    mentions,
)
from scaleaudit.languages.go.mappers.given_arguments import filled
from scaleaudit.languages.go.mappers.kept_fields import beginnings
from scaleaudit.languages.go.mappers.links import Chain, Link, arguments, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.following import Choices
    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

MAX_LINKS = 40  # of one chain
MAX_DEPTH = 8  # variables followed
MAX_CHAINS = 1_000  # of one file
# Beginnings of builders whose names a file imports without their package: `Update("orders")`.
STANDING_ALONE = {"Select", "Update", "Delete", "Insert"}
OWN_FUNCTION = "?"  # one without a name


class Chains:
    """The chains of one file.

    `ends`: where a call changes its receiver, so that `s.Where(a)` on a line of its own is a part of
    the next query on `s`, the calls that end one. `lasting`: what was added stays for the query after.
    """

    def __init__(
        self, reader: GoReader, ends: frozenset[str] = frozenset(), *, lasting: bool = False
    ) -> None:
        self._reader = reader
        self._ends = ends
        self._lasting = lasting
        self._held: dict[str, Chain] = {}  # variables that are being added to

    def ending(self, pattern: re.Pattern[bytes], last: frozenset[str]) -> Iterator[Chain]:
        """The chains whose last call is one of the names in `last`."""
        for count, match in enumerate(pattern.finditer(self._reader.content)):
            if count >= MAX_CHAINS:
                return
            call = call_at(self._reader.root, match.end() - 2)
            if call is None or name_of(self._reader, call) not in last:
                continue
            above = call.parent
            if above is not None and above.type == "selector_expression":
                outer = above.parent
                goes_on = outer is not None and outer.type == "call_expression"
                if outer is not None and goes_on and name_of(self._reader, outer) in last:
                    continue
            found = self.of(call)
            if found is not None:
                yield found

    def of(self, call: Node, choices: Choices = ALWAYS, depth: int = 0) -> Chain | None:
        """The chain that ends with a call; None for a plain function's."""
        links: list[Link] = []
        at: Node | None = call
        while at is not None and at.type == "call_expression" and len(links) < MAX_LINKS:
            function = at.child_by_field_name("function")
            if function is None or function.type != "selector_expression":
                break
            name = name_of(self._reader, at)
            links.append(Link(name, arguments(self._reader, at), at, choices))
            at = function.child_by_field_name("operand")
        if at is None or not links:
            return self._begun(call, choices, depth) if at is not None else None
        if at.type == "call_expression":
            begun = self._begun(at, choices, depth)
            if begun is not None:
                handed = self._handed(at, choices, depth)
                return Chain(begun.root, [*handed, *begun.links, *reversed(links)][-MAX_LINKS:])
        links.reverse()
        begun = self._begun(links[0].call, choices, depth)
        if begun is not None:
            handed = self._handed(links[0].call, choices, depth)
            return Chain(begun.root, [*handed, *begun.links, *links[1:]][-MAX_LINKS:])
        before = self._before(at, choices, depth)
        if before is not None:
            return Chain(before.root, [*before.links, *links][-MAX_LINKS:])
        return Chain(at, links)

    def held(self, name: Node) -> Chain | None:
        """What a variable holds at a place where it is used."""
        return self._before(name, ALWAYS, 0)

    def _handed(self, call: Node, choices: Choices, depth: int) -> list[Link]:
        """`s.open(db.Where("id = ?", id)).Find(&row)`: what a function of the file goes on with."""
        first = next(iter(arguments(self._reader, call)), None)
        if first is None or first.type != "call_expression" or depth > MAX_DEPTH:
            return []
        found = self.of(first, choices, depth + 1)
        return found.links if found is not None else []

    def _begun(self, call: Node, choices: Choices, depth: int) -> Chain | None:
        """What a function of this file returns, when its last line is a chain."""
        function = call.child_by_field_name("function")
        if function is None or depth > MAX_DEPTH:
            return None
        own = self._reader.declared.get(self._reader.receivers.meaning(function).name)
        if own is None or own.start_byte <= call.start_byte < own.end_byte:
            return None
        body = own.child_by_field_name("body")
        if body is None or not body.named_children:
            return None
        statements = body.named_children[0].named_children
        last = statements[-1] if statements else None
        if last is None or last.type != "return_statement" or not last.named_children:
            return None
        returned = last.named_children[0].named_children
        if len(returned) != 1:
            return None
        if returned[0].type not in ("identifier", "call_expression"):
            return None
        follow = self._before if returned[0].type == "identifier" else self.of
        found = follow(returned[0], choices, depth + 1)
        links = found.links if found is not None else []
        return found and Chain(found.root, filled(self._reader, own, call, links))

    def _before(self, root: Node, choices: Choices, depth: int) -> Chain | None:
        """What the variable, or the field, that a chain begins with holds already."""
        if root.type == "selector_expression" and depth <= MAX_DEPTH:
            return self._kept(root, choices, depth)
        if root.type != "identifier" or depth > MAX_DEPTH:
            return None
        name = self._reader.text(root)
        if name in self._held:
            return self._held[name]
        start = declared(self._reader, name, root)
        if start is None:
            return self._of_package(name, choices, depth)
        if start.adds or start.index:
            return None
        found = self._made(start, choices, depth)
        if self._ends and depth == 0:
            found = self._lines(name, start, root, found)
        for each in later(self._reader, start, root):
            if each.value is None or each.value.type != "call_expression" or each.index:
                continue
            branch = choices | branches(self._reader, each.node, root)
            goes_on = self._begins_with(each.value, name)
            handed_on = not goes_on and mentions(self._reader, each.value, name)
            if handed_on and self._begun(each.value, branch, depth + 1) is None:
                function = each.value.child_by_field_name("function")
                called = self._reader.text(function)[-80:].rpartition(".")[2] if function else ""
                handed = Link(called or OWN_FUNCTION, [], each.value, branch)
                links = found.links if found is not None else []
                found = Chain(found.root if found is not None else root, [*links, handed])
                continue
            if goes_on:
                self._held[name] = found or Chain(root, [])
            more = self.of(each.value, branch, depth + 1)
            self._held.pop(name, None)
            if more is None:
                continue
            if not goes_on and found is not None and self._hands_on(each.value, name):
                more = Chain(found.root, [*found.links, *more.links][-MAX_LINKS:])
            if goes_on or branch == choices or found is None or not found.links:
                found = more
            elif all(link.choices - choices for link in found.links):
                found = Chain(found.root, [*found.links, *more.links])
        return found

    def _lines(self, name: str, start: Definition, root: Node, found: Chain | None) -> Chain | None:
        """With what lines of their own have added since the last query on the variable."""
        pattern = re.compile(rb"(?<![\w.])" + re.escape(name.encode()) + rb"\s*\.\s*\w+\(")
        lines: list[Link] = []
        begun = start.since
        for count, match in enumerate(
            pattern.finditer(self._reader.content, start.since, root.start_byte)
        ):
            call = call_at(self._reader.root, match.end() - 2)
            if call is None or count > MAX_CHAINS:
                break
            calls = [call]
            while (above := calls[-1].parent) is not None and above.type == "selector_expression":
                outer = above.parent
                if outer is None or outer.type != "call_expression":
                    break
                calls.append(outer)
            names = {name_of(self._reader, each) for each in calls}
            if names & self._ends:
                if not self._lasting:
                    lines, begun = [], calls[-1].end_byte
                continue
            holder = calls[-1].parent
            if holder is None or holder.type != "expression_statement":
                continue
            branch = branches(self._reader, call, root)
            lines.extend(
                Link(name_of(self._reader, each), arguments(self._reader, each), each, branch)
                for each in calls
            )
        own = found.links if found is not None and begun == start.since else []
        if not lines and begun == start.since:
            return found
        return Chain(found.root if found is not None else root, [*own, *lines][-MAX_LINKS:])

    def _of_package(self, name: str, choices: Choices, depth: int) -> Chain | None:
        """`var orders = psql.Select("id").From("orders")`, at the top of the file."""
        variable = self._reader.variables.get(name)
        value = variable.child_by_field_name("value") if variable is not None else None
        if value is not None and value.type == "expression_list":
            value = value.named_children[0] if len(value.named_children) == 1 else None
        if variable is not None and value is None:
            value = given_once(self._reader, name)
        if value is None or value.type != "call_expression":
            return None
        return self.of(value, choices, depth + 1)

    def _kept(self, field: Node, choices: Choices, depth: int) -> Chain | None:
        """What a field of a struct was made to hold, where one place of the file does that."""
        made = beginnings(self._reader, field)
        if len(made) != 1 or made[0].start_byte <= field.start_byte < made[0].end_byte:
            return None
        if made[0].type == "identifier":
            return self._before(made[0], choices, depth + 1)
        return self.of(made[0], choices, depth + 1) if made[0].type == "call_expression" else None

    def _made(self, start: Definition, choices: Choices, depth: int) -> Chain | None:
        value = start.value
        if value is None or start.parameter:
            return None
        if value.type == "call_expression":
            found = self.of(value, choices, depth + 1)
            function = value.child_by_field_name("function")
            alone = found is None and function is not None and function.type == "identifier"
            if alone and function is not None and self._reader.text(function) in STANDING_ALONE:
                return Chain(value, [])
            return found
        if value.type == "selector_expression":
            return self._kept(value, choices, depth) or Chain(value, [])
        if value.type != "identifier":
            return None
        own = declared(self._reader, self._reader.text(value), value) is not None
        return (None if own else self._before(value, choices, depth + 1)) or Chain(value, [])

    def _hands_on(self, call: Node, name: str) -> bool:
        """`q = r.paged(q, limit)`, which begins with what the variable holds."""
        return any(
            each.type == "identifier" and self._reader.text(each) == name
            for each in arguments(self._reader, call)
        )

    def _begins_with(self, call: Node, name: str) -> bool:
        at: Node | None = call
        for _ in range(MAX_LINKS):
            if at is None or at.type not in ("call_expression", "selector_expression"):
                break
            field = "function" if at.type == "call_expression" else "operand"
            at = at.child_by_field_name(field)
        return at is not None and at.type == "identifier" and self._reader.text(at) == name
