"""What an application of NestJS puts in front of the paths of its controllers, if it has paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.regex import regex
from scaleaudit.values import Literal, literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.resolution import Resolver

# The routers of controllers: with the application's version, and with one of their own.
NEST, VERSIONED = "@nestjs", "@nestjs/versioned"
SOURCE, PREFIX, VERSION = "nest", "global prefix", "default version"  # of the settings, their keys
LEFT_OUT = "without prefix"
MAX_PARTS = 4  # of a path with wildcards
WILD = regex(r"\{?\*\w*\}?|\(\.\*\)")
SPOKEN, MESSAGES = "application", Literal("messages")
HOLE = "{}"


class NestPrefixes:
    def __init__(self, index: FactsIndex, resolver: Resolver) -> None:
        self._resolver = resolver
        self._set = [(p, s) for p, s in index.of(SettingDefined) if s.source == SOURCE]

    def of(self, path: str, router: str, owner: Component | None, own: str) -> str:
        """Prefix and version for a path of a controller of the file."""
        keys = () if self._left_out(own, owner) else (PREFIX,)
        keys = keys if router == VERSIONED else (*keys, VERSION)
        parts = (self._nearest(key, path, owner).strip("/") for key in keys)
        return "/".join(part for part in parts if part)

    def _left_out(self, own: str, owner: Component | None) -> bool:
        root = owner.root if owner is not None else None
        written = own.strip("/")
        for where, each in self._set:
            if each.key == LEFT_OUT and root is not None and is_below(where, root):
                text = literal_text(each.value) or ""
                parts = [re.escape(part) for part in WILD.split(text)]
                if len(parts) <= MAX_PARTS and re.fullmatch(".*".join(parts), written):
                    return True
        return False

    def serves_paths(self, owner: Component | None) -> bool:
        """Not where all that the program creates are microservices, which speak a transport."""
        root = owner.root if owner is not None else None
        created = [
            each.value
            for where, each in self._set
            if each.key == SPOKEN and root is not None and is_below(where, root)
        ]
        return not created or any(value != MESSAGES for value in created)

    def _nearest(self, key: str, path: str, owner: Component | None) -> str:
        """The nearest `setGlobalPrefix`: `src/main.ts` speaks for `src`; for a library that an
        application contains, what that application sets."""
        told = [(folder_of(where), where, each) for where, each in self._set if each.key == key]
        around = [one for one in told if is_below(path, one[0])]
        if around:
            _, where, setting = max(around, key=lambda one: len(one[0]))
            texts = {self._resolver.resolve(setting.value, where, None).text}
        else:
            root = owner.root if owner is not None else None
            own = [one for one in told if root is not None and is_below(one[1], root)]
            texts = {self._resolver.resolve(each.value, where, None).text for _, where, each in own}
        found = texts.pop() if len(texts) == 1 else ""
        return "" if found.startswith(HOLE) else found
