"""What an extractor is to the pipeline: the files it reads, and where its function stands."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scaleaudit.facts import FileFacts


@dataclass(frozen=True, slots=True)
class Extractor:
    """`module.extract(content: bytes) -> FileFacts` reads files of this kind.

    The function sees the bytes alone, not the path: what it says can be cached by content.
    It never raises for bad input: what it could not read, it says in `FileFacts.problem`.
    Patterns with a slash match the end of the path, others the file's name. `needs`: without
    one of these byte strings a file says nothing and is not parsed.
    """

    kind: str
    patterns: tuple[str, ...]
    module: str
    needs: tuple[bytes, ...] = ()

    def reads(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return any(
            fnmatchcase(f"/{path}", f"*/{pattern}")
            if "/" in pattern
            else fnmatchcase(name, pattern)
            for pattern in self.patterns
        )

    def extract(self, content: bytes) -> FileFacts:
        """The facts of one file; the parser behind it is imported when first needed."""
        extract = cast("Callable[[bytes], FileFacts]", import_module(self.module).extract)
        return extract(content)


def kind_finder(extractors: Sequence[Extractor]) -> Callable[[str], str | None]:
    """A function from a path to the kind of the first extractor that reads it.

    Plain `*.ext` patterns and plain names are looked up; the rest is tried in order before them.
    """
    by_suffix: dict[str, str] = {}
    by_name: dict[str, str] = {}
    globs: list[Extractor] = []
    for extractor in extractors:
        for pattern in extractor.patterns:
            if pattern.startswith("*.") and not any(c in pattern[2:] for c in "*?[/"):
                by_suffix.setdefault(pattern[1:], extractor.kind)
            elif not any(c in pattern for c in "*?[/"):
                by_name.setdefault(pattern, extractor.kind)
            else:
                globs.append(Extractor(extractor.kind, (pattern,), extractor.module))

    def kind_of(path: str) -> str | None:
        name = path.rpartition("/")[2]
        if name in by_name:
            return by_name[name]
        dot = name.rfind(".")
        suffix = name[dot:] if dot >= 0 else ""
        # Globs are slow: only names that some glob can match at all are tried.
        for extractor in globs:
            if extractor.reads(path):
                return extractor.kind
        longer = name[name.rfind(".", 0, dot) :] if dot > 0 else ""  # `.d.ts` before `.ts`
        return by_suffix.get(longer) or by_suffix.get(suffix)

    return kind_of
