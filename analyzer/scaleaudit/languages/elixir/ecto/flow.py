"""Queries through the code of a function: begun, kept in variables, extended, handed to a repository.

A query that a branch extends is followed both ways. What other modules do to it is not known: it is
partial from there on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.languages.elixir.ecto.asking import (
    DOES,
    EXECUTES,
    Asked,
    asked_of,
    asking,
    insertion,
    is_repository,
)
from scaleaudit.languages.elixir.ecto.building import Query, begun
from scaleaudit.languages.elixir.ecto.starts import from_call, source, with_macro
from scaleaudit.languages.elixir.ecto.steps import MACROS
from scaleaudit.languages.elixir.syntax import (
    arguments,
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
    raw,
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
MAX_VARIANTS = 4  # of one query, by the branches that it went through
MAX_CALLS = 4  # functions of the file inside of each other
MAX_NODES = 20_000  # of one file
MAX_DEPTH = 60
OTHERS = frozenset(
    {
        "Ecto",
        "Enum",
        "Map",
        "Repo",
        "String",
        "Keyword",
        "List",
        "Stream",
        "Date",
        "DateTime",
        "Logger",
    }
)
OWNERS = frozenset({"", "Ecto.Query", "Query"})
BRANCHES = frozenset({b"if", b"unless", b"case", b"cond", b"with", b"try"})
CLAUSES = frozenset({"else_block", "rescue_block", "catch_block"})


class Flow:
    """One module of a file; `told` gathers what is asked."""

    def __init__(self, reader: ElixirReader, module: str, functions: dict[str, list[Node]]) -> None:
        self.reader, self.module, self.functions = reader, module, functions
        self.told: list[Asked] = []
        self.executed = False  # something was handed to a repository, also where nobody listens
        helpers = [name for name, each in functions.items() if any(map(self.holds, each))]
        self.marked = re.compile(rb"|".join([MARK.pattern, *map(named_as_word, helpers)]))
        self.followed: dict[tuple[str, int], tuple[Variants, bool]] = {}  # functions that are given no query
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
            return self.relation(node, handed, written, names)
        if name == "subquery" and owner in OWNERS and written and not handed:
            self.tell(node, self.queryable(written[0], names, depth + 1))
            return []
        if not owner and local_name(node) in BRANCHES:
            return self.branches(node, names, depth)
        if not owner and name == "dynamic":
            return []
        done = self.asked(node, owner, name, handed, written, piped_in, names, depth)
        if done:
            return []
        given: list[Variants] = [] if piped_in is None else [piped_in]
        given += [[] for _ in written[:seen]]
        given += [self.evaluate(each, names, depth + 1) for each in written[seen:]]
        self.inner(node, names, depth)
        if not owner:
            return self.own_function(node, name, handed + written, given, names)
        return self.other_function(node, owner, name, given, names)

    def inner(self, node: Node, names: Names, depth: int) -> None:
        """What stands in the block of a call, and in what it is called on."""
        for child in node.named_children:
            if child.type == "do_block":
                for each in named(child):
                    self.evaluate(each, names, depth + 1)
        held = receiver(node)
        if held is not None and held.type == "call" and not is_field(held):
            self.evaluate(held, names, depth + 1)

    def relation(
        self, node: Node, handed: list[Node], written: list[Node], names: Names
    ) -> Variants:
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

    def branches(self, node: Node, names: Names, depth: int) -> Variants:
        """Each way through `if`, `case` and the like is a query of its own."""
        given, options = arguments(node)
        for each in given:
            self.evaluate(each, names, depth + 1)
        ways: list[list[Node]] = []
        inner = next((c for c in node.children if c.type == "do_block"), None)
        if inner is None:
            ways = [named(o) if o.type == "block" else [o] for o in options.values()]
        else:
            plain: list[Node] = []
            for child in named(inner):
                if child.type in CLAUSES:
                    own = named(child)
                    if own and own[0].type == "stab_clause":
                        ways += clause_bodies(own)
                    else:
                        ways.append(own)
                elif child.type == "stab_clause":
                    ways += clause_bodies([child])
                else:
                    plain.append(child)
            if plain:
                ways.insert(0, plain)
        found: Variants = []
        for way in ways:
            for query in self.statements(way, dict(names), depth + 1):
                if not any(same(query, each) for each in found):
                    found.append(query)
        return found[:MAX_VARIANTS]

    def own_function(
        self, node: Node, name: str, written: list[Node], given: list[Variants], names: Names
    ) -> Variants:
        """A function of the module, followed with the queries that it is given."""
        clauses = [
            each for each in self.functions.get(name, ()) if len(parameters(each)) >= len(written)
        ]
        asked = name, len(written)
        if not any(given) and asked in self.followed:
            found, executed = self.followed[asked]
            self.executed = self.executed or executed
            return found
        clauses = fitting(clauses, given)
        base = next((each for each in given if each), [])
        if not clauses or name in self.calls or len(self.calls) >= MAX_CALLS:
            return [replace(q, partial=True) for q in base] if base else []
        types = self.types
        self.calls.append(name)
        self.quiet += 1
        found: Variants = []
        for clause in clauses[: MAX_VARIANTS * 2]:
            inner: Names = {}
            self.types = {}
            for position, parameter in enumerate(parameters(clause)):
                if position < len(given) and given[position]:
                    inner[bound_name(parameter)] = given[position]
                else:
                    self.parameter(parameter, inner)
            for query in self.statements(body(clause), inner, 0):
                if not any(same(query, each) for each in found):
                    found.append(query)
        self.quiet -= 1
        self.calls.pop()
        self.types = types
        if not found and base:
            return [replace(q, partial=True) for q in base]
        if len(found) > MAX_VARIANTS:
            found = [replace(found[0], partial=True)]
        if not any(given) and not self.calls:
            self.followed[asked] = found, self.executed
        return found

    def other_function(
        self, node: Node, owner: str, name: str, given: list[Variants], names: Names
    ) -> Variants:
        """`Order.open(query)`: a part that the schema's own module names; others are not known."""
        module = self.reader.module_named(receiver(node))
        base = next((each for each in given if each), [])
        if base:
            own = [q for q in base if q.model and q.model == module]
            if own:
                return [replace(q, scopes=(*q.scopes, name)) for q in own]
            if EXECUTES.match(name):
                self.tell(node, base)
                return []
            return [replace(q, partial=True) for q in base]
        if module and module.partition(".")[0] not in OTHERS:
            if module == self.module:
                return self.own_function(node, name, [], [], names)
            return [replace(begun(node, model=module), scopes=(name,))]
        return []

    # -- asking

    def asked(
        self,
        node: Node,
        owner: str,
        name: str,
        handed: list[Node],
        written: list[Node],
        piped_in: Variants | None,
        names: Names,
        depth: int,
    ) -> bool:
        position = 0
        if is_repository(owner):
            pass
        elif owner.rpartition(".")[2] == "Multi" and name in DOES:
            position = 2  # `Multi.update_all(multi, :orders, query, ...)`
        else:
            return False
        all_ = [*handed, *written]
        if name in ("insert", "insert!", "insert_or_update", "insert_or_update!"):
            if not self.quiet:
                self.told += insertion(self.reader, node, all_)
            for each in written:
                self.evaluate(each, names, depth + 1)
            return True
        if len(all_) <= position or (name not in DOES and not (piped_in or written)):
            return False
        target = all_[position]
        if position == 0 and piped_in is not None:
            base = piped_in
            if not base:
                query = source(self.reader, target) if target.type != "call" else None
                base = [query] if query is not None else []
        else:
            base = self.queryable(target, names, depth + 1)
        rest = all_[position + 1 :]
        for each in rest:
            self.evaluate(each, names, depth + 1)
        if name == "preload":
            model = self.types.get(word(target), "") if target.type == "identifier" else ""
            if not self.quiet:
                self.told += asking(self.reader, node, name, begun(node, model=model), rest)
            return True
        self.executed = True
        if name in DOES or EXECUTES.match(name):
            for query in base if not self.quiet else ():
                self.told += asking(self.reader, node, name, query, rest)
        return True

    def tell(self, node: Node, found: Variants) -> None:
        self.executed = True
        for query in found if not self.quiet else ():
            self.told += asking(self.reader, node, "", query, [])


