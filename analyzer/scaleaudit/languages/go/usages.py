"""Where the names of a file are used: found by bytes, confirmed by the tree."""

from __future__ import annotations

import re
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.go import strings
from scaleaudit.languages.go.candidates import call_at
from scaleaudit.languages.go.receivers import assigned_to
from scaleaudit.values import Literal, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader
    from scaleaudit.languages.go.scopes import Definition

MAX_CALLERS = 20
MAX_PLACES = 40  # in a file that one name is looked up at
MAX_SEARCHES = 400  # through the bytes of one file


class Usages:
    """Assignments, calls and pointers, looked up on demand; a search costs a pass over the bytes."""

    def __init__(self, reader: GoReader) -> None:
        self._reader = reader
        self._searches = 0
        self._callers: dict[tuple[int, str], list[tuple[Node, Node]]] = {}
        self._viper: dict[str, Value] | None = None

    def places(
        self,
        word: str,
        after: bytes = rb"(?!\w)",
        before: bytes = rb"[^\w.]",
        most: int = MAX_PLACES,
    ) -> list[int]:
        """Bytes where a word stands alone; the first ones, and none once a file asked too often.

        `after` must match behind it, `before` the byte in front of it.
        """
        self._searches += 1
        wanted = word.encode()
        if self._searches > MAX_SEARCHES or not wanted:
            return []
        content, at = self._reader.content, 0
        found: list[int] = []
        front, behind = re.compile(before), re.compile(after)
        while len(found) < most and (at := content.find(wanted, at)) >= 0:
            end = at + len(wanted)
            if behind.match(content, end) and (at == 0 or front.match(content, at - 1)):
                found.append(at)
            at = end
        return found

    def call_at(self, offset: int) -> Node | None:
        """The call whose function name stands at a byte."""
        return call_at(self._reader.root, offset)

    def assignments(self, name: str) -> list[Node]:
        """What functions of this file assign to a variable of the package."""
        values: list[Node] = []
        for offset in self.places(name, rb"\b[\s,\w]{0,80}=(?!=)"):
            node = self._reader.root.descendant_for_byte_range(offset, offset + 1)
            if (
                node is None
                or node.type != "identifier"
                or self._reader.scopes.reaching(name, node)
            ):
                continue
            values.extend(assigned_to(node))
        return values

    def given_to(self, parameter: Definition) -> list[Node]:
        """What calls in this file hand to a parameter of a private function."""
        return [given for _, given in self.callers(parameter)]

    def filled_by_pointer(self, name: str, variable: Definition) -> Value | None:
        """`var addr string`, filled by `mustMapEnv(&addr, "ADDR")` or `flag.StringVar(&addr, ...)`."""
        for offset in self.places(name, rb"\b", rb"&"):
            node = self._reader.root.descendant_for_byte_range(offset, offset + 1)
            if node is None or not variable.reaches(offset):
                continue
            for above in islice(self._reader.ancestors(node), 3):
                if above.type == "call_expression":
                    return strings.given_by_pointer(self._reader, above)
        return None

    def in_loose_function(self, node: Node) -> bool:
        """Inside a function that a variable of the package holds: its locals are not followed."""
        if self._reader.scopes.function(node.start_byte) is not None:
            return False
        return any(above.type == "func_literal" for above in self._reader.ancestors(node))

    @contextmanager
    def seen_by(self, parameter: Definition, call: Node) -> Iterator[None]:
        """Values are read as one caller of a parameter's function sees them."""
        function = self._reader.scopes.function(parameter.node.start_byte)
        definitions = self._reader.scopes.definitions(function) if function is not None else {}
        before = dict(self._callers)
        for each in [one for found in definitions.values() for one in found]:
            if each.parameter and each.start == parameter.start:
                given = [pair for pair in self.callers(each) if pair[0] == call]
                before.setdefault((each.start, each.name), self.callers(each))
                if given:
                    self._callers[each.start, each.name] = given[:1]
        try:
            yield
        finally:
            self._callers = before

    def parameter_in(self, node: Node) -> Definition | None:
        """The parameter, given by several callers of this file, that an expression is made of."""
        if node.end_byte - node.start_byte > 300:
            return None
        left = [node]
        for _ in range(40):
            if not left:
                return None
            at = left.pop()
            if at.type == "identifier":
                reaching = self._reader.scopes.reaching(self._reader.text(at), at)
                sure = reaching[0] if len(reaching) == 1 else None
                if sure is None:
                    continue
                if sure.parameter and len(self.callers(sure)) > 1:
                    return sure
                if not sure.parameter and sure.value is not None and not sure.adds:
                    left.append(sure.value)
            else:
                left.extend(at.named_children)
        return None

    def callers(self, parameter: Definition) -> list[tuple[Node, Node]]:
        """(call, argument) of each call in this file to the private function of a parameter."""
        key = (parameter.start, parameter.name)
        if key not in self._callers:
            self._callers[key] = []  # a function that calls itself ends here
            self._callers[key] = list(islice(self._find_callers(parameter), MAX_CALLERS))
        return self._callers[key]

    def _find_callers(self, parameter: Definition) -> Iterator[tuple[Node, Node]]:
        holder = parameter.node.parent
        function = holder.parent if holder is not None else None
        if holder is None or function is None or holder.type != "parameter_list":
            return
        local = function.type == "func_literal"
        name = self._variable_of(function) if local else self._reader.definition_name(function)
        own = name.rpartition(".")[2]
        if not own or (own[:1].isupper() and self._reader.namespace != "main"):
            return
        names = [
            self._reader.text(each)
            for declared in holder.named_children
            for each in declared.children_by_field_name("name")
        ]
        if function.child_by_field_name("parameters") != holder or parameter.name not in names:
            return
        position = names.index(parameter.name)
        for offset in self.places(own, rb"\(", rb"[^\w]"):
            call = self.call_at(offset)
            arguments = call.child_by_field_name("arguments") if call is not None else None
            called = call.child_by_field_name("function") if call is not None else None
            if call is None or called is None or arguments is None:
                continue
            given = [each for each in arguments.named_children if each.type != "comment"]
            if local:
                reaching = self._reader.scopes.reaching(own, called)
                meant = bool(reaching) and reaching[0].value == function
            else:
                meant = self._reader.receivers.meaning(called).name == name
            if meant and position < len(given) and len(given) == len(names):
                yield call, given[position]

    def _variable_of(self, literal: Node) -> str:
        """`handle` of `handle := func(path string) { ... }`."""
        holder = literal.parent
        statement = holder.parent if holder is not None else None
        left = statement.child_by_field_name("left") if statement is not None else None
        if left is None or left.named_child_count != 1:
            return ""
        return self._reader.text(left.named_children[0])

    def viper_defaults(self) -> dict[str, Value]:
        """`viper.SetDefault("key", "value")` of this file."""
        if self._viper is None:
            self._viper = {}
            for offset in self.places("SetDefault", rb"\(", rb"\."):
                call = self.call_at(offset)
                given = call.child_by_field_name("arguments") if call is not None else None
                args = given.named_children if given is not None else []
                if len(args) == 2:
                    key, value = self._reader.value(args[0], 1), self._reader.value(args[1], 1)
                    if isinstance(key, Literal) and not isinstance(value, Unknown):
                        self._viper[key.text] = value
        return self._viper
