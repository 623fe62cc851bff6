"""Which files of a folder are read, and why the others are not."""

from __future__ import annotations

import itertools
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from scaleaudit.file_marks import READ_ONLY, digest_of, mark_of, most_bytes, no_mark
from scaleaudit.file_roles import is_copied_in, is_generated, role_of
from scaleaudit.git_files import Listed, files_of
from scaleaudit.git_listing import git_listing
from scaleaudit.ignore_patterns import compiled
from scaleaudit.source import Skipped, SourceFile
from scaleaudit.told_by_names import told_by_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pathspec import GitIgnoreSpec

    from scaleaudit.config import Config
    from scaleaudit.told_by_names import Told

# One of them is read wherever some file of a folder is: `build/` holds Go's packages, and Dockerfiles.
ANY_FILE = ("x", "x.go", "Dockerfile")
MAX_FILES = 500_000


class Unreadable(Exception):
    """A file that cannot be read; the message is the reason."""


class Found:
    """The files to read, and the ones left out with the reason; `other` counts the rest.

    `listing` is what git said, None outside git, and `looked` the marks of all files that were not
    left out by their names alone.
    """

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        self.skipped: list[Skipped] = []
        self.other = 0  # files that no extractor reads
        self.listing: bytes | None = None
        self.looked: dict[str, str] = {}


def discover(
    root: Path,
    config: Config,
    kind_of: Callable[[str], str | None],
    told: Callable[[list[str]], Sequence[Told]] | None = None,
) -> Found:
    """All files below `root` that an extractor reads, sorted by path.

    Inside a git work tree: what git tracks plus what is untracked and not ignored; elsewhere:
    every file that no `.gitignore` names. Links are never followed. `told` gives what the names
    tell by `kind_of` and the settings, where somebody remembers it.
    """
    found = Found()
    found.listing = git_listing(os.fspath(root))
    entries: Iterator[Listed]
    if found.listing is not None:
        entries = iter(files_of(found.listing))
    else:
        entries = _walk(root, found.skipped)
    listing = list(itertools.islice(entries, MAX_FILES + 1))
    if len(listing) > MAX_FILES:
        listing.pop()
        found.skipped.append(Skipped(".", f"more than {MAX_FILES} files; the rest was not read"))
    paths = [entry.path for entry in listing]
    by_names = told(paths) if told is not None else told_by_names(paths, config, kind_of)
    inside = _inside(root)
    for entry, known in zip(listing, by_names, strict=True):
        path, kind, reason = entry.path, known.kind, known.reason
        if not kind:
            found.other += 1
            if reason:
                found.skipped.append(Skipped(path, reason))
            continue
        digest = ""
        if not reason and not inside(path.rpartition("/")[0]):
            reason, found.looked[path] = "link out of the root", ""
        if not reason:
            reason, digest, found.looked[path] = _look(
                root, entry, most_bytes(kind, config.max_file_size)
            )
        if reason:
            found.skipped.append(Skipped(path, reason))
        else:
            found.files.append(SourceFile(path, kind, known.role, digest))
    found.files.sort(key=lambda file: file.path)
    found.skipped.sort()
    return found


def _inside(root: Path) -> Callable[[str], bool]:
    """Whether a folder is really below the root, once all links in its path are followed."""
    real = os.path.realpath(root)
    known: dict[str, bool] = {"": True}

    def inside(folder: str) -> bool:
        waiting = []
        while folder not in known:
            waiting.append(folder)
            folder = folder.rpartition("/")[0]
        answer = known[folder]
        for each in reversed(waiting):
            path = f"{root}/{each}"
            if os.path.islink(path):  # noqa: PTH114 - hot path
                there = os.path.realpath(path)
                answer = there == real or there.startswith(real.rstrip(os.sep) + os.sep)
            known[each] = answer
        return answer

    return inside


