"""React Router's table of routes: `route("orders", "./orders.tsx", [...])` in `app/routes.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import EndpointServed
from scaleaudit.languages.patterns import Route
from scaleaudit.values import Literal, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

ROUTES = "@react-router/dev/routes"
IN_FRONT = {f"{ROUTES}.route", f"{ROUTES}.prefix"}
MAX_ABOVE = 20


class PageRoute(Route, frozen=True, kw_only=True):
    """A page below the routes and prefixes that it is written in."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        before: list[Value] = []
        for above in reader.ancestors(site.node):
            if above.type == "call_expression" and reader.named(above)[0] in IN_FRONT:
                outer = reader.site(above)
                if outer.args and len(before) < MAX_ABOVE:
                    before.append(reader.value(outer.args[0]))
        for fact in super().facts(site, reader):
            if isinstance(fact, EndpointServed) and all(isinstance(p, Literal) for p in before):
                path = fact.path
                for each in before:
                    path = join(each, Literal("/"), path) if path != Literal("") else each
                yield replace(fact, path=path, router="", handler="")
