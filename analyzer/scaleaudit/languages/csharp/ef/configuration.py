"""What a context says of its entities: sets, and the fluent calls of `OnModelCreating`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.languages.csharp.ef.classes import named
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.csharp.syntax import CSharpSyntax, Link

SET = regex(rb"\bI?DbSet<\s*([\w.]+)\s*>\s+(\w+)")
# A set that a context shows, after which the table is called: no parameter, field or local name.
SHOWN = regex(rb"\s*(?:\{|=>)")
HIDDEN = regex(rb"\b(?:private|protected)\b")
ENTITY = regex(rb"\.Entity<\s*([\w.]+)\s*>\s*\(")
CONFIGURES = regex(rb"\bIEntityTypeConfiguration<\s*([\w.]+)\s*>")
# Calls that begin what is said of an entity; the others follow in their chain.
BEGINNINGS = regex(
    rb"\.(?:HasIndex|HasKey|HasAlternateKey|ToTable|ToView|HasOne|HasMany|Property|HasNoKey|HasBaseType)(?:<[\w.?<>]+>)?\s*\("
)
MAX_CALLS = 3_000  # of one file
MAX_HEAD = 400  # bytes in which a class, a function or a chain says what it is about


class Draft(Gathering):
    """What one file says of one entity."""

    name: str
    at: Span
    table: str = ""
    usual: str = ""  # what its table is called where nothing else is said
    sets: list[str] = msgspec.field(default_factory=list)
    fields: dict[str, FieldFact] = msgspec.field(default_factory=dict)
    relations: dict[str, RelationFact] = msgspec.field(default_factory=dict)
    indexes: list[IndexFact] = msgspec.field(default_factory=list)
    managed: bool = True  # not for a view


def configured(reader: CSharpSyntax) -> Iterator[ModelDefined]:
    content = reader.content
    if b"DbSet<" not in content and b"ModelBuilder" not in content and b"EntityType" not in content:
        return
    drafts: dict[str, Draft] = {}
    for match in SET.finditer(content):
        if reader.root.descendant_for_byte_range(match.start(1), match.end(1)) is None:
            continue
        name = match[1].decode().rpartition(".")[2]
        draft = drafts.setdefault(name, Draft(name, line_of(reader, match.start())))
        draft.sets.append(match[2].decode())
        before = content[content.rfind(b"\n", 0, match.start()) + 1 : match.start()]
        if not draft.usual and SHOWN.match(content, match.end()) and not HIDDEN.search(before):
            draft.usual = draft.sets[-1]
    held = variables(reader)
    for count, match in enumerate(BEGINNINGS.finditer(content)):
        if count >= MAX_CALLS:
            break
        call = call_ending_at(reader, match.end() - 1)
        if call is None:
            continue
        name = entity_of(reader, call, held)
        if name:
            draft = drafts.setdefault(name, Draft(name, reader.span(call)))
            say(reader, draft, call)
    for draft in drafts.values():
        yield ModelDefined(
            draft.at, draft.name, "ef", table=draft.table,
            default_table=draft.usual,
            fields=tuple(draft.fields.values()), relations=tuple(draft.relations.values()),
            indexes=tuple(draft.indexes), managers=tuple(draft.sets), managed=draft.managed,
        )  # fmt: skip


def line_of(reader: CSharpSyntax, offset: int) -> Span:
    return Span(reader.content.count(b"\n", 0, offset) + 1)


def call_ending_at(reader: CSharpSyntax, offset: int) -> Node | None:
    """The call whose arguments begin at a byte."""
    node = reader.root.descendant_for_byte_range(offset, offset + 1)
    for _ in range(3):
        if node is None or node.type == "invocation_expression":
            break
        node = node.parent
    return node if node is not None and node.type == "invocation_expression" else None


def entity_of(reader: CSharpSyntax, call: Node, known: dict[str, str]) -> str:
    """The class that a fluent call is about: its chain's, the lambda's around, the file's one."""
    held = known.get(reader.chain(call)[0].name)
    if held is not None:
        return held
    start = call
    for _ in range(12):
        end = min(start.start_byte + MAX_HEAD, call.end_byte)
        match = ENTITY.search(reader.content, start.start_byte, end)
        if match is not None:
            return match[1].decode().rpartition(".")[2]
        above = next(
            (a for a in reader.ancestors(start) if a.type == "invocation_expression"), None
        )
        if above is None:
            break
        if joins(reader, above, start):
            return ""
        start = above
    around = reader.class_around(call)
    if around is None:
        return ""
    found = CONFIGURES.search(reader.content, around.start_byte, around.start_byte + MAX_HEAD)
    if found is not None:
        return found[1].decode().rpartition(".")[2]
    function = reader.function_around(call)
    start_byte = function.start_byte if function is not None else call.start_byte
    parameters = reader.content[start_byte : start_byte + MAX_HEAD].decode("utf-8", "replace")
    typed = BUILDER.search(parameters)
    return typed[1].rpartition(".")[2] if typed is not None else ""


