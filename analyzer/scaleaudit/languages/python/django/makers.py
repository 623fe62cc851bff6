"""Functions of a module that make conditions for the queries of others: `filter(open_at(day))`.

Each is told as a part of queries by the name of the function. A dictionary may be anything: one counts
where the function is named for what it makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import BY_CALL, ScopeDefined, ScopeOption
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.python.django.conditions import of_q
from scaleaudit.languages.python.django.dictionaries import of_dictionary
from scaleaudit.languages.python.django.known import MAX_SPENT
from scaleaudit.languages.python.django.logic import OF_MAKERS, All, laid_out
from scaleaudit.languages.python.django.models import FRAMEWORK
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.django.known import Known

CONDITION = b"Q("
DICTIONARIES = regex(r"(?i)filter|quer|look_?ups?|conditions?|criteria|kwargs|where")
MAX_OPTIONS = 20
MAX_TEXT = 200


def condition_makers(known: Known) -> Iterator[ScopeDefined]:
    content = known.reader.content
    for name, function in known.module_functions.items():
        if known.spent > MAX_SPENT:
            return
        combined = content.find(CONDITION, function.start_byte, function.end_byte) >= 0
        if not combined and DICTIONARIES.search(name) is None:
            continue
        known.spent += 1
        value = known.given_back(function)
        if value is None:
            continue
        asked = of_q(known, value) if combined else of_dictionary(known, value, 0)
        if asked.members or asked.extended or asked.parts:
            yield told(known, function, name, asked)


def told(known: Known, function: Node, name: str, asked: All) -> ScopeDefined:
    reader = known.reader
    return ScopeDefined(
        at=reader.span(function),
        framework=FRAMEWORK,
        owner="",
        name=f"{name}{BY_CALL}",
        conditions=tuple(laid_out(asked.members, OF_MAKERS)),
        scopes=tuple(asked.parts),
        partial=asked.partial or (asked.narrowed and not asked.members),
        implied=True,
        options=tuple(
            ScopeOption(
                reader.span(node),
                excerpt(reader.content, node, MAX_TEXT),
                tuple(laid_out(each.members, OF_MAKERS)),
                tuple(each.parts),
            )
            for node, each in asked.extended[:MAX_OPTIONS]
            if not each.partial
        ),
    )
