"""What an extractor is to the pipeline: the files it reads, and where its function stands."""

from __future__ import annotations

from fnmatch import fnmatchcase
from importlib import import_module
from typing import TYPE_CHECKING, cast

from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scaleaudit.facts import FileFacts

WILD = regex(r"[*?/]|\[[^\]]*\]")


class Extractor(Record, frozen=True):
    """`module.extract(content: bytes) -> FileFacts` reads files of this kind.

    The function sees the bytes alone, not the path: what it says can be cached by content.
    It never raises for bad input: what it could not read, it says in `FileFacts.problem`.
    Patterns with a slash match the end of the path, others the file's name; one that ends in
    `*.` matches names without a dot. `needs`: without one of these byte strings a file says
    nothing and is not parsed.
    """

    kind: str
    patterns: tuple[str, ...]
    module: str
    needs: tuple[bytes, ...] = ()

    def reads(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return any(
            fnmatchcase(f"/{path}", f"*/{pattern.removesuffix('.')}")
            if "/" in pattern
            else fnmatchcase(name, pattern)
            for pattern in self.patterns
            if not (pattern.endswith("*.") and "." in name)
        )

    def extract(self, content: bytes) -> FileFacts:
        """The facts of one file; the parser behind it is imported when first needed."""
        extract = cast("Callable[[bytes], FileFacts]", import_module(self.module).extract)
        return extract(content)


def kind_finder(extractors: Sequence[Extractor]) -> Callable[[str], str | None]:
    """A function from a path to the kind of the first extractor that reads it.

    Plain names and plain `*.ext` patterns are looked up. The other patterns come between the
    two, in order; of these only the ones whose fixed beginning and end fit are tried.
    """
    by_suffix: dict[str, str] = {}
    by_name: dict[str, str] = {}
    globs: list[tuple[str, str, Extractor]] = []
    for extractor in extractors:
        for pattern in extractor.patterns:
            if pattern.startswith("*.") and not WILD.search(pattern[2:]):
                by_suffix.setdefault(pattern[1:], extractor.kind)
            elif not WILD.search(pattern):
                by_name.setdefault(pattern, extractor.kind)
            else:
                name = pattern.rpartition("/")[2]
                head, tail = WILD.split(name, maxsplit=1)[0], WILD.split(name)[-1]
                tail = "" if name.endswith("*.") else tail
                globs.append((head, tail, Extractor(extractor.kind, (pattern,), extractor.module)))
    # by suffix: the globs that may fit, and all their beginnings for one quick look
    by_ending: dict[str, tuple[tuple[str, ...], list[tuple[str, str, Extractor]]]] = {}

    def kind_of(path: str) -> str | None:
        name = path.rpartition("/")[2]
        if name in by_name:
            return by_name[name]
        dot = name.rfind(".")
        suffix = name[dot:] if dot >= 0 else ""
        if suffix not in by_ending:
            fitting = [g for g in globs if suffix.endswith(g[1]) or g[1].endswith(suffix)]
            by_ending[suffix] = tuple({head for head, _, _ in fitting}), fitting
        heads, near = by_ending[suffix]
        for head, tail, extractor in near if name.startswith(heads) else ():
            if name.startswith(head) and name.endswith(tail) and extractor.reads(path):
                return extractor.kind
        longer = name[name.rfind(".", 0, dot) :] if dot > 0 else ""  # `.d.ts` before `.ts`
        return by_suffix.get(longer) or by_suffix.get(suffix)

    return kind_of
