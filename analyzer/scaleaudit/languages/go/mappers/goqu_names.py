"""Tables and columns as goqu's functions name them: `goqu.T("orders").Col("code")`, `goqu.I("o.code")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.go.following import declared
from scaleaudit.languages.go.mappers.constant_names import spelled
from scaleaudit.languages.go.mappers.links import name_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

COMPARISONS = {
    "Eq": "=", "Neq": "!=", "Gt": ">", "Gte": ">=", "Lt": "<", "Lte": "<=", "In": "in", "NotIn": "not-in", "Like": "search",
    "ILike": "search", "IsNull": "is-null", "IsNotNull": "is-not-null", "Between": "between", "IsTrue": "is-true",
    "IsFalse": "is-true", "Is": "=",
}  # fmt: skip
NAMING = {"C", "I", "T", "Col", "S", "As"}
TURNING = {"Asc", "Desc", "NullsFirst", "NullsLast"}
MAX_STEPS = 6


def compared(reader: GoReader, call: Node) -> tuple[list[Condition], bool] | None:
    """`goqu.C("a").Eq(x)`; None for what is no comparison."""
    operator = COMPARISONS.get(name_of(reader, call))
    function = call.child_by_field_name("function")
    operand = function.child_by_field_name("operand") if function is not None else None
    if operator is None or operand is None or operand.type != "call_expression":
        return None
    column, _ = named_by(reader, operand)
    return ([Condition(column, operator)], False) if column else ([], True)


def tied(reader: GoReader, call: Node) -> tuple[str, str] | None:
    """The two columns of `goqu.I("o.user_id").Eq(goqu.I("u.id"))`."""
    function = call.child_by_field_name("function")
    operand = function.child_by_field_name("operand") if function is not None else None
    holder = call.child_by_field_name("arguments")
    given = holder.named_children if holder is not None else []
    if name_of(reader, call) != "Eq" or operand is None or len(given) != 1:
        return None
    one, other = named_by(reader, operand)[0], named_by(reader, given[0])[0]
    return (one, other) if one and other else None


def named_by(reader: GoReader, node: Node) -> tuple[str, str]:
    """The dotted name that a chain of goqu's functions gives, and an alias; both may be empty."""
    parts: list[str] = []
    alias = ""
    at: Node | None = node
    for _ in range(MAX_STEPS):
        if at is not None and at.type == "identifier":
            at = made_of(reader, at)
        if at is None or at.type != "call_expression":
            break
        name = name_of(reader, at)
        holder = at.child_by_field_name("arguments")
        given = holder.named_children if holder is not None else []
        if name in NAMING and given:
            text = spelled(reader, given[0])
            if text and name == "As":
                alias = text
            elif text:
                parts.append(text)
        elif name not in TURNING:
            return "", ""
        function = at.child_by_field_name("function")
        at = function.child_by_field_name("operand") if function is not None else None
    if len(parts) > 1 and alias:
        parts[-1], alias = alias, ""  # `orders := goqu.T("orders").As("o")`, `orders.Col("code")`
    return ".".join(reversed(parts)), alias


def made_of(reader: GoReader, name: Node) -> Node | None:
    """What a variable of the function or of the package is made of."""
    text = reader.text(name)
    if text in reader.imports:
        return None
    local = declared(reader, text, name)
    if local is not None:
        return None if local.parameter or local.index else local.value
    variable = reader.variables.get(text)
    value = variable.child_by_field_name("value") if variable is not None else None
    return value.named_children[0] if value is not None and value.named_child_count == 1 else None
