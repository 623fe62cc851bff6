"""The conditions that calls of Active Record are given: hashes, lists, fragments, Arel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.ruby.active_record import arel, sequel
from scaleaudit.languages.ruby.active_record.fragments import (
    MODEL,
    NAMED_HERE,
    OWN,
    filters,
    fragment_text,
    model_of,
)
from scaleaudit.languages.ruby.active_record.patterns import filled
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader

PATH = regex(r"[a-z_]\w*(?:\.[a-z_]\w*)?", 2)
LISTS = frozenset({"array", "string_array", "symbol_array"})
LITERALS = frozenset({"integer", "float", "string", "simple_symbol", "true", "false", "constant",
                      "scope_resolution", "string_array", "symbol_array"})  # fmt: skip
GIVES_LIST = regex(
    r"^(?:map|pluck|ids|collect|keys|uniq|to_a|select|flatten|compact|values|split|\w+_ids)$"
)
VARIABLES = frozenset({"identifier", "instance_variable"})
COMBINED = frozenset({"|", "or", "&", "~", "negate"})  # what Sequel makes of several conditions
MAX_DEPTH = 4


def conditions(reader: RubyReader, call: Node, found: Relation, *, negated: bool = False) -> None:
    """What `where`, `find_by`, `not` and their like are given."""
    holder = call.child_by_field_name("arguments")
    args = [c for c in holder.named_children if c.type != "comment"] if holder is not None else []
    if not args:
        return
    if args[0].type in ("pair", "hash_splat_argument"):
        pairs(reader, args, found, negated=negated)
        return
    given(reader, args[0], found, negated=negated, beside=args[1:])


def given(
    reader: RubyReader,
    node: Node,
    found: Relation,
    *,
    negated: bool = False,
    depth: int = 0,
    beside: Sequence[Node] = (),
    rows: str = "",
) -> None:
    """One argument that holds conditions, of any form; `rows`: as in `sequel`."""
    if depth > MAX_DEPTH:
        found.partial = True
        return
    text = fragment_text(reader, node)
    if text is not None:
        told, hidden = filters(filled(reader, text, beside), negated=negated)
        found.add(told)
        if not NAMED_HERE.search(text):
            found.outer += tuple(each for each in told if each.clause is Clause.JOIN)
        found.partial = found.partial or hidden
        return
    match node.type:
        case "hash":
            pairs(reader, node.named_children, found, negated=negated, rows=rows)
        case "array" if node.named_children:
            first, *rest = node.named_children
            given(reader, first, found, negated=negated, depth=depth + 1, beside=rest)
        case "nil":
            pass
        case "parenthesized_statements" | "block_body" | "body_statement" if (
            len(node.named_children) == 1
        ):
            only = node.named_children[0]
            given(reader, only, found, negated=negated, depth=depth + 1, rows=rows)
        case "unary" if node.children[0].type == "~":
            inner = node.named_children[0]
            given(reader, inner, found, negated=not negated, depth=depth + 1, rows=rows)
        case "integer":
            found.add([Condition("id", "=")])
        case "call" if reader.hint(node.child_by_field_name("receiver") or node) == "Sequel" and (
            reader.method_name(node) in COMBINED
        ):
            holder = node.child_by_field_name("arguments")
            sides = holder.named_children if holder is not None else []
            name = reader.method_name(node)
            combined(reader, name, sides, found, negated=negated, depth=depth + 1, rows=rows)
        case "element_reference" if reader.hint(node.named_children[0]) == "Sequel" and (
            len(node.named_children) > 1 and node.named_children[1].type == "pair"
        ):
            pairs(reader, node.named_children[1:], found, negated=negated, rows=rows)
        case _:
            known = arel.conditions(reader, node)
            if known is None:
                known = sequel.conditions(reader, node, rows=rows)
            if known is not None:
                found.add(opposite(known) if negated else known)
                return
            two = in_one(node)
            if two is not None:
                word, both = two
                combined(reader, word, both, found, negated=negated, depth=depth + 1, rows=rows)
                return
            held = reader.assigned_to(reader.hint(node), node) if node.type in VARIABLES else None
            if held is not None and held.type in ("hash", "array"):
                given(reader, held, found, negated=negated, depth=depth + 1)
                if changed_later(reader, node):
                    found.partial = True
            else:
                found.partial = True


def in_one(node: Node) -> tuple[str, list[Node]] | None:
    """The sides of `a & b` and `a | b`."""
    operator = node.child_by_field_name("operator") if node.type == "binary" else None
    if operator is None or operator.type not in ("&", "|") or len(node.named_children) != 2:
        return None
    return operator.type, node.named_children


def combined(
    reader: RubyReader, name: str, args: list[Node], found: Relation, *, negated: bool, depth: int, rows: str,
) -> None:  # fmt: skip
    """`Sequel.|({ a: 1 }, { b: 2 })`, `Sequel.or(a: 1, b: 2)`, `Sequel.&(...)`, `Sequel.~(a: nil)`."""
    opposed = negated ^ (name in ("~", "negate"))
    sides: list[list[Condition]] = []
    for each in args:
        side = msgspec.structs.replace(found, conditions=[], partial=False, groups=0, outer=())
        if each.type == "pair":
            pairs(reader, [each], side, negated=opposed, rows=rows)
        else:
            given(reader, each, side, negated=opposed, depth=depth, rows=rows)
        found.partial = found.partial or side.partial
        sides.append(side.conditions)
    if name not in ("|", "or"):
        found.add(each for side in sides for each in side)
    elif negated or any(each.alternative for side in sides for each in side):
        found.partial = True
    else:
        found.add(
            msgspec.structs.replace(each, alternative=True, group=1, branch=number)
            for number, side in enumerate(sides, 1)
            for each in side
        )


def changed_later(reader: RubyReader, node: Node) -> bool:
    """`options[:x] = 1` after `options = {}`."""
    around = reader.function_around(node)
    name = reader.hint(node)
    if around is None:
        return True
    text = reader.text(around)
    return any(
        f"{name}{mark}" in text for mark in ("[", ".merge", ".update", ".store", " <<", "<<", " +=")
    )


def pairs(
    reader: RubyReader, nodes: list[Node], found: Relation, *, negated: bool = False, prefix: str = "",
    model: str = "", depth: int = 0, rows: str = "",
) -> None:  # fmt: skip
    """`a: 1, "b.c" => nil, stories: { d: 2 }`; in Sequel expressions are keys too."""
    for pair in nodes:
        if pair.type != "pair":
            found.partial = found.partial or pair.type != "comment"
            continue
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        expression = (
            sequel.column(reader, key, rows=rows)
            if key is not None and key.type == "call"
            else None
        )
        if expression is not None:
            found.add(
                msgspec.structs.replace(expression, operator=operator, constant=constant)
                for operator, constant in compared(reader, value, negated=negated)
            )
            continue
        column, of = named(reader, key)
        if not PATH.fullmatch(column) and not of:
            found.partial = True
            continue
        if value is not None and value.type == "hash":
            if depth < MAX_DEPTH and "." not in column:
                inside = f"{prefix}{column}." if column else prefix
                pairs(reader, value.named_children, found, negated=negated, prefix=inside, model=of or model,
                      depth=depth + 1)  # fmt: skip
            continue
        for operator, constant in compared(reader, value, negated=negated):
            found.add(
                [Condition(f"{prefix}{column}", operator, constant=constant, model=of or model)]
            )


def named(reader: RubyReader, key: Node | None) -> tuple[str, str]:
    """The attribute that a key of a hash names, and the model or table where the key names one."""
    if key is None:
        return "", ""
    if key.type == "element_reference":
        placed = sequel.column(reader, key)
        return (placed.path, placed.model) if placed is not None else ("", "")
    text = fragment_text(reader, key) if key.type in ("string", "call") else None
    if text is None:
        if key.type == "call" and reader.hint(key).startswith("Sequel."):
            return "", ""  # an expression of some kind
        if key.type == "call" and reader.method_name(key) == "table_name":
            receiver = key.child_by_field_name("receiver")
            return "", reader.constant_name(receiver) if receiver is not None else ""
        text = reader.hint(key).strip("\"':")
    text = text.replace("`", "").replace('"', "")
    table, _, column = text.rpartition(".")
    if table.startswith(MODEL):
        return column, model_of(table)
    return column, ("" if table == OWN else table)


def compared(
    reader: RubyReader, value: Node | None, *, negated: bool
) -> Iterator[tuple[str, bool]]:
    """(operator, whether with something that stands there)."""
    kind = value.type if value is not None else ""
    if kind == "nil":
        yield ("is-not-null" if negated else "is-null"), False
    elif value is not None and (kind in LISTS or gives_list(reader, value)):
        fixed = kind != "array" or all(c.type in LITERALS | {"nil"} for c in value.named_children)
        yield ("not-in" if negated else "in"), kind in LISTS and fixed
    elif value is not None and kind == "range":
        begin, end = value.child_by_field_name("begin"), value.child_by_field_name("end")
        operator = (
            "between"
            if begin is not None and end is not None
            else ">="
            if begin is not None
            else "<="
        )
        yield ("!=" if negated else operator), False
    else:
        fixed = value is not None and kind in LITERALS and (kind != "string" or plain(value))
        yield ("!=" if negated else "="), fixed


def plain(node: Node) -> bool:
    return not any(child.type == "interpolation" for child in node.named_children)


def gives_list(reader: RubyReader, value: Node) -> bool:
    return value.type == "call" and GIVES_LIST.match(reader.method_name(value)) is not None


OPPOSITES = {
    "=": "!=",
    "in": "not-in",
    "is-null": "is-not-null",
    "is-not-null": "is-null",
    "!=": "=",
}


def opposite(known: list[Condition]) -> list[Condition]:
    return [msgspec.structs.replace(c, operator=OPPOSITES.get(c.operator, "!=")) for c in known]
