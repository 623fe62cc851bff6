"""`content-types/order/schema.json` of Strapi: what a type of content is called in paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import first, read_json, text_at
from scaleaudit.config_files.reading import NotUnderstoodError, facts_in
from scaleaudit.facts import STRAPI, SettingDefined
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

SINGLE = "singleType"  # of which there is one: its path is the name of one


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _type)


def _type(text: str) -> Iterator[SettingDefined]:
    """The name of one is the key, that in paths the value, the kind of type the group."""
    entries, problem = read_json(text)
    kind, one = text_at(entries, "kind"), text_at(entries, "info", "singularName")
    many = text_at(entries, "info", "pluralName")
    at = first(entries, "info", "singularName")
    if at is not None and one and many:
        path = Literal(one if kind == SINGLE else many)
        yield SettingDefined(Span(at.line), one, path, STRAPI, kind)
    if problem:
        raise NotUnderstoodError(problem)
