"""Nuxt's runtime configuration: values that its file of settings holds and variables may replace.

`runtimeConfig: { public: { apiBase: "..." } }` is read as `useRuntimeConfig().public.apiBase`, and
`NUXT_PUBLIC_API_BASE` of the environment stands before it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.languages.javascript.options import members
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

SOURCE = "nuxt"
WRITTEN = regex(rb"\bruntimeConfig\s*:\s*(?=\{)")
TAKEN = regex(rb"\b([\w$]{1,100})\s*=\s*useRuntimeConfig\(")
HUMP = regex(r"(?<=[a-z0-9])(?=[A-Z])")
CALL = regex(r"useRuntimeConfig\([^()]{0,100}\)")
MAX_SETTINGS = 200


def runtime_settings(reader: JavaScriptReader) -> Iterator[SettingDefined]:
    """What a file of settings gives; what it leaves empty the environment has to say."""
    if b"runtimeConfig" not in reader.content:
        return
    found = WRITTEN.search(reader.content)
    node = reader.root.descendant_for_byte_range(found.end(), found.end() + 1) if found else None
    node = node.parent if node is not None and node.type == "{" else node
    if node is None or node.type != "object":
        return
    given: dict[str, Node] = {}
    members(reader, node, "", given)
    for name, each in list(given.items())[:MAX_SETTINGS]:
        value = reader.value(each) if each.type != "object" else Literal("")
        if value != Literal("") and not isinstance(value, Unknown):
            yield SettingDefined(reader.span(each), variable(name), value, SOURCE)


def runtime_read(reader: JavaScriptReader, node: Node) -> Setting | None:
    """`config.public.apiBase` of `const config = useRuntimeConfig()`, or of the call itself."""
    if b"useRuntimeConfig" not in reader.content and b"$config" not in reader.content:
        return None
    text = reader.text(node)[:200].replace("?.", ".")
    first, _, rest = CALL.sub("$config", text).partition(".")
    taken = first.encode() in _holders(reader.content)
    if not rest or not (taken or first == "$config") or not rest.replace(".", "").isidentifier():
        return None
    return Setting(variable(rest))


@lru_cache(maxsize=8)  # asked for each name of a file
def _holders(content: bytes) -> frozenset[bytes]:
    return frozenset(TAKEN.findall(content))


def variable(name: str) -> str:
    """`public.apiBase` as the variable that replaces it."""
    return "NUXT_" + "_".join(HUMP.sub("_", part).upper() for part in name.split("."))
