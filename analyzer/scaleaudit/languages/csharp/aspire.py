"""The deployment that a .NET Aspire host describes in code: projects, containers, stores, references.

`builder.AddProject<Projects.Shop_Api>("shop").WithReference(database)` runs the project `Shop.Api`
under the name `shop` and hands it the address of `database` in its environment. `WaitFor` alone
orders the start and connects nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import EnvEntry, StoreDeclared, WorkloadDeclared
from scaleaudit.languages.csharp.aspire_resources import (
    FOLDER_APPS,
    MANAGED,
    PARTS,
    STORES,
    Resource,
)
from scaleaudit.regex import regex
from scaleaudit.values import Literal, Unknown, Value, literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.csharp.reader import CSharpReader

HOST = regex(rb"DistributedApplication(?:\.CreateBuilder|Builder\b)|<Projects\.")
MAX_NODES = 20_000
MAX_RESOURCES = 1_000
MAX_DEPTH = 60  # of expressions inside one another
STATEMENTS = {"variable_declarator", "expression_statement", "return_statement"}
PROJECT = regex(r"<\s*(?:global::)?Projects\.(\w+)\s*>")
PATH_OF_PROJECT = regex(r"([^/\\]+)\.(?:cs|fs|vb)proj$")
REFERS = {"WithReference", "WithHttpReference", "WithBackendReference"}
ORDERS = {"WaitFor", "WaitForCompletion", "WaitForStart", "WithParentRelationship",
          "WithChildRelationship", "WithRelationship"}  # fmt: skip


class Host:
    """The resources of one file, by the variables that hold them."""

    def __init__(self, reader: CSharpReader) -> None:
        self._reader = reader
        self._variables: dict[str, Resource] = {}
        self.resources: dict[str, Resource] = {}

    def read(self) -> None:
        for node in _statements(self._reader.root):
            expression = node.named_children[-1] if node.named_children else None
            if expression is None:
                continue
            if expression.type == "assignment_expression":
                right = expression.child_by_field_name("right")
                made = self._value(right, 0) if right is not None else None
                left = expression.child_by_field_name("left")
                name = self._reader.text(left) if left is not None else ""
            else:
                made = self._value(expression, 0)
                named = node.type == "variable_declarator"
                name = self._reader.definition_name(node) if named else ""
            if made is not None and name:
                self._variables[name] = made

    def _value(self, node: Node, depth: int) -> Resource | None:
        if depth > MAX_DEPTH:
            return None
        if node.type == "identifier":
            return self._variables.get(self._reader.text(node))
        if node.type == "conditional_expression":
            found = [
                self._value(each, depth + 1)
                for field in ("consequence", "alternative")
                if (each := node.child_by_field_name(field)) is not None
            ]
            return next((each for each in found if each is not None), None)
        if node.type in (
            "parenthesized_expression",
            "await_expression",
            "postfix_unary_expression",
        ):
            return self._value(node.named_children[0], depth + 1) if node.named_children else None
        if node.type not in ("invocation_expression", "member_access_expression"):
            return None
        calls: list[tuple[str, Node | None, str]] = []
        at: Node | None = node
        for _ in range(MAX_DEPTH * 4):
            if at is None or at.type not in ("invocation_expression", "member_access_expression"):
                break
            call = at if at.type == "invocation_expression" else None
            member = at.child_by_field_name("function") if call is not None else at
            if member is None or member.type != "member_access_expression":
                return None
            name = member.child_by_field_name("name")
            if name is None:
                return None
            calls.append((self._reader.plain(name), call, self._reader.text(name)))
            at = member.child_by_field_name("expression")
        current = self._value(at, depth + 1) if at is not None else None
        for name_, call, written in reversed(calls):
            if call is not None:
                current = self._called(current, name_, call, written, depth)
        return current

    def _called(
        self, current: Resource | None, name: str, call: Node, written: str, depth: int
    ) -> Resource | None:
        args = self._reader.arguments_of(call)
        adds = name.startswith("Add") and len(self.resources) < MAX_RESOURCES
        if adds and (current is None or current.managed[0] or current.is_store):
            added = self._added(current, name, call, written, args)
            if added is not None:
                return added
        if current is None:
            return None
        if name in REFERS and args:
            self._refer(current, self._value(args[0], depth + 1), call)
        elif name == "WithEnvironment" and len(args) == 2:
            self._set(current, args, call, depth)
        elif name in ORDERS:
            other = self._value(args[0], depth + 1) if args else None
            if other is not None and name.startswith("WaitFor"):
                current.waits.append((other.of or other).name)
                other.ends = other.ends or name == "WaitForCompletion"
        elif name == "WithExternalHttpEndpoints":
            current.published = True
        elif name == "WithReplicas" and args:
            number = literal_text(self._reader.value(args[0])) or ""
            current.replicas = int(number) if number.isdigit() and len(number) < 5 else None
        elif name == "WithImage" and args:
            current.image = literal_text(self._reader.value(args[0])) or current.image
        elif current.image == "yarp":
            self._routes(current, args, call)
        return current

    def _added(
        self, current: Resource | None, name: str, call: Node, written: str, args: list[Node]
    ) -> Resource | None:
        called = literal_text(self._reader.value(args[0])) if args else None
        if not called:
            return None
        made = Resource(called, self._reader.span(call))
        if current is not None:
            if name not in PARTS:
                return None
            made.of = current.of or current
            return made
        second = literal_text(self._reader.value(args[1])) if len(args) > 1 else None
        project = PROJECT.search(written)
        path = PATH_OF_PROJECT.search(second or "")
        if name == "AddContainer" and second:
            made.image = second
        elif name in STORES:
            made.image, made.scheme = STORES[name]
        elif name in MANAGED:
            made.managed = MANAGED[name]
        elif name in FOLDER_APPS and second:
            made.folder = second.replace("\\", "/")
        elif project is not None or (path is not None and name.startswith("Add")):
            made.project = project[1] if project else generated(path[1]) if path else ""
        else:
            return None
        return self.resources.setdefault(called, made)

    def _refer(self, current: Resource, other: Resource | None, call: Node) -> None:
        if other is None or other is current:
            return
        name = f"services__{other.name}__http__0"
        if other.is_store:
            name = f"ConnectionStrings__{other.name}"
        current.environment.append(EnvEntry(name, Literal(other.address), self._reader.span(call)))

    def _set(self, current: Resource, args: list[Node], call: Node, depth: int) -> None:
        key = literal_text(self._reader.value(args[0]))
        other = self._value(args[1], depth + 1)
        if args[1].type == "interpolated_string_expression":  # $"{stock.GetEndpoint("http")}/items"
            inside = (self._variables.get(self._reader.text(n)) for n in _identifiers(args[1]))
            other = next((each for each in inside if each is not None), None)
        given: Value = Literal(other.address) if other is not None else self._reader.value(args[1])
        if other is current or (other is not None and _knows(other, current)):
            return  # the address that its caller sends users back to
        if key and not isinstance(given, Unknown):
            current.environment.append(EnvEntry(key, given, self._reader.span(call)))

    def _routes(self, proxy: Resource, args: list[Node], call: Node) -> None:
        """Whom a proxy is told of: destinations of its routes."""
        for arg in args:
            for node in _identifiers(arg):
                other = self._variables.get(self._reader.text(node))
                if other is not None and other is not proxy and not other.is_store:
                    self._refer(proxy, other, call)


def hosted(reader: CSharpReader) -> Iterator[Fact]:
    """The workloads and stores of a host's file; nothing for any other file."""
    if HOST.search(reader.content) is None:
        return
    host = Host(reader)
    host.read()
    for each in host.resources.values():
        technology, kind = each.managed
        if technology:
            yield StoreDeclared(each.at, each.name, technology, kind)
            continue
        yield WorkloadDeclared(
            at=each.at,
            name=each.name,
            source="aspire",
            kind="job" if each.ends else "service",
            image=Literal(each.image) if each.image else None,
            build_context=each.folder,
            build_target=each.project,
            environment=tuple(each.environment),
            replicas=each.replicas,
            published=each.published,
            depends_on=tuple(dict.fromkeys(each.waits)),
        )


def _knows(one: Resource, other: Resource) -> bool:
    return any(entry.value == Literal(other.address) for entry in one.environment)


def generated(project: str) -> str:
    """The class that stands for a project in its host: `Shop.Api` is `Projects.Shop_Api`."""
    return "".join(c if c.isalnum() or c == "_" else "_" for c in project)


def _statements(root: Node) -> list[Node]:
    """Statements and variables that are given a value, in the order of the file."""
    found: list[Node] = []
    waiting = [root]
    for _ in range(MAX_NODES):
        if not waiting:
            break
        node = waiting.pop()
        if node.type in STATEMENTS:
            found.append(node)
            if node.type != "variable_declarator":
                continue
        waiting += node.named_children
    return sorted(found, key=lambda node: node.start_byte)


def _identifiers(node: Node) -> Iterator[Node]:
    waiting = [node]
    for _ in range(MAX_NODES // 20):
        if not waiting:
            return
        at = waiting.pop()
        if at.type == "identifier":
            yield at
        waiting += at.named_children
