"""What a repository adds to every query: `prepare_query`, by which tenants share tables.

https://hexdocs.pm/ecto/multi-tenancy-with-foreign-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EVERY_MODEL, Condition, ScopeDefined
from scaleaudit.languages.elixir.ecto.asking import FRAMEWORK
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.elixir.reader import ElixirReader

DEFINED = regex(rb"\bdefp?\s+prepare_query\b")
# `where(query, org_id: ^org_id)`, `where([q], q.org_id == ^org_id)`, `where: q.org_id == ^org_id`
NARROWS = regex(
    rb"\bwhere(?:\(\s*\w+\s*,|:|\(\s*(?:\w+\s*,\s*)?\[\w+\]\s*,)\s*(?:\w+\.)?(\w+_id)(?::|\s*==)\s*\^"
)
MAX_BODY = 1_500  # bytes of the function


def prepared(reader: ElixirReader) -> Iterator[ScopeDefined]:
    defined = DEFINED.search(reader.content)
    if defined is None:
        return
    narrows = NARROWS.search(reader.content, defined.end(), defined.end() + MAX_BODY)
    if narrows is not None:
        line = reader.content.count(b"\n", 0, narrows.start()) + 1
        column = narrows[1].decode()
        yield ScopeDefined(
            Span(line), FRAMEWORK, EVERY_MODEL, "prepare_query", (Condition(column, "="),), always=True
        )  # fmt: skip
