"""Earlier scans of a folder: of exactly the same files, or of files that say the same elsewhere.

A key covers every input: the content of all files, the settings, the rules with their options,
and scaleaudit's own code.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from scaleaudit.code_state import code_version, folder_version
from scaleaudit.remembered import Remembered, encoded, recall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scaleaudit.cache import FactCache
    from scaleaudit.rules import Options, Rule
    from scaleaudit.source import SourceFile

MAX_CHANGED = 50  # files; of more it is unlikely that none says anything new


class Latest(msgspec.Struct, frozen=True, array_like=True):
    """The last scan of a folder: the key of what is remembered, and what was read as what."""

    key: str
    files: list[tuple[str, str, str, str]]  # path, kind, role, digest


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Latest)


class Memory:
    """What the cache knows of a scan that is about to run.

    `name`: what the repository is called where nothing in it says so.
    """

    def __init__(
        self,
        cache: FactCache,
        root: Path | None,
        files: Sequence[SourceFile],
        rules: Sequence[Rule],
        options: Mapping[str, Options] | None,
        name: str,
        max_size: int,
    ) -> None:
        self._cache, self._root, self._files, self._max_size = cache, root, files, max_size
        self._key = self._latest = ""
        state = _settings(rules, options, name, max_size)
        if state is None or not all(file.digest for file in files):
            return
        if root is not None:
            folder = state.copy()
            folder.update(str(root.resolve()).encode("utf-8", "surrogateescape"))
            self._latest = f"latest:{folder.hexdigest()}"
        for file in files:
            path = file.path.encode("utf-8", "surrogateescape")
            state.update(path + b"\0" + f"{file.digest} {file.kind} {file.role}".encode() + b"\0")
        self._key = state.hexdigest()

    def known(self) -> Remembered | None:
        """An earlier scan of the same files with the same settings."""
        return recall(self._cache.result(self._key)) if self._key else None

    def moved(self, jobs: int) -> tuple[Remembered | None, int]:
        """The last scan of the folder, where only places and what nobody asked for have changed.

        None where more has changed, or it is not sure that nothing has. And how many files were parsed.
        """
        last = _decoded(self._cache.result(self._latest)) if self._latest else None
        changed = self._changed_since(last) if last is not None else {}
        before = recall(self._cache.result(last.key)) if last is not None and changed else None
        bodies = self._cache.load(set(changed)) if before is not None else {}
        if before is None or len(bodies) < len(changed):
            return None, 0
        from scaleaudit.extraction import extract_all
        from scaleaudit.moved import moved

        after = extract_all(
            [file for several in changed.values() for file in several],
            self._root,
            cache=self._cache,
            jobs=jobs,
            max_size=self._max_size,
        )
        found = moved(
            before,
            [
                (file.path, file.kind, bodies[key], after.facts.get(file.path))
                for key, several in changed.items()
                for file in several
            ],
        )
        if found is not None:
            self.keep(found)
        return found, after.parsed

    def keep(self, whole: Remembered) -> None:
        """For the next scan; nothing where a file name that is not UTF-8 stands in it."""
        body = encoded(whole) if self._key else None
        if body is None:
            return
        self._cache.keep_result(self._key, body)
        rows = [(f.path, f.kind, f.role.value, f.digest) for f in self._files]
        with suppress(UnicodeEncodeError):
            if self._latest:
                self._cache.keep_result(self._latest, _ENCODER.encode(Latest(self._key, rows)))

    def _changed_since(self, last: Latest) -> dict[str, list[SourceFile]]:
        """Files by the key of their old facts; none where others came, went or are read otherwise."""
        if len(last.files) != len(self._files):
            return {}
        found: dict[str, list[SourceFile]] = {}
        for (path, kind, role, digest), file in zip(last.files, self._files, strict=True):
            if (path, kind, role) != (file.path, file.kind, file.role.value):
                return {}
            if digest != file.digest:
                found.setdefault(f"{digest}:{kind}", []).append(file)
        return found if sum(map(len, found.values())) <= MAX_CHANGED else {}


def _settings(
    rules: Sequence[Rule], options: Mapping[str, Options] | None, name: str, max_size: int
) -> hashlib._Hash | None:
    """The beginning of a digest of all that a scan depends on but its files; None when not known.

    A rule stands for the folder of its module, so that a helper beside it counts as well.
    """
    state = hashlib.sha1(usedforsecurity=False)
    state.update(f"{code_version()} {max_size} {name}\n".encode("utf-8", "surrogateescape"))
    for rule in rules:
        module = sys.modules.get(rule.check.__module__)
        source = getattr(module, "__file__", None)
        if not source:
            return None
        try:
            version = folder_version(os.path.dirname(source))  # noqa: PTH120
        except OSError:
            return None
        chosen = (options or {}).get(rule.id)
        given = msgspec.json.encode(chosen) if chosen is not None else b""
        state.update(f"{rule.id} {version}\n{rule.page}\n".encode() + given)
    return state


def _decoded(body: bytes | None) -> Latest | None:
    try:
        return _DECODER.decode(body) if body is not None else None
    except (msgspec.MsgspecError, RecursionError):
        return None
