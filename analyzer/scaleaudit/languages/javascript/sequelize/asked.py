"""The options of what Sequelize's models are asked: `{ where, include, order, limit }`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.languages.javascript import options
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.sequelize.defined import model_name
from scaleaudit.languages.javascript.sequelize.ordering import ordering
from scaleaudit.languages.javascript.sequelize.where import Where
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.javascript.builders.conditions import Part
    from scaleaudit.languages.javascript.builders.object_members import Assembled
    from scaleaudit.languages.javascript.reader import JavaScriptReader

MAX_INCLUDES = 40
MAX_DEPTH = 4
LATER = "where."


class Asked(Gathering):
    where: list[list[Part]] = msgspec.field(default_factory=lambda: [[]])
    more: list[Condition] = msgspec.field(default_factory=list)
    loads: list[str] = msgspec.field(default_factory=list)
    limited: bool = False
    skips: bool = False
    grouped: bool = False
    partial: bool = False
    shuffled: bool = False


def read_options(
    reader: JavaScriptReader, node: Node, asked: Asked, model: str, *, by_key: bool
) -> None:
    """What an object of options adds; `by_key`: the rows are found by their key."""
    found = assembled(reader, node)
    if found is None:
        asked.partial = True
        return
    asked.partial = asked.partial or found.open
    for key, value in found.every:
        if key == "where" and not by_key:
            reading = Where(reader, model)
            asked.where = reading.variants(value)
            asked.partial = asked.partial or reading.unknown
        elif key == "order":
            order = ordering(reader, value, model)
            asked.more.extend(order.keys)
            asked.shuffled = order.shuffled
        elif key == "include":
            _include(reader, value, asked, "", 0)
        elif key in ("limit", "batchLimit"):
            asked.limited = True
        elif key == "offset":
            asked.skips = value.type != "number"
        elif key in ("group", "distinct"):
            asked.grouped = True
    if not by_key:
        _later(reader, found, asked)


def _later(reader: JavaScriptReader, found: Assembled, asked: Asked) -> None:
    """`options.where.code = x`, always or in a branch."""
    reading = Where(reader)

    def parts(members: list[tuple[str, Node]]) -> list[Part]:
        return [
            part
            for key, value in members
            if key.startswith(LATER)
            for part in reading.later(key.removeprefix(LATER), value)
        ]

    always = parts(found.always)
    asked.where = [[*way, *always] for way in asked.where]
    for members in found.sides.values():
        some = parts(members)
        if some:
            asked.where.append([*asked.where[0], *some])
    asked.partial = asked.partial or reading.unknown


def _include(reader: JavaScriptReader, node: Node, asked: Asked, prefix: str, depth: int) -> None:
    """Relations read along, with conditions of their own."""
    given = bare(node)
    if given is None or depth > MAX_DEPTH or len(asked.loads) > MAX_INCLUDES:
        return
    if given.type == "array":
        for each in given.named_children:
            _include(reader, each, asked, prefix, depth)
        return
    if given.type == "string":
        asked.loads.append(prefix + text_of(reader, given))
        return
    found = assembled(reader, given)
    if found is None:
        listed = options.literal_of(reader, given, "array")
        if listed is not None and listed.id != given.id:
            _include(reader, listed, asked, prefix, depth + 1)
        elif given.type in ("identifier", "member_expression"):  # by its class alone
            asked.loads.extend(filter(None, [model_name(reader.text(given)[:80])]))
        return
    own = dict(found.always)
    name = text_of(reader, own.get("as") or own.get("association"))
    if not name and "association" in own:  # Loan.associations.reader
        _, known, last = reader.text(own["association"])[:160].rpartition(".associations.")
        name = last if known and last.isidentifier() else ""
    model = model_name(reader.text(own["model"])[:80]) if "model" in own else ""
    if name:
        asked.loads.append(prefix + name)
    if "where" in own and (name or model):
        reading = Where(reader, model)
        for inner in flat(reading.variants(own["where"])[0]):
            if name:
                placed = msgspec.structs.replace(inner, path=f"{prefix}{name}.{inner.path}")
            else:
                placed = msgspec.structs.replace(inner, model=model)
            asked.more.append(placed)
        asked.partial = asked.partial or reading.unknown
    if "include" in own and name:
        _include(reader, own["include"], asked, f"{prefix}{name}.", depth + 1)
