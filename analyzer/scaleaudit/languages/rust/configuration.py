"""Fields of structs that variables of the environment fill, as attributes say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, SettingRead
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.rust.reader import RustReader

# envconfig's `from`, clap's and argh's `env`.
NAMED = re.compile(
    r'\b(?:envconfig\s*\(.*?\bfrom|(?:arg|clap|structopt)\s*\(.*?\benv)\s*=\s*"([^"]+)"', re.S
)
BY_FIELD = re.compile(r"\b(?:arg|clap|structopt)\s*\((?:[^()]*,)?\s*env\s*[,)]")
DEFAULT = re.compile(r'\bdefault(?:_value(?:_t)?)?\s*=\s*"([^"]*)"')
MAX_BESIDE = 12


def declared_settings(reader: RustReader, attributes: Iterable[Node]) -> Iterator[Fact]:
    """`#[envconfig(from = "ORDERS_URL")] pub orders_url: String` as `Config.orders_url`."""
    for node in attributes:
        text = reader.text(node)[:600]
        given = NAMED.search(text)
        if given is None and not BY_FIELD.search(text):
            continue
        field = _field(node)
        named = field.child_by_field_name("name") if field is not None else None
        if field is None or named is None:
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


def _field(node: Node) -> Node | None:
    """The field that an attribute stands before."""
    beside = node.next_named_sibling
    for _ in range(MAX_BESIDE):
        if beside is None or beside.type == "field_declaration":
            return beside
        beside = beside.next_named_sibling
    return None
