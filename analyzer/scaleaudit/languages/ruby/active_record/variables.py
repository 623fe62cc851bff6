"""What the variables, block parameters and methods of a file hold: queries, and records of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.mentions import WORD, mentions
from scaleaudit.languages.ruby.active_record.bodies import last_expression
from scaleaudit.languages.ruby.active_record.chains import links
from scaleaudit.languages.ruby.active_record.relation import Relation
from scaleaudit.languages.ruby.blocks_around import BLOCKS, outermost
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_ALTERNATIVES = 3
MAX_ASSIGNMENTS = 30
BEFORE = WORD | frozenset(b"@.:")  # not before a variable
USED = regex(rb"(?![\w?!:])(?![ \t\n]*&?\.)")
GIVEN = regex(rb"[ \t]*(?:\|\|)?=(?![=~>])")
BRANCHES = frozenset(
    ["if", "unless", "elsif", "else", "when", "case", "if_modifier", "unless_modifier", "rescue", "conditional",
     "while", "until", "for", "block", "do_block", "then", "binary", "in_clause", "case_match", "ensure"]
)  # fmt: skip
VARIABLES = frozenset({"identifier", "instance_variable"})
FUNCTIONS = frozenset({"method", "singleton_method"})
YIELDS_ITSELF = frozenset({"then", "tap", "yield_self"})
YIELDS_RECORDS = frozenset(
    """
    each map each_with_index each_with_object flat_map find_each collect select reject filter_map sort_by group_by
    index_by detect any? all? each_record sum partition to_h filter inject min_by max_by
    """.split()  # noqa: SIM905 - a table to be read
)


class Variables(Gathering):
    """`relations` tells what an expression of the file may be."""

    reader: RubyReader
    relations: Callable[[Node], list[Relation]]
    held: dict[tuple[str, int], list[Node]] = msgspec.field(default_factory=dict)
    alone: dict[int, bool] = msgspec.field(default_factory=dict)

    def values(self, name: str, node: Node) -> list[Relation] | None:
        """What a variable may hold where it is used; None when nothing is assigned before."""
        scope = self.around(node)
        held: list[tuple[Relation, int]] = []
        assigned = False
        every = self.assignments(name, scope)
        for assignment in every:
            if assignment.start_byte >= node.start_byte:
                break
            if assignment.end_byte >= node.end_byte:
                continue  # `q = q.where(...)`: what stands before it
            right = assignment.child_by_field_name("right")
            if right is None:
                continue
            goes_on = starts_with(right, name, self.reader)
            certain = self.surrounds(assignment, node)
            if goes_on and not certain:
                continue  # a query of its own
            assigned = True
            alone = self.stands_alone(name, assignment, every, scope)
            found = [(each, 0 if alone else right.id) for each in self.relations(right)]
            if certain and assignment.type == "assignment":
                held = found
            else:
                held += found
        if not assigned:
            return None
        if not held and given_by_call(every, node):
            return [Relation(state="unknown")]
        copies = []
        for relation, identity in held[:MAX_ALTERNATIVES]:
            if relation.state == "ended" and not relation.limited:
                continue
            copy = relation.copy()
            copy.beginnings = relation.beginnings
            if identity:
                last = (relation.last.id,) if relation.last is not None else ()
                copy.beginnings = (*relation.beginnings, identity, *last)
            if copy.state == "instance":
                copy = Relation(copy.model, copy.via, "instance", eager=copy.eager)
            copy.last = None
            copies.append(copy)
        return copies

    def stands_alone(self, name: str, held: Node, every: list[Node], scope: Node) -> bool:
        """Whether what is assigned is also used as it is: handed on, given back."""
        if held.id not in self.alone:
            self.alone[held.id] = self._stands_alone(name, held, every, scope)
        return self.alone[held.id]

    def _stands_alone(self, name: str, held: Node, every: list[Node], scope: Node) -> bool:
        later = [each.start_byte for each in every if each.start_byte >= held.end_byte]
        end = later[0] if later else scope.end_byte
        used = mentions(self.reader.content, name.encode(), BEFORE, USED, held.end_byte, end)
        for at, _ in used:
            leaf = self.reader.leaf_at(at)
            above = leaf.parent if leaf is not None else None
            if leaf is None or above is None or leaf.type not in VARIABLES:
                continue
            if above.type in (
                "argument_list",
                "assignment",
                "return",
                "body_statement",
                "then",
                "else",
                "pair",
                "array",
            ):
                left = above.child_by_field_name("left") if above.type == "assignment" else None
                if left is None or left.id != leaf.id:
                    return True
        return False

    def assignments(self, name: str, scope: Node) -> list[Node]:
        """Where a variable of a function is assigned, in the order of the file."""
        asked = name, scope.id
        if asked not in self.held:
            self.held[asked] = self._assignments(name, scope)
        return self.held[asked]

    def _assignments(self, name: str, scope: Node) -> list[Node]:
        content, start, end = self.reader.content, scope.start_byte, scope.end_byte
        found: list[Node] = []
        for at, _ in mentions(content, name.encode(), BEFORE, GIVEN, start, end):
            leaf = self.reader.leaf_at(at)
            above = leaf.parent if leaf is not None else None
            if above is None or above.type not in ("assignment", "operator_assignment"):
                continue
            if self.around(above).id != scope.id:
                continue
            found.append(above)
            if len(found) >= MAX_ASSIGNMENTS:
                break
        return found

    def around(self, node: Node) -> Node:
        """Where a local variable is known: the method, the block outside of any, or the file."""
        reader = self.reader
        return reader.function_around(node) or outermost(reader, node) or reader.root

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
            method = self.reader.method_name(call) if call is not None else ""
            if receiver is not None and method in YIELDS_ITSELF:
                return self.itself(receiver)
            if receiver is not None and method == "each" and receiver.type == "array":
                return self.classes(receiver)
            if call is None or receiver is None or method not in YIELDS_RECORDS:
                return [Relation(state="unknown")]
            found = [
                r
                for r in self.relations(receiver)
                if r.state in ("class", "relation") and not r.scopes
            ]
            return [Relation(r.model, [*r.via], "instance", eager=[*r.eager]) for r in found] or [
                Relation(state="unknown")
            ]
        return None

    def itself(self, receiver: Node) -> list[Relation]:
        """The query that `then` and `tap` give their block."""
        found = [r.copy() for r in self.relations(receiver) if r.state in ("class", "relation")]
        for each in found:
            each.last = None
        return found or [Relation(state="unknown")]

    def classes(self, listed: Node) -> list[Relation]:
        """The models of `[Order, Line].each do |model|`."""
        names = [self.reader.constant_name(each) for each in listed.named_children]
        known = [name for name in names if name and not name.isupper()]
        if len(known) != len(names) or len(known) > MAX_ALTERNATIVES:
            return [Relation(state="unknown")]
        return [Relation(name) for name in known]

    def elsewhere(self, name: str, node: Node) -> list[Relation]:
        """An instance variable that other methods of the file set, all to the same kind of record."""
        kinds: dict[tuple[str, str, tuple[str, ...]], Relation] = {}
        for right in self.reader.instance_values(name)[:6]:
            if (
                starts_with(right, name, self.reader)
                or right.start_byte <= node.start_byte < right.end_byte
            ):
                continue
            for each in self.relations(right):
                kind = each.table, each.model, tuple(each.via)
                known, kinds[kind] = kinds.get(kind), each.copy()
                if known is not None:  # whichever of the methods ran
                    kinds[kind].eager += known.eager
        if len(kinds) == 1:
            only = next(iter(kinds.values()))
            if only.state == "instance":
                return [Relation(only.model, [*only.via], "instance", eager=[*only.eager])]
            if only.state in ("relation", "class"):
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
            named = each.table or (each.state == "class" and each.model)
            begun = named or each.asked or each.scopes or each.via
            if each.state in ("relation", "class") and begun:
                copy = each.copy()
                copy.beginnings = (*copy.beginnings, last.id)
                copy.last = None
                found.append(copy)
            elif each.state == "instance" and each.model:
                found.append(Relation(each.model, [*each.via], "instance", eager=[*each.eager]))
        return found or None


def given_by_call(assignments: list[Node], use: Node) -> bool:
    """`shop = find_shop!`: a method of which no more is known gives what the variable holds."""
    before = [each for each in assignments if each.end_byte <= use.start_byte]
    rights = [each.child_by_field_name("right") for each in before]
    return bool(rights) and all(
        right is not None and right.type in ("call", "identifier") for right in rights
    )


def starts_with(node: Node, name: str, reader: RubyReader) -> bool:
    """Whether a chain goes on from a variable."""
    start, _ = links(node)
    return start is not None and start.type in VARIABLES and reader.hint(start) == name
