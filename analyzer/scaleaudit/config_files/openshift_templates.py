"""OpenShift's templates: a list of manifests with `${PARAMETERS}`, as their defaults fill them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.secret_values import is_secret_key
from scaleaudit.config_files.yaml_values import (
    Text,
    YamlList,
    YamlMap,
    as_map,
    as_text,
    maps_in,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from scaleaudit.config_files.yaml_values import YamlValue

# `${NAME}`, and `${{REPLICAS}}` for what is no text.
_PARAMETER = regex(r"\$\{\{?([A-Za-z_]\w{0,99})\}?\}")
MAX_DEPTH = 60
MAX_PARAMETERS = 500
MAX_TEXT = 20_000  # characters
MAX_VALUE = 500  # characters of a parameter's default


def is_template(document: YamlMap) -> bool:
    return document.get("kind") == "Template" and "objects" in document


def objects_of(template: YamlMap) -> list[YamlMap]:
    """The manifests of a template; a parameter without a default stays as it is written, and so
    does one that is a secret by its name, wherever it is put."""
    known = {
        as_text(each.get("name")): as_text(each.get("value"))
        for each in maps_in(template.get("parameters"))[:MAX_PARAMETERS]
    }
    given = {
        name: text
        for name, text in known.items()
        if text and len(text) <= MAX_VALUE and "${" not in text and not is_secret_key(name)
    }
    return [as_map(_filled(each, given, 0)) for each in maps_in(template.get("objects"))]


def _filled(value: YamlValue, known: Mapping[str, str], depth: int) -> YamlValue:
    if isinstance(value, Text):
        return _text(value, known) if "${" in value and len(value) <= MAX_TEXT else value
    if depth > MAX_DEPTH:
        return value
    if isinstance(value, YamlMap):
        made = YamlMap()
        made.line, made.column, made.places = value.line, value.column, value.places
        made.update({key: _filled(each, known, depth + 1) for key, each in value.items()})
        return made
    if isinstance(value, YamlList):
        listed = YamlList(_filled(each, known, depth + 1) for each in value)
        listed.line, listed.column = value.line, value.column
        return listed
    return value


def _text(text: Text, known: Mapping[str, str]) -> Text:
    def put_in(found: re.Match[str]) -> str:
        return known.get(found[1], found[0])

    made = Text(_PARAMETER.sub(put_in, text)[:MAX_TEXT])
    made.line, made.column, made.plain = text.line, text.column, text.plain
    return made
