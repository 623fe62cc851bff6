"""Requests whose first argument is an address or the options of the whole request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import RemoteCall, Timeout
from scaleaudit.languages.patterns import HttpCall
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
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


class ProxyTo(HttpCall, frozen=True, kw_only=True):
    """Middleware that passes requests on: to the `target` of its options, or its first argument."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = self.url.value(site, reader)
        if target is None and site.args and site.args[0].type in ADDRESSES:
            target = reader.value(site.args[0])
        if target is None:
            return  # the options come from elsewhere, or with each request
        yield RemoteCall(
            at=reader.span(site.node),
            library=site.callee.rpartition(".")[0] or site.callee,
            target=target,
            scope=reader.scope(site.node),
        )


ADDRESSES = {"string", "template_string", "identifier", "member_expression", "binary_expression",
             "subscript_expression", "call_expression"}  # fmt: skip


def is_exported_client(site: CallSite, reader: Reader) -> bool:
    """`export const api = axios.create({baseURL})`, or exported by its name further down."""
    if "baseURL" not in site.keywords:
        return False
    declarator = site.node.parent
    left = declarator.child_by_field_name("name") if declarator is not None else None
    if declarator is None or left is None or reader.function_around(site.node) is not None:
        return False
    statement = declarator.parent.parent if declarator.parent is not None else None
    if statement is not None and statement.type == "export_statement":
        return True
    name = re.escape(reader.text(left))
    return reader.mentions(
        rf"export default {name}\b|module\.exports\s*=\s*\{{?[^;}}]{{0,200}}\b{name}\b|export \{{[^}}]{{0,200}}\b{name}\b"
    )


def names_a_host(site: CallSite, reader: Reader) -> bool:
    """Whether some argument is an address with a host: `"http://localhost:8082/" + path`."""
    return any("://" in text_with_holes(reader.value(node)) for node in site.args[:2])
