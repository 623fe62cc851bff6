"""Routers that Python's frameworks hang on each other, one by one or out of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec import structs

from scaleaudit.facts import OF_CONTRACT, RouterMounted
from scaleaudit.languages.patterns import Mount, Route
from scaleaudit.values import Literal, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.reader import Reader

MAX_ROUNDS = 200


def made_by(site: CallSite, reader: PythonReader) -> CallSite | None:
    """The call that made the router of a call, also one of the project's own classes."""
    if site.client is not None:
        return site.client
    made = reader.module_values.get(reader.callee(site.node).rpartition(".")[0])
    return reader.site(made) if made is not None and made.type == "call" else None


class OwnRoute(Route, frozen=True, kw_only=True):
    """A route of what the project made itself: `UserRouter(prefix="/users")`, or another file."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        made = made_by(site, cast("PythonReader", reader))
        return super().facts(structs.replace(site, client=made), reader)


class RouterMount(Mount, frozen=True, kw_only=True):
    """`app.include_router(users.router, prefix="/users")`, also in a loop over a list."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        own = cast("PythonReader", reader)
        site = structs.replace(site, client=made_by(site, own))
        node = site.argument(self.child.position, *self.child.names)
        prefix = site.argument(self.prefix.position, *self.prefix.names)
        rounds = _rounds(own, node) if node is not None and node.type == "identifier" else None
        for fact in Mount.facts(self, site, reader):
            if not isinstance(fact, RouterMounted) or node is None:
                yield fact
            elif rounds is None:
                yield structs.replace(fact, child=_name(own, node))
            else:
                for each in rounds:
                    child = each.get(reader.text(node))
                    given = each.get(reader.text(prefix)) if prefix is not None else None
                    value = reader.value(given) if given is not None else fact.prefix
                    if child is not None and not isinstance(value, Unknown):
                        yield structs.replace(fact, child=_name(own, child), prefix=value)


class ContractMount(Mount, frozen=True, kw_only=True):
    """Connexion: `app.add_api("orders.yaml", base_path="/v2")`, whose operations are served."""

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        document = self.child.value(site, reader)
        if isinstance(document, Literal) and document.text.endswith((".yaml", ".yml", ".json")):
            for fact in super().facts(site, reader):
                yield structs.replace(fact, child=document.text, parent=OF_CONTRACT)


def _name(reader: PythonReader, node: Node) -> str:
    """A router as other files may know it: what `Users().router` is, `Users.router` says."""
    text = reader.text(node)[:200].strip("'\"")  # django-ninja takes dotted names
    if node.type == "attribute":
        made, field = node.child_by_field_name("object"), node.child_by_field_name("attribute")
        if made is not None and field is not None and made.type == "call":
            return f"{reader.callee(made)}.{reader.text(field)}"
    return text


def _rounds(reader: PythonReader, node: Node) -> list[dict[str, Node]] | None:
    """What the names of the loop around stand for in each round; None outside of such a loop."""
    name = reader.text(node)
    for above in reader.ancestors(node):
        if above.type in reader.FUNCTIONS:
            return None
        left = above.child_by_field_name("left") if above.type == "for_statement" else None
        right = above.child_by_field_name("right") if left is not None else None
        if left is None or right is None:
            continue
        names = [reader.text(each) for each in left.named_children] or [reader.text(left)]
        if name not in names:
            continue
        if right.type == "identifier":
            listed = reader.local(reader.text(right), right)
            right = listed or reader.module_values.get(reader.text(right)) or right
        if right.type in ("list", "tuple"):
            found = []
            for each in right.named_children[:MAX_ROUNDS]:
                parts = [each] if left.type == "identifier" else each.named_children
                found.append(dict(zip(names, parts, strict=False)))
            return found
        if right.type in ("identifier", "attribute") and left.type == "identifier":
            return [{name: right}]  # the list of another file, under its name
        return []
    return None
