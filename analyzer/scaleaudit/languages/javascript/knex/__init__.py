"""Queries that Knex builds: `knex("orders").where({ customer_id: id }).first()`."""

from scaleaudit.languages.javascript.knex.queries import queries

__all__ = ["queries"]
