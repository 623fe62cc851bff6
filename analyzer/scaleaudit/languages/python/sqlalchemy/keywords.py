"""Conditions by the names of attributes: `filter_by(code=code)`, `filter_by(**by)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.python.sqlalchemy.lists import members_of
from scaleaudit.languages.python.sqlalchemy.operands import is_constant

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.sqlalchemy.chains import Chain
    from scaleaudit.languages.python.sqlalchemy.syntax import Given


def by_keywords(chain: Chain, given_: Given) -> None:
    reader = chain.to.reader
    owner = chain.to.owner(chain.joined) if chain.joined else ""
    named = dict(given_.keywords)
    for each in given_.dictionaries:
        held = members_of(reader, each)
        named |= held.fixed if held is not None else {}
        chain.to.optional += held.optional if held is not None else []
        chain.to.lost = chain.to.lost or held is None
    for key, value in named.items():
        by_key(chain, key, value, owner)


def by_key(chain: Chain, key: str, value: Node, owner: str = "") -> None:
    operator = "is-null" if value.type == "none" else "="
    fixed = is_constant(chain.to.reader, value)
    chain.to.add(Condition(key, operator, constant=fixed, model=owner))
