"""pop of gobuffalo: structs with `db` tags, and chains such as `tx.Where("email = ?", mail).First(user)`.

Its structs and queries are told as those of GORM, which name everything in the same way; the tables
themselves are those of its migrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, ModelDefined
from scaleaudit.languages.go.mappers.chains import Chains
from scaleaudit.languages.go.mappers.gorm_calls import BY_SQL, LAST
from scaleaudit.languages.go.mappers.gorm_queries import told
from scaleaudit.languages.go.mappers.structs import fields, named_by_method
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import OrmQuery, QueryFound
    from scaleaudit.languages.go.reader import GoReader

PACKAGES = ("github.com/gobuffalo/pop", "github.com/ory/pop")
ENDS = LAST | {"All", "Exists"}
ENDED = regex(rb"\.\s*(?:All|Exists|Find|First|Last|Count|Delete)\(")
FEW = 2  # columns of a struct that is kept in a table


def models(reader: GoReader) -> Iterator[ModelDefined]:
    """Structs that name their columns and their table, or have a key for pop, in files of no other mapper."""
    if b'db:"' not in reader.content or named_otherwise(reader):
        return
    spoken = imported(reader)
    if b"TableName(" not in reader.content and not spoken:
        return
    for name, spec in reader.structs.items():
        table = named_by_method(reader, name)
        named = [(f, f.tags.get("db", "")) for f in fields(reader, spec) if f.name]
        own = [(field, column) for field, column in named if column not in ("", "-")]
        row = spoken and any(column == "id" for _, column in own)
        if not (table or row) or len(own) < FEW:
            continue
        yield ModelDefined(
            reader.span(spec), name, "gorm", table=table, managed=False,
            fields=tuple(
                FieldFact(f.name, column, f.column_type, f.nullable, primary=f.name == "ID", at=f.at)
                for f, column in own
            ),
        )  # fmt: skip


def named_otherwise(reader: GoReader) -> bool:
    return b"gorm" in reader.content or b"xorm" in reader.content or b'bun:"' in reader.content


def imported(reader: GoReader) -> bool:
    return any(package.startswith(PACKAGES) for package in reader.imports.values())


def queries(reader: GoReader) -> Iterator[OrmQuery | QueryFound]:
    """Chains in files that import it; a call of `Where` in a line of its own adds to the query."""
    if not imported(reader):
        return
    chains = Chains(reader, frozenset(ENDS), lasting=True)
    for chain in chains.ending(ENDED, frozenset(ENDS)):
        if not any(link.name in BY_SQL or link.name == "RawQuery" for link in chain.links):
            yield from told(reader, chains, chain)
