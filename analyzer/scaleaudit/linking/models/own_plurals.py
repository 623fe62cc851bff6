"""Tables of Active Record that are called by plurals of the project's own.

`config/initializers/inflections.rb` stands far from the models, and a name without its plural leads
to no table. A rule counts only where it leads to a table of the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ConstantDefined
from scaleaudit.inflection import camelized, plural, singular
from scaleaudit.linking.models.conventions import snake
from scaleaudit.source import Role
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaleaudit.facts import ModelDefined, RelationFact
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.schema import Schema

FRAMEWORK = "activerecord"
INFLECTIONS = "inflector.inflections."

Defined = tuple[str, "ModelDefined"]


def with_own_plurals(
    index: FactsIndex, defined: Sequence[Defined], schema: Schema
) -> list[Defined]:
    """The models, with the tables and the classes behind relations that such rules lead to."""
    if not any(fact.framework == FRAMEWORK for _, fact in defined):
        return list(defined)
    rules = {
        fact.name.removeprefix(INFLECTIONS): fact.value.text
        for path, fact in index.of(ConstantDefined)
        if fact.name.startswith(INFLECTIONS)
        and isinstance(fact.value, Literal)
        and index.role(path) is Role.SOURCE
    }
    if not rules:
        return list(defined)
    told = [
        (path, tabled(fact, rules, schema) if fact.framework == FRAMEWORK else fact)
        for path, fact in defined
    ]
    # What the usual rules make of such a plural: `has_many :taxa` is of a class `Taxa`, as far as they know.
    named = {
        camelized(singular(fact.default_table)): fact.name
        for (_, before), (_, fact) in zip(defined, told, strict=True)
        if fact is not before
    }
    known = {fact.name.rpartition(".")[2] for _, fact in told}
    named = {usual: own for usual, own in named.items() if usual not in known}
    return [(path, related(fact, named)) for path, fact in told] if named else told


def tabled(fact: ModelDefined, rules: Mapping[str, str], schema: Schema) -> ModelDefined:
    if fact.table or fact.default_table or fact.abstract or fact.same_table:
        return fact
    word = snake(fact.name.rpartition(".")[2])
    if plural(word) in schema.tables:
        return fact
    made = (
        word.removesuffix(one) + many for one, many in sorted(rules.items()) if word.endswith(one)
    )
    table = next((each for each in made if each in schema.tables), "")
    return replace(fact, default_table=table) if table else fact


def related(fact: ModelDefined, named: Mapping[str, str]) -> ModelDefined:
    def of(relation: RelationFact) -> RelationFact:
        own = named.get(relation.target)
        return replace(relation, target=own) if own is not None else relation

    if fact.framework != FRAMEWORK or not any(each.target in named for each in fact.relations):
        return fact
    return replace(fact, relations=tuple(map(of, fact.relations)))
