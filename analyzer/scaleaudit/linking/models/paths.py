"""Dotted attributes of a query, followed over relations to columns of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Predicate
from scaleaudit.linking.models.columns import column_of, key_column, own_column
from scaleaudit.linking.models.composite_keys import asked_key
from scaleaudit.linking.models.joined_tables import only_owner, ways
from scaleaudit.linking.models.predicates import Mention, beside_its_kind, predicate
from scaleaudit.linking.models.steps import steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scaleaudit.facts import Condition
    from scaleaudit.linking.models.links import Link, Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

MAX_HOPS = 8
# Mappers that add to a joined model what they add to each query of it. Sources: "Paranoid", Sequelize
# (included models too); `join_scopes` in Active Record's `reflection.rb`.
NARROWS_JOINED = frozenset({"sequelize", "activerecord"})
IN_DOCUMENT = "->"  # the function that stands for a key inside a document, which follows


class Paths:
    """Gathers the tables and predicates of one query that starts at a model."""

    def __init__(
        self, models: Models, links: Links, start: Model, path: str, along: tuple[str, ...] = ()
    ) -> None:
        self._models, self._links, self._path = models, links, path
        self._framework = start.framework
        self._along = along  # relations that the query joins or reads along, dotted
        self.start = Mention(start.table, 1, start)
        self._mentions: dict[tuple[str, ...], Mention] = {(): self.start}
        self.tables: list[str] = [start.table]
        self.predicates: list[Predicate] = []
        self.lost = False  # a condition on something unknown
        self._unsorted = False  # an order that begins with, or goes on with, something unknown

    def add(self, condition: Condition) -> None:
        sorts = condition.clause is Clause.SORT
        if sorts and (self._unsorted or not condition.path):
            return
        function = condition.function
        at = self.start
        key: tuple[str, ...] = ()
        if condition.model:
            explicit = condition.clause is Clause.JOIN and condition.path != ""
            found = self._other(condition.model, tied=not explicit)
            if found is None:
                self.lost = True
                return
            at, key = found
            if not condition.path:
                return  # a join by the relation between the two
        parts = steps(self._models, self._links, at.model, condition.path)
        joins = condition.clause is Clause.JOIN
        for position, part in enumerate(parts[: MAX_HOPS + 1]):
            last = position == len(parts) - 1
            link = self._links.find(at.model, part) if at.model is not None else None
            if (
                link is not None
                and last
                and function
                and own_column(self._models, link.target, function)
            ):
                # `slot__date` is an attribute of the slot, not the date of a moment.
                path = f"{condition.path}.{function}"
                self.add(msgspec.structs.replace(condition, path=path, function=""))
                return
            if link is not None and not (last and not joins and self._is_column(at, part)):
                one = not link.many and not link.between
                whole = last and not joins and one and self._refers(at, link)
                own = [each for each, _ in link.pairs] if whole else []
                for each in own or asked_key(link, parts[position + 1 :]):
                    self._ask(condition, at, each, function)
                    own = own or [each]
                if own:
                    return
                key = (*key, part)
                at = self._followed(at, key, link)
                if last and joins:
                    return
                if last:
                    self._on_relation(condition, at)
                    return
                continue
            if not last and not (
                self._is_column(at, part) and not self._qualifies(at, parts[position:])
            ):
                named = self._by_table(part)
                if named is not None:
                    at, key = named, (part,)
                    continue
                self.lost = True
                return
            column = self._column(at, part)
            bare = len(parts) == 1 and at is self.start and not condition.model
            column = self._of_joined(part) if column is None and bare else column
            if column is None:
                # The order of what SELECT computes chooses no rows; what follows orders its ties.
                computed = sorts and len(parts) == 1 and not condition.model
                self._unsorted = self._unsorted or computed
                self.lost = self.lost or not computed
                return
            mention, name = column
            if not last:
                function = IN_DOCUMENT + ".".join(parts[position + 1 :])
            self._ask(condition, mention, name, function)
            if last:
                self.predicates += beside_its_kind(condition, mention, part)
            return
        self.lost = True

    def _refers(self, at: Mention, link: Link) -> bool:
        """Whether the column of this end refers to the other, and is not what that refers to."""
        forward = link.declared and link.fact.kind == "belongs-to"
        return bool(link.own) and (
            forward or at.model is None or link.own != key_column(self._models, at.model)
        )

    def narrow(self, link: Link) -> None:
        """The rows that belong to one row of the link's source."""
        self._of_those(self.start, link)
        if link.between:
            if not link.own_between:
                self.lost = True
                return
            between = self._mention((f"<{link.name}",), link.between, None)
            self.predicates.append(
                Predicate(link.between, link.own_between, "=", Clause.FILTER, source=between.number)
            )
            self._of_kind(between, link)
            if link.other_between:
                self._join(between, link.other_between, self.start, link.other)
                self._one_kind(self.start, link.target_kind)
            return
        for _, other in link.pairs:
            self.predicates.append(Predicate(self.start.table, other, "=", Clause.FILTER, source=1))
        self._of_kind(self.start, link)

    def narrow_joined(self, standing: Callable[[Model], Iterable[Condition]]) -> None:
        """What the mapper adds to each model that a query joins: `deletedAt` is null."""
        if self._framework not in NARROWS_JOINED:
            return
        for mention in [*self._mentions.values()]:
            model = mention.model
            if model is None or mention is self.start:
                continue
            for each in standing(model):
                column = own_column(self._models, model, each.path)
                if column and each.clause is Clause.FILTER:
                    self._ask(each, mention, column, each.function)

    def _is_column(self, at: Mention, part: str) -> bool:
        return at.model is not None and bool(own_column(self._models, at.model, part))

    def _qualifies(self, at: Mention, parts: list[str]) -> bool:
        """`notes.author_id` of the table `notes`, also where that has a column `notes`."""
        return len(parts) == 2 and parts[0].lower() == at.table and self._is_column(at, parts[1])

    def _column(self, at: Mention, part: str) -> tuple[Mention, str] | None:
        if at.model is not None:
            found = column_of(self._models, at.model, part)
            if found is None:
                return None
            table, column = found
            if table == at.table:
                return at, column
            base = self._mention((f"^{table}", str(at.number)), table, None)
            self._join(at, key_column(self._models, at.model), base, "id")
            return base, column
        known = self._models.schema.tables.get(at.table)
        column_found = known.column(part) if known is not None else None
        return (at, column_found.name) if column_found is not None else None

    def _by_table(self, name: str) -> Mention | None:
        """`where(stories: {...})`: a table of the query by its own name."""
        lowered = name.lower()
        if lowered == self.start.table:
            return self.start
        for mention in self._mentions.values():
            if mention.table == lowered:
                return mention
        joined = self._joined(lowered)
        if joined is not None:
            return joined
        owners = self._models.of_table(lowered)
        if owners or lowered in self._models.schema.tables:
            return self._mention((name,), lowered, owners[0] if owners else None)
        if name in self._along:  # joined under the name of the relation
            link = (
                self._links.find(self.start.model, name) if self.start.model is not None else None
            )
            return self._followed(self.start, (name,), link) if link is not None else None
        return None

    def _joined(self, table: str) -> Mention | None:
        """The end of a relation that the query joins, by its table."""
        for way in ways(self._links, self.start.model, self._along):
            if table in (way[-1][1].target.table, way[-1][1].between):
                at = self.start
                for each, link in way:
                    at = self._followed(at, each, link)
                return next((m for m in self._mentions.values() if m.table == table), at)
        return None

    def _of_joined(self, part: str) -> tuple[Mention, str] | None:
        """A column without its table, that of the tables that are joined one alone has."""
        of = (self._models, self._links, self.start.model)
        owner = only_owner(*of, self._along, {m.table for m in self._mentions.values()}, part)
        at = self._by_table(owner) if owner else None
        return self._column(at, part) if at is not None else None

    def _other(self, written: str, *, tied: bool) -> tuple[Mention, tuple[str, ...]] | None:
        """Another model that the query names: `.join(Group).filter(Group.name == x)`."""
        model = self._models.find(self._path, written, self._framework)
        if model is None:
            named = self._by_table(written)
            return (named, (written,)) if named is not None else None
        if model.table == self.start.table:
            return self.start, ()
        for key, mention in self._mentions.items():
            if mention.table == model.table:
                return mention, key
        joined = self._joined(model.table)
        if joined is not None:
            return joined, (f"@{model.name}",)
        key = (f"@{model.name}",)
        mention = self._mention(key, model.table, model)
        if tied:
            self._tie(mention, model)
        return mention, key

    def _tie(self, mention: Mention, model: Model) -> None:
        """The join that the query leaves to the relations between two models."""
        for other in [*self._mentions.values()]:
            if other is mention or other.model is None:
                continue
            there = [link for link in self._links.of(other.model).values() if link.target is model]
            if there and not there[0].between:
                self._join(other, there[0].own, mention, there[0].other)
                return
            back = [link for link in self._links.of(model).values() if link.target is other.model]
            if back and not back[0].between:
                self._join(mention, back[0].own, other, back[0].other)
                return

    def _followed(self, at: Mention, key: tuple[str, ...], link: Link) -> Mention:
        known = self._mentions.get(key)
        if known is not None:
            return known
        if link.between:
            between = self._mention((*key, "<"), link.between, None)
            target = self._mention(key, link.target.table, link.target)
            if link.own_between:
                self._join(at, link.own, between, link.own_between)
                self._of_kind(between, link)
            if link.other_between:
                self._join(between, link.other_between, target, link.other)
                self._one_kind(target, link.target_kind)
            return target
        target = self._mention(key, link.target.table, link.target)
        for own, other in link.pairs:
            self._join(at, own, target, other)
        self._of_kind(target, link)
        self._of_those(target, link)
        return target

    def _of_those(self, at: Mention, link: Link) -> None:
        """The rows that belong to the relation, where it says that only some do."""
        for each in link.fact.conditions if link.declared else ():
            column = own_column(self._models, link.target, each.path) or each.path
            self.predicates.append(
                Predicate(
                    at.table,
                    column,
                    each.operator,
                    each.clause,
                    source=at.number,
                    constant=each.constant,
                )
            )

    def _of_kind(self, at: Mention, link: Link) -> None:
        """The rows of a polymorphic table that belong to the link's source."""
        self._one_kind(at, link.kind_column)

    def _one_kind(self, at: Mention, kind: str) -> None:
        if kind:
            self.predicates.append(
                Predicate(at.table, kind, "=", Clause.FILTER, source=at.number, constant=True)
            )

    def _mention(self, key: tuple[str, ...], table: str, model: Model | None) -> Mention:
        if key not in self._mentions:
            self._mentions[key] = Mention(table, len(self._mentions) + 1, model)
            if table not in self.tables:
                self.tables.append(table)
        return self._mentions[key]

    def _join(self, one: Mention, own: str, two: Mention, other: str) -> None:
        self.predicates.append(Predicate(one.table, own, "=", Clause.JOIN, source=one.number))
        self.predicates.append(Predicate(two.table, other, "=", Clause.JOIN, source=two.number))

    def _on_relation(self, condition: Condition, at: Mention) -> None:
        """`filter(lines=line)`: the key of the other side, or the reference to it."""
        if at.model is not None:
            if condition.operator == "contains":  # the row, not a part of a text
                condition = msgspec.structs.replace(condition, operator="search")
            self._ask(condition, at, key_column(self._models, at.model), condition.function)

    def _ask(self, asked: Condition, at: Mention, column: str, function: str) -> None:
        self.predicates.append(predicate(self._models.schema, asked, at, column, function))
