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
IN_FOLDER = regex(r"[*?]|\[[^\]]*\]")


class Extractor(Record, frozen=True):
    """`module.extract(content: bytes) -> FileFacts` reads files of this kind.

    The function sees the bytes alone, not the path: what it says can be cached by content.
    It never raises for bad input: what it could not read, it says in `FileFacts.problem`.
    Patterns with a slash match the end of the path, others the file's name; one that ends in
    `*.` matches names without a dot. `needs`: without one of these byte strings a file says
    nothing and is not parsed. `others`: modules that read a file with these bytes in its place.
    """

    kind: str
    patterns: tuple[str, ...]
    module: str
    needs: tuple[bytes, ...] = ()
    others: tuple[tuple[bytes, str], ...] = ()

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
        module = next((other for mark, other in self.others if mark in content), self.module)
        extract = cast("Callable[[bytes], FileFacts]", import_module(module).extract)
        return extract(content)


class _Glob(Record, frozen=True):
    """One pattern with wildcards, and fixed texts that every path has that it matches."""

    head: str  # of the file's name
    tail: str
    folder: str  # somewhere in `/folder/of/the/file/`
    undotted: bool
    extractor: Extractor


def kind_finder(extractors: Sequence[Extractor]) -> Callable[[str], str | None]:
    """A function from a path to the kind of the first extractor that reads it.

    Plain names and plain `*.ext` patterns are looked up. The other patterns come between the
    two, in order; of these only the ones whose fixed texts fit are tried.
    """
    by_suffix: dict[str, str] = {}
    by_name: dict[str, str] = {}
    globs: list[_Glob] = []
    for extractor in extractors:
        for pattern in extractor.patterns:
            if pattern.startswith("*.") and not WILD.search(pattern[2:]):
                by_suffix.setdefault(pattern[1:], extractor.kind)
            elif not WILD.search(pattern):
                by_name.setdefault(pattern, extractor.kind)
            else:
                globs.append(_glob(pattern, extractor))
    known_folders = sorted({glob.folder for glob in globs if glob.folder})
    in_folder: dict[str, tuple[str, ...]] = {}
    # by suffix and folders: the globs that may fit, and all their beginnings for one quick look
    fitting: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, ...], list[_Glob]]] = {}

    def kind_of(path: str) -> str | None:
        folder, _, name = path.rpartition("/")
        if name in by_name:
            return by_name[name]
        dot = name.rfind(".")
        suffix = name[dot:] if dot >= 0 else ""
        folders = in_folder.get(folder)
        if folders is None:
            around = f"/{folder}/"
            folders = in_folder[folder] = tuple(each for each in known_folders if each in around)
        near = fitting.get((suffix, folders))
        if near is None:
            fits = [
                glob
                for glob in globs
                if (suffix.endswith(glob.tail) or glob.tail.endswith(suffix))
                and (not glob.folder or glob.folder in folders)
                and not (glob.undotted and suffix)
            ]
            near = fitting[suffix, folders] = tuple({glob.head for glob in fits}), fits
        for glob in near[1] if name.startswith(near[0]) else ():
            fixed = name.startswith(glob.head) and name.endswith(glob.tail)
            if fixed and glob.extractor.reads(path):
                return glob.extractor.kind
        longer = name[name.rfind(".", 0, dot) :] if dot > 0 else ""  # `.d.ts` before `.ts`
        return by_suffix.get(longer) or by_suffix.get(suffix)

    return kind_of


def _glob(pattern: str, extractor: Extractor) -> _Glob:
    folder, slash, name = pattern.rpartition("/")
    undotted = name.endswith("*.")
    return _Glob(
        head=WILD.split(name, maxsplit=1)[0],
        tail="" if undotted else WILD.split(name)[-1],
        folder=max(IN_FOLDER.split(f"/{folder}/"), key=len) if slash else "",
        undotted=undotted,
        extractor=Extractor(extractor.kind, (pattern,), extractor.module),
    )
