"""Folders of Python that hold a program: a list of requirements, and a file that everything begins in.

The command that starts a program mostly stands outside of its code (`uvicorn app.main:app`), so
that no line of it starts a server: what the first file serves or waits for tells as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed, MessageReceived, RouterMounted, ServerStarted
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.facts import Fact
    from scaleaudit.linking.facts_index import FactsIndex

# What people call the file that a program begins in, and the folder that holds it.
FIRST = frozenset({
    "main.py", "app.py", "server.py", "run.py", "wsgi.py", "asgi.py", "api.py", "worker.py", "consumer.py",
})  # fmt: skip
INSIDE = ("/app", "/src")
DJANGO = "/manage.py"
STARTING = (EndpointServed, RouterMounted, MessageReceived)


def python_folders(index: FactsIndex) -> set[str]:
    """The folders where a program begins, and those around an `app` or `src` where one does."""
    found = {folder_of(path) for path, _ in index.of(ServerStarted)} | {
        folder_of(path) for path in first_files(index)
    }
    found |= {path.removesuffix(DJANGO) for path in index.files if path.endswith(DJANGO)}
    return found | {around(folder) for folder in found}


def first_files(index: FactsIndex, kinds: tuple[type[Fact], ...] = STARTING) -> set[str]:
    """The files that programs begin in, by what they are called and do."""
    return {
        path
        for kind in kinds
        for path, _ in index.of(kind)
        if path.rpartition("/")[2] in FIRST and index.role(path) is Role.SOURCE
    }


def around(folder: str) -> str:
    """The folder that a program is called by: `orders` for `orders/app`."""
    inside = next((each for each in INSIDE if folder.endswith(each)), "")
    return folder.removesuffix(inside)
