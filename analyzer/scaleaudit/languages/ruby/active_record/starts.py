"""What a chain of calls starts from: a model, a variable that holds a query, a record, nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.ruby.active_record import words
from scaleaudit.languages.ruby.active_record.chains import follow, links
from scaleaudit.languages.ruby.active_record.relation import Relation
from scaleaudit.languages.ruby.imports import KNOWN
from scaleaudit.languages.ruby.names import BLOCKS
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_DEPTH = 8  # from a query through variables and methods to where it begins
MAX_ALTERNATIVES = 3
MAX_ASSIGNMENTS = 30
BRANCHES = frozenset(
    ["if", "unless", "elsif", "else", "when", "case", "if_modifier", "unless_modifier", "rescue", "conditional",
     "while", "until", "for", "block", "do_block", "then", "binary", "in_clause", "case_match", "ensure"]
)  # fmt: skip
VARIABLES = frozenset({"identifier", "instance_variable"})
FUNCTIONS = frozenset({"method", "singleton_method"})
YIELDS_RECORDS = frozenset(
    """
    each map each_with_index each_with_object flat_map find_each collect select reject filter_map sort_by group_by
    index_by detect any? all? each_record sum partition to_h filter inject min_by max_by
    """.split()  # noqa: SIM905 - a table to be read
)


class Around(Gathering):
    """The class around a node, and whether its code there runs on the class or on a record."""

    name: str
    level: str  # class, record, body, none


class Chains(Gathering):
    """The chains of one file, as far as they were looked at."""

    reader: RubyReader
    models: set[str] = msgspec.field(default_factory=set)  # classes of the file that surely are
    known: dict[int, list[Relation]] = msgspec.field(default_factory=dict)
    extended: set[int] = msgspec.field(default_factory=set)  # chains that others go on with
    told: set[int] = msgspec.field(default_factory=set)  # chains that are part of a scope
    depth: int = 0

    def relations(self, node: Node) -> list[Relation]:
        """The queries that an expression may be: the last of each chain."""
        return [each[-1] for each in self.evaluated(node)]

    def evaluated(self, node: Node) -> list[list[Relation]]:
        """For each way in which a chain may begin, the queries of its calls."""
        if self.depth > MAX_DEPTH:
            return []
        self.depth += 1
        try:
            return list(self._evaluate(node))
        finally:
            self.depth -= 1

    def _evaluate(self, node: Node) -> Iterator[list[Relation]]:
        for each in self.alternatives(node, 0)[:MAX_ALTERNATIVES]:
            if each.type in VARIABLES or each.type in ("constant", "scope_resolution", "self"):
                for only in self.starts(each)[:MAX_ALTERNATIVES]:
                    yield [only]
                continue
            if each.type != "call":
                continue
            start, calls = links(each)
            if start is None:  # the first call has no receiver
                bases = self.implicit(calls[0]) if calls else []
            elif start.type == "self" and self.reader.method_name(calls[0]) == "class":
                bases, calls = self.own_class(start), calls[1:]
            else:
                bases = self.starts(start)
            for base in bases[:MAX_ALTERNATIVES]:
                yield follow(self.reader, base, calls, self.relations)

    def alternatives(self, node: Node, depth: int) -> list[Node]:
        """The expressions that a node may have as its value."""
        if depth > 4:
            return []
        inner: list[Node | None] = []
        match node.type:
            case "conditional":
                inner = [
                    node.child_by_field_name("consequence"),
                    node.child_by_field_name("alternative"),
                ]
            case "if" | "unless":
                inner = [
                    node.child_by_field_name("consequence"),
                    node.child_by_field_name("alternative"),
                ]
            case (
                "then"
                | "else"
                | "parenthesized_statements"
                | "begin"
                | "body_statement"
                | "block_body"
            ):
                inner = list(node.named_children[-1:])
            case "elsif":
                inner = [
                    node.child_by_field_name("consequence"),
                    node.child_by_field_name("alternative"),
                ]
            case "binary":
                operator = node.child_by_field_name("operator")
                if operator is not None and operator.type in ("||", "or"):
                    inner = [node.child_by_field_name("left"), node.child_by_field_name("right")]
            case "assignment" | "operator_assignment":
                inner = [node.child_by_field_name("right")]
            case _:
                return [node]
        return [
            found
            for each in inner
            if each is not None
            for found in self.alternatives(each, depth + 1)
        ]

    # -- starts

    def starts(self, node: Node) -> list[Relation]:
        reader = self.reader
        match node.type:
            case "constant" | "scope_resolution":
                name = reader.constant_name(node)
                if not name or name.encode() in KNOWN or name.isupper():
                    return []
                return [Relation(name)]
            case "self":
                around = self.around(node)
                if around.level == "class":
                    return [Relation(around.name)]
                if around.level == "record" and around.name in self.models:
                    return [Relation(around.name, state="instance")]
                return []
            case "identifier" | "instance_variable":
                return self.variable(node)
            case "parenthesized_statements" | "conditional" | "binary":
                return self.relations(node)
            case "element_reference":
                return [Relation(state="unknown")]
            case _:
                return []

    def own_class(self, node: Node) -> list[Relation]:
        """`self.class.where(...)` in a record, or in a module that records include."""
        around = self.around(node)
        return (
            [Relation(around.name)]
            if around.level == "record" and around.name in self.models
            else []
        )

    def implicit(self, call: Node) -> list[Relation]:
        """A first call without receiver: on the class around, or a method of the file."""
        around = self.around(call)
        name = self.reader.method_name(call)
        if (
            name in words.CERTAIN
            or words.FINDER.fullmatch(name)
            or name in words.HARMLESS
            or name in words.LIMITS
        ):
            return [Relation(around.name)] if around.level == "class" else []
        if name in ("find", "all", "count", "first", "last", "sum", "maximum", "minimum"):
            return [Relation(around.name)] if around.level == "class" else []
        return []

    def variable(self, node: Node) -> list[Relation]:
        name = self.reader.hint(node)
        values = self.values(name, node)
        if values is not None:
            return values
        record = self.block_record(name, node)
        if record is not None:
            return record
        if name.startswith("@"):
            return self.elsewhere(name, node)
        if self.is_parameter(name, node):
            return [Relation(state="unknown")]
        around = self.around(node)
        method = self.method_value(name)
        if method is not None:
            return method
        if around.level == "class" and around.name in self.models and name not in words.LOADS:
            if name in words.CERTAIN or name in words.HARMLESS:
                return [Relation(around.name, state="relation")]
            return [Relation(around.name, scopes=[name], state="relation")]
        if around.level == "record" and around.name in self.models:
            return [Relation(around.name, via=[name], state="relation")]
        return [Relation(state="unknown")]

    def values(self, name: str, node: Node) -> list[Relation] | None:
        """What a variable may hold where it is used; None when nothing is assigned before."""
        scope = self.reader.function_around(node) or self.reader.root
        held: list[tuple[Relation, int]] = []
        assigned = False
        for assignment in self.assignments(name, scope):
            if assignment.start_byte >= node.start_byte:
                break
            if assignment.end_byte >= node.end_byte:
                continue  # `q = q.where(...)`: what stands before it
            right = assignment.child_by_field_name("right")
            if right is None:
                continue
            assigned = True
            goes_on = starts_with(right, name, self.reader)
            certain = self.surrounds(assignment, node)
            if goes_on and not certain:
                continue  # a query of its own
            whole = right
            found = [(each, whole.id) for each in self.relations(right)]
            if certain and assignment.type == "assignment":
                held = found
            else:
                held += found
        if not assigned:
            return None
        copies = []
        for relation, identity in held[:MAX_ALTERNATIVES]:
            if relation.state == "ended" and not relation.limited:
                continue
            copy = relation.copy()
            copy.beginnings = (*relation.beginnings, identity)
            if relation.last is not None:
                copy.beginnings = (*copy.beginnings, relation.last.id)
            if copy.state == "instance":
                copy = Relation(copy.model, copy.via, "instance", beginnings=())
            copy.last = None
            copies.append(copy)
        return copies

    def assignments(self, name: str, scope: Node) -> list[Node]:
        """Where a variable of a function is assigned, in the order of the file."""
        form = re.compile(
            rb"(?<![\w@.:])" + re.escape(name.encode()) + rb"[ \t]*(?:\|\|)?=(?![=~>])"
        )
        found: list[Node] = []
        for match in form.finditer(self.reader.content, scope.start_byte, scope.end_byte):
            leaf = self.reader.leaf_at(match.start())
            above = leaf.parent if leaf is not None else None
            if above is None or above.type not in ("assignment", "operator_assignment"):
                continue
            function = self.reader.function_around(above)
            if (function.id if function is not None else self.reader.root.id) != scope.id:
                continue
            found.append(above)
            if len(found) >= MAX_ASSIGNMENTS:
                break
        return found

    def surrounds(self, assignment: Node, use: Node) -> bool:
        """Whether a use is reached only over the assignment: its branch holds the use too."""
        for above in self.reader.ancestors(assignment):
            if above.type in FUNCTIONS:
                return True
            if above.type in BRANCHES:
                return above.start_byte <= use.start_byte and use.end_byte <= above.end_byte
        return True

    def block_record(self, name: str, node: Node) -> list[Relation] | None:
        """The record that a block is given: `Story.recent.each do |story|`."""
        for above in self.reader.ancestors(node):
            if above.type in FUNCTIONS:
                return None
            if above.type not in BLOCKS:
                continue
            parameters = above.child_by_field_name("parameters")
            given = parameters.named_children if parameters is not None else []
            if not any(self.reader.hint(each) == name for each in given):
                continue
            call = above.parent
            receiver = (
                call.child_by_field_name("receiver")
                if call is not None and call.type == "call"
                else None
            )
            if (
                call is None
                or receiver is None
                or self.reader.method_name(call) not in YIELDS_RECORDS
            ):
                return [Relation(state="unknown")]
            found = [
                r
                for r in self.relations(receiver)
                if r.state in ("class", "relation") and not r.scopes
            ]
            return [Relation(r.model, [*r.via], "instance") for r in found] or [
                Relation(state="unknown")
            ]
        return None

    def elsewhere(self, name: str, node: Node) -> list[Relation]:
        """An instance variable that other methods of the file set, all to the same kind of record."""
        kinds: dict[tuple[str, tuple[str, ...]], Relation] = {}
        for right in self.reader.instance_values(name)[:6]:
            if (
                starts_with(right, name, self.reader)
                or right.start_byte <= node.start_byte < right.end_byte
            ):
                continue
            for each in self.relations(right):
                kinds[each.model, tuple(each.via)] = each
        if len(kinds) == 1:
            only = next(iter(kinds.values()))
            if only.state == "instance":
                return [Relation(only.model, [*only.via], "instance")]
            if only.state == "relation":
                return [only.copy()]
        return [Relation(state="unknown")]

    def method_value(self, name: str) -> list[Relation] | None:
        """What a method of the file gives back, by its last expression."""
        methods = self.reader.definitions(name)
        if len(methods) != 1:
            return None
        last = last_expression(methods[0])
        if last is None:
            return None
        found = []
        for each in self.relations(last):
            if each.state in ("relation", "class") and (each.asked or each.scopes or each.via):
                copy = each.copy()
                copy.beginnings = (*copy.beginnings, last.id)
                copy.last = None
                found.append(copy)
            elif each.state == "instance" and each.model:
                found.append(Relation(each.model, [*each.via], "instance"))
        return found or None

    def is_parameter(self, name: str, node: Node) -> bool:
        around = self.reader.function_around(node)
        given = around.child_by_field_name("parameters") if around is not None else None
        for each in given.named_children[:30] if given is not None else ():
            if self.reader.hint(each.child_by_field_name("name") or each) == name:
                return True
        return False

    def around(self, node: Node) -> Around:
        """Where implicit calls go: the class around, and on which side of it."""
        level = ""
        for above in self.reader.ancestors(node):
            kind = above.type
            if kind == "singleton_method":
                level = level or "class"
            elif kind == "method":
                level = level or "record"
            elif kind == "singleton_class" and level == "record":
                level = "class"
            elif kind in BLOCKS and level == "record":
                call = above.parent
                if call is not None and self.reader.method_name(call) in (
                    "class_methods",
                    "class_eval",
                ):
                    level = "class"
            elif kind in self.reader.CLASSES:
                holder = self.reader.holder_around(node)
                name = holder.name if holder is not None else ""
                if name.endswith(".ClassMethods"):
                    name, level = name.removesuffix(".ClassMethods"), "class"
                return Around(name, level or "body")
        return Around("", "none")


def starts_with(node: Node, name: str, reader: RubyReader) -> bool:
    """Whether a chain goes on from a variable."""
    start, _ = links(node)
    return start is not None and start.type in VARIABLES and reader.hint(start) == name


def last_expression(method: Node) -> Node | None:
    body = method.child_by_field_name("body")
    if body is None:
        return None
    if body.type != "body_statement":
        return body
    inner = [
        each for each in body.named_children if each.type not in ("comment", "rescue", "ensure")
    ]
    last = inner[-1] if inner else None
    if last is not None and last.type == "return" and last.named_children:
        holder = last.named_children[0]
        last = holder.named_children[0] if holder.named_children else None
    return last
