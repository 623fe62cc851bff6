"""Settings that code asks for in its own way: through an object of settings, or with a prefix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.names import apart
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.source import Location
    from scaleaudit.values import Value

MAX_WORDS = 200  # of one command
HOLDER = regex(r"(?i)(config|conf|cfg|settings?|env|properties|props)$")


def key_of(name: str) -> str:
    """`config.orders.url`, `self.settings.ORDERS_URL` as the key that the object is asked for."""
    parts = name.replace("()", "").split(".")
    if parts[0] in ("self", "this", "app"):
        parts = parts[1:]
    if len(parts) < 2 or not HOLDER.search(parts[0]) or "*" in parts:
        return ""
    # Go and Java: the type of the object, below its package.
    typed = len(parts) > 2 and parts[1][:1].isupper() and HOLDER.search(parts[1]) is not None
    return ".".join(parts[2 if typed else 1 :])


def in_file(index: FactsIndex, path: str, key: str) -> SettingDefined | None:
    """The entry of a settings file that code imports as it is: `require("./config.json")`."""
    return next((s for s in index.facts_of(path, SettingDefined) if s.key == key), None)


def prefixed(key: str, component: Component) -> tuple[str, Value, Location] | None:
    """The one variable that the key with a prefix names: `SHOP_ORDERS_URL` for `orders.url`.

    Libraries of settings put a program's prefix in front. One word alone may be anybody's.
    """
    words = re.findall(r"[A-Za-z0-9]+", apart(key))
    if len(words) < 2:
        return None
    ending = "_" + "_".join(words).upper()
    found = {
        name: entry
        for workload in component.workloads
        for name, entry in workload.environment.items()
        if name.endswith(ending) and entry[0] is not None
    }
    if len(found) != 1:
        return None
    name, (value, at) = next(iter(found.items()))
    return (name, value, at) if value is not None else None


def on_command(key: str, component: Component) -> tuple[str, Location] | None:
    """What the command of a workload gives for a flag: `-orders http://...`, `--orders=http://...`."""
    for workload in component.workloads:
        words = [word for text in workload.command for word in text.split()][:MAX_WORDS]
        for at, word in enumerate(words):
            flag, equals, value = word.partition("=")
            if not flag.startswith("-") or flag.lstrip("-") != key:
                continue
            if not equals:
                value = words[at + 1] if at + 1 < len(words) else ""
            if value and not value.startswith("-"):
                return value.strip("\"'"), workload.fact.at.in_file(workload.path)
    return None
