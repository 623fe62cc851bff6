"""Which path a file serves by its name, in the words of each framework that has pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.linking.endpoints.paths import normal
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

PARAMETER = regex(r"\[{1,2}(?:\.\.\.)?([\w-]+)(?:=\w+)?\]{1,2}")
# Next.js: `pages/orders/[id].tsx`, `app/(shop)/orders/page.tsx`; what begins with `_` only stands
# around.
BY_NAME = regex(
    r"(?:src/)?pages/(?!api/)((?:[^/]+/)*(?!_|404\.|500\.|middleware\.)(?:\[[^/]+\]|[^/.]+))"
    r"\.(?:[jt]sx?|mdx?)"
)
BY_FOLDER = regex(r"(?:src/)?app/((?:[^/]+/)*)page\.(?:[jt]sx?|mdx?)")
SVELTE = regex(r"src/routes/((?:[^/]+/)*)\+page(?:\.server)?\.[jt]s")
REMIX = regex(r"app/routes/([^/]+)(?:/(?:route|index))?\.(?:[jt]sx?|mdx?)")
REMIX_PART = regex(r"(?:\[[^\]]*\]|[^.\[\]])+")


def page_path(file: str) -> str | None:
    """Next.js: `app/(shop)/orders/[id]/page.tsx` -> `/orders/{id}`; None for what is no page."""
    by_name = BY_NAME.fullmatch(file)
    if by_name is not None:
        return _of_parts(without_index(by_name[1].split("/")))
    by_folder = BY_FOLDER.fullmatch(file)
    if by_folder is None:
        return None
    parts = [part for part in by_folder[1].split("/") if part]
    if any(part.startswith(("_", "(.")) for part in parts):
        return None  # kept apart, or shown in place of another
    return _of_parts([part for part in parts if not part.startswith(("(", "@"))])


def svelte_page(file: str) -> str | None:
    """`src/routes/(shop)/orders/[id]/+page.server.ts`, which most pages have beside them; an optional
    part may as well be missing."""
    found = SVELTE.fullmatch(file)
    if found is None:
        return None
    parts = [part for part in found[1].split("/") if part]
    return _of_parts([part for part in parts if not part.startswith(("(", "[["))])


def remix_page(file: str) -> str | None:
    """`app/routes/shop_.orders.$id.tsx` -> `/shop/orders/{id}`: parts between dots; what begins
    with `_` only stands around, `($lang)` may be missing, `$` is the rest of the path."""
    found = REMIX.fullmatch(file)
    if found is None:
        return None
    parts = REMIX_PART.findall(found[1])
    if len(parts) == 1 and parts[0].startswith("_") and parts[0] != "_index":
        return None  # what others stand in
    kept = [part for part in parts if not part.startswith(("_", "("))]
    names = (re.sub(r"[\[\]]", "", part.removesuffix("_")) for part in kept)
    return _of_parts([f"[{name[1:] or 'rest'}]" if name[:1] == "$" else name for name in names])


def without_index(parts: list[str]) -> list[str]:
    return parts[:-1] if parts[-1] == "index" else parts


def _of_parts(parts: list[str]) -> str:
    return normal(PARAMETER.sub(r"{\1}", "/".join(parts)))


PAGES: dict[str, Callable[[str], str | None]] = {
    "next": page_path,
    "sveltekit": svelte_page,
    "remix": remix_page,
}