def bound_name(parameter: Node) -> str:
    """`query` of `query \\\\ Order` and of `query = %Ecto.Query{}`, whichever way around."""
    sides = operands(parameter) if parameter.type == "binary_operator" else (parameter, None)
    return next(
        (word(each) for each in sides if each is not None and each.type == "identifier"), ""
    )


def fitting(clauses: list[Node], given: list[Variants]) -> list[Node]:
    """The clauses of a function that take a query where one is given."""
    for position, variants in enumerate(given):
        if not variants:
            continue
        shapes = [
            (clause, parameters(clause)[position])
            for clause in clauses
            if position < len(parameters(clause))
        ]
        told = [clause for clause, each in shapes if b"%Ecto.Query{" in raw(each)]
        clauses = told or [clause for clause, each in shapes if bound_name(each)]
    return clauses


def named_as_word(name: str) -> bytes:
    return rb"\b" + re.escape(name.encode()) + rb"(?!\w)"


def clause_bodies(clauses: list[Node]) -> list[list[Node]]:
    found = []
    for clause in clauses:
        right = clause.child_by_field_name("right")
        if right is not None:
            found.append(named(right))
    return found


def same(one: Query, two: Query) -> bool:
    return (
        one.model == two.model
        and one.table == two.table
        and one.via == two.via
        and one.conditions == two.conditions
        and one.scopes == two.scopes
        and one.partial == two.partial
        and one.limited == two.limited
    )
