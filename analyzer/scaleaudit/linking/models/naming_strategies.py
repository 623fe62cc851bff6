"""Doctrine's naming strategies: columns are called as attributes, unless settings say otherwise.

Symfony's recipes set the strategy with underscores, so that is what is taken for granted. Where the
indexes of entities name columns as the attributes are written, the strategy is the default one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.facts import ModelDefined

    Defined = tuple[str, ModelDefined]

FRAMEWORK = "doctrine"


def with_plain_names(models: Iterable[Defined]) -> list[Defined]:
    """The facts, with the names of columns that the default strategy gives, where it is in use."""
    known = list(models)
    shown = [fact.spelling for _, fact in known if fact.framework == FRAMEWORK and fact.spelling]
    if shown.count("plain") <= shown.count("snake"):
        return known
    return [(path, plain(fact) if fact.framework == FRAMEWORK else fact) for path, fact in known]


def plain(fact: ModelDefined) -> ModelDefined:
    fields = tuple(each if each.column else replace(each, column=each.name) for each in fact.fields)
    relations = tuple(
        replace(each, column=f"{each.name}_id")
        if each.kind == "belongs-to" and not each.column
        else each
        for each in fact.relations
    )
    table = fact.table or ("" if fact.abstract else fact.name.rpartition(".")[2])
    return replace(fact, fields=fields, relations=relations, table=table)
