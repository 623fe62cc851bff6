"""Requests whose first argument is an address or the options of the whole request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Timeout
from scaleaudit.languages.patterns import HttpCall
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

CHAIN = {"member_expression", "call_expression", "await_expression"}
NAMES = {"identifier", "member_expression", "call_expression", "await_expression"}
ADDRESS_NAME = regex(r"(?i)(ur[il]s?|endpoint|href|path|link|address|host(name)?)\W*$")


class ConfiguredCall(HttpCall, frozen=True, kw_only=True):
    """`axios(config)`: where the first argument is no address by its name, it may hold anything."""

    def wait(self, site: CallSite, reader: Reader) -> Timeout:
        waits = HttpCall.wait(self, site, reader)
        first = site.args[0] if site.args else None
        if waits not in (Timeout.NEVER, Timeout.FINITE) or first is None:
            return waits
        hides = first.type in NAMES and not ADDRESS_NAME.search(reader.text(first)[:200])
        return Timeout.UNKNOWN if hides else waits


class CallLimitedLater(ConfiguredCall, frozen=True, kw_only=True):
    """A request whose timeout is set on what it returns: `request.setTimeout(...)`."""

    setter: str

    def wait(self, site: CallSite, reader: Reader) -> Timeout:
        waits = ConfiguredCall.wait(self, site, reader)
        limited = waits is Timeout.NEVER and self._limited(site.node, reader)
        return Timeout.SET if limited else waits

    def _limited(self, node: Node, reader: Reader) -> bool:
        """By a later link of the chain, or through the variable that the request is given to."""
        whole = node
        for above in reader.ancestors(node):
            if above.type not in CHAIN:
                break
            whole = above
        if f".{self.setter}(".encode() in reader.content[node.end_byte : whole.end_byte]:
            return True
        holder = whole.parent
        if holder is None:
            return False
        left = holder.child_by_field_name("name") or holder.child_by_field_name("left")
        if left is None:
            return False
        around = reader.function_around(node)
        text = reader.text(around if around is not None else reader.root)
        name = re.escape(reader.text(left))
        return bool(re.search(rf"(?<![\w.]){name}\s*\.{self.setter}\(", text))
