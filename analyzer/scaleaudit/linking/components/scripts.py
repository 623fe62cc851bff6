"""Programs that are a single file each: several of one folder that start servers of their own.

`python users.py` beside `python orders.py`, each with its routes and its port: nothing but the
file tells them apart. Such a component has the file for its root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import EndpointServed, ServerStarted
from scaleaudit.linking.components.component import Component
from scaleaudit.linking.components.programs import FOR_DESK
from scaleaudit.linking.components.python_programs import around, first_files
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import folder_name, relaxed
from scaleaudit.source import Location, Role
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.linking.components.source_code import SourceCode

ENDING = ".py"
RUNNERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "waitress"})  # of whatever they are given
MANY = 2


def add_scripts(found: list[Component], code: SourceCode) -> None:
    """Of a folder that no other component holds, where nothing of the repository is deployed."""
    if any(c.workloads and c.root is not None for c in found):
        return
    roots = [c.root for c in found if c.root is not None]
    routed = {path for path, _ in code.index.of(EndpointServed)}
    folders: dict[str, dict[str, tuple[str, ServerStarted]]] = {}
    for path, server in code.index.of(ServerStarted):
        port = literal_text(server.port) if server.port is not None else None
        if port and path in routed and is_script(path) and code.index.role(path) is Role.SOURCE:
            folders.setdefault(folder_of(path), {})[path] = (port, server)
    named = {relaxed(name) for c in found for name in c.names}
    for folder, programs in sorted(folders.items()):
        ports = {port for port, _ in programs.values()}
        names = {relaxed(stem_of(path)) for path in programs}
        if len(programs) < MANY or len(ports) < len(programs) or names & named:
            continue
        if any(is_below(folder, root) for root in roots) or any(
            FOR_DESK.fullmatch(each)
            for each in (folder.rpartition("/")[2], *map(stem_of, programs))
        ):
            continue
        named |= names
        for path, (_, server) in sorted(programs.items()):
            at = server.at.in_file(path)
            found.append(
                Component(stem_of(path), NodeKind.SERVICE, server.library, path, "", set(), [], at)
            )


def add_folders(found: list[Component], code: SourceCode) -> None:
    """Folders beside each other in which servers are started, and which have no list of what they
    need: one stands above all of them. Routes alone are parts of one program."""
    if any(c.workloads and c.root is not None for c in found):
        return
    roots = [c.root for c in found if c.root]
    first: dict[str, str] = {}
    for path in sorted(first_files(code.index, (ServerStarted,))):
        folder = around(folder_of(path))
        apart = not any(is_below(folder, root) or is_below(root, folder) for root in roots)
        if folder and apart and not FOR_DESK.fullmatch(folder.rpartition("/")[2]):
            first.setdefault(folder, path)
    inner = {f for f in first if any(is_below(f, other) for other in first if other != f)}
    named = {relaxed(name) for c in found for name in c.names}
    folders = [f for f in first if f not in inner and relaxed(folder_name(f)) not in named]
    if len(folders) + len(roots) < MANY:
        return
    for folder in folders:
        at = Location(first[folder], 1)
        found.append(
            Component(folder_name(folder), NodeKind.SERVICE, made_with(code, folder), folder, at=at)
        )


def made_with(code: SourceCode, folder: str) -> str:
    """The library that starts its server, where one does."""
    started = (
        server.library
        for path, server in code.index.of(ServerStarted)
        if is_below(path, folder) and server.library not in RUNNERS
    )
    return next(started, "")


def is_script(root: str | None) -> bool:
    return root is not None and root.endswith(ENDING)


def stem_of(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(ENDING)
