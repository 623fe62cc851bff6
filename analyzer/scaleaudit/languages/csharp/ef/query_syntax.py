"""LINQ as `from o in context.Orders join ... where ... orderby ... select o`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.csharp.ef.lambdas import Lambdas
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax

SET = regex(
    r"(?:this\s*\.\s*)?_?\w*(?:[cC]ontext|[cC]tx|[dD]b\w{0,8})\s*\.\s*(?:Set\s*<\s*(?:\w+\.)*(\w+)\s*>\s*\(\s*\)|(\w+))"
    r"(?:\s*\.\s*(?:AsNoTracking|AsQueryable|IgnoreQueryFilters|Include\([^()]*\))(?:\(\))?)*\s*"
)
MAX_CLAUSES = 60
OF_SEVERAL = "anonymous_object_creation_expression"


class Written(Gathering):
    """What the clauses of one query expression add up to."""

    filters: list[Condition]
    sorts: list[Condition]
    partial: bool = False
    grouped: bool = False
    projected: bool = False  # selects something else than the rows of its first set


def written(reader: CSharpSyntax, query: Node) -> Written:
    lambdas = Lambdas(reader)
    found = Written([], [])
    own = ""
    for position, clause in enumerate(query.named_children[:MAX_CLAUSES]):
        kind = clause.type
        if kind == "from_clause":
            name, source = named_source(clause)
            if position == 0:
                own = reader.text(name) if name is not None else ""
                lambdas.rows[own] = ("", "")
            elif name is not None and source is not None:
                row_of(reader, lambdas, reader.text(name), source, found)
        elif kind == "join_clause":
            joined(reader, lambdas, clause, found)
        elif kind == "where_clause" and clause.named_children:
            found.filters.extend(lambdas.read(clause.named_children[-1]))
        elif kind == "order_by_clause":
            for each in clause.named_children:
                path = lambdas.path(each)
                if path is None:
                    break
                found.sorts.append(
                    Condition(path.path, "sort", Clause.SORT, path.function, model=path.model)
                )
        elif kind == "group_clause":
            found.grouped = found.projected = True
        elif kind == "select_clause" and clause.named_children:
            found.projected = reader.text(clause.named_children[-1]) != own
        elif kind == "let_clause":
            found.partial = True
    found.partial = found.partial or lambdas.partial
    return found


def named_source(clause: Node) -> tuple[Node | None, Node | None]:
    name = clause.child_by_field_name("name")
    source = clause.named_children[-1] if clause.named_children else None
    return name, source


def row_of(reader: CSharpSyntax, lambdas: Lambdas, name: str, source: Node, found: Written) -> None:
    """What another `from` gives a name to: a set, the rows of a join, the children of a row."""
    text = reader.text(source)[:300]
    match = SET.fullmatch(text)
    if match is not None:
        lambdas.rows[name] = ("", match[1] or match[2])
        return
    first = text.partition(".")[0].strip()
    known = lambdas.rows.get(first)
    if known is not None and ".DefaultIfEmpty" in text:
        lambdas.rows[name] = known
        return
    parts = text.split(".")
    if known is not None and len(parts) == 2 and parts[1].strip().isidentifier():
        prefix, model = known
        lambdas.rows[name] = (".".join(p for p in (prefix, parts[1].strip()) if p), model)
        return
    found.partial = True


def joined(reader: CSharpSyntax, lambdas: Lambdas, clause: Node, found: Written) -> None:
    parts = [c for c in clause.named_children if c.type != "join_into_clause"]
    if len(parts) < 4:
        found.partial = True
        return
    name, source, left, right = parts[0], parts[-3], parts[-2], parts[-1]
    match = SET.fullmatch(reader.text(source)[:300])
    if match is None:
        found.partial = True
        return
    lambdas.rows[reader.text(name)] = ("", match[1] or match[2])
    if left.type == right.type == OF_SEVERAL:
        by_keys(reader, lambdas, left, right, found)
    else:
        for side in (left, right):
            path = lambdas.path(side)
            if path is None:
                found.partial = True
                continue
            found.filters.append(
                Condition(path.path, "=", Clause.JOIN, path.function, model=path.model)
            )
    for each in clause.named_children:
        if each.type == "join_into_clause" and each.named_children:
            lambdas.rows[reader.text(each.named_children[0])] = lambdas.rows[reader.text(name)]


def by_keys(
    reader: CSharpSyntax, lambdas: Lambdas, left: Node, right: Node, found: Written
) -> None:
    """`new { o.ShopId, Open = true } equals new { ShopId = s.Id, s.Open }`: pair by pair."""
    ones, others = keys_of(reader, left), keys_of(reader, right)
    for name, one in ones.items():
        other = others.get(name)
        if other is None:
            found.partial = True
            continue
        sides = [(one, lambdas.path(one)), (other, lambdas.path(other))]
        joins = all(path is not None for _, path in sides)
        for (_, path), (value, _) in zip(sides, reversed(sides), strict=True):
            if path is None:
                continue
            if joins:
                made = Condition(path.path, "=", Clause.JOIN, path.function, model=path.model)
            else:
                absent = reader.text(value).rstrip().endswith("null")
                made = replace(path, operator="is-null" if absent else "=")
            found.filters.append(made)


def keys_of(reader: CSharpSyntax, node: Node) -> dict[str, Node]:
    """By name: what is written before `=`, or the attribute itself."""
    found: dict[str, Node] = {}
    name = ""
    for position, child in enumerate(node.children):
        if child.type == "identifier" and node.children[position + 1].type == "=":
            name = reader.text(child)
        elif child.is_named:
            found[name or reader.text(child).rpartition(".")[2]] = child
            name = ""
    return found
