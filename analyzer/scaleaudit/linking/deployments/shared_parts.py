"""What names of one owner have in common: `shop-` of `shop-orders` and `shop-stock`."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.linking.names import folder_name, relaxed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

OF_PROGRAM = regex(r"[-_.]?(micro)?(service|svc|server|app)$")
MIN_WORD = 4


def with_service(name: str) -> tuple[str, ...]:
    """As it is, and as folders say it that call each of their programs a service."""
    return (name,) if name.endswith("service") else (name, f"{name}service", f"service{name}")


def prefixes(images: Iterable[str]) -> set[str]:
    """What several images of one owner are called before their own name: `shop-`."""
    firsts = Counter(
        name[: at + 1] for name in set(images) for at, sign in enumerate(name) if sign in "-_"
    )
    return {prefix for prefix, count in firsts.items() if count > 1}


def suffixes(images: Iterable[str]) -> set[str]:
    """What several images of one owner are called behind their own name: `-grpc`."""
    lasts = Counter(
        name[at:] for name in set(images) for at, sign in enumerate(name) if sign in "-_" and at
    )
    return {suffix for suffix, count in lasts.items() if count > 1}


def own_parts(folders: Iterable[str]) -> dict[str, set[str]]:
    """The folders by what sets their names apart: `cart-acme-service` beside `stock-acme-service`
    is `cart`, and `shop-cart` beside `shop-stock` is so too."""
    names = {folder: folder_name(folder) for folder in folders}
    before, behind = prefixes(names.values()), suffixes(names.values())
    found: dict[str, set[str]] = {}
    for folder, name in names.items():
        ends = [at for at, sign in enumerate(name) if sign in "-_" and name[at:] in behind]
        starts = [at for at, sign in enumerate(name) if sign in "-_" and name[: at + 1] in before]
        for part in (*(name[:at] for at in ends), *(name[at + 1 :] for at in starts)):
            found.setdefault(relaxed(part), set()).add(folder)
    return found


def by_first_word(name: str, folders: Iterable[str]) -> str | None:
    """The one folder of an image that is called as a program without `-service` is, or begins with
    that and says more: `orders`, else `order-processing`, of `order-service`."""
    word = OF_PROGRAM.sub("", name.lower())
    names = {folder: folder_name(folder).lower() for folder in folders} if word != name else {}
    same = [folder for folder, own in names.items() if relaxed(own) == relaxed(word)]
    longer = [
        folder
        for folder, own in names.items()
        if len(word) >= MIN_WORD and re.match(rf"{re.escape(word)}s?[-_]", own)
    ]
    found = same or longer
    return found[0] if len(found) == 1 else None
