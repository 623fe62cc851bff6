"""Rows followed along their relations: which of these the mapper loads row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ANY_RELATION, EACH, WHOLE, LazyLoad
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scaleaudit.facts import RowsSource
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models
    from scaleaudit.linking.models.scopes import Scopes
    from scaleaudit.source import Span

MAX_STEPS = 8  # relations followed from one row
# Of the manager of a relation: these ask again, whatever was loaded along.
ALWAYS_ASKING = frozenset(
    """
    filter exclude order_by aggregate values values_list get latest earliest annotate distinct
    """.split()  # noqa: SIM905 - a table to be read
)
ASKING = {"django": ALWAYS_ASKING}
# Where an attribute alone is not yet the list: what is called on it to read the list.
LIST_READS = {
    "django": frozenset({"all", "count", "exists", "first", "last", "iterator"}) | ALWAYS_ASKING,
    "activerecord": frozenset(
        """
        each map each_with_index each_with_object flat_map find_each collect select reject filter_map sort_by
        group_by index_by detect any? all? none? empty? size length count first last to_a sum min_by max_by pluck
        present? blank? many? one? find_all partition inject reduce to_set sort uniq join zip each_slice
        reverse ids exists? compact include? second
        """.split()  # noqa: SIM905 - a table to be read
    ),
}
LIST_READS["jpa"] = frozenset(
    "size isEmpty stream forEach iterator contains get removeIf parallelStream toArray".split()  # noqa: SIM905
) | {EACH}
# What may follow a list and leaves it the same rows.
SAME_ROWS = frozenset(
    """
    all object_list each each_with_index to_a reverse sort_by select reject list items values sorted iterator
    each_with_object map flat_map filter_map collect stream forEach load find_each uniq sort compact
    """.split()  # noqa: SIM905 - a table to be read
)
# Where what stands for a row that is not loaded gives its key without a query.
KEY_KNOWN = frozenset({"jpa"})
# What the number of children alone answers.
COUNTING = frozenset({"size", "any?", "none?", "empty?", "many?", "one?"})


class Place(Gathering):
    """Where the list begins that is gone over: the file, the query, the function."""

    path: str
    rows: RowsSource
    scope: str
    table: str


class Bound(Gathering):
    """Rows of a model, or one of them, with the relations that were loaded along."""

    model: Model
    place: Place
    eager: tuple[str, ...] = ()
    parent: Link | None = None  # the relation that led here
    many: bool = False
    each: bool = False  # one of many, as a loop gives them
    way: tuple[str, ...] = ()  # the relations followed since the rows of the list


def source_of(
    models: Models, links: Links, scopes: Scopes, path: str, rows: RowsSource, scope: str
) -> Bound | None:
    """The rows that a query gives; None when it is not surely known what they are."""
    written = scopes.kept_by(rows.model)
    model = models.find(path, written, rows.framework) if written else None
    if model is None:
        return None
    parent: Link | None = None
    for name in rows.via:
        parent = links.find(model, name)
        if parent is None:
            return None
        model = parent.target
    along = parent.fact.loads if parent is not None and parent.declared else ()
    named = [*rows.scopes]
    if scopes.knows(model, "get_queryset"):
        named.append("get_queryset")
    added = scopes.added(model, tuple(named))
    if added.unknown:
        return None
    place = Place(path, rows, scope, model.table)
    return Bound(model, place, (*rows.eager, *added.eager, *along), parent, many=not rows.one)


def covered(name: str, eager: Iterable[str]) -> bool:
    return any(e in (ANY_RELATION, name) or e.startswith(f"{name}.") for e in eager)


def below(name: str, eager: Iterable[str]) -> tuple[str, ...]:
    """What is loaded along from the relation on."""
    ahead = f"{name}."
    return tuple(
        e if e == ANY_RELATION else e.removeprefix(ahead)
        for e in eager
        if e == ANY_RELATION or e.startswith(ahead)
    )


class Walk:
    """`found` gathers the relations that are loaded row by row, each once for each place."""

    def __init__(self, models: Models, links: Links) -> None:
        self._models, self._links = models, links
        self.found: dict[tuple[str, Span, str, str], tuple[str, LazyLoad]] = {}

    def follow(
        self, bound: Bound, parts: Sequence[str], where: str, at: Span, *, lists: bool = False
    ) -> Bound | None:
        """What the attributes lead to; None when that is no row of a known model.

        `lists`: only the relations to several rows are read, of the others the key.
        """
        whole = ".".join(parts)
        for position, part in enumerate(parts[:MAX_STEPS]):
            if bound.many:
                if part in SAME_ROWS:
                    continue
                return None
            link = self._links.find(bound.model, part)
            if link is None:
                return None
            many = link.many or bool(link.between)
            following = parts[position + 1] if position + 1 < len(parts) else ""
            if many:
                reading = LIST_READS.get(bound.model.framework)
                if reading is not None and following not in reading and position + 1 < len(parts):
                    return None  # a query of its own, or nothing that reads
                reads = reading is None or following in reading
            else:
                of_key = bound.model.framework in KEY_KNOWN and following == link.target.key
                reads = not (lists or of_key)
            if following in COUNTING and self._counted(bound.model, part):
                return None
            if self._leads_back(bound, link):
                return None  # the same object for all children, with what it has loaded
            known = covered(part, bound.eager) or link.fact.eager
            if many and following in ASKING.get(bound.model.framework, ()):
                known = False
            if reads and not known and bound.each:
                self._tell(bound, link, whole, where, at)
            along = link.fact.loads if link.declared else ()
            eager = (*below(part, bound.eager), *along)
            way, place = (*bound.way, part), bound.place
            if many and not bound.each:  # the list of one record: it is this that is gone over
                way, place = (), msgspec.structs.replace(place, table=link.target.table)
            bound = Bound(link.target, place, eager, link, many, bound.each, way)
        return bound

    def _counted(self, model: Model, name: str) -> bool:
        """Whether a column of the model keeps the number of its children."""
        table = self._models.replayed_table(model)
        return table is not None and table.column(f"{name}_count") is not None

    def _leads_back(self, bound: Bound, link: Link) -> bool:
        """`for item in order.items.all(): item.order`: the parent is known."""
        came = bound.parent
        return (
            came is not None
            and not link.many
            and not link.between
            and came.source.table == link.target.table
            and (came.own, came.other) == (link.other, link.own)
        )

    def _tell(self, bound: Bound, link: Link, whole: str, where: str, at: Span) -> None:
        place = bound.place
        apart = where != place.path
        relation = ".".join((*bound.way, link.name))
        key = place.path, place.rows.at, relation, where
        if key in self.found:
            return
        self.found[key] = (
            place.path,
            LazyLoad(
                at=place.rows.at if apart else at,
                source=place.table,
                table=link.target.table,
                relation=relation,
                path=whole.removesuffix(f".{WHOLE}").removesuffix(f".{EACH}"),
                text=place.rows.text,
                library=bound.model.framework,
                read_in=where if apart else "",
                read_at=at,
                scope=place.scope,
                to_many=link.many or bool(link.between),
            ),
        )


def one_of(bound: Bound) -> Bound:
    """An item of the list."""
    return msgspec.structs.replace(bound, many=False, each=True)
