"""Facts by content, kept between scans in one SQLite file under the user's cache folder.

What comes out is decoded into typed structs: a foreign or damaged cache can give no facts or
wrong facts, never code. One that cannot be read is thrown away.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from scaleaudit.code_state import extractor_version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FILE_NAME = "facts-v1.sqlite"
KEPT_RESULTS = 200  # whole scans; some ten kilobytes each
KEPT_DAYS = 30  # entries unused for longer go
MAX_VARIABLES = 900  # SQLite's oldest limit on `?` in one statement is 999
BROKEN = {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR"}  # the last: tables of another form
DAY = 86_400


def default_folder() -> Path:
    """The user's cache folder for scaleaudit, as the platform has it."""
    from platformdirs import user_cache_path

    return user_cache_path("scaleaudit", appauthor=False)


def _is_broken(error: sqlite3.Error) -> bool:
    """Whether the file is at fault, and not its surroundings."""
    return getattr(error, "sqlite_errorname", "").startswith(tuple(BROKEN))


class FactCache:
    """Encoded facts by key; `notice` is a line for the user when a cache was thrown away."""

    def __init__(self, folder: Path) -> None:
        self.notice = ""
        self._path = folder / FILE_NAME
        self._db = self._open()

    def _open(self) -> sqlite3.Connection | None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._connect()
        except sqlite3.Error as error:
            if not _is_broken(error):  # locked, read-only, a full disk: somebody may need it
                self.notice = f"no cache: {self._path}: {error}"
                return None
            self._discard(error)
            try:
                return self._connect()
            except (sqlite3.Error, OSError):
                return None
        except OSError as error:
            self.notice = f"no cache: {self._path}: {error.strerror}"
            return None

    def _discard(self, error: sqlite3.Error) -> None:
        self.notice = f"cache discarded: {self._path}: {error}"
        with suppress(OSError):
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def _failed(self, what: str, error: sqlite3.Error) -> None:
        """Go on without a cache; a broken one makes room for the next scan's."""
        self.close()
        if _is_broken(error):
            self._discard(error)
        else:
            self.notice = f"{what}: {error}"

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=5)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")
        db.execute(
            "CREATE TABLE IF NOT EXISTS facts "
            "(version TEXT, key TEXT, used INTEGER, body BLOB, PRIMARY KEY (version, key)) "
            "WITHOUT ROWID"
        )
        db.execute("CREATE INDEX IF NOT EXISTS facts_used ON facts (used)")
        db.execute(
            "CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, used INTEGER, body BLOB)"
        )
        db.execute("SELECT version, key, used, body FROM facts LIMIT 0")
        db.execute("SELECT key, used, body FROM results LIMIT 0")
        return db

    def load(self, keys: Collection[str]) -> dict[str, bytes]:
        """The stored bodies of those keys that are known."""
        if self._db is None:
            return {}
        found: dict[str, bytes] = {}
        wanted = sorted(keys)
        try:
            for start in range(0, len(wanted), MAX_VARIABLES):
                part = wanted[start : start + MAX_VARIABLES]
                marks = ",".join("?" * len(part))
                rows = self._db.execute(
                    f"SELECT key, body FROM facts WHERE version = ? AND key IN ({marks})",
                    (extractor_version(), *part),
                )
                found.update((key, body) for key, body in rows if isinstance(body, bytes))
        except sqlite3.Error as error:
            self._failed("cache not used", error)
            return {}
        return found

    def store(self, bodies: Mapping[str, bytes]) -> None:
        """Keep new bodies; forget what was not written for `KEPT_DAYS` days."""
        if self._db is None or not bodies:
            return
        today = int(time.time()) // DAY
        try:
            with self._db:
                self._db.executemany(
                    "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)",
                    [(extractor_version(), key, today, body) for key, body in bodies.items()],
                )
                self._db.execute("DELETE FROM facts WHERE used < ?", (today - KEPT_DAYS,))
        except sqlite3.Error as error:
            self._failed("cache not written", error)

    def result(self, key: str) -> bytes | None:
        """What was stored for a whole scan."""
        if self._db is None:
            return None
        try:
            row = self._db.execute("SELECT body FROM results WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            self._failed("cache not used", error)
            return None
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def keep_result(self, key: str, body: bytes) -> None:
        """Store a whole scan; only the newest `KEPT_RESULTS` stay."""
        if self._db is None:
            return
        try:
            with self._db:
                self._db.execute(
                    "INSERT OR REPLACE INTO results VALUES (?, ?, ?)", (key, time.time_ns(), body)
                )
                self._db.execute(
                    "DELETE FROM results WHERE key NOT IN "
                    "(SELECT key FROM results ORDER BY used DESC LIMIT ?)",
                    (KEPT_RESULTS,),
                )
        except sqlite3.Error as error:
            self._failed("cache not written", error)

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
