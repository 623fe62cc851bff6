"""Active Record, and what Sequel and ROM share with it: models, scopes and queries before their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.active_record import rom
from scaleaudit.languages.ruby.active_record.controllers import rendered
from scaleaudit.languages.ruby.active_record.inflections import inflections
from scaleaudit.languages.ruby.active_record.models import drafts, models, prepare
from scaleaudit.languages.ruby.active_record.own_tables import prefixes
from scaleaudit.languages.ruby.active_record.queries import queries
from scaleaudit.languages.ruby.active_record.starts import Chains
from scaleaudit.languages.ruby.active_record.validations import checked_unique
from scaleaudit.languages.ruby.active_record.visits import visits
from scaleaudit.languages.ruby.active_record.words import (
    ALL_KEPT,
    LOOKED_UP,
    MARKS,
    MERGED,
    SCOPED_TWICE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader


def data_access(reader: RubyReader) -> Iterator[Fact]:
    """The models of a file and the queries that it makes."""
    yield from prefixes(reader)
    yield from inflections(reader)
    yield from rom.inserts(reader)
    content = reader.content
    found = drafts(reader) if b"class " in content or b"module " in content else []
    asks = reader.says(*MARKS) or any(
        pattern.search(content) for pattern in (LOOKED_UP, MERGED, SCOPED_TWICE, ALL_KEPT)
    )
    asks = asks or (bool(found) and reader.says(b" create"))
    if not found and not asks:
        return
    chains = Chains(reader)
    chains.models = {draft.holder.name for draft in found if not draft.same_table or asks}
    prepare(reader, found)
    yield from models(chains, found)
    if asks:
        yield from queries(chains)
        yield from checked_unique(chains)
        yield from visits(chains)
        yield from rendered(chains)
