"""One JavaScript or TypeScript file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import SettingRead, Timeout, written_with
from scaleaudit.languages import remote_names, table_strings
from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.javascript import (
    bindings,
    callees,
    candidates,
    client_heirs,
    clients_elsewhere,
    constants,
    dev_proxies,
    functions,
    given_routers,
    graphql_fields,
    handlers,
    imports,
    listed_routers,
    mapped_data,
    options,
    scopes,
    settings,
    state,
    statements,
    store_options,
    strings,
    text_parts,
)
from scaleaudit.languages.javascript.asked_paths import asked_paths
from scaleaudit.languages.javascript.declared_calls import declared_calls
from scaleaudit.languages.javascript.made_services import made_services
from scaleaudit.languages.javascript.migrations import migrations, tool_of
from scaleaudit.languages.javascript.nest import kept_clients
from scaleaudit.languages.javascript.nuxt_settings import runtime_settings
from scaleaudit.languages.javascript.plain_servers import plain_servers
from scaleaudit.languages.javascript.route_objects import exported_routes
from scaleaudit.languages.javascript.route_tables import route_tables
from scaleaudit.languages.javascript.text_pieces import parts_of
from scaleaudit.languages.javascript.text_steps import is_followed
from scaleaudit.languages.javascript.trpc import procedures
from scaleaudit.languages.reader import Binding, Reader
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.text_parts import Part
    from scaleaudit.source import Span
    from scaleaudit.values import Value

BROWSER_PACKAGES = regex(
    r"^(react(-dom|-native|-router(-dom)?)?|preact|vue|svelte|solid-js|jquery|lit|swr|zustand|pinia"
    r"|vuex|mobx|redux|backbone|next/(navigation|router|link|image|head)|@angular/(core|common)"
    r"|@tanstack/(react|vue)-query|@reduxjs/toolkit|@ember/.*|ember-data)(/|$)"
)
IN_PAGE = b"/*page*/"  # what stands where the tag of a script in a page was
BROWSER_CODE = regex(
    rb"""^\s*["']use client["']|\b(window|document|localStorage|sessionStorage)\.[a-zA-Z]""", re.M
)


