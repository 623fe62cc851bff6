"""Prisma schemas: the engine their client speaks to, the setting of its address, the models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.schemas.prisma_models import models
from scaleaudit.schemas.prisma_syntax import blocks
from scaleaudit.source import Span
from scaleaudit.values import Literal, Setting, literal_text

if TYPE_CHECKING:
    from scaleaudit.facts import Fact

SOURCE = "prisma"  # of the settings
MAX_BLOCK = 4_000
DIALECTS = {
    "postgresql": "postgres", "cockroachdb": "postgres", "mysql": "mysql", "sqlite": "sqlite",
    "sqlserver": "tsql",
}  # fmt: skip
_DATASOURCE = regex(r"(?m)^[ \t]*datasource\s+\w+\s*\{")
_PROVIDER = regex(r'(?m)^[ \t]*provider\s*=\s*"(\w+)"')
_MODE = regex(r'(?m)^[ \t]*(?:relationMode|referentialIntegrity)\s*=\s*"(\w+)"')
_URL = regex(r'(?m)^[ \t]*url\s*=\s*env\(\s*"(\w+)"\s*\)')


def extract(content: bytes) -> FileFacts:
    """The settings `provider` and `url` of the data source, and the models.

    An address that stands in the schema itself may hold a password and is left out.
    """
    text = content.decode(errors="replace")
    source, constrained = _data_source(text)
    engine = next((literal_text(each.value) for each in source if each.key == "provider"), "")
    dialect = DIALECTS.get(engine or "", "")
    facts: list[Fact] = [
        *source,
        *models(list(blocks(text)), dialect=dialect, constrained=constrained),
    ]
    return FileFacts(tuple(facts), lines=text.count("\n") + 1)


def _data_source(text: str) -> tuple[list[SettingDefined], bool]:
    """Its settings, and whether relations are foreign keys of the database."""
    start = _DATASOURCE.search(text)
    if start is None:
        return [], True
    block = text[start.end() : start.end() + MAX_BLOCK].partition("}")[0]
    at = Span(text.count("\n", 0, start.end()) + 1)
    facts: list[SettingDefined] = []
    provider, url = _PROVIDER.search(block), _URL.search(block)
    if provider is not None:
        engine = "postgresql" if provider[1] == "postgres" else provider[1]
        facts.append(SettingDefined(at, "provider", Literal(engine), SOURCE))
    if url is not None:
        facts.append(SettingDefined(at, "url", Setting(url[1]), SOURCE))
    mode = _MODE.search(block)
    if mode is not None:
        facts.append(SettingDefined(at, "relationMode", Literal(mode[1]), SOURCE))
    return facts, mode is None or mode[1] != "prisma"
