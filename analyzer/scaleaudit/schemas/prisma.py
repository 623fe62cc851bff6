"""Prisma schemas: which engine their client speaks to, and the setting that holds its address."""

from __future__ import annotations

from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal, Setting

SOURCE = "prisma"  # of the settings
MAX_BLOCK = 4_000
_DATASOURCE = regex(r"(?m)^[ \t]*datasource\s+\w+\s*\{")
_PROVIDER = regex(r'(?m)^[ \t]*provider\s*=\s*"(\w+)"')
_URL = regex(r'(?m)^[ \t]*url\s*=\s*env\(\s*"(\w+)"\s*\)')


def extract(content: bytes) -> FileFacts:
    """The settings `provider` and `url` of the data source; models say nothing here.

    An address that stands in the schema itself may hold a password and is left out.
    """
    text = content.decode(errors="replace")
    lines = text.count("\n") + 1
    start = _DATASOURCE.search(text)
    if start is None:
        return FileFacts(lines=lines)
    block = text[start.end() : start.end() + MAX_BLOCK].partition("}")[0]
    at = Span(text.count("\n", 0, start.end()) + 1)
    facts: list[SettingDefined] = []
    provider, url = _PROVIDER.search(block), _URL.search(block)
    if provider is not None:
        engine = "postgresql" if provider[1] == "postgres" else provider[1]
        facts.append(SettingDefined(at, "provider", Literal(engine), SOURCE))
    if url is not None:
        facts.append(SettingDefined(at, "url", Setting(url[1]), SOURCE))
    return FileFacts(tuple(facts), lines=lines)
