"""Bytes to facts for many files: what the cache knows is not parsed, the rest in parallel."""

from __future__ import annotations

import codecs
import gc
import os
import re
import signal
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.discovery import Unreadable, read_bounded
from scaleaudit.facts import FileFacts
from scaleaudit.file_kinds import EXTRACTORS
from scaleaudit.file_marks import DUMPS, digest_of, most_bytes
from scaleaudit.languages.mentions import has_any
from scaleaudit.regex import regex
from scaleaudit.regex_codes import codes
from scaleaudit.source import Skipped, SourceFile
from scaleaudit.time_limit import TooLong, cpu_limit
from scaleaudit.understood_sql import earlier, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from scaleaudit.cache import FactCache

    Progress = Callable[[int, int], None]

MIN_FILES_FOR_POOL = 400  # importing and forking a pool costs about what parsing 400 files does
FEW = 50  # files whose statements are likely to have been read before; never read by a pool
CHUNK = 24  # files; chunks of one file cost 40% more CPU, ten and more are free
MAX_PROBLEM = 200  # characters
# Of CPU, for one file; the slowest of the repositories in docs/performance.md takes below one.
MAX_SECONDS = 20

_DECLARED_UTF16 = regex(
    r"\A(<\?xml\b[^>]{0,80}?encoding=['\"])utf-16(?:le|be)?(['\"])", re.IGNORECASE
)

_BY_KIND = {extractor.kind: extractor for extractor in EXTRACTORS}
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(FileFacts)


class Extracted(msgspec.Struct):
    """What `extract_all` found out."""

    facts: dict[str, FileFacts] = {}  # by path
    roles: dict[str, SourceFile] = {}
    skipped: list[Skipped] = []
    parsed: int = 0


def extract_all(
    files: Sequence[SourceFile],
    root: Path | None,
    *,
    cache: FactCache | None = None,
    jobs: int = 0,
    max_size: int = 1 << 20,
    progress: Progress | None = None,
) -> Extracted:
    """The facts of all files; a file that cannot be read or understood becomes `skipped`.

    `jobs`: processes, 0 for one a core. Files with `content` need no root.
    """
    found = Extracted(facts={}, roles={file.path: file for file in files}, skipped=[])
    known = cache.load({key(file) for file in files if file.digest}) if cache else {}
    todo = []
    for file in files:
        body = known.get(key(file)) if file.digest else None
        facts = _decoded(body) if body is not None else None
        if facts is None:
            todo.append(file)
        else:
            found.facts[file.path] = facts
    fresh: dict[str, bytes] = {}
    done = len(files) - len(todo)
    with ExitStack() as stack:
        if cache is not None and len(todo) <= FEW:
            stack.enter_context(earlier(lambda asked: cache.load({asked}).get(asked)))
        rows = stack.enter_context(closing(_extract(todo, root, jobs, max_size)))
        for path, stored_key, body, problem in rows:
            if not path:
                fresh[stored_key] = body
                continue
            done += 1
            if progress is not None:
                progress(done, len(files))
            if problem:
                found.skipped.append(Skipped(path, problem))
                continue
            found.parsed += 1
            found.facts[path] = _DECODER.decode(body)
            fresh[stored_key] = body
    if cache is not None:
        cache.store(fresh)
    for path, facts in found.facts.items():
        if facts.problem:
            found.skipped.append(Skipped(path, facts.problem[:MAX_PROBLEM]))
    return found


def _decoded(body: bytes) -> FileFacts | None:
    """Facts out of the cache; None for a body of another form, which is then made anew."""
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return None


def key(file: SourceFile) -> str:
    """What a file's facts are stored under: the content and who read it."""
    return f"{file.digest}:{file.kind}"


# Path, key, encoded facts, why it was not read. Without a path: what a statement in SQL came to.
Row = tuple[str, str, bytes, str]


def _extract(
    files: Sequence[SourceFile], root: Path | None, jobs: int, max_size: int
) -> Generator[Row, None, None]:
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or len(files) < MIN_FILES_FOR_POOL:
        for file in files:
            yield from extract_chunk((file,), root, max_size)
        return
    yield from _in_pool(files, root, jobs, max_size)


def _in_pool(
    files: Sequence[SourceFile], root: Path | None, jobs: int, max_size: int
) -> Generator[Row, None, None]:
    """Chunks over processes; a chunk that kills its process is tried again file by file."""
    from concurrent.futures import as_completed
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children

    chunks = [files[start : start + CHUNK] for start in range(0, len(files), CHUNK)]
    suspects: list[SourceFile] = []
    with _pool(jobs) as pool:
        try:
            futures = {pool.submit(extract_chunk, chunk, root, max_size): chunk for chunk in chunks}
            for future in as_completed(futures):
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    suspects.extend(futures[future])
        except BaseException:  # interrupted, or nobody wants the rest: do not wait for it
            for worker in active_children():
                worker.kill()
            raise
    for file in suspects:
        with _pool(1) as pool:
            try:
                yield pool.submit(extract_one, file, root, max_size).result()
            except BrokenProcessPool:
                yield file.path, "", b"", "the parser crashed"


def _pool(jobs: int) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # fork: the workers' CPU and memory count as the parent's, and start-up is 25 ms, not 100.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Ctrl-C reaches all processes; only the first may act on it, or they wait for each other."""
    from multiprocessing.util import Finalize

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # facts hold no cycles; the process is short-lived
    Finalize(None, codes().keep, exitpriority=1)  # such processes end without `atexit`


def extract_chunk(files: Iterable[SourceFile], root: Path | None, max_size: int) -> list[Row]:
    """Rows of the files, and of the statements that were parsed on the way."""
    rows = [extract_one(file, root, max_size) for file in files]
    return [*rows, *(("", key, body, "") for key, body in taken().items())]


def extract_one(file: SourceFile, root: Path | None, max_size: int) -> Row:
    """Read and parse one file; never raises for what the file holds."""
    content = file.content
    if content is None:
        if root is None:
            return file.path, "", b"", "no content"
        try:
            content = read_bounded(root, file.path, most_bytes(file.kind, max_size))
        except Unreadable as error:
            return file.path, "", b"", str(error)
    stored_key = key(file) if file.digest else f"{digest_of(content)}:{file.kind}"
    extractor = _BY_KIND[file.kind]
    content = as_utf8(content)
    if b"\0" in content[:8000]:
        return file.path, "", b"", "binary"
    if file.kind not in DUMPS and looks_minified(content):
        return file.path, "", b"", "minified"
    if extractor.needs and not has_any(content, extractor.needs):
        return file.path, stored_key, _ENCODER.encode(FileFacts()), ""
    try:
        with cpu_limit(MAX_SECONDS):
            body = _ENCODER.encode(extractor.extract(content))
    except TooLong:
        return file.path, "", b"", f"not understood within {MAX_SECONDS} seconds"
    except (RecursionError, MemoryError) as error:
        return file.path, "", b"", f"not understood: {type(error).__name__}"
    except Exception as error:
        return (
            file.path,
            "",
            b"",
            f"the extractor failed: {type(error).__name__}: {error}"[:MAX_PROBLEM],
        )
    return file.path, stored_key, body, ""


def as_utf8(content: bytes) -> bytes:
    """A text in UTF-16 that says so by its mark, as some editors of Windows save sources."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", "replace")
        return _DECLARED_UTF16.sub(r"\1utf-8\2", text, count=1).encode()
    return content


def looks_minified(content: bytes) -> bool:
    """Long lines all through: nobody wrote this by hand (source maps, bundles, data)."""
    if len(content) < 20_000:
        return False
    return len(content) / (content.count(b"\n") + 1) > 400