def joins(reader: CSharpSyntax, call: Node, inside: Node) -> bool:
    """Whether a call describes the table between two entities, and a node stands in its arguments."""
    function = call.child_by_field_name("function")
    if function is None or inside.start_byte < function.end_byte:
        return False
    name = function.child_by_field_name("name")
    if name is not None and reader.text(name) == "Map":  # of Entity Framework 6
        return "WithMany" in reader.text(function)
    return name is not None and reader.text(name).startswith("UsingEntity")


def variables(reader: CSharpSyntax) -> dict[str, str]:
    """`var order = builder.Entity<Order>();`: the variables of the file that stand for entities."""
    return {
        match[1].decode(): match[2].decode().rpartition(".")[2]
        for match in HELD.finditer(reader.content)
    }


HELD = regex(rb"\b(\w+)\s*=\s*\w+\s*\.Entity<\s*([\w.]+)\s*>\s*\(\s*\)\s*;")
BUILDER = regex(r"EntityTypeBuilder<\s*([\w.]+)\s*>")


def say(reader: CSharpSyntax, draft: Draft, call: Node) -> None:
    links = [(link.name, link.node) for link in following(reader, call)]
    name, args = links[0][0], arguments(reader, call)
    more = dict(links[1:])
    at = reader.span(call)
    if name == "ToTable" and args:
        draft.table = text(reader, args[0]) or draft.table
    elif name in ("ToView", "HasNoKey"):
        draft.table = (text(reader, args[0]) if args else "") or draft.table
        draft.managed = False
    elif name in ("HasIndex", "HasKey", "HasAlternateKey") and args:
        columns = members(reader, keyed(args))
        if columns:
            unique = name != "HasIndex" or unique_said(reader, more.get("IsUnique"))
            where = first_text(reader, more.get("HasFilter"))
            draft.indexes.append(
                IndexFact(columns, "", unique, name == "HasKey", where.replace("[", "").replace("]", ""), at=at)
            )  # fmt: skip
    elif name == "Property" and args:
        for member in members(reader, args)[:1]:
            column = first_text(reader, more.get("HasColumnName"))
            if column:
                draft.fields[member] = FieldFact(member, column, at=at)
    elif name in ("HasOne", "HasMany"):
        relate(reader, draft, name, args, more, call)


