"""Prefixes that stand apart from the routes they are put in front of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import RouterMounted
from scaleaudit.languages.java.routes import slashed
from scaleaudit.record import Record
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader
    from scaleaudit.values import Value

VERBS = {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}
WHOLE = "jax-rs"  # the child of a mount that holds for all resources of an application


class ApplicationPath(Record, frozen=True, kw_only=True):
    """`@ApplicationPath("/api")`, Dropwizard's `jersey().setUrlPattern("/api/*")`: in front of every
    resource of the application."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.argument(0, "value")
        if node is not None:
            yield RouterMounted(reader.span(site.node), reader.value(node), WHOLE)


class SubResource(Record, frozen=True, kw_only=True):
    """A method with a path and no verb: what it returns serves below that path."""

    callees: tuple[str, ...]
    annotation: bool = True
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        target, node = site.target, site.argument(0, "value")
        if target is None or node is None or target.type in reader.CLASSES:
            return
        if any(each.name in VERBS for each in reader.annotations.get(target.id, ())):
            return
        kind = target.child_by_field_name("type")
        around = reader.class_around(target)
        if kind is None or around is None or target.type not in reader.FUNCTIONS:
            return
        prefix: Value = Literal("")
        for above in reader.annotations.get(around.id, ()):
            given = above.argument(0, "value")
            if above.name == "Path" and given is not None:
                prefix = reader.value(given)
        yield RouterMounted(
            reader.span(site.node),
            slashed(prefix, reader.value(node)),
            reader.text(kind)[:200],
            reader.scope(target),
        )


class RouterMount(Record, frozen=True, kw_only=True):
    """Vert.x: `router.mountSubRouter("/api", sub)` and `router.route("/api/*").subRouter(sub)`."""

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        node = site.args[0] if len(site.args) == 2 else site.argument(-1, "route", "path")
        if node is None or not site.args:
            return
        prefix = reader.value(node)
        if isinstance(prefix, Literal):
            prefix = Literal(prefix.text.removesuffix("*").rstrip("/"))
        parent = reader.callee(site.node).partition(".")[0]
        child = reader.text(site.args[-1])[:200]
        yield RouterMounted(reader.span(site.node), prefix, child, parent)


def one_path(site: CallSite, reader: Reader) -> bool:
    """`route("/x")`: one path that is no pattern, under which all methods are served."""
    if len(site.args) != 1 or not site.keywords.keys() & {"handler", "blockingHandler", "respond"}:
        return False
    value = reader.value(site.args[0])
    return not isinstance(value, Unknown) and not reader.text(site.args[0]).endswith('*"')
