"""Queries handed to a repository, a transaction, or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.elixir.ecto.asking import DOES, EXECUTES, asking, insertion, is_repository
from scaleaudit.languages.elixir.ecto.building import begun
from scaleaudit.languages.elixir.ecto.starts import source
from scaleaudit.languages.elixir.syntax import word

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.elixir.ecto.flow import Flow, Names, Variants


def asked(
    flow: Flow,
    node: Node,
    owner: str,
    name: str,
    handed: list[Node],
    written: list[Node],
    piped_in: Variants | None,
    names: Names,
    depth: int,
) -> bool:
    position = 0
    if is_repository(owner):
        pass
    elif owner.rpartition(".")[2] == "Multi" and name in DOES:
        position = 2  # `Multi.update_all(multi, :orders, query, ...)`
    else:
        return False
    all_ = [*handed, *written]
    if name in ("insert", "insert!", "insert_or_update", "insert_or_update!"):
        if not flow.quiet:
            flow.told += insertion(flow.reader, node, all_)
        for each in written:
            flow.evaluate(each, names, depth + 1)
        return True
    if len(all_) <= position or (name not in DOES and not (piped_in or written)):
        return False
    target = all_[position]
    if position == 0 and piped_in is not None:
        base = piped_in
        if not base:
            query = source(flow.reader, target) if target.type != "call" else None
            base = [query] if query is not None else []
    else:
        base = flow.queryable(target, names, depth + 1)
    rest = all_[position + 1 :]
    for each in rest:
        flow.evaluate(each, names, depth + 1)
    if name == "preload":
        model = flow.types.get(word(target), "") if target.type == "identifier" else ""
        if not flow.quiet:
            flow.told += asking(flow.reader, node, name, begun(node, model=model), rest)
        return True
    flow.executed = True
    if name in DOES or EXECUTES.match(name):
        for query in base if not flow.quiet else ():
            flow.told += asking(flow.reader, node, name, query, rest)
    return True


def tell(flow: Flow, node: Node, found: Variants) -> None:
    flow.executed = True
    for query in found if not flow.quiet else ():
        flow.told += asking(flow.reader, node, "", query, [])