def relate(
    reader: CSharpSyntax, draft: Draft, name: str, args: list[Node], more: dict[str, Node | None], call: Node
) -> None:  # fmt: skip
    member = next(iter(members(reader, args)), "")
    back = "WithOne" if "WithOne" in more else "WithMany"
    if not member or back not in more:
        return
    other = more[back]
    inverse = next(iter(members(reader, arguments(reader, other))), "") if other is not None else ""
    key_call = more.get("HasForeignKey")
    keys = members(reader, arguments(reader, key_call)) if key_call is not None else ()
    at = reader.span(call)
    key = keys[0] if keys else ""
    if name == "HasOne" and back == "WithMany":
        draft.relations[member] = RelationFact(
            member, "", "belongs-to", key or f"{member}Id", inverse, indexed=True, at=at
        )
    elif name == "HasMany" and back == "WithOne":
        draft.relations[member] = RelationFact(member, "", "has-many", key, inverse, at=at)
    elif name == "HasMany":
        through = first_text(reader, more.get("UsingEntity"))
        draft.relations[member] = RelationFact(
            member, "", "many-to-many", inverse=inverse, through=through, at=at
        )
    elif name == "HasOne" and key:
        function = key_call.child_by_field_name("function") if key_call is not None else None
        dependent = TYPED.search(reader.text(function)[-80:]) if function is not None else None
        mine = dependent is None or dependent[1] == draft.name
        draft.relations[member] = RelationFact(
            member, "", "belongs-to" if mine else "has-one", key, inverse,
            indexed=mine, unique=mine, at=at,
        )  # fmt: skip


TYPED = regex(r"HasForeignKey<\s*(?:\w+\.)*(\w+)\s*>$")


def following(reader: CSharpSyntax, call: Node) -> Iterator[Link]:
    """The call and those made on what it returns: `.HasIndex(...).IsUnique()`."""
    yield reader.chain(call)[-1]
    at = call
    for _ in range(12):
        above = at.parent
        outer = above.parent if above is not None else None
        if (
            above is None or outer is None or above.type != "member_access_expression"
            or outer.type != "invocation_expression"
        ):  # fmt: skip
            return
        at = outer
        yield reader.chain(at)[-1]


def arguments(reader: CSharpSyntax, call: Node | None) -> list[Node]:
    return reader.arguments_of(call) if call is not None else []


def keyed(args: list[Node]) -> list[Node]:
    """The arguments that name columns: what follows a lambda or an array is the index's name."""
    if args and args[0].type.endswith("array_creation_expression"):
        values = next(
            (c for c in args[0].named_children if c.type == "initializer_expression"), None
        )
        return [] if values is None else [c for c in values.named_children if c.type != "comment"]
    return args[:1] if args and args[0].type.endswith("lambda_expression") else args


def members(reader: CSharpSyntax, args: list[Node]) -> tuple[str, ...]:
    """`e => e.A`, `e => new { e.A, e.B }`, `"A", "B"`, `nameof(X.A)`."""
    found: list[str] = []
    for arg in args:
        if arg.type in ("lambda_expression", "simple_lambda_expression"):
            body = arg.child_by_field_name("body")
            parts = [body] if body is not None else []
            if body is not None and body.type == "anonymous_object_creation_expression":
                parts = [c for c in body.named_children if c.type != "comment"]
            for part in parts:
                inner = part
                while (
                    inner.type in ("cast_expression", "postfix_unary_expression")
                    and inner.named_children
                ):
                    inner = inner.child_by_field_name("value") or inner.named_children[0]
                if inner.type == "member_access_expression":
                    found.append(reader.text(inner).partition(".")[2].strip("! ").replace("!", ""))
        elif arg.type not in ("integer_literal", "boolean_literal"):
            known = named(reader, arg)
            if known:
                found.append(known)
    return tuple(found)


def unique_said(reader: CSharpSyntax, call: Node | None) -> bool:
    if call is None:
        return False
    args = reader.arguments_of(call)
    return not args or reader.text(args[0]) == "true"


def text(reader: CSharpSyntax, node: Node) -> str:
    value = reader.value(node)
    return value.text if isinstance(value, Literal) else named(reader, node)


def first_text(reader: CSharpSyntax, call: Node | None) -> str:
    args = arguments(reader, call)
    return text(reader, args[0]) if args else ""
