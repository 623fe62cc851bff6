"""A PostgreSQL server of one's own, from the programs that the system has, gone when done."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 120


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest of Debian's; None without a server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    there = shutil.which("initdb")
    return Path(there).parent if there else None


class Postgres:
    """`run` sends statements through psql and gives what they print, a line for each row."""

    def __init__(self, folder: Path, binaries: Path, user: list[str]) -> None:
        self._folder, self._binaries, self._as = folder, binaries, user

    def environment(self, database: str) -> dict[str, str]:
        """What clients of PostgreSQL read to find a database of the server."""
        return {
            "PGHOST": str(self._folder),
            "PGDATABASE": database,
            "PGUSER": "postgres",
            "SQLALCHEMY_URL": f"postgresql+psycopg://postgres@/{database}?host={self._folder}",
        }

    def run(self, statements: str, database: str = "postgres") -> str:
        done = subprocess.run(
            [*self._as, str(self._binaries / "psql"), "-h", str(self._folder), "-U", "postgres",
             "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database],
            input=statements, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout

    def create(self, database: str) -> None:
        self.run(f"CREATE DATABASE {database}")


@contextmanager
def server() -> Iterator[Postgres]:
    """A new, empty server without a network port; raises `RuntimeError` where none is installed."""
    binaries = programs()
    if binaries is None:
        raise RuntimeError("no PostgreSQL server: install Debian's package postgresql")
    # initdb refuses root; Debian's package brings a user for it.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="scaleaudit-pg-"))
    try:
        if user:
            shutil.chown(folder, "postgres")
            folder.chmod(0o755)
        data = folder / "data"
        _run([*user, str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust",
              "--locale=C", "--encoding=UTF8", "--no-sync"])  # fmt: skip
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        control = [*user, str(binaries / "pg_ctl"), "-D", str(data), "-l", str(folder / "log")]
        _run([*control, "-o", options, "-w", "start"])
        try:
            yield Postgres(folder, binaries, user)
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=SECONDS,
        check=False, cwd="/",
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip() or f"{command} ended with {done.returncode}")
