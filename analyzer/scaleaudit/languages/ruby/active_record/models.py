"""Classes of Active Record with what their bodies declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import FieldFact, ModelDefined, OrmQuery, RelationFact, ScopeDefined
from scaleaudit.languages.ruby.active_record import associations, scopes
from scaleaudit.languages.ruby.active_record.enums import SCOPING, of_module
from scaleaudit.languages.ruby.active_record.own_tables import MAX_BODY, own_table, prefixed
from scaleaudit.languages.ruby.active_record.validations import DECLARATIONS
from scaleaudit.languages.ruby.active_record.words import FRAMEWORK
from scaleaudit.languages.ruby.blocks import body_of, calls_in
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.ruby.active_record.starts import Chains
    from scaleaudit.languages.ruby.declarations import Holder
    from scaleaudit.languages.ruby.reader import RubyReader

    Told = Iterator[ModelDefined | OrmQuery | ScopeDefined]

ROOTS = regex(r"^(?:ActiveRecord\.Base|ApplicationRecord|.*\.ApplicationRecord|Sequel\.Model)$")
# Classes that declare associations or validations too, but have no table.
OTHERS = regex(
    r"(?:Serializer|Resource|Controller|Job|Mailer|Worker|Component|Policy|Decorator|Form|Service|Factory|Test|TestCase"
    r"|Spec|Migration|Error|Exception|Mutation|Resolver|Presenter|Blueprint|Type|Object|Struct|Query|Interactor"
    r"|Validator|Helper|Channel|Entity|Representer|Finder|Importer|Exporter|Command|Operation|Builder|Dashboard)$"
)
# Of these, what names of the trade end with as well (`LoanType`): models where they belong to rows,
# over a base that is named as one of rows.
TRADE = regex(
    r"(?:Type|Service|Policy|Entity|Form|Channel|Job|Test|Component|Command|Operation|Object)$"
)
ROWS = regex(r"(?:^|\.)(?:\w*(?:Base|Record|Model))$")
BELONGING = frozenset({"belongs_to", "has_many", "has_and_belongs_to_many"})
# `def_Model` gives a module of the application's a method of this name.
SEQUEL = regex(r"(?:::)?(?:[A-Z]\w*::)+Model\(\s{0,20}(?::|[\"'\[]|Sequel\b|\w*(?:DB|db)\b)")
MARK = regex(
    rb"\n[ \t]*+(?:belongs_to|has_many|has_one|has_and_belongs_to_many|named_scope|scope|default_scope|validates\w*"
    rb"|self\.table_name|set_table_name|acts_as_\w+|attr_accessible|before_(?:save|create|destroy|validation|update)"
    rb"|after_(?:save|create|destroy|commit|update|initialize)\w*|enum|aasm|enumerize|state_machine|self\.abstract_class|primary_abstract_class"
    rb"|accepts_nested_attributes_for|serialize|store_accessor|many_to_one|one_to_many|many_to_many)\b"
)
DECLARATIVE = frozenset(
    {
        *associations.KINDS,
        "scope",
        "named_scope",
        "default_scope",
        "subset",
        "def_dataset_method",
        *DECLARATIONS,
        *SCOPING,
    }
)
NO_CLASSES = frozenset({"ActiveRecord.Base", "Sequel.Model"})  # of the libraries themselves
BLOCKS = frozenset(
    ["included", "with_options", "class_eval", "prepended", "class_methods", "dataset_module"]
)
PARTS = frozenset(
    ["where", "exclude", "order", "reverse"]
)  # with a name first, in `dataset_module`
MAX_CLASSES = 300


class Draft(Gathering):
    """A class of the file that has a table, or a concern that such classes include."""

    holder: Holder
    concern: bool = False
    same_table: bool = False  # nothing in it says that it is a model but its base
    # Each with the options that a `with_options` around it gives.
    calls: list[tuple[Node, dict[str, Node]]] = msgspec.field(default_factory=list)
    methods: list[Node] = msgspec.field(default_factory=list)


def drafts(reader: RubyReader) -> list[Draft]:
    """The models and concerns of a file, by what their classes look like."""
    found: list[Draft] = []
    for holder in reader.declared.holders[:MAX_CLASSES]:
        if holder.node.type == "module":
            if concerns(reader, holder):
                found.append(Draft(holder, concern=True))
            continue
        above = superclass(reader, holder)
        if not above:
            continue
        if ROOTS.match(above):
            found.append(Draft(holder))
        elif of_sequel(reader, holder) or (
            OTHERS.search(above.rpartition(".")[2]) is None
            and (OTHERS.search(holder.name) is None or of_trade(reader, holder, above))
        ):
            found.append(Draft(holder, same_table=not marked(reader, holder)))
    return found


def of_trade(reader: RubyReader, holder: Holder, above: str) -> bool:
    return (
        TRADE.search(holder.name) is not None
        and ROWS.search(above) is not None
        and any(reader.method_name(call) in BELONGING for call in holder.calls)
    )


def of_sequel(reader: RubyReader, holder: Holder) -> bool:
    """Whether it declares associations by names that only Sequel has."""
    return any(reader.method_name(call) in ("many_to_one", "one_to_many") for call in holder.calls)


def superclass(reader: RubyReader, holder: Holder) -> str:
    """Dotted; also of `Sequel::Model(:orders)` and `ActiveRecord::Migration[7.0]`."""
    if holder.superclass:
        return holder.superclass
    above = holder.node.child_by_field_name("superclass")
    inner = above.named_children[0] if above is not None and above.named_children else None
    if inner is not None and inner.type == "call":
        text = reader.hint(inner)
        sequel = text.startswith("Sequel::Model") or SEQUEL.match(text) is not None
        return "Sequel.Model" if sequel else ""
    return ""


def marked(reader: RubyReader, holder: Holder) -> bool:
    start, end = (
        holder.node.start_byte,
        min(holder.node.end_byte, holder.node.start_byte + MAX_BODY),
    )
    return MARK.search(reader.content, start, end) is not None


def concerns(reader: RubyReader, holder: Holder) -> bool:
    if holder.name.endswith(".ClassMethods"):
        return False
    text = reader.content[
        holder.node.start_byte : min(holder.node.end_byte, holder.node.start_byte + MAX_BODY)
    ]
    asks = b"where" in text or b"find_by" in text or MARK.search(text) is not None
    return asks and OTHERS.search(holder.name) is None


def prepare(reader: RubyReader, found: list[Draft]) -> None:
    """The calls and class methods of each."""
    for draft in found:
        calls = [(call, dict[str, "Node"]()) for call in draft.holder.calls]
        calls += [(each, {}) for each in bare(reader, draft.holder)]
        methods = [m for m in draft.holder.methods if of_class(m)]
        for call in [*draft.holder.calls, *concerning(reader, draft.holder)]:
            name = reader.method_name(call)
            if name in BLOCKS:
                calls += inside(reader, call, 0)
                body = body_of(call)
                if name == "dataset_module":
                    calls += [(c, {}) for c in calls_in(body) if reader.method_name(c) in PARTS]
                if name in ("class_methods", "dataset_module") and body is not None:
                    methods += [m for m in body.named_children if m.type == "method"]
        if draft.concern:
            calls += old_concern(reader, draft.holder)
            for other in reader.declared.holders:
                if other.name == f"{draft.holder.name}.ClassMethods":
                    methods += other.methods
        draft.calls, draft.methods = calls, methods


def concerning(reader: RubyReader, holder: Holder) -> list[Node]:
    """What stands in `concerning :Naming do ... end`, a part of the class that has a name."""
    return [
        inner
        for call in holder.calls
        if reader.method_name(call) == "concerning"
        for inner in calls_in(body_of(call))
    ]


def of_class(method: Node) -> bool:
    """`def self.x`, or in `class << self`."""
    if method.type == "singleton_method":
        return True
    above = method.parent
    if above is not None and above.type == "body_statement":
        above = above.parent
    return above is not None and above.type == "singleton_class"


def bare(reader: RubyReader, holder: Holder) -> list[Node]:
    """Declarations without arguments: `acts_as_paranoid`."""
    body = holder.node.child_by_field_name("body")
    inner = body.named_children if body is not None else []
    return [n for n in inner if n.type == "identifier" and reader.hint(n) in DECLARATIONS]


def inside(reader: RubyReader, call: Node, depth: int) -> list[tuple[Node, dict[str, Node]]]:
    """The declarations of a block, with the options that it gives to all of them."""
    options = reader.arguments(call)[1] if reader.method_name(call) == "with_options" else {}
    found: list[tuple[Node, dict[str, Node]]] = []
    for each in calls_in(body_of(call)):
        if reader.method_name(each) in DECLARATIVE:
            found.append((each, options))
        elif depth < 2 and reader.method_name(each) in (
            "with_options",
            "class_eval",
            "instance_eval",
        ):
            found += [(inner, {**options, **own}) for inner, own in inside(reader, each, depth + 1)]
    return found


def old_concern(reader: RubyReader, holder: Holder) -> list[tuple[Node, dict[str, Node]]]:
    """`def self.included(base)` with `base.class_eval do ... end` or `base.has_many :x`."""
    found: list[tuple[Node, dict[str, Node]]] = []
    for method in holder.methods:
        if reader.definition_name(method) == "included":
            for call in calls_in(method.child_by_field_name("body")):
                if reader.method_name(call) in ("class_eval", "instance_eval"):
                    found += inside(reader, call, 0)
                elif reader.method_name(call) in DECLARATIVE:
                    found.append((call, {}))
    return found


def models(chains: Chains, found: list[Draft]) -> Told:
    for draft in found:
        yield from model(chains, draft)


def model(chains: Chains, draft: Draft) -> Told:
    reader, holder = chains.reader, draft.holder
    owner = holder.name
    table = own_table(reader, holder)
    relations: list[RelationFact] = []
    fields: list[FieldFact] = []
    for call, shared in draft.calls:
        name = reader.method_name(call) or reader.hint(call)
        receiver = call.child_by_field_name("receiver")
        if receiver is not None and receiver.type not in ("identifier", "self"):
            continue
        if name in associations.KINDS:
            one, query = associations.relation(
                chains, call, owner, table, shared, concern=draft.concern
            )
            if one is not None:
                relations.append(one)
            if query is not None:
                yield query
        elif name == "subset":
            yield from scopes.subset(chains, call, owner)
        elif name == "def_dataset_method":
            yield from scopes.data_set_method(chains, call, owner)
        elif name in PARTS:
            yield from scopes.data_set_part(chains, call, owner)
        elif name in ("scope", "named_scope"):
            yield from scopes.scope(chains, call, owner)
        elif name in SCOPING:
            yield from SCOPING[name](chains, call, owner)
        elif name == "default_scope":
            yield from scopes.default_scope(chains, call, owner)
        elif name == "alias_attribute":
            fields += alias(reader, call)
        elif name in DECLARATIONS:
            for told in DECLARATIONS[name](chains, call, owner):
                if isinstance(told, RelationFact):
                    relations.append(told)
                else:
                    yield told
    for included in sorted(holder.included):
        yield from of_module(chains, holder.node, owner, included)
    yield from scopes.class_methods(chains, owner, draft.methods)
    above = superclass(reader, holder)
    bases = () if not above or above in NO_CLASSES else (above,)
    yield ModelDefined(
        at=reader.span(holder.node),
        framework=FRAMEWORK,
        name=owner,
        table=table,
        default_table=prefixed(reader, holder) if not table else "",
        bases=(*bases, *sorted(name for name in holder.included if name)),
        abstract=draft.concern or abstract(reader, holder),
        same_table=draft.same_table,
        fields=tuple(fields),
        relations=tuple(relations),
    )


def alias(reader: RubyReader, call: Node) -> Iterator[FieldFact]:
    args = reader.positional(call)
    if len(args) == 2:
        # `alias_attribute :gone?, :deleted_at?` asks of the same column
        new, old = (reader.hint(each).strip(":\"'").removesuffix("?") for each in args)
        yield FieldFact(new, old, at=reader.span(call))


def abstract(reader: RubyReader, holder: Holder) -> bool:
    end = min(holder.node.end_byte, holder.node.start_byte + MAX_BODY)
    text = reader.content[holder.node.start_byte : end]
    return b"abstract_class = true" in text or b"primary_abstract_class" in text
