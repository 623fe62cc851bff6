"""The statements of a migration, in the order in which they run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import TableChanged
from scaleaudit.languages.javascript import options, scopes
from scaleaudit.languages.javascript.builders.named import text_with_names
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.migrations import node_pg
from scaleaudit.languages.javascript.migrations.names import sql_with_names
from scaleaudit.languages.javascript.migrations.safety import online, whole_table
from scaleaudit.languages.javascript.migrations.steps import STEPS
from scaleaudit.regex import regex
from scaleaudit.sql import guess_dialect, read_schema, without_existence
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import TableDefined
    from scaleaudit.languages.javascript.reader import JavaScriptReader

    Steps = Iterator[TableDefined | TableChanged]

DEFINES = regex(
    r"\s*(?:--[^\n]*\n\s*|/\*.{0,2000}?\*/\s*)*(?:CREATE|ALTER|DROP|RENAME|INSERT|UPDATE|DO|BEGIN|SET)\b"
    r"|.{0,20000}?;\s*(?:CREATE|ALTER|DROP)\s",
    re.IGNORECASE | re.DOTALL,
)
TEXTS = frozenset({"string", "template_string", "binary_expression"})
EACH = frozenset({"forEach", "map", "each", "mapSeries", "eachSeries", "forEachSeries"})
CALLABLE = frozenset({"arrow_function", "function_expression", "function_declaration"})
NAMED = frozenset({"identifier", "member_expression"})
# A function of the project's own is handed what migrations run on: `createTable(knex, "t", ...)`.
HANDLE = regex(r"(?:this\.)?(?:query)?(?:[iI]nterface|[rR]unner)|qi|knex|db|trx|sequelize|schema")
OTHER_ENGINE = regex(r"(?i)sqlite|mysql|maria|mssql|sql_?server|oracle|cockroach")
BACK = regex(r"^down(?![a-z])|[a-z_]Down(?![a-z])")
HOLE = "\0"
MAX_NODES = 50_000  # of one file
MAX_DEPTH = 120
MAX_ROUNDS = 60  # of one loop over a list
MAX_SPREAD = 4  # objects in objects


class Migration:
    """The walk through `up`, and what names stand for while it goes on."""

    def __init__(self, reader: JavaScriptReader) -> None:
        self.reader = reader
        self._left = MAX_NODES
        self._names: dict[str, str] = {}  # of loops, to their value now
        self._lists: dict[str, list[str]] = {}
        self._open: set[int] = set()  # functions of the file that are being walked

    def run(self, function: Node) -> Steps:
        body = function.child_by_field_name("body")
        if body is not None:
            self._open = {function.id}
            yield from self.walk(body)

    def walk(self, node: Node, depth: int = 0) -> Steps:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            return
        if node.type in TEXTS:
            yield from self.statements(node)
        elif node.type == "call_expression":
            yield from self._call(node, depth)
        elif node.type == "for_in_statement":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            body = node.child_by_field_name("body")
            if left is not None and right is not None and body is not None:
                yield from self._loop(self.reader.text(left), right, body, depth)
        else:
            for child in node.named_children:
                if child.type != "comment":
                    yield from self.walk(child, depth + 1)

    def _call(self, call: Node, depth: int) -> Steps:
        function = call.child_by_field_name("function")
        holder = call.child_by_field_name("arguments")
        if function is None or holder is None:
            return
        if holder.type == "template_string":
            yield from self.statements(holder)
            return
        args = [each for each in holder.named_children if each.type != "comment"]
        if function.type == "identifier":
            yield from self._own(function, args, depth)
        receiver = function.child_by_field_name("object")
        name = self._property(function)
        if receiver is not None and receiver.type == "this":
            yield from self._method(call, name, depth)
        if name == "bind" and receiver is not None and receiver.type == "member_expression":
            name, args = self._property(receiver), args[1:]  # db.addColumn.bind(db, "t", ...)
        elif receiver is not None:
            yield from self.walk(receiver, depth + 1)  # what the chain did before
        if len(args) > 1 and args[0].type in NAMED and HANDLE.fullmatch(self.reader.text(args[0])):
            args = args[1:]
        step = STEPS.get(name) or STEPS.get(self.reader.text(function))
        if receiver is not None and self.reader.text(receiver) == "pgm":
            step = node_pg.STEPS.get(name) or step
        if step is not None:
            found = list(step(self, call, args))
            if found:
                yield from online(self, call, found)
                return
        filled = whole_table(self, name, receiver)
        if filled:
            yield TableChanged(self.reader.span(call), filled, "backfill")
        if name in EACH and args:
            listed = receiver if args[0].type in CALLABLE else args[0]
            done = next((each for each in args if each.type in CALLABLE), None)
            body = done.child_by_field_name("body") if done is not None else None
            if done is not None and body is not None and listed is not None:
                given = done.child_by_field_name("parameters")
                given = given or done.child_by_field_name("parameter")
                named = self.reader.text(given).strip("()") if given is not None else ""
                yield from self._loop(named, listed, body, depth)
                return
        for each in args:
            yield from self.walk(each, depth + 1)

    def _own(self, called: Node, args: list[Node], depth: int) -> Steps:
        """A function of the same file or of the one around, with what it is given."""
        name = self.reader.text(called)
        found = scopes.local(self.reader, name, called) or self.reader.declared.get(name)
        for child in self.reader.root.named_children[:500] if found is None else ():
            named = child.child_by_field_name("name")
            if child.type in CALLABLE and named is not None and self.reader.text(named) == name:
                found = child
        if found is None or found.type not in CALLABLE or name == "down" or found.id in self._open:
            return
        body, given = found.child_by_field_name("body"), found.child_by_field_name("parameters")
        if body is None:
            return
        names, lists = dict(self._names), dict(self._lists)
        for parameter, argument in zip(given.named_children if given else (), args, strict=False):
            texts = self.texts(argument)
            known = self.reader.text(parameter.child_by_field_name("pattern") or parameter)
            if argument.type == "array" and texts:
                self._lists[known] = texts
            elif texts:
                self._names[known] = texts[0]
        self._open.add(found.id)
        yield from self.walk(body, depth + 1)
        self._open.discard(found.id)
        self._names, self._lists = names, lists

    def _method(self, call: Node, name: str, depth: int) -> Steps:
        """A method of the same class; where each engine has one of its own, PostgreSQL's."""
        around = self.reader.class_around(call)
        inside = around.child_by_field_name("body") if around is not None else None
        methods = {
            self.reader.definition_name(each): each
            for each in (inside.named_children if inside is not None else ())
            if each.type == "method_definition"
        }
        found = methods.get(name)
        body = found.child_by_field_name("body") if found is not None else None
        others = OTHER_ENGINE.search(name) and any("postgres" in each.lower() for each in methods)
        if found is None or body is None or found.id in self._open or others or BACK.search(name):
            return
        self._open.add(found.id)
        yield from self.walk(body, depth + 1)
        self._open.discard(found.id)

    def _loop(self, variable: str, listed: Node, body: Node, depth: int) -> Steps:
        name = variable.split()[-1].partition(":")[0].strip() if variable.strip() else ""
        values = self.texts(listed) if listed.type != "object" else []
        if not name.isidentifier() or not values:
            yield from self.walk(body, depth + 1)
            return
        before = self._names.get(name)
        for value in values[:MAX_ROUNDS]:
            self._names[name] = value
            yield from self.walk(body, depth + 1)
        if before is None:
            self._names.pop(name, None)
        else:
            self._names[name] = before

    def _property(self, function: Node) -> str:
        named = function.child_by_field_name("property")
        return self.reader.text(named) if named is not None else ""

    def statements(self, node: Node) -> Steps:
        """SQL that stands there as text; a statement with a hole is left out."""
        if node.end_byte - node.start_byte < 12:
            return
        text = sql_with_names(self.reader.value(node), HOLE)
        if self._names and HOLE in text:
            text = self._filled(node)
        text = without_existence(text)
        if DEFINES.match(text) is None:
            return
        line = self.reader.span(node).line
        if HOLE not in text:
            yield from read_schema(text, guess_dialect(text), first_line=line)
            return
        for part in text.split(";"):
            if HOLE not in part:
                yield from read_schema(part, guess_dialect(part), first_line=line)
            line += part.count("\n")

    def _filled(self, node: Node) -> str:
        """A template with the loop's own name put in."""
        parts: list[str] = []
        for child in node.named_children:
            inside = child.named_children[0] if child.named_children else None
            if child.type == "template_substitution" and inside is not None:
                parts.append(self.text(inside) or HOLE)
            else:
                parts.append(self.reader.text(child))
        return "".join(parts)

    # -- what the steps ask for

    def text(self, node: Node | None) -> str:
        """The text that an expression is; empty where it is not known."""
        node = bare(node)
        if node is None:
            return ""
        if node.type == "identifier" and self.reader.text(node) in self._names:
            return self._names[self.reader.text(node)]
        if node.type == "template_string" and self._names:
            found = self._filled(node).strip("`")
            return "" if HOLE in found else found
        value = self.reader.value(node)
        return value.text if isinstance(value, Literal) else ""

    def texts(self, node: Node | None) -> list[str]:
        """The texts of a list, or the one that stands there; none where one is not known."""
        if node is None:
            return []
        if node.type == "identifier" and self.reader.text(node) in self._lists:
            return self._lists[self.reader.text(node)]
        listed = options.literal_of(self.reader, node, "array")
        if listed is None:
            one = self.text(node)
            return [one] if one else []
        found = [self.text(each) for each in listed.named_children if each.type != "comment"]
        return found if all(found) else []

    def table(self, node: Node | None) -> str:
        if node is not None and node.type in ("object", "new_expression"):
            members = self.members(node)
            node = members.get("tableName") or members.get("name")
        text = self.text(node)
        if not text and node is not None and node.type in NAMED:
            text = text_with_names(self.reader.value(node))
        return text.rpartition(".")[2].strip('"`[]').lower()

    def members(self, node: Node | None, depth: int = 0) -> dict[str, Node]:
        """The direct members of a literal object, also of `new Table({...})`.

        Those of an object of this file that is spread into it are its own.
        """
        node = bare(node)
        if node is not None and node.type == "new_expression":
            holder = node.child_by_field_name("arguments")
            node = (
                holder.named_children[0] if holder is not None and holder.named_children else None
            )
        literal = options.literal_of(self.reader, node, "object") if node is not None else None
        found: dict[str, Node] = {}
        for child in literal.named_children[: options.MAX_MEMBERS] if literal is not None else ():
            key, value = child.child_by_field_name("key"), bare(child.child_by_field_name("value"))
            if child.type == "pair" and key is not None and value is not None:
                found[self.reader.text(key).strip("'\"`")] = value
            elif child.type == "shorthand_property_identifier":
                found[self.reader.text(child)] = child
            elif child.type == "spread_element" and child.named_children and depth < MAX_SPREAD:
                found.update(self.members(child.named_children[0], depth + 1))
        return found

    def items(self, node: Node | None) -> list[Node]:
        """The elements of a literal list."""
        listed = options.literal_of(self.reader, node, "array") if node is not None else None
        return [
            each
            for each in (listed.named_children if listed is not None else ())
            if each.type != "comment"
        ]

    def says(self, node: Node | None) -> bool:
        """Whether an option is switched on."""
        return node is not None and self.reader.text(node) not in ("false", "undefined", "null")
