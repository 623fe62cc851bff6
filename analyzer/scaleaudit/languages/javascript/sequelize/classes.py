"""Models of sequelize-typescript: classes with `@Table`, and those they inherit from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import FieldFact
from scaleaudit.inflection import underscored
from scaleaudit.languages.javascript.builders.decorated import (
    Decorated,
    Member,
    annotated_type,
    class_of,
    classes,
    says,
    settings,
    text_of,
)
from scaleaudit.languages.javascript.migrations.columns import sql_type
from scaleaudit.languages.javascript.sequelize.attributes import (
    Draft,
    add_default_scope,
    add_options,
    add_relation,
    facts,
)
from scaleaudit.languages.javascript.sequelize.member_indexes import member_indexes
from scaleaudit.languages.javascript.sequelize.scopes import named_scopes
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

MARK = regex(rb"@(?:Table|Column|BelongsTo|HasMany|ForeignKey|DeletedAt|CreatedAt)\b")
COLUMNS = frozenset({"Column", "CreatedAt", "UpdatedAt", "DeletedAt"})
TIMES = frozenset({"CreatedAt", "UpdatedAt", "DeletedAt"})
RELATIONS = {
    "BelongsTo": "belongs-to", "HasMany": "has-many", "HasOne": "has-one",
    "BelongsToMany": "many-to-many",
}  # fmt: skip


def decorated_models(reader: JavaScriptReader) -> Iterator[Fact]:
    if b"sequelize-typescript" not in reader.content or MARK.search(reader.content) is None:
        return
    for each in classes(reader):
        table = each.decorator("Table")
        draft = Draft(each.name, each.node, bases=each.bases, abstract=table is None)
        given = settings(reader, table.args) if table is not None else {}
        draft.snake = says(reader, given.get("underscored"))
        for member in each.members:
            _member(reader, draft, member)
        if table is None and not draft.fields:
            continue
        if table is not None:
            add_options(reader, draft, given)
        draft.indexes += member_indexes(reader, draft, each)
        scope = each.decorator("DefaultScope")
        if scope is not None and scope.args:
            _default_scope(reader, draft, each)
        named = each.decorator("Scopes")
        node = _result(named.args[0]) if named is not None and named.args else None
        if node is not None:
            draft.scopes += named_scopes(reader, node, draft.name)
        yield from facts(reader, draft)


def _default_scope(reader: JavaScriptReader, draft: Draft, found: Decorated) -> None:
    """`@DefaultScope(() => ({ where: {...} }))`."""
    scope = found.decorator("DefaultScope")
    node = _result(scope.args[0]) if scope is not None and scope.args else None
    if node is not None:
        add_default_scope(reader, draft, node)


def _result(node: Node) -> Node | None:
    """What an arrow function comes to; anything else is itself."""
    result = node.child_by_field_name("body") if node.type == "arrow_function" else node
    if result is not None and result.type == "parenthesized_expression" and result.named_children:
        result = result.named_children[0]
    return result


def _member(reader: JavaScriptReader, draft: Draft, member: Member) -> None:
    own = member.decorators
    relation = next((name for name in RELATIONS if name in own), "")
    if relation:
        args = own[relation].args
        target = class_of(reader, args[0]) if args else ""
        given = settings(reader, args[1:])
        rest = args[1:]
        if relation == "BelongsToMany" and len(args) > 1:
            given.setdefault("through", args[1])
            rest = args[2:]
        texts = [text_of(reader, each) for each in rest if each.type == "string"]
        draft_key = dict(given)
        if texts and "foreignKey" not in given:
            draft_key["foreignKey"] = next(each for each in rest if each.type == "string")
        if len(texts) > 1:
            draft_key["otherKey"] = [each for each in rest if each.type == "string"][1]
        add_relation(reader, draft, RELATIONS[relation], target, draft_key, member.node)
        _renamed(draft, member.name)
        return
    if not own.keys() & COLUMNS:
        return
    args = own["Column"].args if "Column" in own else []
    given = settings(reader, args)
    kind = given.get("type") or (args[0] if args and not given else None)
    written = sql_type(reader.text(kind)[:80]) if kind is not None else annotated_type(member.type)
    if written.startswith("VIRTUAL"):
        return
    if own.keys() & TIMES:
        written = "TIMESTAMP"
    alone = {each.name for each in member.written if not each.args}
    unique = "Unique" in alone or says(reader, given.get("unique"))
    draft.fields[member.name] = FieldFact(
        member.name,
        text_of(reader, given.get("field")) or (underscored(member.name) if draft.snake else ""),
        written,
        "AllowNull" in own or "null" in member.type,
        "Index" in alone,
        unique,
        "PrimaryKey" in own or says(reader, given.get("primaryKey")),
        "AutoIncrement" in own or says(reader, given.get("autoIncrement")),
        reader.span(member.node),
    )
    if "DeletedAt" in own:
        draft.deleted = member.name


def _renamed(draft: Draft, name: str) -> None:
    """A relation of a class is called as its member is."""
    draft.relations[-1] = replace(draft.relations[-1], name=name)
