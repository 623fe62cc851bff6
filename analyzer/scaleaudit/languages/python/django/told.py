"""Django's models, and the queries of its query sets, of a file that has to do with Django."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.django.classes import classes_of, is_manager
from scaleaudit.languages.python.django.commands import runs_for_ever
from scaleaudit.languages.python.django.declared import declared_queries
from scaleaudit.languages.python.django.evaluation import rows_of
from scaleaudit.languages.python.django.given_out import rows_given
from scaleaudit.languages.python.django.helpers import helped_queries
from scaleaudit.languages.python.django.inherited_lists import inherited_lists
from scaleaudit.languages.python.django.inserts import inserts
from scaleaudit.languages.python.django.known import MAX_SPENT, Known
from scaleaudit.languages.python.django.makers import condition_makers
from scaleaudit.languages.python.django.managers import defined_managers, managed, scopes_of
from scaleaudit.languages.python.django.marks import TOO_MUCH, chains_of
from scaleaudit.languages.python.django.models import models_of
from scaleaudit.languages.python.django.named_lookups import named_lookups
from scaleaudit.languages.python.django.narrowing import narrowings
from scaleaudit.languages.python.django.own_fields import own_fields
from scaleaudit.languages.python.django.page_orders import page_orders, paged_lists
from scaleaudit.languages.python.django.queries import queries
from scaleaudit.languages.python.django.rendered import rendered
from scaleaudit.languages.python.django.serializers import serializers
from scaleaudit.languages.python.django.served_lists import served_lists
from scaleaudit.languages.python.django.views import class_models, parameter_models
from scaleaudit.languages.python.django.visits import visits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader


def data_facts(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    reader.endless = runs_for_ever(reader)
    read = classes_of(reader, classes)
    by_name = {each.name: each for each in read.values()}
    models = models_of(reader, read.values())
    for _, model in models:
        yield model
    yield from own_fields(reader, read.values())
    managers = {name for name, one in by_name.items() if is_manager(one, by_name)}
    named = {model.name for _, model in models}
    known = Known(
        reader,
        lambda node: rows_of(known, node),
        read,
        by_name,
        {model.name: model for _, model in models},
        managers,
        class_models(reader, by_name, named),
    )
    known.parameter_models = parameter_models(reader, by_name, known.class_models)
    chains = chains_of(reader)
    known.module_functions = module_functions(reader)
    told: set[int] = set()
    try:
        yield from defined_managers(known)
        for name in sorted(managers):
            yield from scopes_of(known, by_name[name], told)
        for one, _ in models:
            yield from managed(known, one)
        yield from queries(known, chains, told)
        yield from rows_given(known, chains)
        yield from helped_queries(known)
        yield from narrowings(known, chains)
        yield from condition_makers(known)
        yield from inherited_lists(known)
        yield from inserts(known)
        yield from declared_queries(known)
        yield from served_lists(known)
        yield from page_orders(known)
        yield from paged_lists(known)
        yield from named_lookups(known)
        yield from visits(known)
        yield from rendered(known)
        yield from serializers(known)
        if known.spent >= MAX_SPENT:
            reader.problem = TOO_MUCH
    finally:
        known.evaluate = (
            _nothing  # it holds `known`, which would hold the tree of the file for ever
        )


def _nothing(_node: Node) -> None:
    return None


def module_functions(reader: PythonReader) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for statement in reader.root.named_children:
        node: Node | None = statement
        if statement.type == "decorated_definition":
            node = statement.child_by_field_name("definition")
        if node is not None and node.type == "function_definition":
            found[reader.definition_name(node)] = node
    return found
