"""Where a pattern finds a value among the arguments of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from scaleaudit.languages.callsites import LAST_ARGUMENT
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value


# What a callee's name does not tell: the mode of `open`, the service of `boto3.client`.
Condition: TypeAlias = "Callable[[CallSite, Reader], bool]"
BRACES = regex(r"\{([^{}]*)\}")


class Arg(Record, frozen=True):
    """Where an argument stands: by position (-1: never), or under one of the names."""

    position: int = -1
    names: tuple[str, ...] = ()

    def value(self, site: CallSite, reader: Reader) -> Value | None:
        node = self.node(site, reader)
        return None if node is None else reader.value(node)

    def values(self, site: CallSite, reader: Reader) -> list[Value]:
        """One value, or one for each element of a literal list; empty when nothing is given."""
        node = self.node(site, reader)
        return [] if node is None else [reader.value(each) for each in reader.each(node)]

    def node(self, site: CallSite, reader: Reader) -> Node | None:
        node = site.argument(self.position, *self.names)
        return None if node is None or node.type in reader.OPTION_OBJECTS else node


FIRST = Arg(0)


SECOND = Arg(1)


LAST = Arg(LAST_ARGUMENT)


NONE = Arg()


def hidden(site: CallSite, reader: Reader, options: int) -> bool:
    """Arguments exist that the file does not spell out; `options` is where they would stand."""
    given = site.args[options].type if 0 <= options < len(site.args) else ""
    # A function in that place is a callback.
    spelled_out = not given or given in reader.OPTION_OBJECTS or given in reader.FUNCTIONS
    return site.opaque or not spelled_out
