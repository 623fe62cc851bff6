"""The conditions that calls of Active Record are given: hashes, lists, fragments, Arel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.ruby.active_record import arel, sequel, words
from scaleaudit.languages.ruby.active_record.chosen import arms
from scaleaudit.languages.ruby.active_record.comparisons import compared, named, opposite
from scaleaudit.languages.ruby.active_record.fragments import NAMED_HERE, filters, fragment_text
from scaleaudit.languages.ruby.active_record.hashes import gathered
from scaleaudit.languages.ruby.active_record.lists import joined
from scaleaudit.languages.ruby.active_record.patterns import filled
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.hashes import Gathered, Pair
    from scaleaudit.languages.ruby.active_record.lists import Listed
    from scaleaudit.languages.ruby.active_record.relation import Relation
    from scaleaudit.languages.ruby.reader import RubyReader

PATH = regex(r"[a-z_]\w*(?:\.[a-z_]\w*)?", 2)
VARIABLES = frozenset({"identifier", "instance_variable"})
COMBINED = frozenset({"|", "or", "&", "~", "negate"})  # what Sequel makes of several conditions
MAX_DEPTH = 4
ONE_ROW = frozenset({"find_by", "find_by!"}) | words.LOOK_UPS


def conditions(reader: RubyReader, call: Node, found: Relation, *, negated: bool = False) -> None:
    """What `where`, `find_by`, `not` and their like are given."""
    holder = call.child_by_field_name("arguments")
    args = [c for c in holder.named_children if c.type != "comment"] if holder is not None else []
    if not args:
        return
    if args[0].type in ("pair", "hash_splat_argument"):
        pairs(reader, args, found, negated=negated)
        return
    found.one_row = reader.method_name(call) in ONE_ROW
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
        of_text(reader, text, found, negated=negated, beside=beside)
        return
    listed = joined(reader, node)
    if listed is not None:
        of_list(reader, listed, found, negated=negated)
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
            reader.method_name(node) in COMBINED or of_pairs(reader, node)
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
            put = gathered(reader, node)
            if put is not None:
                of_hash(reader, put, found, negated=negated)
                return
            held = reader.assigned_to(reader.hint(node), node) if node.type in VARIABLES else None
            if held is not None and held.type in ("hash", "array"):
                given(reader, held, found, negated=negated, depth=depth + 1)
                if changed_later(reader, node):
                    found.partial = True
            elif held is None or not one_of(reader, held, found, negated=negated):
                found.partial = True


def one_of(reader: RubyReader, held: Node, found: Relation, *, negated: bool) -> bool:
    """Each of the conditions that a choice gives is asked, where nothing else is asked with it."""
    several = arms(held)
    if not several or negated or found.conditions:
        return False
    for arm in several:
        side = msgspec.structs.replace(found, conditions=[], partial=False, options=[], outer=())
        given(reader, arm, side, depth=1)
        if side.conditions and not side.partial:
            found.options.append(tuple(side.conditions))
    return bool(found.options)


def of_pairs(reader: RubyReader, call: Node) -> bool:
    """`Sequel.expr(a: 1)`: a hash that can be combined with others."""
    holder = call.child_by_field_name("arguments")
    args = holder.named_children if holder is not None else []
    return reader.method_name(call) == "expr" and bool(args) and args[0].type in ("pair", "hash")


def of_text(
    reader: RubyReader, text: str, found: Relation, *, negated: bool, beside: Sequence[Node] = ()
) -> None:
    """A fragment of SQL."""
    told, hidden = filters(filled(reader, text, beside), negated=negated)
    found.add(told)
    if not NAMED_HERE.search(text):
        found.outer += tuple(each for each in told if each.clause is Clause.JOIN)
    found.partial = found.partial or hidden


def of_list(reader: RubyReader, listed: Listed, found: Relation, *, negated: bool) -> None:
    """Fragments that are joined by AND."""
    if negated or not listed.known:
        found.partial = True
    for text in listed.always:
        of_text(reader, text, found, negated=False)
    for text in listed.options:
        side = msgspec.structs.replace(found, conditions=[], partial=False, options=[], outer=())
        of_text(reader, text, side, negated=False)
        if side.conditions and not side.partial:
            found.options.append(tuple(side.conditions))


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
        if pair.type == "pair":
            both = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            keyed(
                reader,
                both,
                found,
                negated=negated,
                prefix=prefix,
                model=model,
                depth=depth,
                rows=rows,
            )
        elif pair.type == "hash_splat_argument" and not prefix:
            more = gathered(reader, pair)
            if more is not None:
                of_hash(reader, more, found, negated=negated)
            else:
                found.partial = True
        else:
            found.partial = found.partial or pair.type != "comment"


def keyed(
    reader: RubyReader, both: Pair, found: Relation, *, negated: bool, prefix: str = "", model: str = "",
    depth: int = 0, rows: str = "",
) -> None:  # fmt: skip
    """One attribute and what it is compared with."""
    key, value = both
    expression = (
        sequel.column(reader, key, rows=rows) if key is not None and key.type == "call" else None
    )
    if expression is not None:
        found.add(
            msgspec.structs.replace(expression, operator=operator, constant=constant)
            for operator, constant in compared(reader, value, negated=negated)
        )
        return
    column, of = named(reader, key)
    if rows and key is not None and key.type == "identifier":
        column = reader.hint(key)  # Sequel's `where { { code => x } }`
    if not PATH.fullmatch(column) and not of:
        found.partial = True
        return
    if value is not None and value.type == "hash":
        if depth < MAX_DEPTH and "." not in column:
            inside = f"{prefix}{column}." if column else prefix
            pairs(reader, value.named_children, found, negated=negated, prefix=inside, model=of or model,
                  depth=depth + 1)  # fmt: skip
        return
    for operator, constant in compared(reader, value, negated=negated):
        found.add([Condition(f"{prefix}{column}", operator, constant=constant, model=of or model)])


def of_hash(reader: RubyReader, put: Gathered, found: Relation, *, negated: bool) -> None:
    """A hash that is gathered over several statements."""
    for both in put.always:
        keyed(reader, both, found, negated=negated)
    found.partial = found.partial or not put.known or (negated and bool(put.options))
    if negated:
        return
    for several in put.options:
        if found.one_row and all(value is None for _, value in several):  # parameters of a request
            for both in several:
                keyed(reader, both, found, negated=False)
            continue
        side = msgspec.structs.replace(found, conditions=[], partial=False, options=[])
        for both in several:
            keyed(reader, both, side, negated=False)
        if side.conditions and not side.partial:
            found.options.append(tuple(side.conditions))
