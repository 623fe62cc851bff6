"""What a module says of itself by `use`: a repository of Ecto's with its engine, a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageReceived, MessageSent, StoreUsed, TableChanged
from scaleaudit.languages.elixir.modules import module_of
from scaleaudit.languages.elixir.syntax import arguments, local_name, parts, receiver, word
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.elixir.reader import ElixirReader

# Adapters of Ecto: what the store is called, and what it speaks.
ADAPTERS = {
    "Ecto.Adapters.Postgres": ("postgresql", "postgres"),
    "Ecto.Adapters.MyXQL": ("mysql", "mysql"),
    "Ecto.Adapters.MySQL": ("mysql", "mysql"),
    "Ecto.Adapters.Tds": ("sqlserver", "tsql"),
    "Ecto.Adapters.ClickHouse": ("clickhouse", "clickhouse"),
}
CONFIGURED = regex(rb"\badapter:\s*(Ecto\.Adapters\.\w+)")
ENQUEUED = regex(rb"\bOban\.insert!?(?=[\s(])")
WORKERS = frozenset({"Oban.Worker", "Oban.Pro.Worker", "Oban.Pro.Workers.Batch"})


def used(reader: ElixirReader, uses: list[Node]) -> Iterator[Fact]:
    for call in uses:
        if local_name(call) != b"use":
            continue
        given, options = arguments(call)
        name = reader.module_named(given[0]) if given else ""
        if name == "Ecto.Repo":
            adapter = ADAPTERS.get(word(options.get("adapter")))
            if adapter is not None:
                at = reader.span(call)
                yield StoreUsed(at, adapter[0], UNKNOWN, "ecto")
                if adapter[1] != "clickhouse":  # beside it stands the one of the rows
                    yield TableChanged(at, "", "engine", dialect=adapter[1])
        elif name in WORKERS:
            module = module_of(reader, call)
            yield MessageReceived(
                reader.span(call), "oban", Literal(module), "oban", f"{module}.perform"
            )
    yield from configured(reader)
    yield from enqueued(reader)


def enqueued(reader: ElixirReader) -> Iterator[MessageSent]:
    """`Shop.Expire.new(%{id: id}) |> Oban.insert()`, `Oban.insert(Shop.Expire.new(...))`."""
    if b"Oban.insert" not in reader.content:
        return
    for match in ENQUEUED.finditer(reader.content):
        node = reader.leaf_at(match.start())
        call = next((a for a in reader.ancestors(node) if a.type == "call"), None) if node else None
        if call is None:
            continue
        for given in reader.arguments(call)[0]:
            module = reader.module_named(receiver(given)) if parts(given)[1] == "new" else ""
            if module:
                yield MessageSent(
                    reader.span(call), "oban", Literal(module), "oban", reader.scope(call)
                )


def configured(reader: ElixirReader) -> Iterator[TableChanged]:
    """`config :shop, Shop.Repo, adapter: Ecto.Adapters.Postgres`, as Ecto was told before version 3."""
    if b"config :" not in reader.content:
        return
    for match in CONFIGURED.finditer(reader.content):
        adapter = ADAPTERS.get(match[1].decode())
        node = reader.leaf_at(match.start(1))
        if adapter is not None and node is not None and node.type == "alias":
            yield TableChanged(reader.span(node), "", "engine", dialect=adapter[1])
