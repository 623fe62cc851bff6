"""GraphQL: functions that answer a field of each object, and run once for each of a list."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import FieldResolved
from scaleaudit.languages.patterns import NONE, Arg
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

MAX_RESOLVERS = 2_000
MAX_HEAD = 600  # characters of a method in which its first parameter stands
# Of Java and of Kotlin, where no annotation stands before it.
SOURCE = regex(r"\w\s*\(\s*(?:(?:final\s+)?([A-Z]\w*)\s+\w+|\w+\s*:\s*([A-Z]\w*))\s*[,)]")
# Asked for once a request: the roots, what a mutation or a page gives back, whoever is signed in.
ONCE = regex(
    r"Quer(?:y|ies)|Mutations?|Subscriptions?|(?:Root|Payload|Connection|Edge|Response|Result|Output|Viewer"
    r"|CurrentUser|UserProfile|\wPage|PageInfo|^Me|^My[A-Z]\w*)(?:Type|Resolvers?)?$"
)
SUFFIX = regex(r"(?:Relation)?(?:Type|Resolvers?)$")


def resolved(reader: Reader, function: Node, parent: str, name: str) -> Iterator[FieldResolved]:
    """The field of a type that a function answers, unless the type is asked for once."""
    if parent and name and ONCE.search(parent) is None:
        yield FieldResolved(reader.span(function), SUFFIX.sub("", parent) or parent, name)


def functions_at(
    reader: Reader, places: re.Pattern[bytes]
) -> Iterator[tuple[re.Match[bytes], Node]]:
    """What stands at each place, and the function that it belongs to: its last byte is inside."""
    for match in islice(places.finditer(reader.content), MAX_RESOLVERS):
        at = reader.root.descendant_for_byte_range(match.end() - 1, match.end())
        if at is None:
            continue
        function = at if at.type in reader.FUNCTIONS else reader.function_around(at)
        if function is not None:
            yield match, function


class GraphqlField(Record, frozen=True, kw_only=True):
    """A method that an annotation makes the answer to a field of the objects of its class.

    `parent`: where the annotation names their type. `by_source`: otherwise the first parameter is
    one of them, or it is no such field; without it, the class of the method is named for them.
    """

    callees: tuple[str, ...]
    parent: Arg = NONE
    by_source: bool = False
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[FieldResolved]:
        target = site.target
        if target is None or target.type not in reader.FUNCTIONS:
            return
        parent = literal_text(self.parent.value(site, reader))
        if parent is None and self.by_source:
            source = SOURCE.search(reader.text(target)[:MAX_HEAD])
            parent = source[1] or source[2] if source is not None else ""
        elif parent is None:
            around = reader.class_around(target)
            parent = reader.definition_name(around) if around is not None else ""
        yield from resolved(reader, target, parent, reader.definition_name(target))
