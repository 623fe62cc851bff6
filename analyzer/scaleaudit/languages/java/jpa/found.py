"""All that object mappers of the JVM say in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.java.jpa.by_field import queries_by_field
from scaleaudit.languages.java.jpa.criteria import criteria_queries
from scaleaudit.languages.java.jpa.criteria_api import criteria_api_queries
from scaleaudit.languages.java.jpa.entities import entities
from scaleaudit.languages.java.jpa.examples import example_queries
from scaleaudit.languages.java.jpa.fetched import loads_along
from scaleaudit.languages.java.jpa.inserts import inserted_rows
from scaleaudit.languages.java.jpa.jooq import jooq_queries
from scaleaudit.languages.java.jpa.jooq_indexes import jooq_indexes
from scaleaudit.languages.java.jpa.panache import panache_queries
from scaleaudit.languages.java.jpa.predicate_methods import offered_predicates
from scaleaudit.languages.java.jpa.provided_sql import provided_queries
from scaleaudit.languages.java.jpa.querydsl import querydsl_queries
from scaleaudit.languages.java.jpa.repositories import repository_queries
from scaleaudit.languages.java.jpa.texts import text_queries
from scaleaudit.languages.java.jpa.wrappers import wrapper_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.java.jvm import JvmReader


def mapper_facts(reader: JvmReader) -> Iterator[Fact]:
    yield from entities(reader)
    yield from repository_queries(reader)
    yield from loads_along(reader)
    yield from text_queries(reader)
    yield from criteria_queries(reader)
    yield from criteria_api_queries(reader)
    yield from queries_by_field(reader)
    yield from wrapper_queries(reader)
    yield from example_queries(reader)
    yield from inserted_rows(reader)
    yield from jooq_queries(reader)
    yield from jooq_indexes(reader)
    yield from querydsl_queries(reader)
    yield from offered_predicates(reader)
    yield from panache_queries(reader)
    yield from provided_queries(reader)
