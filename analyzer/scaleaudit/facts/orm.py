"""What object mappers say: models, and queries on them before their names are tables.

One file cannot know in which table `Order.objects.filter(customer__email=x)` looks: the model, its
base classes and those it refers to stand elsewhere. These facts keep what is written; the linker
turns models into tables and queries into `QueryFound`.
"""

from __future__ import annotations

import msgspec

from scaleaudit.facts.base import FactBase
from scaleaudit.facts.data import Clause, IndexFact, Predicate
from scaleaudit.source import Span

BY_CALL = "()"  # behind the name of a function: the rows that it gives, or what it does to rows
MAYBE = "?"  # before the name of a part of queries: nothing may stand behind the name
OWN_NAME = "()"  # of a table between two models: what the mapper calls it
INHERITED = "inherited"  # in `OrmQuery.answers`: asked for what the scopes of other files add


class FieldFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An attribute kept in a column of the model's own table."""

    name: str  # the attribute
    # where the source names the column; else the linker follows the convention; `()`: it has none,
    # its value is worked out of others
    column: str = ""
    type: str = ""  # upper case, as SQL names it, without length: VARCHAR, BOOLEAN, TIMESTAMP, ENUM
    nullable: bool = True
    indexed: bool = False  # has an index of its own
    unique: bool = False
    primary: bool = False
    auto_increment: bool = False
    at: Span = Span(0)
    references: str = ""  # a foreign key: table or class, and column, as the source names them
    made_by: str = ""  # the class of the field, where it is one of the project in another file


class RelationFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An attribute that leads to other models.

    `kind`: `belongs-to` (this table holds the column), `has-many` and `has-one` (the other table
    holds it), `many-to-many` (a table between holds both), `embedded` (no other row at all: the
    attributes of the target, an abstract model, are kept in this model's own columns).
    """

    name: str
    target: str  # the class as written; empty when it may be any (polymorphic)
    kind: str
    # belongs-to: the own column; has-many, has-one: the other table's; many-to-many: the column of
    # the table between that refers to this model; embedded: what the columns' names begin with.
    # Empty: by convention, or by `inverse`.
    column: str = ""
    inverse: str = ""  # the attribute on the other side: related_name, mappedBy, back_populates
    through: str = ""  # has-many: another relation of this model; many-to-many: table or class between, `OWN_NAME`
    discriminator: str = ""  # polymorphic: the column with the type, which stands beside `column`
    nullable: bool = True
    indexed: bool = False  # belongs-to: the mapper makes an index on every engine
    unique: bool = False
    primary: bool = False
    at: Span = Span(0)
    other_column: str = (
        ""  # many-to-many: the column of the table between that refers to the target
    )
    constrained: bool = True  # belongs-to: the database knows it as a foreign key
    eager: bool = False  # the model says that it is loaded with the row, or for many rows at once
    loads: tuple[str, ...] = ()  # what comes along with its rows, dotted; `lazy.ANY_RELATION`
    # `unique` or `indexed` follows from the kind of relation: what the mapper adds where it makes
    # the table, and migrations and dumps need not.
    implied: bool = False
    # Of the rows that it leads to, where only some belong to it.
    conditions: tuple[Condition, ...] = ()
    alone: bool = False  # its file names it nowhere else, and asks for nothing by declaring it
    parting: bool = False  # the same, but for its rows going when the record goes
    # belongs-to by a key of several columns: each of them, `column` first, with the attribute or
    # column of the target that it refers to; empty where the source does not say which.
    key: tuple[tuple[str, str], ...] = ()


class ModelDefined(FactBase, frozen=True, tag="model"):
    """A class that a mapper keeps in a table.

    Columns of `indexes` are attributes or columns, whichever the source names; expressions stand in
    parentheses.
    """

    name: str  # of the class, as its file declares it: `Order`, `Billing.Invoice`
    framework: str  # a key of `linking.models.conventions.CONVENTIONS`
    table: str = ""  # where the source names it
    default_table: str = ""  # by the framework's convention, where the class alone decides
    bases: tuple[str, ...] = ()  # as written
    abstract: bool = False  # has no table; its fields go to those that inherit
    same_table: bool = False  # lives in the table of its base: a proxy
    fields: tuple[FieldFact, ...] = ()
    relations: tuple[RelationFact, ...] = ()
    indexes: tuple[IndexFact, ...] = ()
    ordering: tuple[str, ...] = ()  # attributes by which every list of it is sorted
    managers: tuple[str, ...] = ()  # classes whose own queries are on this model
    label: str = ""  # the application that the source names in front of the table (Django)
    dialect: str = ""  # sqlglot's name of the engine, where the file tells it
    managed: bool = (
        True  # the mapper makes the table; else what the class says of indexes is nothing
    )
    # How columns are called whose names are left to the mapper, as the class shows where it names
    # them elsewhere: `plain` (as the attribute), `snake` (with underscores); empty: not seen.
    spelling: str = ""
    whole: bool = (
        False  # every column is in sight, so that there is no key of which nothing is said
    )


class Condition(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One attribute that a query filters, joins or sorts by.

    `path` is dotted, from the model on: `customer.email`. `operator`, `function`, `alternative`,
    `group`, `branch` and `constant` are those of `Predicate`. The function `any-case` stands for
    what makes the comparison blind to capitals on the engine in use: `lower`, or nothing. A sort
    with an empty path says that the rows have no order, not even the model's own.
    """

    path: str
    operator: str
    clause: Clause = Clause.FILTER
    function: str = ""
    alternative: bool = False
    group: int = 0
    branch: int = 0
    constant: bool = False
    model: str = ""  # another model than the query's, as written, where the source names one
    # The method whose name says it all (`whereEmail`), unless the model has one of its own.
    method: str = ""

    @classmethod
    def of(
        cls, column: Predicate, path: str, *, model: str = "", clause: Clause | None = None
    ) -> Condition:
        """What a fragment of SQL says of a column, as said of an attribute."""
        return cls(
            path, column.operator, clause or column.clause, column.function, column.alternative,
            column.group, column.branch, column.constant, model,
        )  # fmt: skip

    def on(
        self, table: str, column: str, *, source: int = 0, function: str | None = None
    ) -> Predicate:
        """The same of a column, where the source names the table itself."""
        around = self.function if function is None else function
        return Predicate(
            table, column, self.operator, self.clause, around, self.alternative, source, self.group,
            self.branch, self.constant,
        )  # fmt: skip


class OrmQuery(FactBase, frozen=True, tag="orm-query"):
    """A query through a mapper, as one place of the source builds it.

    It starts at `model`, a class as written: a model, a class that manages one, or the class
    around; empty when only the relations followed (`via`) can tell.
    """

    framework: str
    model: str
    text: str  # shortened, for people
    via: tuple[str, ...] = ()  # relations followed from the model: `customer.orders`
    conditions: tuple[Condition, ...] = ()
    scopes: tuple[str, ...] = ()  # methods of the model's own in the chain, which may narrow it
    loads: tuple[str, ...] = ()  # relations read along, dotted
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    streamed: bool = False
    partial: bool = False
    in_loop: bool = False
    writes: bool = False  # updates or deletes the rows
    inserts: bool = False
    scope: str = ""
    deletes: bool = False
    shuffled: bool = False  # sorted by chance
    skips: bool = False  # passes over rows by their number: an offset, the number of a page
    taken: tuple[str, ...] = ()  # of whole objects, all that the code looks at; empty: not known
    # Scopes of other queries in it, of which no more is told: `Order.open`, the class as written.
    beside: tuple[str, ...] = ()
    # A framework answers requests with all of these rows: `always`, or `by-default` where the
    # settings of the project give no pages; `pages:` and the class that cuts them into pages, whose
    # order is theirs (without a class: that of the settings). `inherited`: the class that names the
    # model says nothing else, and what is asked is what the scopes of other files add, if any.
    answers: str = ""
    gathered: bool = False  # the mapper makes one query of all that are asked for at one moment
    # One of the filters and orders that a list offers; `partial` as well, as long as no other is asked.
    offered: bool = False
    # Scopes of every query of the model (`ScopeDefined.always`) that this one goes without; `*`: all.
    without: tuple[str, ...] = ()
    seldom: bool = False  # as that of `QueryFound`
    handed: bool = False  # begins on its class, or on whatever rows its method is called on
    # Methods of the framework in the chain: where the project's own class defines one, it is that.
    built_in: tuple[str, ...] = ()
    receiver: str = ""  # what code calls the row that the first relation begins with


class ScopeOption(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a named part adds under a condition: filters of a list that are given or not."""

    at: Span
    text: str
    conditions: tuple[Condition, ...] = ()
    scopes: tuple[str, ...] = ()


EVERY_MODEL = "*"  # the owner of a scope of all models that have the columns of its conditions


class ScopeDefined(FactBase, frozen=True, tag="orm-scope"):
    """A named part of queries: a scope, a method of a manager or a query set.

    It is told where it is used; where it is used by nobody in sight, where it stands.
    """

    framework: str
    owner: str  # the class around
    name: str
    conditions: tuple[Condition, ...] = ()
    scopes: tuple[str, ...] = ()
    limited: bool = False
    partial: bool = False  # does more than is known here
    always: bool = False  # added to every query of the model: a default scope, soft deletion
    text: str = ""
    eager: tuple[
        str, ...
    ] = ()  # relations that it loads along, dotted; `lazy.ANY_RELATION`: not known
    implied: bool = False  # the framework gives it for something else: told only where it is used
    beside: tuple[str, ...] = ()  # as those of `OrmQuery`
    options: tuple[ScopeOption, ...] = ()
    alone: bool = False  # its file names it nowhere else


class ManagerDefined(FactBase, frozen=True, tag="orm-manager"):
    """A class whose methods are named parts of queries: a manager, a query set.

    `bases`: what it inherits from, as written, the nearest first.
    """

    framework: str
    name: str
    bases: tuple[str, ...] = ()


class ModelMigrated(FactBase, frozen=True, tag="model-migrated"):
    """What one step of a framework's migrations does to the attributes of a model.

    `action`: create, set (adds or alters attributes), remove, rename-field, rename, delete,
    unique_together and index_together (whose indexes these then are).
    """

    model: str
    action: str
    fields: tuple[FieldFact, ...] = ()
    relations: tuple[RelationFact, ...] = ()
    indexes: tuple[IndexFact, ...] = ()
    names: tuple[str, ...] = ()  # what is removed; what it is renamed to, after the old name


class RowsGiven(FactBase, frozen=True, tag="rows-given"):
    """A function or method that hands out rows of a model, which its callers may narrow.

    A query that starts there has the model `name()`. `model`, `via`, `conditions` and `scopes` are
    those of an `OrmQuery`.
    """

    framework: str
    name: str  # as its file declares it: `open_orders`, `Order.open`
    model: str
    via: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    scopes: tuple[str, ...] = ()
    limited: bool = False
    partial: bool = False  # does more than is known here
