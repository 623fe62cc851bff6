"""Queries that declarations of a model make: validations of uniqueness, and what gems add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import Clause, Condition, OrmQuery, RelationFact, ScopeDefined
from scaleaudit.languages.ruby.active_record.fragments import HOLE, filters, fragment_text
from scaleaudit.languages.ruby.active_record.relation import Relation, fact
from scaleaudit.languages.ruby.active_record.scopes import defined, scope_body, written_scope
from scaleaudit.languages.ruby.blocks import words
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.starts import Chains

    Told = Iterator[OrmQuery | ScopeDefined | RelationFact]

DEVISE = {
    "database_authenticatable": ("email",),
    "confirmable": ("confirmation_token", "unconfirmed_email"),
    "recoverable": ("reset_password_token",),
    "lockable": ("unlock_token",),
    "invitable": ("invitation_token",),
    "token_authenticatable": ("authentication_token",),  # before Devise 3.1
}
SELDOM = frozenset({"unconfirmed_email"})  # asked when a confirmation is sent once more
CHECKED = regex(rb"validates_unique(?<![\w.:]validates_unique)(?=[ (])")
NARROWING = frozenset({"dataset", "where"})  # options by which it is asked of fewer rows
MAX_CHECKS = 60  # of one file
INSERTED = regex(r"#\{[^{}]*\}")  # of a text that is evaluated for each record


def names(chains: Chains, node: Node | None) -> list[str]:
    return [each for each in words(chains.reader, node) if each.isidentifier()]


def query(
    chains: Chains, call: Node, owner: str, conditions: list[Condition], *, limited: bool = True
) -> OrmQuery:
    found = Relation(owner, conditions=conditions, limited=limited, state="relation")
    return fact(chains.reader, found, call)


def uniqueness(chains: Chains, call: Node, owner: str) -> Told:
    """`validates :a, uniqueness: { scope: :b }`, `validates_uniqueness_of :a, scope: :b`."""
    reader = chains.reader
    args, options, _ = reader.arguments(call)
    asked = options.get("uniqueness")
    if reader.method_name(call) != "validates_uniqueness_of":
        if asked is None or reader.hint(asked) in ("false", "nil"):
            return
        options = reader.members(asked) if asked.type == "hash" else {}
    cased = options.get("case_sensitive")
    function = "any-case" if cased is not None and reader.hint(cased) == "false" else ""
    narrowing = written_scope(chains, scope_body(chains, options.get("conditions")), owner)
    for column in (name for each in args if each.type != "hash" for name in names(chains, each)):
        found = Relation(owner, limited=True, state="relation")
        found.add([Condition(column, "=", function=function)])
        found.add(Condition(each, "=") for each in names(chains, options.get("scope")))
        if narrowing is not None:
            found.add(narrowing.conditions)
        yield fact(reader, found, call)


def checked_unique(chains: Chains) -> Iterator[OrmQuery]:
    """Sequel's `validates_unique [:a, :b]` in `def validate`; of several, each is looked for by itself."""
    reader = chains.reader
    if b"validates_unique" not in reader.content:
        return
    for _, match in zip(range(MAX_CHECKS), CHECKED.finditer(reader.content), strict=False):
        leaf = reader.leaf_at(match.start())
        call = leaf.parent if leaf is not None else None
        if call is None or call.type != "call" or call.child_by_field_name("receiver") is not None:
            continue
        owner = chains.around(call).name
        args, options, _ = reader.arguments(call)
        narrowed = call.child_by_field_name("block") is not None or bool(NARROWING & set(options))
        for columns in (names(chains, each) for each in args) if owner else ():
            found = Relation(owner, limited=True, partial=narrowed, state="relation")
            found.add(Condition(each, "=") for each in columns)
            if columns:
                yield fact(reader, found, call)


def acts_as_list(chains: Chains, call: Node, owner: str) -> Told:
    options = chains.reader.arguments(call)[1]
    column = (names(chains, options.get("column")) or ["position"])[0]
    sort = Condition(column, "sort", Clause.SORT)
    narrowed = within(chains, options["scope"]) if "scope" in options else []
    if narrowed is not None:
        yield query(chains, call, owner, [*narrowed, sort])


