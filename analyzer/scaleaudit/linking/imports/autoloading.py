"""Ruby constants to files, by the paths that Rails' autoloader (Zeitwerk) expects them at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

# The autoload paths of Rails: each folder of `app`, their `concerns`, and `lib`.
ROOT = regex(r"^(|.*/)(?:app/[^/]+/(?:concerns/)?|lib/)(?=[^/])")
WORD = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
MAX_NESTING = 8  # modules around a reference that are tried


class AutoloadedConstants:
    """`file(path, "Billing::Invoice")`: the file that defines the constant, seen from a file."""

    def __init__(self, paths: Iterable[str]) -> None:
        # `billing/invoice` -> (folder above `app` or `lib`, file)
        self._files: dict[str, list[tuple[str, str]]] = {}
        self._own: dict[str, tuple[str, str]] = {}  # file -> (that folder, its own name)
        for path in sorted(paths):
            root = ROOT.match(path)
            if root is None or not path.endswith(".rb"):
                continue
            name = path[root.end() : -len(".rb")]
            self._files.setdefault(name, []).append((root[1], path))
            self._own[path] = (root[1], name)

    def file(self, path: str, constant: str) -> str | None:
        """Ruby looks in the modules around first, the innermost before the others."""
        name = "/".join(WORD.sub("_", part).lower() for part in constant.split("::") if part)
        own = self._own.get(path, ("", ""))[1]
        around = own.split("/") if own else []
        for depth in range(min(len(around), MAX_NESTING), -1, -1):
            found = self._nearest(path, "/".join((*around[:depth], name)))
            if found is not None and found != path:
                return found
        return None

    def library(self, path: str, name: str) -> str | None:
        """`require "shop/client"` of a file below `lib`."""
        found = self._nearest(path, name)
        return found if found is not None and found.endswith(f"lib/{name}.rb") else None

    def _nearest(self, path: str, name: str) -> str | None:
        """Of several applications in one repository, the one that the file is in."""
        found = self._files.get(name)
        if not found:
            return None
        inside = [each for each in found if path.startswith(each[0])]
        return max(inside, key=lambda each: len(each[0]))[1] if inside else None
