"""The table of each model: named by the source, by its base, or by the mapper's convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.inflection import plural, singular
from scaleaudit.linking.models.conventions import convention_of, conventional_table, nested_tables
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scaleaudit.linking.models.labels import Labels
    from scaleaudit.linking.models.model import Model
    from scaleaudit.schema import Schema

MAX_BASES = 12  # levels of inheritance
PARTS = regex(r"[.:\\]+")


class TableNames:
    """`schema`: the tables that dumps and migrations define, which tell how names are spelled;
    `by_name`: the models by the last part of their names.
    """

    def __init__(self, schema: Schema, by_name: Mapping[str, list[Model]], labels: Labels) -> None:
        self._schema = schema
        self._spelled = {relaxed(name): name for name in schema.tables}
        self._by_name = by_name
        self._labels = labels
        self._done: set[int] = set()

    def give(self, model: Model, depth: int = 0) -> None:
        """Sets `table` and `spelled`, first those of the base; what shares the base's table shares its parts."""
        if id(model) in self._done or depth > MAX_BASES:
            return
        self._done.add(id(model))
        fact = model.fact
        if fact.abstract:
            return
        way = convention_of(fact.framework)
        base = model.base
        if base is not None:
            self.give(base, depth + 1)
            if base.table and (fact.same_table or (way.shares_table and not fact.table)):
                model.table = base.table
                for name, field in model.fields.items():
                    base.fields.setdefault(name, field)
                model.fields = base.fields | model.fields
                model.relations = base.relations | model.relations
                return
        if fact.same_table:
            return  # a base that has a table is not in sight
        label = self._labels.of(model.path, fact) if fact.framework == "django" else ""
        usual = self._nested(model) or conventional_table(fact, label, model.template)
        named = fact.table or model.table or usual
        spelled = named.rpartition(".")[2].strip('`"[]')
        plain = spelled.lower()
        by_class = way.may_keep_class_name and not fact.table
        others = (singular(fact.default_table), PARTS.split(model.name)[-1]) if by_class else ()
        if way.may_be_plural and not fact.table:
            others = (*others, plural(plain))
        model.table = self._as_spelled(plain, others)
        model.spelled = spelled if plain == model.table != spelled else ""

    def _nested(self, model: Model) -> str:
        """The table of a class inside others, where the schema has one by their names.

        A module gives its name to tables only when it is told to, a class with a table always.
        """
        fact = model.fact
        if not convention_of(fact.framework).nests or "." not in fact.name or fact.default_table:
            return ""
        own = conventional_table(fact, "")
        if prefix := self._prefix(fact.name):
            return prefix + own
        outer = fact.name.rpartition(".")[0]
        inside = any(
            each.name == outer and not each.fact.abstract
            for each in self._by_name.get(outer.rpartition(".")[2], ())
        )
        known = [name for name in nested_tables(fact.name) if name in self._schema.tables]
        if not known or (own in self._schema.tables and not inside):
            return ""
        return known[0]

    def _prefix(self, name: str) -> str:
        """What the nearest module around says that its tables begin with."""
        outer = name.rpartition(".")[0]
        while outer:
            for each in self._by_name.get(outer.rpartition(".")[2], ()):
                if each.name == outer and each.fact.abstract and each.fact.default_table:
                    return each.fact.default_table
            outer = outer.rpartition(".")[0]
        return ""

    def _as_spelled(self, table: str, others: Iterable[str]) -> str:
        if table in self._schema.tables:
            return table
        known = (self._spelled.get(relaxed(each), "") for each in (table, *others) if each)
        return next(filter(None, known), table)
