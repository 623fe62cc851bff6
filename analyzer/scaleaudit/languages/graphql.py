"""GraphQL in code: operations that annotations declare, and schemas that stand in texts."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.facts import EndpointServed
from scaleaudit.graphql_types import operations
from scaleaudit.languages.patterns import NONE, Arg
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

MARK = regex(rb"type (?:Query|Mutation|Subscription)\b")
MAX_ROOTS = 100  # in the texts of one file
ROOTS = ("Query", "Mutation", "Subscription")
MAX_SCHEMA = 400_000  # bytes of a source file that is searched for one


class GraphqlOperation(Record, frozen=True, kw_only=True):
    """A method that an annotation makes a query, a mutation or a subscription.

    `name` is where the annotation may name it, otherwise the method does. `parent` holds the root
    type where the annotation's own name does not: fields of other types are no operations.
    `camel`: the library turns the names of methods into camel case.
    """

    callees: tuple[str, ...]
    name: Arg = NONE
    parent: Arg = NONE
    camel: bool = False
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target = site.target
        if target is None or target.type not in reader.FUNCTIONS:
            return
        root = next((root for root in ROOTS if root.lower() in site.name.lower()), "")
        above = self.parent.value(site, reader)
        if above is not None:
            root = literal_text(above) or ""
        around = reader.class_around(target)
        owner = reader.definition_name(around) if around is not None else ""
        if not root:  # a field: an operation of the class that is the root type
            root = next((root for root in ROOTS if owner.endswith(root)), "")
        if root not in ROOTS:
            return
        method = reader.definition_name(target)
        given = literal_text(self.name.value(site, reader))
        name = given or (camel(method) if self.camel else method)
        handler = f"{owner}.{method}" if owner else method
        if name:
            yield operation(reader, site, root, name, handler)


class ProtocolEndpoint(Record, frozen=True, kw_only=True):
    """Where a server of a protocol takes its requests: a path of its own, or what it hangs under.

    `default` is the path when none is given. A `mounted` one is made in the call that hangs it
    under a path, or hangs on the variable that it is assigned to.
    """

    callees: tuple[str, ...]
    path: Arg = NONE
    default: str = ""
    mounted: bool = False
    protocol: str = "graphql"
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        path, router = self.path.value(site, reader) or Literal(self.default), ""
        holder = site.node.parent if self.mounted else None
        if holder is not None and holder.type in ("arguments", "argument_list"):
            args = [each for each in holder.named_children if each.type != "comment"]
            path = reader.value(args[0]) if args[0].id != site.node.id else path
        elif holder is not None:
            name = holder.child_by_field_name("left") or holder.child_by_field_name("name")
            router = reader.text(name) if name is not None else ""
        yield EndpointServed(reader.span(site.node), "*", path, "", router, self.protocol)


def operation(reader: Reader, site: CallSite, root: str, name: str, handler: str) -> EndpointServed:
    path = Literal(f"{root}.{name}")
    return EndpointServed(reader.span(site.node), root.upper(), path, handler, "", "graphql")


def camel(name: str) -> str:
    """`order_items` -> `orderItems`."""
    first, *rest = name.strip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def schemas_in_texts(reader: Reader) -> Iterator[Fact]:
    """``gql`type Query { ... }` ``: the root types inside string literals."""
    content = reader.content
    if len(content) > MAX_SCHEMA or b"type " not in content:
        return
    seen: set[int] = set()
    for match in islice(MARK.finditer(content), MAX_ROOTS):
        node = reader.root.descendant_for_byte_range(match.start(), match.start() + 1)
        while node is not None and node.parent is not None and is_text(node.parent):
            node = node.parent
        if node is None or not is_text(node) or node.id in seen:
            continue
        seen.add(node.id)
        yield from operations(reader.text(node).strip("\"'`"), node.start_point[0] + 1)


def is_text(node: Node) -> bool:
    return "string" in node.type or "template" in node.type
