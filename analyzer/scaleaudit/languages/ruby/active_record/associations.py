"""Associations of models: `belongs_to`, `has_many` and what Sequel calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION, Condition, OrmQuery, RelationFact
from scaleaudit.inflection import camelized, plural, singular, underscored
from scaleaudit.languages.ruby.active_record.fragments import fragment_text
from scaleaudit.languages.ruby.active_record.old_finders import with_options
from scaleaudit.languages.ruby.active_record.relation import Relation, fact
from scaleaudit.languages.ruby.active_record.scopes import scope_body, written_scope
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.starts import Chains

LOADING = regex(r"\b(?:includes|preload|eager_load|strict_loading)\b")
KINDS = {
    "belongs_to": "belongs-to",
    "has_many": "has-many",
    "has_one": "has-one",
    "has_and_belongs_to_many": "many-to-many",
    "many_to_one": "belongs-to",
    "one_to_many": "has-many",
    "one_to_one": "has-one",
    "many_to_many": "many-to-many",
    "one_through_one": "many-to-many",
}
# Active Record's, Sequel's, and what Active Record 4 called a class that is given as such.
CLASS_OPTIONS = ("class_name", "class", "anonymous_class")
KEYS = ("foreign_key", "key", "left_key")


def relation(
    chains: Chains, call: Node, owner: str, table: str, shared: dict[str, Node], *, concern: bool
) -> tuple[RelationFact | None, OrmQuery | None]:
    """An association, and the query that its own conditions and order make of loading it."""
    reader = chains.reader
    args, own, _ = reader.arguments(call)
    options = {**shared, **own}
    name = reader.hint(args[0]).strip(":\"'") if args else ""
    if not name.isidentifier():
        return None, None
    kind = KINDS[reader.method_name(call)]
    source = text(chains, options, "source") or name
    written = next(filter(None, (text(chains, options, key) for key in CLASS_OPTIONS)), "")
    if "class" in options and reader.hint(options["class"]) == "self":
        written = owner
    target = written.replace("::", ".").lstrip(".")
    if not target:
        last = source if kind in ("belongs-to", "has-one") else singular(source)
        target = camelized(last).replace("::", ".")
    if any(key in options and options[key].type.endswith("array") for key in KEYS):
        return None, by_several(chains, call, options, target) if kind.startswith("has") else None
    through = text(chains, options, "through")
    column, discriminator, other = "", "", ""
    inverse = text(chains, options, "inverse_of") if kind in ("has-many", "has-one") else ""
    key = text(chains, options, "foreign_key") or text(chains, options, "key")
    if kind == "belongs-to":
        column = key or f"{name}_id"
        if true(chains, options, "polymorphic"):
            target, discriminator = "", text(chains, options, "foreign_type") or f"{name}_type"
    elif kind == "many-to-many":
        column, other, through = between(chains, options, owner, table, target, concern=concern)
    elif not through:
        shown_as = text(chains, options, "as")
        if shown_as:
            column, discriminator = key or f"{shown_as}_id", f"{shown_as}_type"
        else:
            usual = "" if concern or inverse else f"{underscored(owner.rpartition('.')[2])}_id"
            column = key or usual
    once = reader.content.count(name.encode()) == 1
    found = RelationFact(
        name,
        target,
        kind,
        column,
        inverse=text(chains, options, "source") if kind == "has-many" and through else inverse,
        through=through,
        discriminator=discriminator,
        nullable=not true(chains, options, "required"),
        at=reader.span(call),
        other_column=other,
        constrained=False,
        loads=(ANY_RELATION,) if LOADING.search(reader.text(call)) else (),
        alone=once and not asking(options) and not parted_from(options),
        parting=once and not asking(options) and parted_from(options),
    )
    return found, narrowed(chains, call, args, options, owner, found)


def parted_from(options: dict[str, Node]) -> bool:
    """When the record goes, its rows are asked for: `dependent: :destroy`, and not `dependent: nil`."""
    given = options.get("dependent")
    return given is not None and given.type not in ("nil", "false")


def asking(options: dict[str, Node]) -> bool:
    """What is saved with the record, or counted, asks for these rows."""
    return not options.keys().isdisjoint(("autosave", "counter_cache", "touch"))


def by_several(
    chains: Chains, call: Node, options: dict[str, Node], target: str
) -> OrmQuery | None:
    """`key: [:shop_id, :order_no]`: what belongs to a row is found by several columns."""
    reader = chains.reader
    keys = next(options[key] for key in KEYS if key in options)
    columns = [reader.hint(each).strip(":\"'") for each in keys.named_children]
    if not columns or not all(each.isidentifier() for each in columns):
        return None
    query = Relation(target, state="relation")
    query.add(Condition(each, "=") for each in columns)
    return fact(reader, query, call)


def between(
    chains: Chains, options: dict[str, Node], owner: str, table: str, target: str, *, concern: bool
) -> tuple[str, str, str]:
    """(own column, other column, table) of a table between two models."""
    own = underscored(owner.rpartition(".")[2])
    last = underscored(target.rpartition(".")[2])
    column = text(chains, options, "foreign_key") or text(chains, options, "left_key")
    other = text(chains, options, "association_foreign_key") or text(chains, options, "right_key")
    joined = text(chains, options, "join_table")
    if not joined and not concern:
        joined = "_".join(sorted((table or plural(own), plural(last))))
    return column or ("" if concern else f"{own}_id"), other or f"{last}_id", joined


def narrowed(
    chains: Chains,
    call: Node,
    args: list[Node],
    options: dict[str, Node],
    owner: str,
    found: RelationFact,
) -> OrmQuery | None:
    """Loading an association that has conditions or an order of its own."""
    scope = (
        written_scope(chains, scope_body(chains, args[1]), found.target) if len(args) > 1 else None
    )
    query = scope if scope is not None else Relation(found.target)
    with_options(chains.reader, options, query)
    if found.kind == "belongs-to" or not (query.conditions or query.scopes):
        return None
    query.model, query.via = owner, [found.name]
    query.state, query.limited = "relation", query.limited or found.kind == "has-one"
    return fact(chains.reader, query, call)


def text(chains: Chains, options: dict[str, Node], key: str) -> str:
    """An option's name: of a symbol, a text, a constant."""
    node = options.get(key)
    if node is None:
        return ""
    reader = chains.reader
    if node.type == "simple_symbol":
        return reader.hint(node)[1:]
    if node.type == "call" and reader.method_name(node) in ("to_s", "name", "to_sym"):
        inner = node.child_by_field_name("receiver")
        node = inner if inner is not None else node
    constant = reader.constant_name(node)
    if constant:
        return constant
    found = fragment_text(reader, node) if node.type == "string" else None
    return (
        found
        if found is not None and found.replace("::", "").replace(".", "").isidentifier()
        else ""
    )


def true(chains: Chains, options: dict[str, Node], key: str) -> bool:
    node = options.get(key)
    return node is not None and chains.reader.hint(node) not in ("false", "nil")