class JavaScriptReader(Reader):
    REMOTE_NAMES: ClassVar = remote_names.SCRIPT
    FUNCTIONS: ClassVar = frozenset(
        {
            "function_declaration",
            "function_expression",
            "arrow_function",
            "method_definition",
            "generator_function",
            "generator_function_declaration",
        }
    )
    CLASSES: ClassVar = frozenset({"class_declaration", "class", "abstract_class_declaration"})
    LOOPS: ClassVar = frozenset(
        {"for_statement", "for_in_statement", "while_statement", "do_statement"}
    )
    STRINGS: ClassVar = frozenset(
        {"string", "template_string", "binary_expression", "parenthesized_expression"}
    )
    OPTION_OBJECTS: ClassVar = frozenset({"object"})

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self.on_demand = local_query
        self.grammar = tree.language
        self.modules: set[str] = set()  # all that the file imports
        self.renamed: dict[str, str] = {}  # `import { Order as Purchase }`: Purchase -> Order
        self.scoped: dict[str, list[tuple[int, int, Binding]]] = {}  # by name, with a byte range
        self.constants: dict[str, Value] = {}  # of module and class level, dotted
        self.declared: dict[str, Node] = {}  # what constants of the module are given
        self.unpacked: dict[str, str] = {}  # `const {url} = config`: url -> config.url
        self.environment: dict[str, Value] = {}  # names taken out of process.env
        self.environment_functions: dict[str, int] = {}  # functions of the file: which argument
        self.environment_objects: set[str] = set()  # validated copies of process.env
        self.declared_settings: dict[str, Setting] = {}  # by convict's dotted keys
        self.settings: dict[str, Span] = {}  # keys read through functions of the file itself
        self.asked: set[str] = set()  # functions whose parameters are (part of) some address
        self.working: set[int] = set()  # ids of the expressions that are being worked out
        self.rebound: dict[str, list[Node]] = {}  # module variables and all they are given
        self.function_locals: dict[int, dict[str, list[Node]]] = {}
        self.function_patterns: dict[int, dict[str, tuple[str, Node]]] = {}
        self.text_parts: dict[int, list[Part]] = {}  # of statements, by the text they begin with
        self.kept_models: dict[tuple[int, str], str] = {}  # by class and what holds the model
        self.methods_of: dict[int, set[str]] = {}  # the names of a class's own methods
        self._browser: bool | None = None

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        statements.collect(self, captures)
        candidates.collect(self, captures)
        yield from imports.found(self, captures)
        candidates.add_renamed(self, captures)
        for nodes in captures.values():
            nodes.sort(key=lambda node: node.start_byte)  # with those that were added
        constants.remember(self, captures)
        bindings.collect(self, captures)
        yield from constants.found(self, captures)

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("env", ()):
            value = settings.environment_read(self, node)
            if isinstance(value, Setting):
                yield SettingRead(self.span(node), value.key, self.scope(node))
        for node in captures.get("env_pattern", ()):
            for _, value in constants.unpacked(self, node):
                yield SettingRead(self.span(node), value.key, self.scope(node))
        for key, span in self.settings.items():
            yield SettingRead(span, key)
        yield from handlers.exported(self, captures)
        yield from given_routers.given_routers(self)
        yield from listed_routers.listed_mounts(self)
        yield from store_options.store_options(self)
        yield from dev_proxies.passed_on(self)
        yield from client_heirs.store_clients(self)
        yield from state.kept(self, captures)
        yield from declared_calls(self)
        yield from procedures(self)
        yield from route_tables(self)
        yield from runtime_settings(self)
        yield from made_services(self)
        yield from exported_routes(self)
        yield from plain_servers(self)
        yield from clients_elsewhere.calls(self)
        yield from asked_paths(self)
        yield from kept_clients(self)
        yield from functions.arguments_given(self)
        yield from written_with(tool_of(self.content), migrations(self))
        yield from mapped_data.found(self)
        if not self.schema_told:
            yield from table_strings.definitions(self, table_strings.IN_SCRIPTS)
        yield from graphql_fields.fields_resolved(self)

    # -- calls

    def callee(self, node: Node) -> str:
        first, *rest = callees.path(self, node) or ["?"]
        return ".".join(["require" if first.startswith(callees.REQUIRED) else first, *rest])

    def named(self, node: Node) -> tuple[str, CallSite | None]:
        return callees.qualified(self, callees.path(self, node), node)

    def qualify(self, dotted: str, node: Node) -> tuple[str, CallSite | None]:
        return callees.qualified(self, dotted.split("."), node)

    def site(self, node: Node) -> CallSite:
        callee, client = self.named(node)
        first = next(iter(callees.path(self, node)), "")
        if client is None and first in self.imports and self._hidden_by_parameter(first, node):
            callee = "?"
        site = CallSite(callee, node, *self.arguments(node), client=client)
        inner = callees.receiver_call(self, node)
        if inner is not None:
            name, made_by = self.named(inner)
            site.client = CallSite(name, inner, *self.arguments(inner), client=made_by)
        return site

    def _hidden_by_parameter(self, name: str, node: Node) -> bool:
        """`function (request) { request(...) }` does not call what the file imports."""
        return callees.binding(self, name, node) is None and scopes.is_parameter(self, name, node)

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        return options.arguments(self, node)

    def each(self, node: Node) -> list[Node]:
        listed = options.literal_of(self, node, "array")
        if listed is None:
            return [node]
        return [each for each in listed.named_children[: options.MAX_MEMBERS] if each.is_named]

    def annotated(self, node: Node) -> Node | None:
        above = node.parent
        if above is None:
            return None
        if above.type == "export_statement":
            return above.child_by_field_name("declaration")
        if above.type != "class_body":
            return above
        beside = node.next_named_sibling
        for _ in range(options.MAX_MEMBERS):
            if beside is None or beside.type not in ("decorator", "comment"):
                break
            beside = beside.next_named_sibling
        return beside

    # -- names and places

    def value(self, node: Node, depth: int = 0) -> Value:
        if depth == 0:
            self.budget = strings.MAX_STEPS
        return strings.value(self, node, depth)

    def statement(self, node: Node) -> Value:
        return text_parts.plain(parts_of(self, node))

    def variants(self, node: Node) -> list[tuple[Node, Value]]:
        return text_parts.options(parts_of(self, node))

    def has_options(self, node: Node) -> bool:
        return text_parts.is_open(parts_of(self, node))

    def follows(self, node: Node) -> bool:
        return is_followed(self, node)

    def local(self, name: str, node: Node) -> Node | None:
        return scopes.local(self, name, node)

    def definition_name(self, node: Node) -> str:
        return scopes.definition_name(self, node)

    def in_loop(self, node: Node) -> bool:
        return scopes.in_loop(self, node)

    def is_async(self, function: Node) -> bool:
        return any(child.type == "async" for child in function.children[:5])

    def described(self, node: Node) -> str:
        """The text, the expression behind a name, and the qualified name of what is called."""
        text = self.text(node)[:400]
        words = [text, self.imports.get(text, "")]
        found: list[Node | None] = [node]
        if node.type in ("identifier", "shorthand_property_identifier"):
            found = [*scopes.all_values(self, text, node), self.declared.get(text)]
            bound = callees.binding(self, text, node)
            found.append(bound.made_by.node if bound is not None and bound.made_by else None)
        for each in found:
            if each is not None:
                words.append(self.text(each)[:400])
                words.append(self.named(each)[0] if each.type in callees.CALLS else "")
        return " ".join(words)

    # -- the world it runs in

    def in_browser(self) -> bool:
        """The file clearly runs in a browser, or in both worlds."""
        if self._browser is None:
            self._browser = self.is_page() or bool(BROWSER_CODE.search(self.content))
        return self._browser

    def is_page(self) -> bool:
        """The file imports what only browsers run."""
        return self.content.lstrip().startswith(IN_PAGE) or any(
            BROWSER_PACKAGES.match(module) for module in self.modules
        )

    def waits(self, timeout: Timeout, target: Value) -> Timeout:
        if timeout in (Timeout.NEVER, Timeout.FINITE):
            first = target.parts[0] if isinstance(target, Join) else target
            # Only a browser can call a path without a host, and it has limits of its own.
            relative = isinstance(first, Literal) and first.text.startswith(("/", "."))
            if relative or self.in_browser():
                return Timeout.UNKNOWN
        return timeout
