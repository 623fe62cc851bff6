"""Arguments of a query builder: names of columns, operators, values, fragments of SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.php.class_names import CALLS
from scaleaudit.languages.php.strings import STRINGS
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import read_query
from scaleaudit.values import Join, Literal, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

COLUMN = regex(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,6}")
QUALIFIED = regex(r"(?<![\w.'])[`\"]?([A-Za-z_]\w*)[`\"]?\.[`\"]?[A-Za-z_]\w*")
MAX_TABLES = 4  # of one fragment
OPERATORS = {
    "=": "=", "==": "=", "===": "=", "<=>": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "like": "like", "ilike": "search", "like binary": "like", "not like": "search", "not ilike": "search",
    "regexp": "search", "not regexp": "search", "rlike": "search", "~": "search", "~*": "search",
    "in": "in", "not in": "not-in", "&": "search", "is": "is-null", "is not": "is-not-null",
}  # fmt: skip
CONSTANTS = frozenset({"string", "integer", "float", "boolean", "class_constant_access_expression"})
BRANCHES = frozenset(
    ["if_statement", "else_clause", "else_if_clause", "switch_statement", "foreach_statement", "for_statement",
     "while_statement", "conditional_expression", "match_expression", "catch_clause"]
)  # fmt: skip
BLOCKS = frozenset(
    ["compound_statement", "expression_statement", "return_statement", "colon_block", "try_statement",
     "parenthesized_expression", "case_statement", "default_statement", "switch_block", "match_block",
     "match_conditional_expression", "match_default_expression"]
)  # fmt: skip
MAX_STATEMENTS = 300  # of one closure
MAX_ENTRIES = 100
WRAPPED = 3  # calls around the name of a column


def column_of(reader: PhpReader, node: Node) -> str:
    """The dotted path of a column, documents included: `meta->state` is `meta.state`."""
    if node.type in CALLS:
        return called_column(reader, node)
    if node.type not in STRINGS and node.type not in (
        "binary_expression",
        "variable_name",
        "class_constant_access_expression",
        "member_access_expression",
    ):
        return ""
    value = reader.value(node)
    if isinstance(value, Join) and isinstance(value.parts[-1], Literal):
        # `$this->table . ".name"`
        text = value.parts[-1].text.lstrip(".") if value.parts[-1].text.startswith(".") else ""
    else:
        text = value.text if isinstance(value, Literal) else ""
    text = text.replace("`", "").replace('"', "").replace("->", ".").strip()
    return text if COLUMN.fullmatch(text) else ""


def called_column(reader: PhpReader, node: Node) -> str:
    """`$model->qualifyColumn("name")`, `DB::raw("name")`."""
    named = node.child_by_field_name("name")
    name = reader.text(named) if named is not None else ""
    if name in ("qualifyColumn", "raw", "getQualifiedColumn", "column") or name.startswith(
        "qualify"
    ):
        args = reader.arguments(node)[0]
        if args and args[0].type in STRINGS:
            return column_of(reader, args[0])
    return {"getQualifiedKeyName": "id", "getKeyName": "id"}.get(name, "")


def columns_of(reader: PhpReader, node: Node) -> list[str]:
    """One column or a list of them; nothing when one is not known."""
    if node.type != "array_creation_expression":
        path = column_of(reader, node)
        return [path] if path else []
    found = [column_of(reader, value) for _, value in entries(reader, node)]
    return found if all(found) else []


def entries(reader: PhpReader, array: Node) -> list[tuple[Node | None, Node]]:
    """Keys and values of an array that stands there."""
    found: list[tuple[Node | None, Node]] = []
    if array.type != "array_creation_expression":
        return found
    for element in array.named_children[:MAX_ENTRIES]:
        inner = element.named_children
        if element.type == "array_element_initializer" and inner:
            found.append((inner[0] if len(inner) > 1 else None, inner[-1]))
    return found


def constant(node: Node) -> bool:
    """A value that stands there, or one of an enumeration: `Status::Open->value`."""
    if node.type == "member_access_expression":
        inner = node.child_by_field_name("object")
        return inner is not None and inner.type == "class_constant_access_expression"
    return node.type in CONSTANTS


def operator_of(reader: PhpReader, written: str, value: Node | None) -> str:
    """The operator of a predicate; empty when it is not known."""
    told = OPERATORS.get(written, written if written in ("is-true",) else "")
    if value is None or not told:
        return told
    if value.type == "null":
        return {"=": "is-null", "!=": "is-not-null"}.get(told, told)
    if told in ("is-null", "is-not-null"):
        return "is-true"
    if told == "like":
        return "like" if anchored(reader, value) else "search"
    return told


def anchored(reader: PhpReader, value: Node) -> bool:
    """A pattern whose beginning is known: `"abc%"`, `$name . "%"`."""
    text = text_with_holes(reader.value(value)) if value.type not in CALLS else ""
    if value.type in ("encapsed_string", "binary_expression"):
        return bool(text) and text[0] not in "%_"
    return bool(text) and text[0] not in "%_{"


def fragment(reader: PhpReader, node: Node, *, sort: bool = False) -> list[Condition] | None:
    """The conditions of a piece of SQL; None when it is not understood."""
    text = text_with_holes(reader.value(node)).strip()
    if not text or len(text) > 4_000:
        return None
    tables = {"t", *(name.lower() for name in QUALIFIED.findall(text)[:MAX_TABLES])}
    word = "ORDER BY" if sort else "WHERE"
    query = read_query(f"SELECT * FROM {', '.join(sorted(tables))} {word} {text}", Span(1))
    if query is None or (query.partial and not sort) or set(query.reads) - tables:
        return None
    found = []
    for each in query.predicates:
        path = each.column if each.table in ("", "t") else f"{each.table}.{each.column}"
        found.append(Condition.of(each, path, clause=Clause.SORT if sort else Clause.FILTER))
    return found


def statements(closure: Node) -> Iterator[Node]:
    """The outermost calls of a closure's body."""
    body = closure.child_by_field_name("body")
    if body is not None:
        yield from (top for top, _ in returned(closure, body))


def returned(closure: Node, body: Node) -> Iterator[tuple[Node, bool]]:
    """Its outermost calls in order, each with whether it stands under a condition."""
    if closure.type == "arrow_function":
        yield from outermost(body, False, [MAX_STATEMENTS], 0)
        return
    for child in body.named_children:
        yield from outermost(child, False, [MAX_STATEMENTS], 0)


def outermost(
    node: Node, conditional: bool, left: list[int], depth: int
) -> Iterator[tuple[Node, bool]]:
    left[0] -= 1
    if left[0] < 0 or depth > 12:
        return
    if node.type in CALLS:
        yield node, conditional
    elif node.type == "assignment_expression":
        right = node.child_by_field_name("right")
        if right is not None:
            yield from outermost(right, conditional, left, depth + 1)
    elif node.type in BRANCHES or node.type in BLOCKS:
        under = conditional or node.type in BRANCHES
        for child in node.named_children:
            yield from outermost(child, under, left, depth + 1)
