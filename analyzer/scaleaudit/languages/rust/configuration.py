"""Fields of structs that variables of the environment fill, as attributes say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, SettingRead
from scaleaudit.languages.rust.syntax import items_behind
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.rust.reader import RustReader

# envconfig's `from`, clap's and argh's `env`.
NAMED = regex(
    r'\b(?:envconfig\s*\(.*?\bfrom|(?:arg|clap|structopt)\s*\(.*?\benv)\s*=\s*"([^"]+)"', re.S
)
BY_FIELD = regex(r"\b(?:arg|clap|structopt)\s*\((?:[^()]*,)?\s*env\s*[,)]")
DEFAULT = regex(r'\bdefault(?:_value(?:_t)?)?\s*=\s*"([^"]*)"')
MAX_TEXT = 600  # characters of one attribute


def declared_settings(reader: RustReader, attributes: Sequence[Node]) -> Iterator[Fact]:
    """`#[envconfig(from = "ORDERS_URL")] pub orders_url: String` as `Config.orders_url`."""
    items = items_behind(attributes)
    for node in attributes:
        text = reader.text(node)[:MAX_TEXT]
        given = NAMED.search(text)
        if given is None and not BY_FIELD.search(text):
            continue
        field = items.get(node.id)
        named = field.child_by_field_name("name") if field is not None else None
        if field is None or field.type != "field_declaration" or named is None:
            continue
        name = reader.text(named)
        owner = next((a for a in reader.ancestors(field) if a.type == "struct_item"), None)
        default = DEFAULT.search(text)
        setting = Setting(
            given[1] if given is not None else name.upper(),
            Literal(default[1]) if default is not None else None,
        )
        yield SettingRead(reader.span(node), setting.key)
        if owner is not None:
            struct = reader.definition_name(owner)
            yield ConstantDefined(reader.span(field), f"{struct}.{name}", setting)
