"""SQL fragments inside calls of Active Record: `where("a > ?", x)`, `order("stories.id DESC")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.ruby.active_record.growing import pieces
from scaleaudit.languages.ruby.heredocs import body_of
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.sql import read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Predicate
    from scaleaudit.languages.ruby.reader import RubyReader

OWN = "own__"  # the table of the query's own model, while a fragment is parsed
MODEL = "model__"  # in front of a model's name that stands for its table
DOT = "__of__"
HOLE = "{}"
MAX_TEXT = 4_000
MAX_DEPTH = 12
MAX_TABLES = 6
MAX_SORTS = 6

TABLE_NAMES = frozenset({"table_name", "quoted_table_name", "to_table_name", "arel_table"})
AFFIXES = frozenset({"table_name_prefix", "table_name_suffix"})
QUALIFIED = regex(r"(?<![\w.'])[`\"]?([A-Za-z_]\w*)[`\"]?\.[`\"]?[A-Za-z_*]")
NAMED_HERE = regex(
    r"\b(?:from|join|as)\s+[`\"]?(\w+)[`\"]?(?:\s+(?:as\s+)?(?!where\b|on\b|inner\b|left\b)(\w+))?",
    2,
)
SORT = regex(
    r"^\s*(?:(?P<function>lower|upper|date)\s*\(\s*)?[`\"]?(?:(?P<table>\w+)[`\"]?\.[`\"]?)?(?P<column>[A-Za-z_]\w*)[`\"]?"
    r"\s*\)?\s*(?:(?:ASC|DESC)\b|\{\})?\s*(?:NULLS\s+(?:FIRST|LAST))?\s*$",
    2,
)
# Of several tables, so that no index of one of them serves it.
COALESCED = regex(
    r"\s*\(?\s*(?:coalesce|ifnull|nvl)\s*\(\s*(\w+)\.\w+\s*,\s*(\w+)\.\w+\s*(?:,[^()]{0,80})?\)\s*(?:=|<>|!=|<=?|>=?)\s*(?:\?|:\w+)\s*\)?\s*",
    2,
)
CAPITAL = regex(r"[A-Z]")
SMALL = regex(r"0([a-z])")
NO_COLUMN = frozenset({"random", "rand", "null", "desc", "asc"})
TEXTS = frozenset({"string", "chained_string", "heredoc_beginning", "heredoc_body"})


def fragment_text(reader: RubyReader, node: Node | None, depth: int = 0) -> str | None:
    """The SQL of an expression, names of tables resolved, holes marked; None for no text."""
    if node is None or depth > MAX_DEPTH:
        return None
    match node.type:
        case "string" | "heredoc_body":
            return "".join(parts(reader, node, depth))[:MAX_TEXT]
        case "chained_string":
            return "".join(fragment_text(reader, c, depth + 1) or "" for c in node.named_children)
        case "heredoc_beginning":
            return fragment_text(reader, body_of(reader, node), depth + 1)
        case "parenthesized_statements" if len(node.named_children) == 1:
            return fragment_text(reader, node.named_children[0], depth + 1)
        case "binary":
            return summed(reader, node, depth)
        case "call":
            return of_call(reader, node, depth)
        case "identifier" | "constant":
            return of_name(reader, node, depth)
        case _:
            return None


def parts(reader: RubyReader, node: Node, depth: int) -> Iterator[str]:
    for child in node.children:
        match child.type:
            case "string_content" | "heredoc_content":
                yield reader.text(child).replace("\\'", "'")
            case "escape_sequence":
                text = reader.text(child)
                yield {"\\n": "\n", "\\t": " "}.get(text, text[1:])
            case "interpolation":
                inner = child.named_children
                yield interpolated(reader, inner[0], depth) if len(inner) == 1 else HOLE
            case _:
                pass


def interpolated(reader: RubyReader, node: Node, depth: int) -> str:
    if node.type in ("constant", "scope_resolution"):
        known = fragment_text(reader, node, depth + 1) if node.type == "constant" else None
        return known or "1"  # a constant: one of a few values
    if node.type == "identifier" and reader.hint(node) in TABLE_NAMES:
        return OWN
    if node.type == "identifier" and reader.hint(node) in AFFIXES:
        return ""
    if node.type == "call":
        name, receiver = reader.method_name(node), node.child_by_field_name("receiver")
        if name in AFFIXES:
            return ""
        if name in TABLE_NAMES:
            constant = reader.constant_name(receiver) if receiver is not None else ""
            if constant:
                return table_of(constant)
            return (
                OWN
                if receiver is None or reader.hint(receiver) in ("self", "self.class", "klass")
                else HOLE
            )
        text = of_call(reader, node, depth + 1)
        if text is not None:
            return text
    if node.type in TEXTS:
        return fragment_text(reader, node, depth + 1) or HOLE
    return HOLE


def summed(reader: RubyReader, node: Node, depth: int) -> str | None:
    operator = node.child_by_field_name("operator")
    left = fragment_text(reader, node.child_by_field_name("left"), depth + 1)
    if operator is None or operator.type not in ("+", "<<", "%") or left is None:
        return None
    if operator.type == "%":
        return left.replace("%s", HOLE).replace("%d", "1")
    return left + (fragment_text(reader, node.child_by_field_name("right"), depth + 1) or HOLE)


def of_call(reader: RubyReader, node: Node, depth: int) -> str | None:
    """`Arel.sql("...")`, `sanitize_sql_array([...])`, `"...".squish`."""
    name, receiver = reader.method_name(node), node.child_by_field_name("receiver")
    if name in (
        "sql",
        "lit",
        "sanitize_sql",
        "sanitize_sql_array",
        "sanitize_sql_for_conditions",
        "sanitize_sql_for_order",
    ):
        args = reader.positional(node)
        first = args[0] if args else None
        if first is not None and first.type == "array" and first.named_children:
            first = first.named_children[0]
        return fragment_text(reader, first, depth + 1)
    if receiver is not None and name in (
        "squish",
        "strip",
        "freeze",
        "html_safe",
        "strip_heredoc",
        "to_s",
        "chomp",
    ):
        return fragment_text(reader, receiver, depth + 1)
    return None


def of_name(reader: RubyReader, node: Node, depth: int) -> str | None:
    name = reader.hint(node)
    if node.type == "constant":
        held = reader.constant_node(name)
        return fragment_text(reader, held, depth + 1)
    held = reader.local(name, node)
    text = fragment_text(reader, held, depth + 1)
    if text is None or held is None:
        return None
    for piece in pieces(reader, name, held, node):
        told = fragment_text(reader, piece, depth + 1)
        text += told if told is not None else f" AND {HOLE}"
    return text[:MAX_TEXT]


def filters(text: str, *, negated: bool = False) -> tuple[list[Condition], bool]:
    """The conditions of a fragment of WHERE, and whether a part of it is not known."""
    either = COALESCED.fullmatch(text)
    if not text.strip() or (either is not None and either[1] != either[2]):
        return [], False
    inside = {name.lower() for pair in NAMED_HERE.findall(text) for name in pair if name}
    tables = dict.fromkeys(
        name for name in QUALIFIED.findall(text) if name.lower() not in inside and name != OWN
    )
    clause = f"NOT ({text})" if negated else text
    whole = f"SELECT * FROM {', '.join([OWN, *list(tables)[:MAX_TABLES]])} WHERE {clause}"
    query = read_query(whole, Span(1), partial=HOLE in text)
    if query is None:
        return [], True
    found = [condition(each) for each in query.predicates if each.column]
    # One side of a comparison of two columns that names no table, and may be either's.
    joins = sum(each.clause is Clause.JOIN for each in found)
    halved = not inside and joins % 2 == 1
    return found, query.partial or halved or not found


def joined(text: str) -> tuple[list[Condition], bool]:
    """What a fragment of JOINs compares."""
    query = read_query(f"SELECT * FROM {OWN} {text}", Span(1), partial=HOLE in text)
    if query is None:
        return [], True
    inside = [name for pair in NAMED_HERE.findall(text) for name in pair[:1]]
    known = {OWN, *(name.lower() for name in inside)}
    return [condition(p) for p in query.predicates if p.column and p.table in known], query.partial


def table_of(model: str) -> str:
    """A name of a table that stands for a model's, whatever the parser does to capitals."""
    return MODEL + CAPITAL.sub(lambda found: f"0{found[0].lower()}", model.replace(".", DOT))


def model_of(table: str) -> str:
    return SMALL.sub(lambda found: found[1].upper(), table[len(MODEL) :].replace(DOT, "."))


def condition(each: Predicate) -> Condition:
    model, path = placed(each.table, each.column)
    return Condition.of(each, path, model=model)


def placed(table: str, column: str) -> tuple[str, str]:
    """(model, path) of a column; a table that the fragment names stands in place of its model."""
    if table.lower().startswith(MODEL):
        return model_of(table), column
    if not table or table.lower() == OWN:
        return "", column
    return table, column


def sorts(text: str) -> list[Condition]:
    """The columns of a fragment of ORDER BY, up to the first that is none."""
    found: list[Condition] = []
    for part in text.split(",")[:MAX_SORTS]:
        match = SORT.match(part)
        if match is None or match["column"].lower() in NO_COLUMN:
            break
        model, path = placed(match["table"] or "", match["column"])
        function = (match["function"] or "").lower()
        found.append(Condition(path, "sort", Clause.SORT, function, model=model))
    return found
