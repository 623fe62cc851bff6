"""What a chain of calls starts from: a model, a variable that holds a query, a record, nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ANY_RELATION
from scaleaudit.inflection import singular
from scaleaudit.languages.ruby.active_record import rom, words
from scaleaudit.languages.ruby.active_record.allowed import allowed
from scaleaudit.languages.ruby.active_record.built import built_together, read_by_name
from scaleaudit.languages.ruby.active_record.chains import follow, links
from scaleaudit.languages.ruby.active_record.handed import handed_in, parameter
from scaleaudit.languages.ruby.active_record.handed_back import given_back, handed_back
from scaleaudit.languages.ruby.active_record.named_tables import by_method, from_table, of_database
from scaleaudit.languages.ruby.active_record.named_tables import looked_up as named_table
from scaleaudit.languages.ruby.active_record.relation import Relation
from scaleaudit.languages.ruby.active_record.scope_blocks import statements_of_scope
from scaleaudit.languages.ruby.active_record.variables import VARIABLES, Variables
from scaleaudit.languages.ruby.blocks_around import BLOCKS
from scaleaudit.languages.ruby.imports import KNOWN
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

MAX_DEPTH = 8  # from a query through variables and methods to where it begins
MAX_ALTERNATIVES = 3
BEGINNINGS = VARIABLES | {"constant", "scope_resolution", "self", "element_reference"}
OF_CLASS = frozenset({"class_methods", "class_eval", "dataset_module"})
CONSTANTS = frozenset({"constant", "scope_resolution"})
BODIES = frozenset({"block_body", "body_statement"})
MAX_EVALUATED = 4_000  # expressions of one file


class Around(Gathering):
    """The class around a node, and whether its code there runs on the class or on a record."""

    name: str
    level: str  # class, record, body, none


class Chains(Gathering):
    """The chains of one file, as far as they were looked at."""

    reader: RubyReader
    models: set[str] = msgspec.field(default_factory=set)  # classes of the file that surely are
    known: dict[int, list[list[Relation]]] = msgspec.field(default_factory=dict)
    extended: set[int] = msgspec.field(default_factory=set)  # chains that others go on with
    told: set[int] = msgspec.field(default_factory=set)  # chains that are part of a scope
    depth: int = 0
    owner: str = ""  # the model of the declaration that is read
    _variables: Variables | None = None
    _renamed: dict[str, str] | None = None

    @property
    def variables(self) -> Variables:
        if self._variables is None:
            self._variables = Variables(self.reader, self.relations)
        return self._variables

    @property
    def renamed(self) -> dict[str, str]:
        """Classes that the file calls by another name: `OrderModel = ::Order`."""
        if self._renamed is None:
            self._renamed = {}
            for name, held in self.reader.constants.items():
                if held.type in CONSTANTS:
                    self._renamed[name.rpartition(".")[2]] = self.reader.constant_name(held)
        return self._renamed

    def relations(self, node: Node) -> list[Relation]:
        """The queries that an expression may be: the last of each chain."""
        return [each[-1] for each in self.evaluated(node)]

    def evaluated(self, node: Node) -> list[list[Relation]]:
        """For each way in which a chain may begin, the queries of its calls."""
        if self.depth > MAX_DEPTH or len(self.known) > MAX_EVALUATED:
            return []
        if node.id not in self.known:
            self.known[node.id] = []  # what leads back to itself
            self.depth += 1
            self.known[node.id] = list(self._evaluate(node))
            self.depth -= 1
        return self.known[node.id]

    def _evaluate(self, node: Node) -> Iterator[list[Relation]]:
        for each in self.alternatives(node, 0)[:MAX_ALTERNATIVES]:
            if each.type in BEGINNINGS:
                for only in self.starts(each)[:MAX_ALTERNATIVES]:
                    yield [only]
                continue
            if each.type != "call":
                continue
            start, calls = links(each)
            if (of_policy := allowed(self, calls[0])) is not None:
                bases, calls = of_policy, calls[1:]
            elif start is None:  # the first call has no receiver
                bases = handed_back(self, calls[0]) or by_method(self.reader, calls[0])
                bases = bases or given_back(self, calls[0])
                calls = calls[1:] if bases else calls
                bases = bases or self.implicit(calls[0])
            elif start.type == "self" and self.reader.method_name(calls[0]) == "class":
                bases, calls = self.own_class(start), calls[1:]
            elif self.reader.method_name(calls[0]) == "from" and of_database(self.reader, start):
                bases, calls = from_table(self.reader, calls[0]), calls[1:]
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
            case "conditional" | "if" | "unless" | "elsif":
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

    def starts(self, node: Node) -> list[Relation]:
        reader = self.reader
        match node.type:
            case "constant" | "scope_resolution":
                name = reader.constant_name(node)
                if name.isupper():
                    return self.held_data_set(name)
                known = not name or name.encode() in KNOWN
                return [] if known else [Relation(self.renamed.get(name, name))]
            case "self":
                around = self.around(node)
                if around.level == "class":
                    return [Relation(around.name)]
                if around.level == "record" and around.name in self.models:
                    return [Relation(around.name, state="instance", eager=[ANY_RELATION])]
                return []
            case "identifier" | "instance_variable":
                found = self.variable(node)
                for each in found:
                    if each.state == "unknown":
                        each.receiver = reader.hint(node).lstrip("@")
                return found
            case "parenthesized_statements" | "conditional" | "binary":
                return self.relations(node)
            case "element_reference":
                return self.looked_up(node)
            case _:
                return []

    def held_data_set(self, name: str) -> list[Relation]:
        """`ORDERS = DB[:orders]`"""
        held = self.reader.constant_node(name)
        found = self.relations(held) if held is not None else []
        return [each.copy() for each in found if each.table and each.state == "relation"]

    def looked_up(self, node: Node) -> list[Relation]:
        """Sequel's `DB[:orders]`, `Order[id]` and `Order[code: x]`; else an object of any kind."""
        holder, *keys = node.named_children
        if len(keys) == 1 and (found := named_table(self.reader, holder, keys[0])):
            return found
        name = self.reader.constant_name(holder)
        by_key = len(keys) == 1 and name.encode() not in KNOWN  # `Order[id]`
        if name and not name.isupper() and keys and (by_key or keys[0].type == "pair"):
            return [Relation(name, state="instance")]
        return [Relation(state="unknown")]

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
        if of_rom := rom.implicit(self.reader, call):
            return of_rom
        around = self.around(call)
        if around.level == "body" and self.owner:
            around = Around(self.owner, "class")
        name = self.reader.method_name(call)
        if name in words.ALONE_ON_CLASS or words.FINDER.fullmatch(name):
            return [Relation(around.name, handed=True)] if around.level == "class" else []
        if around.level != "class" or around.name not in self.models:
            return []
        if name in words.CREATES:
            return [Relation(around.name)]
        known = name in words.METHODS or name in words.LOADS
        return [] if known else [Relation(around.name, handed=True)]

    def variable(self, node: Node) -> list[Relation]:
        name = self.reader.hint(node)
        values = self.variables.values(name, node)
        if values is not None:
            return values
        record = self.variables.block_record(name, node)
        if record is not None:
            return record
        if name.startswith("@"):
            return self.set_elsewhere(name, node)
        if parameter(self.reader, name, node) is not None:
            handed = handed_in(self.reader, self.relations, name, node)
            return handed or [Relation(state="unknown")]
        around = self.around(node)
        if of_rom := rom.by_name(self.reader, node):
            return of_rom
        if name == "model" and b"Sequel::Model" in self.reader.content:
            return self.own_class(node)
        method = self.variables.method_value(name)
        if method is not None:
            return method
        if read_by_name(self.reader, name):
            return self.set_elsewhere(f"@{name}", node)
        if around.level == "class" and around.name in self.models and name not in words.LOADS:
            if name in words.CERTAIN or name in words.HARMLESS:
                grouped = name in words.GROUPS
                return [Relation(around.name, state="relation", grouped=grouped, handed=True)]
            return [Relation(around.name, scopes=[name], state="relation", handed=True)]
        if around.level == "record" and around.name in self.models:
            listed = name.removesuffix("_dataset")
            state = "instance" if singular(name) == name == listed else "relation"
            return [Relation(around.name, via=[listed], state=state, eager=[ANY_RELATION])]
        return [Relation(state="unknown")]

    def set_elsewhere(self, name: str, node: Node) -> list[Relation]:
        """An instance variable that another method set, to which more may be added than is seen."""
        found = self.variables.elsewhere(name, node)
        if any(each.state == "relation" for each in found):
            more = built_together(self.reader, name, node)
            for each in found:
                each.partial = each.partial or more
        return found

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
            elif not level and kind in BODIES and statements_of_scope(self.reader, above):
                return Around(self.own_name(node), "class")
            elif kind in BLOCKS and level == "record":
                call = above.parent
                if call is not None and self.reader.method_name(call) in OF_CLASS:
                    level = "class"
            elif kind in self.reader.CLASSES:
                name = self.own_name(node)
                if name.endswith(".ClassMethods"):
                    name, level = name.removesuffix(".ClassMethods"), "class"
                return Around(name, level or "body")
        return Around("", "none")

    def own_name(self, node: Node) -> str:
        holder = self.reader.holder_around(node)
        return holder.name if holder is not None else ""
