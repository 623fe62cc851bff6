"""What is known of one file while its queries are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import BY_CALL
from scaleaudit.languages.python.django.logic import All, Asked
from scaleaudit.languages.python.django.variables import FunctionRead, branch_of, read_function
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import ModelDefined
    from scaleaudit.languages.python.django.classes import ClassRead
    from scaleaudit.languages.python.django.variables import Given
    from scaleaudit.languages.python.reader import PythonReader


MAX_SPENT = 20_000  # evaluations and searches of one file
MAX_CHANGES = 24  # of one variable


class Rows(Gathering):
    """What an expression stands for: the rows of a model, or one of them.

    `kind`: `class`, `rows` (a manager or query set), `one` (an object), `view` (an object of a
    class that has such rows), `relation` (an attribute of an object: rows or one).
    """

    kind: str
    model: str = ""
    via: tuple[str, ...] = ()
    asked: All = msgspec.field(default_factory=All)
    sorts: list[Asked] = msgspec.field(default_factory=list)
    scopes: list[str] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    named: dict[str, str] = msgspec.field(default_factory=dict)  # annotations -> their column
    limited: bool = False
    aggregate: bool = False
    at_end: bool = False  # the first of an order is all that is asked for
    grouped: bool = False
    streamed: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False
    ended: bool = False  # what comes after is no query any more
    certain: bool = False  # methods that only query sets have
    shuffled: bool = False
    skips: bool = False
    cached: bool = False  # a relation that was read along with the object
    borrowed: bool = False  # of an object that somebody else read
    given: bool = False  # a query set of whoever calls, who may have narrowed it
    own: bool = False  # begins at `self` of a manager or query set
    # Relations that come with the rows, dotted; `ANY_RELATION`: somebody else decides.
    eager: list[str] = msgspec.field(default_factory=list)
    plain: bool = False  # dictionaries or tuples, no objects
    built_in: list[str] = msgspec.field(default_factory=list)  # as those of `OrmQuery`
    steps: int = 0

    @classmethod
    def handed(cls) -> Rows:
        """Those of whoever calls, or inherits: their model is known elsewhere."""
        return cls("rows", certain=True, own=True)

    def copy(self) -> Rows:
        before = self.asked
        asked = All([*before.members], before.partial, before.narrowed, [*before.extended])
        return msgspec.structs.replace(
            self,
            asked=asked,
            sorts=[*self.sorts],
            scopes=[*self.scopes],
            loads=[*self.loads],
            eager=[*self.eager],
            built_in=[*self.built_in],
            named={**self.named},
        )


class Later(Gathering):
    """What chains do that go on from one kept in a variable: of several only what all do.

    `skips`: one of them leaves out the first rows.
    """

    steps: list[tuple[Rows, Rows]]  # before and after each chain
    limited: bool = False
    aggregate: bool = False
    streamed: bool = False
    skips: bool = False


class Known(Gathering):
    """`evaluate` says what an expression stands for: `evaluation.rows_of`, which needs all others."""

    reader: PythonReader
    evaluate: Callable[[Node], Rows | None]
    classes: dict[int, ClassRead]
    by_name: dict[str, ClassRead]
    models: dict[str, ModelDefined]
    managers: set[str]
    class_models: dict[str, str]  # views, forms, filter sets, admin classes -> their model
    parameter_models: dict[str, str] = msgspec.field(default_factory=dict)  # functions of filters
    functions: dict[int, FunctionRead] = msgspec.field(default_factory=dict)
    module_functions: dict[str, Node] = msgspec.field(default_factory=dict)
    chains: dict[int, Node] = msgspec.field(default_factory=dict)  # by id, those to be told
    rows: dict[int, Rows] = msgspec.field(default_factory=dict)  # by id of what was evaluated
    later: dict[int, Later | None] = msgspec.field(default_factory=dict)  # by id of the chain
    # Classes -> what their attributes are given, by name.
    kept: dict[str, dict[str, list[Node]]] = msgspec.field(default_factory=dict)
    busy: set[int] = msgspec.field(default_factory=set)  # expressions that are being evaluated
    spent: int = 0  # evaluations done
    # While a function is read that narrows what it is handed: that function, and the parameter;
    # while a class is read that narrows the rows of the views made of it: that class.
    lent: tuple[int, str] = (0, "")
    lent_class: str = ""

    def function(self, node: Node) -> FunctionRead | None:
        """The function around a node, not counting lambdas."""
        around = self.reader.definition_around(node)
        if around is None or around.type == "class_definition":
            return None
        return self.read(around)

    def read(self, function: Node) -> FunctionRead:
        known = self.functions.get(function.id)
        if known is None:
            known = self.functions[function.id] = read_function(self.reader, function)
        return known

    def called(self, call: Node) -> Node | None:
        """The function of the file, or the method of the class around, that a call names."""
        name = self.reader.callee(call)
        owner, _, method = name.rpartition(".")
        if owner in ("self", "cls"):
            own = self.class_around(call)
            return own.methods.get(method) if own is not None else None
        return self.module_functions.get(name)

    def given_back(self, function: Node) -> Node | None:
        """What a function gives, where that is one expression in any case."""
        returns = self.read(function).returns
        return returns[0].value if len(returns) == 1 and not returns[0].branch else None

    def made_by(self, call: Node, reading: Callable[[Node], All]) -> All:
        """The condition that a call makes, by what its function gives: a named part of the query where
        another file has the function.
        """
        function = self.called(call)
        if function is None or self.spent > MAX_SPENT:
            name = self.reader.callee(call)
            known = name.partition(".")[0] in self.reader.imports
            return All(parts=[f"{name}{BY_CALL}"]) if known else All(partial=True)
        self.spent += 1
        value = self.given_back(function)
        return reading(value) if value is not None else All(partial=True)

    def changes(
        self, function: FunctionRead, name: str, node: Node
    ) -> Iterator[tuple[Given, bool]]:
        """What a name is given before a node, in order; with each, whether that is so on every way there."""
        here = branch_of(self.reader, function, node)
        for change in function.given.get(name, [])[:MAX_CHANGES]:
            if change.start >= node.start_byte or change.value.end_byte > node.start_byte:
                break
            yield change, change.branch == here[: len(change.branch)]

    def class_around(self, node: Node) -> ClassRead | None:
        """The class of the method that a node stands in."""
        around = self.reader.class_around(node)
        return self.classes.get(around.id) if around is not None else None
