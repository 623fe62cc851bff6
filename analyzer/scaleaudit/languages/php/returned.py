"""Files of configuration: arrays that a file returns, `config/services.php` of Laravel and its like.

An entry is the constant `return.stock.url`; only what may hold an address is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Setting, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.reader import PhpReader

ADDRESS_KEY = regex(
    r"(?i)(ur[il]s?|hosts?|hostname|endpoint|address|server|dsn|base|base_?ur[il])$"
)
ADDRESS = regex(r"^[a-z][a-z0-9+]*:(?://|host=)")
SECRET_KEY = regex(r"(?i)(key|secret|token|password|passwd|user(name)?)$")
MAX_ENTRIES = 300
MAX_TEXT = 500


def entries(reader: PhpReader) -> Iterator[Fact]:
    """The entries of the array that the file ends with, or that it assigns as a whole."""
    last = reader.root.named_children[-1] if reader.root.named_children else None
    if last is None or last.type != "return_statement" or not last.named_children:
        return
    array = last.named_children[0]
    if array.type != "array_creation_expression":
        return
    keyed: dict[str, Node] = {}
    reader.members(array, keyed)
    for number, (key, node) in enumerate(keyed.items()):
        if number >= MAX_ENTRIES:
            return
        if node.type == "array_creation_expression" or _is_secret(key):
            continue
        value = reader.value(node)
        if _may_lead_somewhere(key, value):
            yield ConstantDefined(reader.span(node), f"return.{key}", value)


@lru_cache(maxsize=10_000)  # files of translations repeat their keys for each language
def _is_secret(key: str) -> bool:
    return SECRET_KEY.search(key) is not None


@lru_cache(maxsize=10_000)
def _names_address(key: str) -> bool:
    return ADDRESS_KEY.search(key) is not None


def _may_lead_somewhere(key: str, value: Value) -> bool:
    if isinstance(value, Literal):
        known = _names_address(key) or ADDRESS.match(value.text[:MAX_TEXT])
        return bool(known) and 0 < len(value.text) <= MAX_TEXT
    if isinstance(value, Join):
        return not any(isinstance(part, Unknown) for part in value.parts)
    return isinstance(value, Setting)
