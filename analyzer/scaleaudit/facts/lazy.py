"""Relations that are read row by row: what makes a mapper ask the database once for each row.

One file sees the loop, another the relation, a third the template; the linker joins them.
"""

from __future__ import annotations

import msgspec

from scaleaudit.facts.base import FactBase
from scaleaudit.source import Span

ANY_RELATION = "*"  # among what is loaded along: it cannot be told what else
# The last step of a path of which nothing more is named: somebody is handed what is behind it, or
# goes over all of it.
WHOLE, EACH = "()", "[]"


class AttributeRead(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """`path`: dotted, from a row on; methods called on the way are parts of it."""

    path: str
    at: Span


class RowsSource(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The query whose rows somebody goes over, begun like an `OrmQuery`.

    `eager`: relations loaded with it, dotted, from the rows on; `ANY_RELATION` where only the program
    knows. `scopes`: methods of the model's own in the chain.
    """

    framework: str
    model: str
    text: str
    via: tuple[str, ...] = ()
    eager: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    one: bool = False  # a single row: only what leads on from it is a list
    at: Span = Span(0)


class RowsVisited(FactBase, frozen=True, tag="rows-visited"):
    """A loop, a comprehension or a callback over the rows of a query, with what it reads of each."""

    rows: RowsSource
    reads: tuple[AttributeRead, ...]
    scope: str = ""


class ViewRendered(FactBase, frozen=True, tag="view-rendered"):
    """A template or a serializer gets rows under a name.

    `view`: the template as written, or the class of a serializer; in Rails the action, or
    `folder/action`. `in_list`: the view is rendered once for each row.
    """

    view: str
    name: str
    rows: RowsSource
    engine: str  # of the template: `django`, `jinja`, `rails`, `blade`, `serializer`
    in_list: bool = False
    scope: str = ""


class TemplateStep(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A part of a template, in its order.

    `kind`: `each` (a loop: `name` stands for an item of `path`), `end` (of the loop), `read`
    (`path`), `read-many` (the same, but of a single row only its key), `with` (`name` stands for `path`), `include` (another template `name`), `include-each`
    (the template `name` for each item of `path`). `given`: (name there, path here) of an include.
    """

    kind: str
    name: str = ""
    path: str = ""
    at: Span = Span(0)
    given: tuple[tuple[str, str], ...] = ()


class TemplateRead(FactBase, frozen=True, tag="template"):
    """A template, or a serializer, which is the template of an answer in JSON."""

    engine: str
    steps: tuple[TemplateStep, ...]
    name: str = ""  # of the class, where it is one
    bases: tuple[str, ...] = ()  # classes that it goes on with


class LazyLoad(FactBase, frozen=True, tag="lazy-load"):
    """A relation that is loaded once for each row of a list. The linker makes it.

    It stands where the rows are asked for; `read_in` and `read_at` say where the relation is read.
    """

    source: str  # the table of the list
    table: str  # the table that is asked for each row
    relation: str  # dotted, from the rows of the list on
    path: str  # all that is read there, dotted
    text: str  # the query of the list, shortened
    library: str
    read_in: str
    read_at: Span
    scope: str = ""
    to_many: bool = False  # the relation leads to several rows


class FieldResolved(FactBase, frozen=True, tag="field-resolved"):
    """GraphQL: the function from `at` on answers a field of each object of a list in an answer."""

    parent: str  # the type, as far as its name tells
    field: str
