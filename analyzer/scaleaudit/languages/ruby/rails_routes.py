"""The routes of Rails (`config/routes.rb`), with full paths, as its routing guide defines them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from scaleaudit.facts import EndpointServed, ImportFound
from scaleaudit.inflection import camelized, singular
from scaleaudit.inflection import plural as plural_of
from scaleaudit.languages.ruby import rails_mounts
from scaleaudit.languages.ruby.blocks import MAX_DEPTH, VERBS, body_of, calls_in, path_value, words
from scaleaudit.languages.ruby.devise_routes import drawn_by_devise
from scaleaudit.languages.ruby.route_options import (
    PLURAL_ACTIONS,
    SINGULAR_ACTIONS,
    TRANSPARENT,
    handler_text,
    is_true,
    path_option,
    text_option,
)
from scaleaudit.languages.ruby.route_scopes import Scope, below, inner_path, outside, scoped
from scaleaudit.record import Gathering
from scaleaudit.values import Literal, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader

MAX_ROUTES = 10_000  # of one file
MAX_STEPS = 20_000  # statements, those of concerns each time they are used


class Table(Gathering):
    """The routes of one file as they are found."""

    reader: RubyReader
    concerns: dict[str, Node] = msgspec.field(default_factory=dict)
    controllers: dict[str, Node] = msgspec.field(default_factory=dict)
    count: int = 0
    steps: int = 0

    def drawn(self, body: Node | None, scope: Scope, depth: int = 0) -> Iterator[Fact]:
        if depth > MAX_DEPTH:
            return
        for call in calls_in(body):
            self.steps += 1
            if self.count > MAX_ROUTES or self.steps > MAX_STEPS:
                return
            yield from self._statement(call, scope, depth)

    def _statement(self, call: Node, scope: Scope, depth: int) -> Iterator[Fact]:
        name, body = self.reader.method_name(call), body_of(call)
        args, options, _ = self.reader.arguments(call)
        match name:
            case "resources" | "resource":
                for each in args:
                    for written in words(self.reader, each):
                        yield from self._resources(
                            call, written, options, scope, depth, plural=name == "resources"
                        )
            case "namespace":
                for written in words(self.reader, args[0]) if args else ():
                    path = path_option(self.reader, options, written)
                    module = text_option(self.reader, options, "module", written)
                    inner = replace(
                        outside(scope),
                        path=(*inner_path(scope), *path),
                        module=below(scope, module),
                    )
                    yield from self.drawn(body, inner, depth + 1)
            case "scope":
                yield from self.drawn(body, scoped(self.reader, args, options, scope), depth + 1)
            case "member" | "collection" | "new":
                inner = replace(scope, on=name if name != "new" else "collection")
                if name == "new":
                    inner = replace(inner, base=(*scope.base, "new"))
                yield from self.drawn(body, inner, depth + 1)
            case "nested":
                yield from self.drawn(body, scope, depth + 1)
            case "shallow":
                start = scope.shallow if scope.shallow is not None else scope.path
                yield from self.drawn(body, replace(scope, shallow=start), depth + 1)
            case "controller":
                given = words(self.reader, args[0])[:1] if args else []
                inner = replace(scope, controller=given[0] if given else "")
                yield from self.drawn(body, inner, depth + 1)
            case "concern":
                for written in words(self.reader, args[0]) if args else ():
                    if body is not None:
                        self.concerns[written] = body
            case "concerns":
                for each in args:
                    yield from self._concerns(words(self.reader, each), scope, depth)
            case "root":
                handler = handler_text(self.reader, options.get("to")) or (
                    handler_text(self.reader, args[0]) if args else ""
                )
                handler = self._handler(Literal(""), handler, options, scope)
                yield from self._route(call, ("GET",), inner_path(scope), handler)
            case "devise_for":
                yield from drawn_by_devise(self.reader, call, args, options, scope)
                yield from self.drawn(body, scope, depth + 1)
            case "draw":
                yield from rails_mounts.parts(self.reader, call, args, scope)
            case "mount":
                yield from rails_mounts.mounted(self.reader, call, args, options, scope)
            case "match":
                via = [w.upper() for w in words(self.reader, options.get("via"))]
                methods = tuple("*" if w in ("ALL", "ANY") else w for w in via) or ("*",)
                yield from self._verbs(call, methods, args, options, scope)
            case _ if name in VERBS and call.child_by_field_name("receiver") is None:
                yield from self._verbs(call, (VERBS[name],), args, options, scope)
            case _ if body is not None and (name in TRANSPARENT):
                yield from self.drawn(body, scope, depth + 1)
            case _:
                pass

    # -- resources

    def _resources(
        self,
        call: Node,
        name: str,
        options: dict[str, Node],
        scope: Scope,
        depth: int,
        *,
        plural: bool,
    ) -> Iterator[Fact]:
        path = path_option(self.reader, options, name)
        shallow = scope.shallow
        if shallow is None and is_true(options.get("shallow")):
            shallow = scope.path
        base = (*inner_path(scope), *path)
        controller = text_option(
            self.reader, options, "controller", name if plural else plural_of(name)
        )
        module = below(scope, text_option(self.reader, options, "module", ""))
        parameter = text_option(self.reader, options, "param", "id")
        one = singular(name) if plural else name
        # Shallow: one element is found without its parent.
        alone = (*shallow, *path) if shallow is not None and scope.resource else base
        inner = Scope(
            path=base,
            module=module,
            controller=controller,
            resource=name,
            element=f":{parameter}" if plural else "",
            nested=f":{one}_{parameter}" if plural else "",
            base=base,
            shallow=shallow,
        )
        actions = PLURAL_ACTIONS if plural else SINGULAR_ACTIONS
        for action in self._chosen(options, list(actions)):
            methods, end, of_element = actions[action]
            element = (inner.element,) if of_element else ()
            start = alone if of_element else base
            parts = (*start, *element, *((end,) if end else ()))
            handler = f"{below(inner, controller)}#{action}"
            yield from self._route(call, methods, parts, handler)
        if alone != base:
            inner = replace(inner, path=alone)
        named = words(self.reader, options.get("concerns"))
        yield from self._concerns(named, inner, depth)
        yield from self.drawn(body_of(call), inner, depth + 1)

    def _chosen(self, options: dict[str, Node], actions: list[str]) -> list[str]:
        only, without = options.get("only"), options.get("except")
        if only is not None:
            wanted = words(self.reader, only)
            return [action for action in actions if action in wanted]
        if without is not None:
            left_out = words(self.reader, without)
            return [action for action in actions if action not in left_out]
        return actions

    def _concerns(self, names: list[str], scope: Scope, depth: int) -> Iterator[Fact]:
        for name in names:
            if name in self.concerns:
                yield from self.drawn(self.concerns[name], scope, depth + 1)

    # -- single routes

    def _verbs(
        self,
        call: Node,
        methods: tuple[str, ...],
        args: list[Node],
        options: dict[str, Node],
        scope: Scope,
    ) -> Iterator[Fact]:
        """`get "up", to: "health#show"`, `get "up" => "health#show"`, `get :a, :b`."""
        handler = handler_text(self.reader, options.get("to"))
        given = args
        holder = call.child_by_field_name("arguments")
        if not args:
            for pair in holder.named_children if holder is not None else ():
                key = pair.child_by_field_name("key") if pair.type == "pair" else None
                target = pair.child_by_field_name("value") if pair.type == "pair" else None
                if key is not None and key.type in ("string", "simple_symbol", "scope_resolution"):
                    given, handler = [key], handler_text(self.reader, target)
                    break
        on = text_option(self.reader, options, "on", scope.on)
        for each in given:
            for one in self.reader.each(each):
                value = self.reader.value(one)
                if isinstance(value, Unknown):
                    continue
                named = text_option(self.reader, options, "action", "") or handler
                yield from self._route(
                    call,
                    methods,
                    (*self._start(scope, on), value),
                    self._handler(value, named, options, scope),
                )

    def _start(self, scope: Scope, on: str) -> tuple[Value | str, ...]:
        if not scope.resource:
            return scope.path
        if on == "collection":
            return scope.base
        if on == "new":
            return (*scope.base, "new")
        if on == "member":
            return (*scope.path, scope.element) if scope.element else scope.path
        return inner_path(scope)

    def _handler(self, value: Value, handler: str, options: dict[str, Node], scope: Scope) -> str:
        if "#" in handler:
            return below(scope, handler.lstrip("/")) if handler[0] != "/" else handler[1:]
        if handler and handler != "redirect":
            holder = text_option(self.reader, options, "controller", scope.controller)
            plain = handler.isidentifier() and holder
            return below(scope, f"{holder}#{handler}") if plain else handler
        if handler:
            return handler
        text = value.text.strip("/") if isinstance(value, Literal) else ""
        holder = text_option(self.reader, options, "controller", scope.controller)
        if holder and text.isidentifier():
            return below(scope, f"{holder}#{text}")
        first, _, action = text.rpartition("/")
        return below(scope, f"{first}#{action}") if first and action.isidentifier() else ""

    def _route(
        self,
        call: Node,
        methods: tuple[str, ...],
        parts: tuple[Value | str, ...],
        handler: str,
    ) -> Iterator[Fact]:
        controller, mark, _ = handler.partition("#")
        if mark and controller.replace("/", "").replace("_", "").isalnum():
            self.controllers.setdefault(controller, call)
        path = path_value(*parts)
        for method in methods:
            self.count += 1
            yield EndpointServed(self.reader.span(call), method, path, handler)


def drawn(reader: RubyReader) -> Iterator[Fact]:
    """Of `Rails.application.routes.draw do ... end`."""
    table = Table(reader)
    for holder in reader.declared.all():
        for call in holder.calls:
            if reader.method_name(call) in ("draw", "append", "prepend"):
                yield from table.drawn(body_of(call), Scope())
    yield from controllers(table)


def part(reader: RubyReader) -> Iterator[Fact]:
    """Of a file that `draw :name` includes."""
    table = Table(reader)
    yield from table.drawn(reader.root, Scope())
    yield from controllers(table)


def controllers(table: Table) -> Iterator[Fact]:
    """The router loads them by their names."""
    for name, call in table.controllers.items():
        module = camelized(f"{name}_controller")
        yield ImportFound(table.reader.span(call), module, lazy=True)