def _look(root: Path, entry: Listed, max_size: int) -> tuple[str, str, str]:
    """Why a file is not worth opening (empty when it is), its digest when git knows it, its mark."""
    try:
        info = os.lstat(f"{root}/{entry.path}")
    except OSError as error:
        return f"unreadable: {error.strerror}", "", no_mark(error)
    except ValueError as error:
        return f"unreadable: {error}", "", ""
    mark = mark_of(info)
    if stat.S_ISLNK(info.st_mode):
        return "symbolic link", "", mark
    if not stat.S_ISREG(info.st_mode):
        return "not a regular file", "", mark
    if info.st_size > max_size:
        return f"larger than {max_size} bytes", "", mark
    recorded = info.st_mtime_ns == entry.modified_ns and info.st_size == entry.size
    return "", entry.blob if recorded else "", mark


def read_bounded(root: Path, path: str, max_size: int) -> bytes:
    """The content of a regular file; never follows a link, never reads more than `max_size`."""
    try:
        descriptor = os.open(f"{root}/{path}", READ_ONLY)
    except OSError as error:
        raise Unreadable(f"unreadable: {error.strerror}") from error
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise Unreadable("not a regular file")
        if info.st_size > max_size:
            raise Unreadable(f"larger than {max_size} bytes")
        pieces = []
        left = max_size + 1
        wanted = info.st_size + 1  # one more than there is: a shorter answer is the end
        while left > 0 and (piece := os.read(descriptor, min(left, wanted))):
            pieces.append(piece)
            left -= len(piece)
            if len(piece) < wanted:
                break
            wanted = 1 << 20
    except OSError as error:
        raise Unreadable(f"unreadable: {error.strerror}") from error
    finally:
        os.close(descriptor)
    content = b"".join(pieces)
    if len(content) > max_size:
        raise Unreadable(f"larger than {max_size} bytes")
    if is_generated(content):
        raise Unreadable("generated")
    if is_copied_in(content):
        raise Unreadable("vendored")
    return content


def with_digests(files: list[SourceFile], root: Path, max_size: int) -> list[SourceFile]:
    """The same files, those that git does not vouch for with a digest of what they hold now.

    What cannot be read stays without one, and is reported when it is read again.
    """
    found = []
    for file in files:
        if not file.digest and file.content is None:
            with suppress(Unreadable):
                digest = digest_of(read_bounded(root, file.path, most_bytes(file.kind, max_size)))
                file = SourceFile(file.path, file.kind, file.role, digest)
        found.append(file)
    return found


def _walk(root: Path, skipped: list[Skipped]) -> Iterator[Listed]:
    """Every file that no `.gitignore` above it names, without following links.

    Folders that cannot be listed are added to `skipped`.
    """

    def unlisted(error: OSError) -> None:
        path = Path(os.fsdecode(error.filename)).relative_to(root).as_posix()
        skipped.append(Skipped(path, f"unreadable: {error.strerror}"))

    specs: list[tuple[str, GitIgnoreSpec]] = []
    for folder, folders, names in os.walk(root, onerror=unlisted, followlinks=False):
        base = Path(folder).relative_to(root).as_posix()
        prefix = "" if base == "." else f"{base}/"
        specs = [(at, spec) for at, spec in specs if prefix.startswith(at)]
        if ".gitignore" in names:
            with suppress(Unreadable):
                text = read_bounded(Path(folder), ".gitignore", 1 << 20)
                specs.append((prefix, compiled(text.decode("utf-8", "replace").splitlines())))

        def ignored(path: str, among: list[tuple[str, GitIgnoreSpec]] = specs) -> bool:
            return any(spec.match_file(path[len(at) :]) for at, spec in among)

        folders[:] = sorted(
            name
            for name in folders
            if name != ".git"
            and any(not role_of(f"{prefix}{name}/{each}")[1] for each in ANY_FILE)
            and not ignored(f"{prefix}{name}/")
        )
        for name in sorted(names):
            if not ignored(prefix + name):
                yield Listed(prefix + name)
