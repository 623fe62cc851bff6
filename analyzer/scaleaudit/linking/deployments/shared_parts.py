"""What names of one owner have in common: `shop-` of `shop-orders` and `shop-stock`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.linking.names import folder_name, relaxed

if TYPE_CHECKING:
    from collections.abc import Iterable


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
