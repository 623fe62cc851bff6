"""A MariaDB server of one's own, from the programs that the system has, gone when done."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 120
PASSWORD = "of-a-server-without-a-port"  # clients want one
OPTIONS = (
    "--no-defaults", "--skip-networking", "--innodb-flush-log-at-trx-commit=0",
    "--character-set-server=utf8mb4",
)  # fmt: skip


class MariaDB:
    """`run` sends statements through the client and gives what they print, a line for each row."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def environment(self, database: str) -> dict[str, str]:
        """What the applications of `fixtures/schemas` read to find a database of the server."""
        return {
            "DB_SOCKET": str(self._socket),
            "DB_DATABASE": database,
            "DB_USERNAME": "bench",
            "DB_PASSWORD": PASSWORD,
        }

    def run(self, statements: str, database: str = "mysql") -> str:
        done = subprocess.run(
            ["mariadb", "--no-defaults", "--socket", str(self._socket), "-u", "bench",
             f"-p{PASSWORD}", "--batch", "--skip-column-names", "--raw", database],
            input=statements, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout

    def create(self, database: str) -> None:
        self.run(f"CREATE DATABASE `{database}`")


@contextmanager
def server() -> Iterator[MariaDB]:
    """A new, empty server without a network port; raises `RuntimeError` where none is installed."""
    daemon = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
    if daemon is None or shutil.which("mariadb-install-db") is None:
        raise RuntimeError("no MariaDB server: install Debian's package mariadb-server")
    folder = Path(tempfile.mkdtemp(prefix="scaleaudit-mdb-"))
    user: list[str] = []
    if os.geteuid() == 0:  # the server refuses root; Debian's package brings a user for it
        shutil.chown(folder, "mysql")
        user = ["--user=mysql"]
    data, socket, started = folder / "data", folder / "socket", folder / "started.sql"
    started.write_text(
        f"CREATE USER bench@localhost IDENTIFIED BY '{PASSWORD}';"
        "\nGRANT ALL ON *.* TO bench@localhost;\n"
    )
    try:
        done = subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db", *user],
            capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError((done.stderr or done.stdout).strip())
        running = subprocess.Popen(
            [daemon, *OPTIONS, f"--datadir={data}", f"--socket={socket}", f"--init-file={started}",
             f"--pid-file={folder / 'pid'}", *user],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            found = MariaDB(socket)
            _until_it_answers(found, running)
            yield found
        finally:
            running.kill()
            running.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _until_it_answers(server: MariaDB, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            server.run("SELECT 1")
        except RuntimeError as error:
            if running.poll() is not None:
                raise RuntimeError(f"mariadbd ended with {running.returncode}") from error
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
