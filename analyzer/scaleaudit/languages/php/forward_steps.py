"""The statements that a migration's way forward runs, in order, as far as they stand in its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.class_names import CALLS, MEMBER_CALLS
from scaleaudit.languages.php.names import chain
from scaleaudit.languages.php.table_names import completed
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import TableChanged, TableDefined
    from scaleaudit.languages.php.reader import PhpReader

    Steps = Iterator[TableDefined | TableChanged]

MAX_STATEMENTS = 5_000  # of one file
MAX_DEPTH = 14  # of blocks in blocks
MAX_ROUNDS = 60  # of one loop over a list
INSIDE = frozenset(
    [
        "compound_statement",
        "if_statement",
        "else_clause",
        "else_if_clause",
        "colon_block",
        "try_statement",
        "catch_clause",
        "finally_clause",
        "switch_statement",
        "switch_block",
        "case_statement",
        "default_statement",
        "while_statement",
        "return_statement",
        "expression_statement",
    ]
)
CLOSURES = frozenset({"anonymous_function", "arrow_function"})
DECLARING = frozenset({"property_declaration", "const_declaration"})
MAX_NAME = 100
SERVERS = regex(r"(?i)mysql|mariadb|pgsql|postgres|sqlsrv|oracle")
# What the name of every table starts with; empty unless an installation says otherwise.
PREFIXES = ("getTablePrefix", "tablePrefix")


class Walk(Gathering):
    """The way through the methods of one class."""

    reader: PhpReader
    methods: dict[str, Node]
    # What one call does; None says that it means nothing, and its closures are gone into.
    step: Callable[[Walk, Node], Steps | None]
    names: dict[str, str]  # of loops and arguments, to their text now
    left: int = MAX_STATEMENTS

    def through(self, node: Node | None, depth: int = 0) -> Steps:
        """A body, through conditions, loops over lists, and methods of the class."""
        if node is None or depth > MAX_DEPTH:
            return
        for child in node.named_children:
            self.left -= 1
            if self.left < 0:
                return
            yield from self.one(child, depth)

    def one(self, child: Node, depth: int) -> Steps:
        if child.type == "foreach_statement":
            yield from self.loop(child, depth)
        elif child.type == "if_statement":
            yield from self.choice(child, depth)
        elif child.type in CALLS:
            yield from self.call(child, depth)
        elif child.type == "assignment_expression":
            right = child.child_by_field_name("right")
            if right is not None and right.type in CALLS:
                yield from self.call(right, depth)
        elif child.type in INSIDE:
            yield from self.through(child, depth + 1)

    def choice(self, node: Node, depth: int) -> Steps:
        """Both ways, but for what only an embedded engine is asked to do."""
        condition = node.child_by_field_name("condition")
        skipped = _embedded(self.reader.text(condition)) if condition is not None else ""
        for child in node.named_children:
            part = "body" if child == node.child_by_field_name("body") else "else"
            if child != condition and part != skipped:
                yield from self.one(child, depth)

    def call(self, node: Node, depth: int) -> Steps:
        found = self.step(self, node)
        if found is not None:
            yield from found
            return
        if node.type in MEMBER_CALLS:
            start, links = chain(self.reader, node)
            if self.reader.text(start) == "$this" and len(links) == 1:
                yield from self.own_method(links[0].name, node, depth)
                return
        for closure in closures_of(node):
            yield from self.body(closure, depth + 1)

    def body(self, closure: Node, depth: int) -> Steps:
        inner = closure.child_by_field_name("body")
        if inner is not None and closure.type == "arrow_function":
            yield from self.one(inner, depth)
        else:
            yield from self.through(inner, depth)

    def own_method(self, name: str, call: Node, depth: int) -> Steps:
        method = self.methods.get(name) if name not in ("down", "up") else None
        if method is None or depth > MAX_DEPTH // 2:
            return
        holder = method.child_by_field_name("parameters")
        parameters = holder.named_children if holder is not None else []
        given = self.reader.arguments(call)[0]
        before = dict(self.names)
        for parameter, value in zip(parameters, given, strict=False):
            named, text = parameter.child_by_field_name("name"), self.text(value)
            if named is not None and text:
                self.names[self.reader.text(named)] = text
        yield from self.through(method.child_by_field_name("body"), depth + 2)
        self.names = before

    def loop(self, node: Node, depth: int) -> Steps:
        """`foreach (["a", "b"] as $name) { ... }`; over anything else, nothing."""
        body = node.child_by_field_name("body")
        parts = [c for c in node.named_children if c != body and c.type != "comment"]
        if len(parts) != 2 or body is None:
            return
        target = parts[1].named_children[-1] if parts[1].type == "pair" else parts[1]
        keyed = parts[1].named_children[0] if parts[1].type == "pair" else None
        key = self.reader.text(keyed) if keyed is not None else ""
        before = dict(self.names)
        for own, value in self.elements(parts[0])[:MAX_ROUNDS]:
            self.names = {**before, **self.given(target, value)}
            if key:
                self.names[key] = own
            yield from self.through(body, depth + 1)
        self.names = before

    def given(self, target: Node, value: Node) -> dict[str, str]:
        """What one round gives its variable, the entries in it, or several variables."""
        name = self.reader.text(target)
        if value.type != "array_creation_expression":
            return {name: self.text(value)}
        entries = self.entries(value)
        if target.type != "variable_name":
            return self.taken_apart(target, dict(entries))
        return {f"{name}[{key}]": text for own, text in entries for key in (f"'{own}'", own)}

    def taken_apart(self, target: Node, entries: dict[str, str]) -> dict[str, str]:
        """`[$table, $column]`, `list($table, $column)`, `["of" => $table]`."""
        found: dict[str, str] = {}
        key = ""
        for each in target.named_children:
            if each.type == "variable_name":
                found[self.reader.text(each)] = entries.get(key or str(len(found)), "")
                key = ""
            else:
                key = self.text(each)
        return found

    def elements(self, node: Node) -> list[tuple[str, Node]]:
        """Keys and values of a list that stands in the file."""
        array = standing(self.reader, node)
        if array is None or array.type != "array_creation_expression":
            return []
        found = []
        for number, element in enumerate(array.named_children):
            if element.type == "array_element_initializer" and element.named_children:
                inner = element.named_children
                key = self.text(inner[0]) if len(inner) > 1 else str(number)
                found.append((key, inner[-1]))
        return found

    def entries(self, node: Node) -> list[tuple[str, str]]:
        """Keys and texts of a list; a text is empty where it is none."""
        return [(key, self.text(value)) for key, value in self.elements(node)]

    def text(self, node: Node | None) -> str:
        """A text that stands there; empty where a part of it is not known."""
        if node is None:
            return ""
        value = self.reader.value(node)
        parts = value.parts if isinstance(value, Join) else (value,)
        known = [self._part(part) for part in parts]
        return "" if None in known else "".join(part or "" for part in known)

    def _part(self, part: object) -> str | None:
        if isinstance(part, Literal):
            return part.text
        if isinstance(part, Unknown):
            if part.hint in self.names:
                return self.names[part.hint]
            bare = completed(part.hint)
            if bare:
                return bare
            return "" if any(word in part.hint for word in PREFIXES) else None
        return None

    def texts(self, node: Node | None) -> list[str]:
        """One text, or those of a list; nothing where one of them is not known."""
        if node is None:
            return []
        array = standing(self.reader, node)
        if array is not None and array.type == "array_creation_expression":
            found = [value for _, value in self.entries(array)]
        else:
            found = [self.text(node)]
        return found if all(found) else []


def standing(reader: PhpReader, node: Node) -> Node | None:
    """What an expression stands for: itself, or the one value of its variable, field or constant."""
    if node.type == "variable_name":
        return scopes.assigned(reader, reader.text(node), node) or node
    classes = {*reader.CLASSES, "anonymous_class"}
    own = next((above for above in reader.ancestors(node) if above.type in classes), None)
    text = reader.text(node) if node.end_byte - node.start_byte < MAX_NAME else ""
    field = text.removeprefix("$this->").removeprefix("self::").removeprefix("static::")
    if own is None or field == text or not field.lstrip("$").isidentifier():
        return node
    body = own.child_by_field_name("body")
    for member in body.named_children if body is not None else ():
        for element in member.named_children if member.type in DECLARING else ():
            inner = element.named_children
            named = reader.text(inner[0]).lstrip("$") if len(inner) > 1 else ""
            if element.type in ("property_element", "const_element") and (
                named == field.lstrip("$")
            ):
                return inner[-1]
    return node


def _embedded(condition: str) -> str:
    """Which way of a condition runs on SQLite alone, where servers take the other."""
    if "sqlite" not in condition.lower() or SERVERS.search(condition):
        return ""
    return "else" if re.search(r"!==?|!\s*in_array|!\s*\$|\bnot\b", condition) else "body"


def closures_of(call: Node) -> list[Node]:
    """The functions that a call is given."""
    holder = call.child_by_field_name("arguments")
    found = []
    for argument in holder.named_children if holder is not None else ():
        inner = argument.named_children[-1] if argument.named_children else argument
        if inner.type in CLOSURES:
            found.append(inner)
    return found


def class_at(reader: PhpReader, byte: int) -> Node | None:
    """The class whose head stands there; None where it has no body."""
    holder = reader.root.descendant_for_byte_range(byte, byte + 1)
    for _ in range(4):
        if holder is None or holder.type in ("class_declaration", "anonymous_class"):
            break
        holder = holder.parent
    has_body = holder is not None and holder.child_by_field_name("body") is not None
    return holder if has_body else None


def methods_of(reader: PhpReader, holder: Node) -> dict[str, Node]:
    """The methods of a class, by name."""
    body = holder.child_by_field_name("body")
    return {
        reader.definition_name(member): member
        for member in (body.named_children if body is not None else ())
        if member.type == "method_declaration"
    }


def only_return(method: Node) -> Node | None:
    """The value of a method whose last statement is its one `return`."""
    body = method.child_by_field_name("body")
    last = body.named_children[-1] if body is not None and body.named_children else None
    if last is None or last.type != "return_statement" or not last.named_children:
        return None
    return last.named_children[0]
