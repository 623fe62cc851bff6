"""What the calls of a chain do to the query that it starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ANY_RELATION, Condition
from scaleaudit.inflection import singular
from scaleaudit.languages.ruby.active_record import words
from scaleaudit.languages.ruby.active_record.conditions import conditions
from scaleaudit.languages.ruby.active_record.data_sets import (
    by_attributes,
    ended,
    in_block,
    loads_rows,
    of_table,
)
from scaleaudit.languages.ruby.active_record.eager import led_on, load_along
from scaleaudit.languages.ruby.active_record.hashes import by_key, by_pairs
from scaleaudit.languages.ruby.active_record.joins import joining, symbols, table_join
from scaleaudit.languages.ruby.active_record.merges import alternative, changing, merging
from scaleaudit.languages.ruby.active_record.old_finders import old_options
from scaleaudit.languages.ruby.active_record.relation import Relation
from scaleaudit.languages.ruby.active_record.sorts import sorting

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from scaleaudit.languages.ruby.reader import RubyReader

    Evaluate = Callable[[Node], list[Relation]]

MAX_CALLS = 30  # of one chain
NEGATIONS = frozenset({"not", "exclude"})
ABOUT_RELATIONS = {"missing": "is-null", "associated": "is-not-null"}


def outermost(call: Node) -> Node:
    """The last call of the chain that a call belongs to."""
    at = call
    for _ in range(MAX_CALLS):
        above = at.parent
        if above is None or above.type != "call":
            break
        receiver = above.child_by_field_name("receiver")
        if receiver is None or receiver.id != at.id:
            break
        at = above
    return at


def links(whole: Node) -> tuple[Node | None, list[Node]]:
    """What a chain starts from, and its calls in the order in which they are made.

    The start is None where the first call has no receiver.
    """
    calls: list[Node] = []
    at: Node | None = whole
    for _ in range(MAX_CALLS):
        if at is None or at.type != "call":
            break
        calls.append(at)
        at = at.child_by_field_name("receiver")
    calls.reverse()
    return at, calls


def follow(
    reader: RubyReader, found: Relation, calls: list[Node], evaluate: Evaluate
) -> list[Relation]:
    """The queries of a chain: one, and one more for each record that it goes on from."""
    done: list[Relation] = []
    for call in calls:
        name = reader.method_name(call)
        if found.state in ("instance", "unknown"):
            if name in words.NOT_READING or name in words.METHODS or not is_name(name):
                break
            if found.state == "instance" and found.asked:
                done.append(found)
            found = step_from(found, name)
            found.last = call
            continue
        if found.state == "ended" and name not in ("limit", "page", "per", "paginate"):
            break
        if not take(reader, found, call, name, evaluate):
            break
        found.last = call
    done.append(found)
    return done


def is_name(name: str) -> bool:
    return (
        name.isidentifier()
        and name.islower()
        and name not in words.LOADS
        and name not in words.LIMITS
    )


def step_from(found: Relation, name: str) -> Relation:
    """From a record to what belongs to it: a list when the name is a plural, or Sequel's data set."""
    listed = name.removesuffix("_dataset")
    if listed != name:
        model = "" if found.state == "unknown" else found.model
        return Relation(model, [*found.via, listed], "relation", receiver=found.receiver)
    state = "instance" if singular(name) == name and found.state == "instance" else "relation"
    if found.state == "unknown" and singular(name) == name:
        return Relation(state="unknown", receiver=name)
    eager = led_on(found.eager, name)
    model = "" if found.state == "unknown" else found.model
    return Relation(model, [*found.via, name], state, eager=eager, receiver=found.receiver)


