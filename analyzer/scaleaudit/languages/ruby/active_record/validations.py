"""Queries that declarations of a model make: validations of uniqueness, and what gems add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, OrmQuery, RelationFact, ScopeDefined
from scaleaudit.languages.ruby.active_record.relation import Relation, fact
from scaleaudit.languages.ruby.active_record.scopes import defined, scope_body, written_scope
from scaleaudit.languages.ruby.blocks import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.starts import Chains

    Told = Iterator[OrmQuery | ScopeDefined | RelationFact]

DEVISE = {
    "database_authenticatable": "email",
    "confirmable": "confirmation_token",
    "recoverable": "reset_password_token",
    "lockable": "unlock_token",
    "invitable": "invitation_token",
}


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


def acts_as_list(chains: Chains, call: Node, owner: str) -> Told:
    options = chains.reader.arguments(call)[1]
    column = (names(chains, options.get("column")) or ["position"])[0]
    scope = names(chains, options.get("scope"))
    known = [f"{s}_id" if not s.endswith("_id") and not scope[1:] else s for s in scope]
    sort = Condition(column, "sort", Clause.SORT)
    yield query(chains, call, owner, [*(Condition(each, "=") for each in known), sort])


def acts_as_paranoid(chains: Chains, call: Node, owner: str) -> Told:
    options = chains.reader.arguments(call)[1]
    column = (names(chains, options.get("column")) or ["deleted_at"])[0]
    found = Relation(owner, conditions=[Condition(column, "is-null")])
    yield defined(chains, call, owner, "default_scope", found, always=True)


def acts_as_tree(chains: Chains, call: Node, owner: str) -> Told:
    options = chains.reader.arguments(call)[1]
    column = (names(chains, options.get("foreign_key")) or ["parent_id"])[0]
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
    for module, column in DEVISE.items():
        if module in given:
            for each in (keys or [column]) if module == "database_authenticatable" else [column]:
                yield query(chains, call, owner, [Condition(each, "=")])


DECLARATIONS = {
    "validates": uniqueness,
    "validates_uniqueness_of": uniqueness,
    "acts_as_list": acts_as_list,
    "acts_as_paranoid": acts_as_paranoid,
    "acts_as_tree": acts_as_tree,
    "acts_as_nested_set": nested_set,
    "has_ancestry": ancestry,
    "friendly_id": friendly_id,
    "devise": devise,
}
