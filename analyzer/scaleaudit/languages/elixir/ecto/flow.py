"""Queries through the code of a function: begun, kept in variables, extended, handed to a repository.

A query that a branch extends is followed both ways. What other modules do to it is not known: it is
partial from there on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.elixir.ecto.asking import (
    Asked,
    asked_of,
)
from scaleaudit.languages.elixir.ecto.branching import branches
from scaleaudit.languages.elixir.ecto.building import Query, begun
from scaleaudit.languages.elixir.ecto.following import other_function, own_function
from scaleaudit.languages.elixir.ecto.handing import asked, tell
from scaleaudit.languages.elixir.ecto.starts import from_call, source, with_macro
from scaleaudit.languages.elixir.ecto.steps import MACROS
from scaleaudit.languages.elixir.syntax import (
    arguments_with_keywords,
    atom,
    body,
    elements,
    is_field,
    local_name,
    named,
    operands,
    operator,
    parameters,
    parts,
    piped,
    receiver,
    unwrapped,
    word,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.elixir.reader import ElixirReader

    Variants = list[Query]
    Names = dict[str, Variants]

# What a query begins with, or is asked by.
MARK = regex(
    rb"\b(?:from[ (]|(?:where|order_by|limit|join)[ (]|[Rr]epo\b|\w+Repo\b|repo\w*\()|assoc\("
)
PLAIN = frozenset(
    {
        "integer",
        "float",
        "boolean",
        "nil",
        "atom",
        "keyword",
        "string",
        "sigil",
        "comment",
        "alias",
        "char",
    }
)
MAX_NODES = 20_000  # of one file
MAX_DEPTH = 60
OWNERS = frozenset({"", "Ecto.Query", "Query"})
BRANCHES = frozenset({b"if", b"unless", b"case", b"cond", b"with", b"try"})


class Flow:
    """One module of a file; `told` gathers what is asked."""

    def __init__(self, reader: ElixirReader, module: str, functions: dict[str, list[Node]]) -> None:
        self.reader, self.module, self.functions = reader, module, functions
        self.told: list[Asked] = []
        self.executed = False  # something was handed to a repository, also where nobody listens
        helpers = [name for name, each in functions.items() if any(map(self.holds, each))]
        self.marked = re.compile(rb"|".join([MARK.pattern, *map(named_as_word, helpers)]))
        self.followed: dict[
            tuple[str, int], tuple[Variants, bool]
        ] = {}  # functions that are given no query
        self.types: dict[str, str] = {}  # variables that are rows of a schema
        self.left = MAX_NODES
        self.calls: list[str] = []  # functions being followed
        self.quiet = 0
        self.parts: set[int] = set()  # functions of a schema that give queries on it, by id

    def holds(self, function: Node) -> bool:
        start, end = function.start_byte, function.end_byte
        return MARK.search(self.reader.content, start, end) is not None

    # -- functions

    def run(self, function: Node) -> Variants:
        """What a function asks; and the query that it hands back."""
        self.types = {}
        names: Names = {}
        for each in parameters(function):
            self.parameter(each, names)
        return self.statements(body(function), names, 0)

    def parameter(self, node: Node, names: Names) -> None:
        """`%User{} = user`, `query \\\\ User`."""
        if node.type != "binary_operator":
            return
        left, right = operands(node)
        if left is None or right is None:
            return
        if operator(node) == b"=":
            for one, two in ((left, right), (right, left)):
                if one.type == "map" and two.type == "identifier":
                    struct = next((c for c in one.named_children if c.type == "struct"), None)
                    held = named(struct)[0] if struct is not None and named(struct) else None
                    self.types[word(two)] = self.reader.module_named(held)
        elif operator(node) == b"\\\\" and left.type == "identifier":
            found = self.evaluate(right, names, 1)
            names[word(left)] = [replace(q, given=True) for q in found]

    def statements(self, nodes: list[Node], names: Names, depth: int) -> Variants:
        last: Variants = []
        for node in nodes:
            last = self.evaluate(node, names, depth)
        return last

    # -- expressions

    def evaluate(self, node: Node, names: Names, depth: int) -> Variants:
        """The queries that an expression may be; none where it is something else."""
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return []
        node = unwrapped(node)
        if node.type in PLAIN:
            return []
        if not names and operator(node) != b"=" and not self.worthwhile(node):
            return []
        if node.type == "binary_operator":
            return self.operation(node, names, depth)
        if node.type == "call":
            return self.call(node, [], names, depth)
        if node.type == "identifier":
            return names.get(word(node), [])
        if node.type in ("alias", "string") or (node.type == "tuple" and self.is_source(node)):
            return []
        if node.type == "anonymous_function":
            for clause in named(node):
                right = clause.child_by_field_name("right")
                if right is not None:
                    self.statements(named(right), dict(names), depth + 1)
            return []
        for child in node.named_children:
            if child.type not in ("comment", "struct"):
                self.evaluate(child, names, depth + 1)
        return []

    def worthwhile(self, node: Node) -> bool:
        """Whether anything in an expression can begin or ask for a query."""
        start, end = node.start_byte, node.end_byte
        return self.marked.search(self.reader.content, start, end) is not None

    def is_source(self, node: Node) -> bool:
        inner = named(node)
        return len(inner) == 2 and inner[0].type == "string" and inner[1].type == "alias"

    def queryable(self, node: Node, names: Names, depth: int) -> Variants:
        """The same where a query must stand: a schema and a table are one too."""
        node = unwrapped(node)
        found = source(self.reader, node)
        if found is not None:
            return [found]
        if node.type == "unary_operator" and operator(node) == b"^":
            inner = node.child_by_field_name("operand")
            return self.queryable(inner, names, depth + 1) if inner is not None else []
        if node.type == "call":
            return self.call(node, [], names, depth)
        return self.evaluate(node, names, depth)

    def operation(self, node: Node, names: Names, depth: int) -> Variants:
        left, right = operands(node)
        if left is None or right is None:
            return []
        sign = operator(node)
        if sign == b"=":
            kept = left.type == "identifier" and right.type == "call"
            inner = self.queryable if kept else self.evaluate
            found = inner(right, names, depth + 1)
            if left.type == "identifier":
                self.assign(word(left), right, found, names)
            return found
        if sign == b"|>":
            return self.pipe(node, names, depth)
        if sign == b"<-":
            return self.evaluate(right, names, depth + 1)
        self.evaluate(left, names, depth + 1)
        self.evaluate(right, names, depth + 1)
        return []

    def assign(self, name: str, value: Node, found: Variants, names: Names) -> None:
        names.pop(name, None)
        if found:
            names[name] = found
        elif value.type == "alias":
            query = source(self.reader, value)
            if query is not None:
                names[name] = [query]
        row = asked_of(self.reader, value)
        if row:
            self.types[name] = row
        else:
            self.types.pop(name, None)

    def pipe(self, node: Node, names: Names, depth: int) -> Variants:
        first, *rest = piped(node)
        found = self.queryable(first, names, depth + 1)
        before: Node = first
        for step in rest:
            found = self.call(step, [before], names, depth + 1, found)
            before = step
        return found

    def call(
        self,
        node: Node,
        handed: list[Node],
        names: Names,
        depth: int,
        piped_in: Variants | None = None,
    ) -> Variants:
        """`handed`: what a pipe puts in front of the arguments, `piped_in` what that is."""
        owner, name = parts(node)
        written = arguments_with_keywords(node) if node.type == "call" else []
        if name == "from" and owner in OWNERS and not handed:
            return from_call(self, node, written, names, depth)
        seen = 0  # arguments that have been looked at
        if name in MACROS and owner in OWNERS and (handed or written):
            base = piped_in
            if base is None:
                base, seen = self.queryable(written[0], names, depth + 1), 1
            if base:
                return [with_macro(self.reader, name, query, written[seen:]) for query in base]
        if name == "assoc" and (handed or written):
            return self.relation(node, handed, written)
        if name == "subquery" and owner in OWNERS and written and not handed:
            tell(self, node, self.queryable(written[0], names, depth + 1))
            return []
        if not owner and local_name(node) in BRANCHES:
            return branches(self, node, names, depth)
        if not owner and name == "dynamic":
            return []
        done = asked(self, node, owner, name, handed, written, piped_in, names, depth)
        if done:
            return []
        given: list[Variants] = [] if piped_in is None else [piped_in]
        given += [[] for _ in written[:seen]]
        given += [self.evaluate(each, names, depth + 1) for each in written[seen:]]
        self.inner(node, names, depth)
        if not owner:
            return own_function(self, name, handed + written, given)
        return other_function(self, node, name, given)

    def inner(self, node: Node, names: Names, depth: int) -> None:
        """What stands in the block of a call, and in what it is called on."""
        for child in node.named_children:
            if child.type == "do_block":
                for each in named(child):
                    self.evaluate(each, names, depth + 1)
        held = receiver(node)
        if held is not None and held.type == "call" and not is_field(held):
            self.evaluate(held, names, depth + 1)

    def relation(self, node: Node, handed: list[Node], written: list[Node]) -> Variants:
        """`assoc(user, :orders)`, `Ecto.assoc(users, [:orders, :lines])`."""
        both = [*handed, *written]
        if len(both) < 2:
            return []
        via = tuple(atom(each) for each in elements(both[1]))
        if not via or not all(via):
            return []
        row = unwrapped(both[0])
        model = self.types.get(word(row), "") if row.type == "identifier" else ""
        return [begun(node, model=model, via=via)]


def named_as_word(name: str) -> bytes:
    return rb"\b" + re.escape(name.encode()) + rb"(?!\w)"
