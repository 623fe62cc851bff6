"""Methods of repositories with which their queries begin: `self.base_query().where(...)`.

Repositories are written against a class that their heirs name. The base gives `select(self.model)`,
often without the rows that are marked as deleted; what an heir adds says which class it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Condition, ScopeDefined
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

FRAMEWORK = "sqlalchemy"
METHOD = regex(rb"\bdef\s+(\w*(?:statement|query|select|stmt)\w*)\(\s*self\b")
BEGINS = regex(r"select\(self\.\w+\)|\.query\(self\.\w+\)")
SUPER = regex(r"super\(\)\.\w*(?:statement|query|select|stmt)\w*\(")
ANY_CLASS = regex(r"\.(?:where|filter)\(self\.\w+\.")
# Rows that are marked: deleted, archived, switched off.
MARKED = regex(
    r"\.(?:where|filter)\((?:self\.\w+\.\w+(?:\.is_\((?:None|False|True)\)|(?:==|!=)(?:None|False|True)),?)+\)"
)
# The commonest mark: rows that are gone have a moment in it.
GONE = regex(r"\.(?:where|filter)\(self\.\w+\.(\w+)\.is_\(None\)\)")
NARROWS = regex(r"\.(?:where|filter|filter_by|having|join|outerjoin|limit|offset|select_from)\(")
GAPS = regex(r"\s+")
MAX_FOUND = 40  # of one file
MAX_SHOWN = 3_000


def beginnings(reader: PythonReader) -> Iterator[ScopeDefined]:
    """The methods of a file's classes that begin queries; `partial` where they narrow them.

    Of marked rows those conditions are told that may be those of an index.

    One that narrows what the class above gives by columns of one class is left out: it matters
    to that class alone. Written for any class it is a mixin, and who has it is not known here.
    """
    for function, own, text in methods(reader):
        narrowed = narrows(text)
        gone = () if narrowed else tuple(Condition(each, "is-null") for each in GONE.findall(text))
        if BEGINS.search(text) is None and not (gone or (narrowed and ANY_CLASS.search(text))):
            continue
        yield ScopeDefined(
            reader.span(function),
            FRAMEWORK,
            reader.definition_name(own),
            reader.definition_name(function),
            gone,
            partial=narrowed,
            implied=True,
        )


def methods(reader: PythonReader) -> Iterator[tuple[Node, Node, str]]:
    """(method, its class, its text without gaps) of those that begin queries."""
    for _, match in zip(range(MAX_FOUND), METHOD.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.start(1) + 1)
        function = leaf.parent if leaf is not None else None
        own = reader.class_around(function) if function is not None else None
        if function is None or own is None or function.type not in reader.FUNCTIONS:
            continue
        text = GAPS.sub("", reader.text(function))
        if BEGINS.search(text) is not None or SUPER.search(text) is not None:
            yield function, own, text


def narrows(text: str) -> bool:
    return len(text) > MAX_SHOWN or NARROWS.search(MARKED.sub("", text)) is not None


def narrowed_here(reader: PythonReader, node: Node, name: str) -> bool:
    """Whether the class around gives the method something to narrow queries by."""
    around = reader.class_around(node)
    return any(
        narrows(text)
        for function, own, text in methods(reader)
        if around is not None and own.id == around.id and reader.definition_name(function) == name
    )
