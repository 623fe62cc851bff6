"""Conditions built of values: `builder.Eq{"a": x}.And(builder.In("b", ys))`, `sq.Eq{"a": x}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Condition
from scaleaudit.languages.go.following import ALWAYS, branches, declared, later
from scaleaudit.languages.go.mappers import asked, fragments
from scaleaudit.languages.go.mappers.condition_parts import gathered
from scaleaudit.languages.go.mappers.constant_names import spelled
from scaleaudit.languages.go.mappers.goqu_names import compared
from scaleaudit.languages.go.mappers.scoped import returned
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

OPERATORS = {
    "Ex": "=", "ExOr": "=", "Eq": "=", "Neq": "!=", "NotEq": "!=", "Gt": ">", "Gte": ">=", "GtOrEq": ">=", "Lt": "<", "Lte": "<=", "LtOrEq": "<=",
    "Like": "search", "ILike": "search", "NotLike": "search", "IsNull": "is-null", "NotNull": "is-not-null",
    "In": "in", "NotIn": "not-in", "Between": "between",
}  # fmt: skip
JOINING = {"And", "Or"}
OF_PACKAGE = ("qualified_type", "type_identifier")
UNNAMED = regex(
    rb"import\s*(?:\([^)]*?\n\s*)?\.\s+\"(?:github\.com/Masterminds/squirrel|xorm\.io/builder)\""
)
MAX_DEPTH = 12
MAX_PARTS = 60

Found = tuple[list[Condition], bool]  # and whether some of it is not known


def condition(reader: GoReader, node: Node, depth: int = 0) -> Found | None:
    """The conditions of an expression; None when it is none of a builder."""
    if depth > MAX_DEPTH or not reader.goes_on(depth):
        return [], True
    if node.type == "composite_literal":
        return of_literal(reader, node, depth)
    if node.type == "call_expression":
        return of_call(reader, node, depth) or compared(reader, node) or of_own(reader, node, depth)
    if node.type in ("identifier", "variadic_argument"):
        return of_list(reader, node, depth) or of_variable(reader, node, depth)
    return None


def without_package(reader: GoReader) -> bool:
    """Whether the file imports a builder so that its names stand alone: `import . "..."`."""
    return UNNAMED.search(reader.content) is not None


def last_name(reader: GoReader, node: Node | None) -> str:
    if node is None or node.end_byte - node.start_byte > 80:
        return ""
    return reader.text(node).rpartition(".")[2]


def of_literal(reader: GoReader, node: Node, depth: int) -> Found | None:
    """`builder.Eq{"a": x}`, `sq.And{sq.Eq{...}, sq.Gt{...}}`."""
    declared_type = node.child_by_field_name("type")
    if declared_type is None or declared_type.type not in OF_PACKAGE:
        return None
    if declared_type.type == "type_identifier" and not without_package(reader):
        return None
    name = last_name(reader, declared_type)
    if name in JOINING:
        parts = [each for each in reader.each(node) if each != node][:MAX_PARTS]
        return combined(reader, name, parts, depth)
    if name not in OPERATORS:
        return None
    operator = OPERATORS[name]
    body = node.child_by_field_name("body")
    elements = [c for c in body.named_children if c.type != "comment"] if body is not None else []
    if elements and elements[0].type != "keyed_element":  # builder.Like{"a", "b"}
        text = asked.text_of(reader, reader.each(node)[0])
        return ([Condition(column(text), operator)], False) if text else ([], True)
    more, partial = asked.of_literal(reader, node, key_of=spelled)
    if operator != "=":
        more = [
            c if c.operator == "in" and operator == "in"
            else Condition(c.path, {"in": "not-in", "is-null": "is-not-null"}.get(c.operator, operator)
                           if operator == "!=" else operator)
            for c in more
        ]  # fmt: skip
    more = [replace(c, path=column(c.path)) for c in more]
    if name == "ExOr" and len(more) > 1:
        more = fragments.either([[c] for c in more], node.start_byte)
    return more, partial


def column(text: str) -> str:
    return text.strip().strip('`"').replace("`.`", ".").replace("`", "")


def of_call(reader: GoReader, node: Node, depth: int) -> Found | None:
    function = node.child_by_field_name("function")
    if function is None or function.type != "selector_expression":
        return None
    operand, field = function.child_by_field_name("operand"), function.child_by_field_name("field")
    if operand is None or field is None:
        return None
    name = reader.text(field)
    holder = node.child_by_field_name("arguments")
    args = [a for a in holder.named_children if a.type != "comment"] if holder is not None else []
    package = operand.type == "identifier" and reader.text(operand) in reader.imports
    if name == "NewCond":
        return [], False
    if not package and name in JOINING:
        before = condition(reader, operand, depth + 1)
        if before is None:
            return None
        more = combined(reader, name, args, depth)
        if name == "And":
            return [*before[0], *more[0]], before[1] or more[1]
        return fragments.either([before[0], more[0]], node.start_byte), before[1] or more[1]
    if not package:
        return None
    if name in JOINING:
        return combined(reader, name, args, depth)
    if name in ("Expr", "L", "Literal") and args:
        text = asked.text_of(reader, args[0])
        return asked.of_fragment(reader, text, args[1:]) if text is not None else ([], True)
    if name == "Not" and args:
        inner = condition(reader, args[0], depth + 1)
        return (fragments.negated(inner[0]), inner[1]) if inner is not None else ([], True)
    if name in OPERATORS and args:
        text = asked.text_of(reader, args[0])
        return ([Condition(column(text), OPERATORS[name])], False) if text else ([], True)
    return None


def combined(reader: GoReader, name: str, parts: list[Node], depth: int) -> Found:
    sides: list[list[Condition]] = []
    partial = False
    for part in parts[:MAX_PARTS]:
        inner = condition(reader, part, depth + 1)
        if inner is None:
            text = asked.text_of(reader, part)
            inner = asked.of_fragment(reader, text, []) if text is not None else ([], True)
        sides.append(inner[0])
        partial = partial or inner[1]
    if name == "And" or len(sides) < 2:
        return [c for side in sides for c in side], partial
    return fragments.either(sides, parts[0].start_byte), partial


def of_own(reader: GoReader, call: Node, depth: int) -> Found | None:
    """What a function of this file that is called gives back; None where it may be anything."""
    function = call.child_by_field_name("function")
    own = (
        reader.declared.get(reader.receivers.meaning(function).name)
        if function is not None
        else None
    )
    back = returned(own) if own is not None else None
    if own is None or back is None or own.start_byte <= call.start_byte < own.end_byte:
        return None
    found = condition(reader, back, depth + 1)
    early = reader.text(own).count("return ") > 1
    return ([], True) if found is None or early else found


def of_list(reader: GoReader, node: Node, depth: int) -> Found | None:
    """The conditions gathered in a variable: those that are always there, or any one of them."""
    found = gathered(reader, node)
    if found is None:
        return None
    if found.any_of:
        joined = combined(reader, "Or", [part.node for part in found.parts], depth)
        return joined[0], joined[1] or not found.whole
    sure = [part.node for part in found.parts if not part.choices]
    joined = combined(reader, "And", sure, depth)
    return joined[0], joined[1] or not found.whole or len(sure) < len(found.parts)


def of_variable(reader: GoReader, node: Node, depth: int) -> Found | None:
    """`cond := builder.NewCond(); cond = cond.And(...)`: what is always added."""
    name = reader.text(node)
    start = declared(reader, name, node)
    if start is None or start.parameter or start.index or start.value is None:
        return None
    found = condition(reader, start.value, depth + 1)
    if found is None:
        return None
    conditions, partial = list(found[0]), found[1]
    for each in later(reader, start, node):
        if each.value is None:
            continue
        if branches(reader, each.node, node) != ALWAYS:
            partial = partial or not conditions
            continue
        call = each.value
        holder = call.child_by_field_name("arguments")
        function = call.child_by_field_name("function")
        joined = last_name(reader, function) if function is not None else ""
        args = holder.named_children if holder is not None else []
        if joined != "And" or not reader.text(call).startswith(f"{name}."):
            return [], True
        more = combined(reader, "And", [a for a in args if a.type != "comment"], depth)
        conditions.extend(more[0])
        partial = partial or more[1]
    return conditions, partial