def take(reader: RubyReader, found: Relation, call: Node, name: str, evaluate: Evaluate) -> bool:
    """One call on a class or a relation; false when it is not about rows any more."""
    if name in words.NOT_READING:
        return False
    finder = words.FINDER.fullmatch(name) or words.MADE_FINDER.fullmatch(name)
    bare = call.child_by_field_name("arguments") is None
    if found.state == "relation" and found.asked and ended(found, name, bare=bare):
        return True
    block = call.child_by_field_name("block")
    known = True
    if name in words.TABLE_JOINS and table_join(reader, call, found):
        found.asked = found.certain = True
        found.state = "relation"
        return True
    if found.table and of_table(reader, found, call, name):
        return True
    attributed = by_attributes(reader, call, name)
    if name in words.FILTERS or name in words.LOOK_UPS or attributed:
        if block is not None and name not in words.ROW_BLOCKS:
            in_block(reader, block, found, negated=False)
        conditions(reader, call, found)
    elif name in NEGATIONS:
        if block is not None:
            in_block(reader, block, found, negated=True)
        conditions(reader, call, found, negated=True)
    elif name in ABOUT_RELATIONS:
        for each in symbols(reader, call):
            found.loads.append(each)
    elif name == "and":  # in Sequel before 5 with conditions
        if by_pairs(call):
            conditions(reader, call, found)
        else:
            merging(call, found, evaluate)
    elif name in words.SORTS or (name == "reverse_order" and not bare):
        sorting(reader, call, found)
    elif name in words.JOINS:
        joining(reader, call, found)
        load_along(reader, call, name, found)
    elif name == "or":
        found.either(alternative(reader, call, found, evaluate))
    elif name == "merge":
        merging(call, found, evaluate)
    elif name in words.GROUPS:
        found.grouped = True
    elif finder is not None and not bare:
        found.add(Condition(column, "=") for column in finder["names"].split("_and_"))
        found.beside += (f"{found.model}.{name}",)  # unless the model has one of its own
    elif name == "find" and by_key(call) and (found.conditions or found.loads or found.scopes):
        found.add([Condition("id", "=")])
    elif (
        name in words.ONE
        or name in words.MAKES
        or name in words.COUNTS
        or name in words.BATCHES
        or name in words.LIMITS
    ):
        pass
    elif name in words.CHANGES:
        changing(reader, call, found)
    elif name in words.LOADS or loads_rows(reader, call, name):
        pass
    elif name == "strict_loading":
        found.eager.append(ANY_RELATION)  # what is not loaded along raises an error
    elif name == "from" and not bare:
        found.partial = True  # rows of another query, which narrows them
    elif name == "none":
        found.partial = True  # stands in for rows that another branch asks for
    elif name == "unscoped":
        found.unscoped = True
    elif name not in words.HARMLESS:
        known = False
    if not known:
        return scope_of(found, name)
    found.asked = True
    backwards = name in ("reverse", "reverse_order") and not bare  # with columns it is Sequel's
    sure = name in words.CERTAIN or finder is not None or attributed or backwards
    found.certain = found.certain or sure
    if old_options(reader, call, found, name):
        found.certain = True
    ending(reader, found, call, name, finder is not None)
    return True


def ending(reader: RubyReader, found: Relation, call: Node, name: str, finder: bool) -> None:
    """What kind of result a call gives."""
    args = reader.positional(call)
    found.skips |= name in words.SKIPS and not (args and args[0].type == "integer")
    first = reader.hint(args[0]) if args else ""
    many = name.startswith("find_all_by") or (name == "find" and first == ":all")
    # Fixed values make the same rows at each start, not new ones with use.
    found.makes = words.MAKING.match(name) is not None and any(
        each.operator in ("=", "in") and not each.constant for each in found.conditions
    )
    block = call.child_by_field_name("block")
    if name in words.MAKES:
        found.state, found.inserts = "instance", True
        found.certain, found.conditions = True, []
    elif name in words.LOOK_UPS:
        found.state, found.limited = "instance", True
    elif (name in words.ONE or finder) and not many:
        several = name in ("first", "last", "take") and args and args[0].type != "pair"
        found.limited = True
        found.state = "ended" if several else "instance"
        if name == "find" and (block is not None or "[" in first):
            found.state = "ended"
    elif many:
        found.state, found.loaded = "ended", True
    elif name in words.LIMITS:
        found.limited = True
        if name.endswith("?") or name == "pick":
            found.state = "ended"
    elif name in words.COUNTS:
        found.aggregate, found.state = True, "ended"
    elif name in words.BATCHES:
        found.streamed, found.state = True, "ended"
    elif name in words.CHANGES:
        found.writes, found.state = True, "ended"
        found.deletes = name in words.DELETES
    elif name == "reverse" and args:
        found.state = "relation"
    elif name in words.LOADS or loads_rows(reader, call, name):
        found.loaded, found.state = True, "ended"
    else:
        found.state = "relation"


def scope_of(found: Relation, name: str) -> bool:
    """A method of the model's own: a scope, or a relation that a list of records leads to."""
    if not name.isidentifier() or not name.islower():
        return False
    found.scopes.append(name)
    found.state = "relation"
    return True
