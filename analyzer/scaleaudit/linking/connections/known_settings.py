"""Settings whose meaning a framework or an image fixes: the key tells what is connected to."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.linking.connections.known_keys import KEYS, NEEDS, OF_LIBRARIES
from scaleaudit.linking.names import relaxed
from scaleaudit.regex import FirstFit, beginnings, regex

if TYPE_CHECKING:
    from collections.abc import Iterable

FRAMEWORK_PREFIXES = (
    "spring", "eureka", "quarkus", "zuul", "management", "otel", "micronaut", "mpmessaging",
    "dubbo", "nacos", "consul", "seata", "rocketmq",
)  # fmt: skip
_KEYS = FirstFit(KEYS)
_OF_LIBRARIES = [(regex(name), regex(library)) for name, library in OF_LIBRARIES]
_NEEDS = [(beginnings(pattern), regex(pattern), regex(words)) for pattern, words in NEEDS]


def of_setting(key: str) -> str | None:
    """The technology behind a key, empty when the value tells it, None for any other key."""
    return _of_relaxed(relaxed(re.sub(r"\[\d+\]", "", key)))


@lru_cache(maxsize=20_000)
def _of_relaxed(wanted: str) -> str | None:
    return _KEYS.of(wanted)


def is_needed(key: str, dependencies: Iterable[str]) -> bool:
    """Does a unit with these dependencies use a setting that stands in a file for many?"""
    wanted = relaxed(key)
    for begins, prefix, words in _NEEDS:
        if wanted.startswith(begins) and prefix.match(wanted):
            return any(words.search(name) for name in dependencies)
    return True


def read_by_framework(name: str) -> bool:
    """Variables that a framework reads by itself: Spring's relaxed names, OpenTelemetry's."""
    return relaxed(name).startswith(FRAMEWORK_PREFIXES) and of_setting(name) is not None


def read_by_library(name: str, dependencies: Iterable[str]) -> bool:
    """Variables that a library reads by itself: Sentry's clients theirs, where one is built with."""
    wanted = [library for variable, library in _OF_LIBRARIES if variable.fullmatch(name)]
    return bool(wanted) and any(each.search(d.lower()) for each in wanted for d in dependencies)
