"""What was answered to the same command, while nothing has changed that the answer depends on.

A scan of an unchanged repository takes longer to import what it is made of than to do anything.
So what it printed is kept in a file, with all that it depends on: the command, where and by which
Python it ran, the code of scaleaudit and of all rules, the settings, git's list of files, and the
sizes and times of those that were looked at. Nothing is imported here that is not needed to
compare them. Where anything differs, or is not sure, there is no answer and all goes its usual way.

A foreign file in the cache can tell a wrong text, never act on a terminal or run code.
"""

from __future__ import annotations

import hashlib
import os
import sys

from scaleaudit.code_state import installed_version
from scaleaudit.file_marks import UNSURE, content_at, digest_at, mark
from scaleaudit.git_listing import git_listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDER = "answers"
FORM = "1"  # of the files
MAX_TEXT = 8 << 20  # characters
MAX_ANSWER = 64 << 20  # bytes, with all that it depends on
KEPT = 50  # answers
CODES = (0, 1)  # of an answer: clean, and findings
# As `reports.style` writes them.
LOOKS = r"\x1b\[[0-9;]{1,20}m|\x1b\]8;;(?:(?:file|https)://[!-~]{1,4000})?\x1b\\"
CACHE_OPTION, CACHE_VARIABLE = "--cache-dir", "SCALEAUDIT_CACHE_DIR"
# What changes how a report looks, beside the width of the terminal.
VARIABLES = (
    "CI", "COLUMNS", "DOMTERM", "FORCE_COLOR", "FORCE_HYPERLINK", "GITHUB_WORKSPACE",
    "KITTY_WINDOW_ID", "KONSOLE_VERSION", "NO_COLOR", "TERM", "TERM_PROGRAM", "VTE_VERSION",
    "WT_SESSION",
)  # fmt: skip


class Basis:
    """What an answer depends on beside the command."""

    def __init__(
        self,
        given: str,
        root: str,
        listing: str,
        version: str,
        *,
        packages: Sequence[str],
        settings: Mapping[str, str],
        looked: Mapping[str, str],
        hashed: Mapping[str, str],
    ) -> None:
        self.given = given  # the folder as the command names it
        self.root = root  # where that is
        self.listing = listing  # the digest of git's list
        self.version = version  # of the code
        self.packages = packages  # folders of rules
        self.settings = settings  # files and their digests, empty for one that is not there
        self.looked = looked  # files below the root and their marks
        self.hashed = hashed  # files below the root that git does not vouch for, and their digests


def question(arguments: Sequence[str]) -> str:
    """A name for the command and its surroundings; empty where these cannot be told."""
    try:
        here = os.getcwd()  # noqa: PTH109 - no pathlib here
        terminal = sys.stdout.isatty()
        width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else 0
    except (OSError, ValueError, AttributeError):
        return ""
    asked = [
        *arguments,
        "",
        here,
        str(terminal),
        str(width),
        sys.version,
        sys.stdout.encoding,
        sys.getfilesystemencoding(),
        *sys.path,
        *(f"{name}={os.environ.get(name)}" for name in VARIABLES),
    ]
    return hashlib.sha1(_bytes("\0".join(asked)), usedforsecurity=False).hexdigest()


def folder_guessed(arguments: Sequence[str]) -> str:
    """The cache folder that the command means; a wrong one holds no answer to this question."""
    for at, word in enumerate(arguments):
        if word == CACHE_OPTION:
            return "".join(arguments[at + 1 : at + 2])
        if word.startswith(f"{CACHE_OPTION}="):
            return word.partition("=")[2]
    if given := os.environ.get(CACHE_VARIABLE):
        return given
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches/scaleaudit")  # noqa: PTH111
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return f"{base}/scaleaudit"


def answer(folder: str, key: str) -> tuple[int, str] | None:
    """The exit code and the text; None where nothing is known or something has changed."""
    try:
        body = content_at(f"{folder}/{FOLDER}/{key}", MAX_ANSWER)
        known = _decoded(body) if body is not None else None
        if known is None or not _holds(known[0]):
            return None
    except (OSError, ValueError):
        return None
    _, code, text = known
    return code, text


