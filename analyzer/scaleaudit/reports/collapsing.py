"""What of a picture is drawn as one: the words of `--collapse`."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from scaleaudit.architecture import Node, NodeKind
from scaleaudit.reports.graph_choice import UnknownNodeError
from scaleaudit.reports.overview import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Key = Callable[[Node], str]

STORES = (NodeKind.DATABASE, NodeKind.CACHE, NodeKind.STORAGE)
KINDS: dict[str, tuple[NodeKind, ...]] = {
    "databases": (NodeKind.DATABASE,),
    "caches": (NodeKind.CACHE,),
    "storages": (NodeKind.STORAGE,),
    "stores": STORES,
    "brokers": (NodeKind.BROKER,),
    "externals": (NodeKind.EXTERNAL,),
}
SINGULARS = {kinds.removesuffix("s"): kinds for kinds in KINDS}
SHOWN_TECHNOLOGIES = 3
GROUP = "group:"


def display(application: str) -> str:
    """What people call an application: its folder's or its image's name."""
    name = application.removeprefix("image:").rstrip("/")
    return "one codebase" if name == "." else name.rpartition("/")[2] or name


def collapsed(
    nodes: Sequence[Node], words: Iterable[str]
) -> tuple[dict[str, str], dict[str, Node]]:
    """For each node the id of what stands for it, and the nodes to draw.

    The words are taken in order, and what one has collapsed stays as it is. A group of one stays
    what it was. Raises `UnknownNodeError` for a word that no node fits.
    """
    stands_for = {node.id: node.id for node in nodes}
    drawn = {node.id: node for node in nodes}
    left = list(nodes)
    for word in words:
        groups = _groups(left, word)
        for group_id, (name, members) in sorted(groups.items()):
            if len(members) > 1:
                drawn[group_id] = _one(group_id, name, members)
                for node in members:
                    stands_for[node.id] = group_id
                    del drawn[node.id]
                left = [node for node in left if stands_for[node.id] == node.id]
    return stands_for, drawn


def _groups(nodes: Sequence[Node], word: str) -> dict[str, tuple[str, list[Node]]]:
    """By the id of each group its name and its members."""
    wanted = word.strip().lower()
    kinds = KINDS.get(SINGULARS.get(wanted, wanted))
    services = [node for node in nodes if node.kind is NodeKind.SERVICE]
    if wanted in ("application", "applications"):
        return _by(services, lambda node: node.application, display)
    if wanted in ("folder", "folders"):
        key = folder_key(services)
        return _by(services, key, lambda folder: f"{folder}/")
    if kinds is not None:
        members = [node for node in nodes if node.kind in kinds]
        name = SINGULARS.get(wanted, wanted)
        return {f"{GROUP}{name}": (name, members)} if members else {}
    members = [node for node in nodes if _fits(node, wanted)]
    if not members:
        choices = ", ".join(("application", "folder", *KINDS))
        raise UnknownNodeError(
            f"--collapse {word}: no component fits; write {choices}, an application, a folder "
            "or a pattern such as 'admin-*'"
        )
    return {f"{GROUP}{wanted}": (word.strip(), members)}


def _by(
    nodes: Iterable[Node], key: Key, name: Callable[[str], str]
) -> dict[str, tuple[str, list[Node]]]:
    found: dict[str, tuple[str, list[Node]]] = {}
    for node in nodes:
        value = key(node)
        if value:
            found.setdefault(f"{GROUP}{value}", (name(value), []))[1].append(node)
    return found


def folder_of_node(node: Node) -> str:
    """The folder of its source, else that of the file that declares it."""
    return node.path or (node.at.path.rpartition("/")[0] if node.at is not None else "")


def folder_key(services: Sequence[Node]) -> Key:
    """The first folder in which the services differ; empty for those above it."""
    folders = [parts for node in services if (parts := folder_of_node(node).split("/")) != [""]]
    shared = 0
    while folders and all(len(f) > shared + 1 and f[shared] == folders[0][shared] for f in folders):
        shared += 1

    def key(node: Node) -> str:
        parts = folder_of_node(node).split("/")
        return "/".join(parts[: shared + 1]) if len(parts) > shared and parts != [""] else ""

    return key


def _fits(node: Node, wanted: str) -> bool:
    """By name, alias or application, as a pattern; or in the folder of that name."""
    names = (node.name, *node.aliases, node.application, display(node.application))
    folder = wanted.rstrip("/")
    return any(fnmatchcase(name.lower(), wanted) for name in names if name) or (
        bool(node.path) and f"{node.path.lower()}/".startswith(f"{folder}/")
    )


def _one(group_id: str, name: str, members: Sequence[Node]) -> Node:
    kinds = {node.kind for node in members}
    kind = kinds.pop() if len(kinds) == 1 else NodeKind.SERVICE
    stores = all(node.kind in STORES for node in members)
    if stores:
        kind = NodeKind.DATABASE if kind is NodeKind.SERVICE else kind
    applications = {node.application for node in members}
    return Node(
        group_id,
        kind,
        name,
        _contents(members),
        application=applications.pop() if len(applications) == 1 else "",
        first_party=any(node.first_party for node in members),
        published=any(node.published for node in members),
    )


def _contents(members: Sequence[Node]) -> str:
    """`5 services`, for stores also of what technologies: `9: mongodb 7, mysql 2`."""
    if any(node.kind is NodeKind.SERVICE for node in members):
        services = sum(node.kind is NodeKind.SERVICE for node in members)
        others = len(members) - services
        said = number(services, "service")
        return f"{said}, {others} other" if others else said
    technologies = Counter(node.technology for node in members if node.technology)
    counted = sorted(technologies.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{technology} {count}" for technology, count in counted[:SHOWN_TECHNOLOGIES]]
    if len(counted) > SHOWN_TECHNOLOGIES:
        told.append("others")
    return f"{len(members)}: {', '.join(told)}" if told else f"{len(members)} of them"
