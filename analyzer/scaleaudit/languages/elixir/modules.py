"""Names of modules: those that a file defines, and the short ones that it gives to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound
from scaleaudit.languages.elixir.syntax import (
    MODULES,
    arguments,
    atom,
    local_name,
    named,
    unwrapped,
    word,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.elixir.reader import ElixirReader

HERE = "__MODULE__"
PLAIN = regex(r"[A-Z]\w*(?:\.[A-Z]\w*)*")
REFERENCE = regex(rb"(?<![\w.:])[A-Z]\w*(?:\.[A-Z]\w*)*")
NAMING = frozenset({b"alias", b"import", b"use", b"require"})
MAX_ABOVE = 4  # `alias Shop.{Order, Line}`
MAX_REFERENCES = 400  # different modules of one file
MAX_TRIES = 6  # places of one name that turn out to be comments and texts
# Of the language and of the libraries that nearly every file names.
KNOWN = frozenset(
    b"""Access Agent Application Atom Base Behaviour Bitwise Calendar Code Date DateTime Decimal
    DynamicSupervisor Ecto Enum Enumerable ETS Exception File Float Function GenServer Gettext IO
    Inspect Integer Jason Kernel Keyword List Logger Macro Map MapSet Mix Module NaiveDateTime Node
    OptionParser Path Phoenix PhoenixHTML Plug Poison Port Process Protocol Range Record Regex
    Registry Stream String StringIO Supervisor System Task Time Timex Tuple URI Version""".split()
)


def module_of(reader: ElixirReader, node: Node) -> str:
    """The full name of the module around a node."""
    for above in reader.ancestors(node):
        if above.type == "call" and local_name(above) in MODULES:
            return own_name(reader, above)
    return ""


def own_name(reader: ElixirReader, module: Node) -> str:
    """`Shop.Order` of a `defmodule Order` inside `defmodule Shop`."""
    known = reader.own_names.get(module.id)
    if known is not None:
        return known
    given, _ = arguments(module)
    name = (atom(given[0]) or word(given[0])) if given else ""
    outer = module_of(reader, module)
    if name.startswith(HERE):
        name = name.replace(HERE, outer, 1)
    elif name and outer and not name.startswith("Elixir."):
        name = f"{outer}.{name}"
    name = name.removeprefix("Elixir.")
    reader.own_names[module.id] = name
    return name


def full_name(reader: ElixirReader, node: Node | None) -> str:
    """The module that an expression names; empty where it names none."""
    if node is None:
        return ""
    node = unwrapped(node)
    text = word(node)
    if text == HERE or text.startswith(f"{HERE}."):
        return text.replace(HERE, module_of(reader, node), 1)
    return expanded(reader, text) if node.type == "alias" else ""


def expanded(reader: ElixirReader, name: str) -> str:
    if not PLAIN.fullmatch(name):
        return ""
    first, dot, rest = name.partition(".")
    known = reader.imports.get(first)
    if known is None:
        return name.removeprefix("Elixir.")
    return f"{known}{dot}{rest}"


def modules_and_names(
    reader: ElixirReader, modules: list[Node], names: list[Node]
) -> Iterator[ImportFound]:
    """Fills the reader's names; says which modules the file needs, at once or when it runs."""
    for module in modules:
        name = own_name(reader, module)
        reader.namespace = reader.namespace or name
        if name:
            reader.modules.append(name)
            if module_of(reader, module):  # inside another one it is known by its last name
                reader.imports.setdefault(name.rpartition(".")[2], name)
    told: set[str] = set(reader.modules)
    for call in names:
        kind = local_name(call)
        _, options = arguments(call)
        for written in targets(call):
            name = full_written(reader, call, written)
            if not name:
                continue
            short = options.get("as")
            if kind == b"alias":
                reader.imports[word(short) if short is not None else name.rpartition(".")[2]] = name
            elif short is not None:
                reader.imports[word(short)] = name
            if name.partition(".")[0].encode() not in KNOWN and name not in told:
                told.add(name)
                yield ImportFound(reader.span(call), name, lazy=kind == b"alias")
    yield from references(reader, told)


def full_written(reader: ElixirReader, call: Node, written: str) -> str:
    if written.startswith(HERE):
        return written.replace(HERE, module_of(reader, call), 1)
    return expanded(reader, written)


def targets(call: Node) -> Iterator[str]:
    """`A.{B, C.D}` as `A.B`, `A.C.D`; anything else as it stands."""
    given, _ = arguments(call)
    if not given:
        return
    node = given[0]
    if node.type != "dot":
        yield word(node)
        return
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if right is None or right.type != "tuple":
        yield word(node)
        return
    for each in named(right):
        yield f"{word(left)}.{word(each)}"


def references(reader: ElixirReader, told: set[str]) -> Iterator[ImportFound]:
    """Modules that code names without saying so before: `Shop.Orders.open(...)`."""
    for name in sorted({*REFERENCE.findall(reader.content)})[:MAX_REFERENCES]:
        if name.partition(b".")[0] in KNOWN:
            continue
        full = expanded(reader, name.decode("ascii", "replace"))
        if not full or full in told:
            continue
        node = in_code(reader, name)
        if node is not None:
            told.add(full)
            yield ImportFound(reader.span(node), full, lazy=True)


def in_code(reader: ElixirReader, name: bytes) -> Node | None:
    """The first place of a name that is no comment and no text."""
    start = -1
    for _ in range(MAX_TRIES):
        start = reader.content.find(name, start + 1)
        if start < 0:
            return None
        node = reader.leaf_at(start)
        if node is None or node.type != "alias" or node.text != name:
            continue
        if not any(
            above.type == "call" and local_name(above) in NAMING
            for above, _ in zip(reader.ancestors(node), range(MAX_ABOVE), strict=False)
        ):
            return node
    return None
