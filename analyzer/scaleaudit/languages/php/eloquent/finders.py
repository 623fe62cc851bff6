"""Methods that name what they look for: `find($id)`, `firstOrCreate([...])`, `findByField("state", $x)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition
from scaleaudit.languages.php.conditions import Built, Term
from scaleaudit.languages.php.eloquent import words
from scaleaudit.languages.php.eloquent.arguments import column_of, constant, entries, operator_of
from scaleaudit.languages.php.eloquent.comparisons import member

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader


def by_key(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    """`find($id)`, `findMany($ids)`: rows by their primary key."""
    given = next(iter(reader.arguments(call)[0]), None)
    if given is not None:
        several = name == "findMany" or given.type == "array_creation_expression"
        key = "id" if built.table else "pk"  # of a table without a model, by the framework's word
        built.add(Condition(key, "in" if several else "="))


def found_or_made(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    """`firstOrCreate(["slug" => $slug])`: a row by the members of the first argument, or a new one."""
    args = reader.arguments(call)[0]
    # Fixed values make the same row at each start, not new ones with use.
    built.inserts |= name != "firstOrNew" and any("$" in reader.text(each) for each in args)
    for key, value in entries(reader, args[0]) if args else ():
        path = column_of(reader, key) if key is not None else ""
        if path:
            built.add(Condition(path, operator_of(reader, "=", value)))
    built.limited = True
    built.known = True


def found_by(reader: PhpReader, built: Built, name: str, call: Node) -> None:
    """`findByField("state", $x)`, `findWhere(["state" => $x])`, `findWhereIn("id", $list)`."""
    built.known = built.ended = True
    built.limited |= "First" in name or "One" in name
    args, keywords, _ = reader.arguments(call)
    first = args[0] if args else keywords.get("where") or keywords.get("field")
    value = args[1] if len(args) > 1 else keywords.get("values") or keywords.get("value")
    if first is not None and first.type == "array_creation_expression":
        among(reader, built, entries(reader, first))
        return
    path = column_of(reader, first) if first is not None else ""
    if not path or value is None:
        built.partial = True
        return
    operator = words.FINDERS_AMONG.get(name, "=")
    same = operator == "=" and constant(value)
    built.add(Condition(path, operator, constant=same), either=False)
    beside = [keywords[each] for each in keywords if "here" in each] + args[2:3]
    for given in beside:
        if given.type == "array_creation_expression":
            among(reader, built, [(k, v) for k, v in entries(reader, given) if k is not None])
        else:
            built.partial = True


def among(reader: PhpReader, built: Built, given: list[tuple[Node | None, Node]]) -> None:
    """Conditions of an array, all of which must hold."""
    terms = [term for key, value in given for term in member(reader, key, value)]
    built.terms += [Term(False, None, terms)] if terms else []
    built.partial |= len(terms) < len(given)
