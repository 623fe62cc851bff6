"""Endpoints that API Platform makes of classes: `#[ApiResource]` on an entity is five routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scaleaudit.facts import EndpointServed
from scaleaudit.inflection import plural, underscored
from scaleaudit.languages.php.doctrine.marks import Mark, attribute
from scaleaudit.record import Record
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.php.reader import PhpReader
    from scaleaudit.languages.reader import Reader

ROUTER = "api-platform"
# Operations by the classes that declare them: the method, whether a row is named.
OPERATIONS = {
    "GetCollection": ("GET", False), "Post": ("POST", False), "Get": ("GET", True),
    "Put": ("PUT", True), "Patch": ("PATCH", True), "Delete": ("DELETE", True),
}  # fmt: skip
USUAL = ("GetCollection", "Post", "Get", "Patch", "Delete")
FORMAT = "{._format}"  # an ending that says in which form to answer
MAX_OPERATIONS = 100


class ApiResource(Record, frozen=True, kw_only=True):
    """The attribute on a class: what it lists, else the usual operations.

    An operation that is an attribute of its own stands beside it, or alone.
    """

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        php = cast("PhpReader", reader)
        group = site.node.parent
        holder = group.parent if group is not None else None
        around = holder.parent if holder is not None else None
        if group is None or holder is None or around is None or around.type != "class_declaration":
            return
        name = php.definition_name(around)
        mark = attribute(php, site.node)
        if mark.name != "ApiResource":
            yield from self._served(php, site, name, Mark("ApiResource"), [mark])
            return
        listed = mark.marks("operations")
        beside = [
            attribute(php, each)
            for each_group in holder.named_children
            for each in each_group.named_children
            if each.type == "attribute"
        ]
        if not listed and "operations" not in mark.named:
            if any(each.name in OPERATIONS for each in beside):
                return  # they say it all
            listed = [Mark(each) for each in USUAL]
        yield from self._served(php, site, name, mark, listed)

    def _served(
        self, reader: PhpReader, site: CallSite, name: str, resource: Mark, operations: list[Mark]
    ) -> Iterator[EndpointServed]:
        called = resource.text("shortName", position=0) or name
        usual = resource.text("uriTemplate") or f"/{plural(underscored(called))}"
        prefix = resource.text("routePrefix").rstrip("/")
        for operation in operations[:MAX_OPERATIONS]:
            method, of_one = OPERATIONS.get(operation.name, ("", False))
            if not method:
                continue
            written = operation.text("uriTemplate")
            path = written or (f"{usual}/{{id}}" if of_one else usual)
            yield EndpointServed(
                at=reader.span(site.node),
                method=method,
                path=Literal(f"{prefix}/{path.removesuffix(FORMAT).lstrip('/')}"),
                handler=name,
                router=ROUTER,
            )