def show(text: str) -> None:
    """To standard output."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        nobody_reads()


def nobody_reads() -> None:
    """What is still buffered would raise again when Python closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def keep(folder: str, key: str, basis: Basis, code: int, text: str) -> None:
    """For the same question; nothing where the text is long or may act on a terminal."""
    unsure = UNSURE in (*basis.settings.values(), *basis.hashed.values())
    if unsure or len(text) > MAX_TEXT or not _plain(text):
        return
    there = f"{folder}/{FOLDER}"
    try:
        os.makedirs(there, mode=0o700, exist_ok=True)  # noqa: PTH103
        fresh = f"{there}/{key}.{os.getpid()}"
        with open(fresh, "xb") as file:  # noqa: PTH123 - not what a link leads to
            file.write(_encoded(basis, code, text))
        os.replace(fresh, f"{there}/{key}")  # noqa: PTH105
        with os.scandir(there) as entries:
            old = sorted(entries, key=_newest)[KEPT:]
        for entry in old:
            os.unlink(entry.path)  # noqa: PTH108
    except (OSError, ValueError):
        return


def _newest(entry: os.DirEntry[str]) -> int:
    return -entry.stat(follow_symlinks=False).st_mtime_ns


def _holds(basis: Basis) -> bool:
    """Whether all is as it was; what an edit changes is looked at first."""
    root = basis.root
    if (
        os.path.realpath(basis.given) != root
        or any(mark(f"{root}/{path}") != was for path, was in basis.looked.items())
        or any(os.path.islink(f"{root}/{each}") for each in folders_of(basis.looked))  # noqa: PTH114
        or any(digest_at(path) != was for path, was in basis.settings.items())
        or any(digest_at(f"{root}/{path}") != was for path, was in basis.hashed.items())
        or installed_version(basis.packages) != basis.version
    ):
        return False
    listing = git_listing(root)
    return listing is not None and listing_digest(listing) == basis.listing


def listing_digest(listing: bytes) -> str:
    return hashlib.sha1(listing, usedforsecurity=False).hexdigest()


def folders_of(paths: Iterable[str]) -> set[str]:
    """All folders on the way to these files."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _encoded(basis: Basis, code: int, text: str) -> bytes:
    """Texts between zero bytes: how many there are of each, then all in their order."""
    tables = (basis.settings, basis.looked, basis.hashed)
    head = [FORM, str(code), basis.given, basis.root, basis.listing, basis.version]
    counts = [str(len(each)) for each in (basis.packages, *tables)]
    rows = [text for table in tables for row in table.items() for text in row]
    return _bytes("\0".join([*head, *counts, *basis.packages, *rows, text]))


def _decoded(body: bytes) -> tuple[Basis, int, str] | None:
    """None for a body of another form; raises `ValueError` as well."""
    form, *parts = body.decode("utf-8", "surrogateescape").split("\0")
    if form != FORM:
        return None
    code, given, root, listing, version, *parts = parts
    ends = [int(count) for count in parts[:4]]
    packages, rest = parts[4 : 4 + ends[0]], parts[4 + ends[0] :]
    tables = []
    for count in ends[1:]:
        tables.append(dict(zip(rest[: 2 * count : 2], rest[1 : 2 * count : 2], strict=True)))
        rest = rest[2 * count :]
    (text,) = rest
    if int(code) not in CODES or not _plain(text):
        return None
    settings, looked, hashed = tables
    basis = Basis(
        given,
        root,
        listing,
        version,
        packages=packages,
        settings=settings,
        looked=looked,
        hashed=hashed,
    )
    return basis, int(code), text


def _plain(text: str) -> bool:
    """Whether a terminal would only show it, in colours and with links."""
    if "\x1b" in text:
        import re

        text = re.sub(LOOKS, "", text)
    return all(line.isprintable() for line in text.split("\n"))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
