"""Texts that functions of the same file give back: `where, args := conditions(filter)`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.languages.go.following import ALWAYS
from scaleaudit.languages.go.functions import returned
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.go.following import Choices
    from scaleaudit.languages.go.reader import GoReader

NAMES_TABLES = regex(r"[tT]able(?:Name)?(?:$|[A-Z])")
NOTHING = {'""', "``"}
MAX_RESULTS = 8


def own_function(reader: GoReader, call: Node) -> Node | None:
    """The function of this file that is called; None inside of itself."""
    called = call.child_by_field_name("function")
    own = reader.declared.get(reader.receivers.meaning(called).name) if called is not None else None
    inside = own is not None and own.start_byte <= call.start_byte < own.end_byte
    return None if inside else own


def given_back(reader: GoReader, function: Node) -> list[tuple[Node, Choices]]:
    """What the function gives back first; a choice where it may also be nothing.

    None of a function that may give back different texts: an order for each column, say, which
    nobody asks for without the conditions that stand elsewhere. Of one that names tables each is a
    statement.
    """
    results = list(islice(returned(function), MAX_RESULTS + 1))
    said = [each for each in results if reader.text(each) not in NOTHING]
    name = function.child_by_field_name("name")
    tables = name is not None and NAMES_TABLES.search(reader.text(name)) is not None
    if len(results) > MAX_RESULTS or not said or (len(said) > 1 and not tables):
        return []
    return [(each, ALWAYS if len(results) == 1 else frozenset({each.start_byte})) for each in said]