def within(chains: Chains, scope: Node) -> list[Condition] | None:
    """The rows of one list: attributes, an association, or SQL; None when it is not known."""
    found = names(chains, scope)
    if found:
        alone = not found[1:]
        columns = [f"{each}_id" if alone and not each.endswith("_id") else each for each in found]
        return [Condition(each, "=") for each in columns]
    text = fragment_text(chains.reader, scope)
    if text is None:
        return None
    told, hidden = filters(INSERTED.sub(HOLE, text))
    return None if hidden and not told else told


def acts_as_paranoid(chains: Chains, call: Node, owner: str) -> Told:
    options = chains.reader.arguments(call)[1]
    column = (names(chains, options.get("column")) or ["deleted_at"])[0]
    found = Relation(owner, conditions=[Condition(column, "is-null")])
    yield defined(chains, call, owner, "default_scope", found, always=True)


def acts_as_tree(chains: Chains, call: Node, owner: str) -> Told:
    options = chains.reader.arguments(call)[1]
    given = options.get("foreign_key") or options.get("parent_column_name")
    column = (names(chains, given) or ["parent_id"])[0]
    at = chains.reader.span(call)
    yield RelationFact("parent", owner, "belongs-to", column, at=at, constrained=False)
    yield RelationFact("children", owner, "has-many", column, at=at, constrained=False)


def nested_set(chains: Chains, call: Node, owner: str) -> Told:
    options = chains.reader.arguments(call)[1]
    parent = (names(chains, options.get("parent_column")) or ["parent_id"])[0]
    left = (names(chains, options.get("left_column")) or ["lft"])[0]
    right = (names(chains, options.get("right_column")) or ["rgt"])[0]
    at = chains.reader.span(call)
    yield RelationFact("parent", owner, "belongs-to", parent, at=at, constrained=False)
    yield RelationFact("children", owner, "has-many", parent, at=at, constrained=False)
    scope = [s if s.endswith("_id") or len(names(chains, options.get("scope"))) > 1 else f"{s}_id"
             for s in names(chains, options.get("scope"))]  # fmt: skip
    yield query(
        chains,
        call,
        owner,
        [*(Condition(each, "=") for each in scope), Condition(left, ">="), Condition(right, "<="),
         Condition(left, "sort", Clause.SORT)],
        limited=False,
    )  # fmt: skip


def ancestry(chains: Chains, call: Node, owner: str) -> Told:
    options = chains.reader.arguments(call)[1]
    column = (names(chains, options.get("ancestry_column")) or ["ancestry"])[0]
    yield query(chains, call, owner, [Condition(column, "=")], limited=False)


def friendly_id(chains: Chains, call: Node, owner: str) -> Told:
    args, options, _ = chains.reader.arguments(call)
    used = names(chains, options.get("use"))
    if not used:
        return  # the initializer says, for all classes, whether there are slugs
    base = names(chains, args[0])[:1] if args and args[0].type == "simple_symbol" else []
    slugged = bool({"slugged", "scoped", "history"} & set(used))
    column = (
        (names(chains, options.get("slug_column")) or ["slug"])[0] if slugged else "".join(base)
    )
    if column:
        scope = [Condition(each, "=") for each in names(chains, options.get("scope"))]
        yield query(chains, call, owner, [*scope, Condition(column, "=")])


def devise(chains: Chains, call: Node, owner: str) -> Told:
    args, options, _ = chains.reader.arguments(call)
    given = {name for each in args for name in names(chains, each)}
    keys = names(chains, options.get("authentication_keys"))
    for module, columns in DEVISE.items():
        if module in given:
            for each in keys or columns if module == "database_authenticatable" else columns:
                found = query(chains, call, owner, [Condition(each, "=")])
                yield replace(found, seldom=each in SELDOM)


def acts_as_authentic(chains: Chains, call: Node, owner: str) -> Told:
    """Authlogic: whose session it is, at each request."""
    yield query(chains, call, owner, [Condition("persistence_token", "=")])


DECLARATIONS = {
    "validates": uniqueness,
    "validates_uniqueness_of": uniqueness,
    "acts_as_authentic": acts_as_authentic,
    "acts_as_list": acts_as_list,
    "acts_as_paranoid": acts_as_paranoid,
    "acts_as_tree": acts_as_tree,
    "has_closure_tree": acts_as_tree,
    "acts_as_nested_set": nested_set,
    "has_ancestry": ancestry,
    "friendly_id": friendly_id,
    "devise": devise,
}
