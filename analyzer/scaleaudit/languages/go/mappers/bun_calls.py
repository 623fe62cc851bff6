"""What one call of a chain of bun or go-pg asks for: `Where("a = ?", x)`, `WhereGroup(...)`, `Relation("Items")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.go.mappers import asked, fragments
from scaleaudit.languages.go.mappers.bun_groups import links_inside
from scaleaudit.languages.go.mappers.bun_names import fragment, identifier, literal, model_of
from scaleaudit.languages.go.mappers.destinations import takes_one
from scaleaudit.languages.go.mappers.gorm_calls import TABLE, Asked
from scaleaudit.languages.go.mappers.structs import snake
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.mappers.links import Link
    from scaleaudit.languages.go.reader import GoReader

LIST = regex(r"\w+\.(?:In|List|Tuple)\(")
ALONG = {
    "Column", "ColumnExpr", "ExcludeColumn", "Set", "Returning", "For", "Limit", "Offset", "Relation", "Value", "OmitZero",
    "WhereAllWithDeleted", "WhereDeleted", "Bulk", "ForceDelete", "Conn", "Err", "UseIndex", "IfNotExists", "Comment",
    "NewSelect", "NewUpdate", "NewDelete",
    # Those of go-pg alone.
    "AllWithDeleted", "Deleted", "Context", "OnConflict", "WrapWith",
}  # fmt: skip
KNOWN = ALONG | {
    "Model", "Table", "TableExpr", "ModelTableExpr", "Where", "WhereOr", "WherePK", "Order", "OrderExpr", "Join", "JoinOn",
    "Group", "GroupExpr", "Distinct", "DistinctOn", "Having",
    *("Scan", "Count", "Exists", "ScanAndCount", "Rows", "Exec"),
    *("Select", "First", "Last", "SelectAndCount", "CountEstimate", "SelectAndCountEstimate", "ForEach"),
    *("Insert", "SelectOrInsert", "Update", "UpdateNotZero", "UpdateNotNull", "Delete", "ForceDelete"),
}  # fmt: skip
COLUMN_OF = regex(r"\.[a-z_]\w*$")  # `Relation("Author.name")`: one column of it
OR = regex(r"(?i)\s*or\s*")


def take(reader: GoReader, link: Link, found: Asked) -> None:
    """One call of the chain."""
    name, args = link.name, link.args
    if name in ("Model", "ModelContext") and args:
        found.model = model_of(reader, args[0])
        found.of_row = takes_one(reader, args[0])
    elif name in ("Table", "TableExpr", "ModelTableExpr") and args:
        table(reader, name, args, found)
    elif name in ("Where", "WhereOr") and args:
        more, partial = filters(reader, args, found)
        found.partial = found.partial or partial
        put_in(more, found, either=name == "WhereOr")
    elif name in ("WhereGroup", "WhereOrGroup") and args:
        group(reader, name, args, found)
    elif name == "Apply" and len(args) == 1:
        applied(reader, args[0], found)
    elif name == "WhereIn" and args:
        found.partial = filter_of_list(reader, args, found) or found.partial
    elif name == "WherePK":
        found.filters.append(Condition("pk", "="))
    elif name in ("Order", "OrderExpr"):
        for arg in args if name == "Order" else args[:1]:
            text = fragment(reader, arg, args[1:])
            found.conditions.extend(fragments.sorts(text) if text else ())
    elif name == "Relation" and args:
        known = reader.value(args[0])
        if isinstance(known, Literal):
            relation = COLUMN_OF.sub("", known.text)
            found.loads.append(relation)
            found.named[snake(relation)] = relation
            found.partial = found.partial or len(args) > 1
    elif name == "Join" and args:
        text = fragment(reader, args[0], args[1:])
        joins = fragments.joined(text if "join" in (text or "").lower() else "") if text else None
        if joins is None or not joins.names:
            found.partial = True
        else:
            found.named.update(joins.names)
            found.conditions.extend(c for c in joins.conditions if c.clause is Clause.JOIN)
            found.partial = found.partial or joins.partial
    elif name == "JoinOn":
        found.partial = True
    elif name == "Limit":
        found.limited = True
    elif name in ("Group", "GroupExpr", "Distinct", "DistinctOn"):
        found.grouped = True
    elif name not in KNOWN:
        found.partial = True  # WhereStruct, and what the program adds by itself


def applied(reader: GoReader, function: Node, found: Asked) -> None:
    """`Apply(func(q) { return q.Where(a) })`: what the function adds is asked beside the rest."""
    links = links_inside(reader, function)
    if links is None or any(link.name == "Apply" for link in links):
        found.partial = True
        return
    for link in links:
        take(reader, link, found)


def put_in(more: list[Condition], found: Asked, *, either: bool) -> None:
    """Beside what is asked already, or instead of it; the first one has nothing beside it."""
    before = found.filters
    if not either or not (before or found.partial):
        before.extend(more)
        return
    groups = {each.group for each in before if each.alternative}
    if more and len(groups) == 1 and all(each.alternative for each in before):
        number = max(each.branch for each in before) + 1
        (same,) = groups
        before.extend(replace(each, alternative=True, group=same, branch=number) for each in more)
        return
    found.groups += 1
    found.filters = fragments.either([before, more], found.groups)


def group(reader: GoReader, name: str, args: list[Node], found: Asked) -> None:
    """`WhereGroup(func(q) { return q.Where(a).WhereOr(b) })`: what stands between parentheses."""
    links = links_inside(reader, args[-1])
    if links is None:
        found.partial = True
        return
    inner = Asked(groups=found.groups, named=found.named)
    for link in links:
        take(reader, link, inner)
    either = name == "WhereOrGroup" or (
        len(args) > 1 and bool(OR.fullmatch(literal(reader, args[0])))
    )
    found.partial = found.partial or inner.partial
    found.groups = inner.groups
    put_in(inner.filters, found, either=either)


def filter_of_list(reader: GoReader, args: list[Node], found: Asked) -> bool:
    """`WhereIn("id IN (?)", ids)`, of which the argument is a list by what the call is."""
    text = fragment(reader, args[0], [])
    if text is None:
        return True
    more, partial = asked.of_fragment(reader, text.replace("?TableAlias.", ""), ())
    put_in(more, found, either=False)
    return partial


def table(reader: GoReader, name: str, args: list[Node], found: Asked) -> None:
    """`Table("users")`, `TableExpr("users AS u")`, `TableExpr("? AS ?", bun.Ident("users"), ...)`."""
    text = fragment(reader, args[0], args[1:])
    match = TABLE.fullmatch(text.rpartition(".")[2]) if text else None
    if match is None or (found.table and found.table != match[1].lower()):
        found.model = ""  # a subquery, or a name made up while it runs
        found.partial = True
        return
    if name == "ModelTableExpr" and found.model:
        found.named[(match[2] or match[1]).lower()] = ""
        return
    found.table = match[1].lower()
    found.named[(match[2] or match[1]).lower()] = found.table


def filters(reader: GoReader, args: list[Node], found: Asked) -> tuple[list[Condition], bool]:
    text = fragment(reader, args[0], args[1:])
    if text is None:
        return [], True
    text = text.replace("?TableAlias.", "").replace("?TableName.", "").replace("?PKs", "pk")
    others = [each for each in args[1:] if not identifier(reader, each)]
    listed = [each for each in others if LIST.match(reader.text(each)[:40])]
    more, partial = asked.of_fragment(
        reader, text.replace("(?)", "?") if not listed else text, others
    )
    if any(c.alternative for c in more):
        found.groups += 1
        more = [replace(c, group=c.group + 100 * found.groups) for c in more]
    return more, partial


def unaliased(condition: Condition, found: Asked) -> Condition:
    """Without the alias of the model's own table: any that no join and no relation has."""
    first, dot, rest = condition.path.partition(".")
    if not dot or found.table:
        return condition
    others = {alias for alias, of in found.named.items() if of}
    return condition if first.lower() in others else replace(condition, path=rest)
