"""How Go spells packages, imports, calls and values."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import ImportFound
from scaleaudit.languages import remote_names
from scaleaudit.languages.callsites import CallSite
from scaleaudit.languages.go import (
    call_arguments,
    constants,
    contract_servers,
    functions,
    goroutines,
    literals,
    named_values,
    plain_servers,
    schema_strings,
    services,
    sql_statements,
    state,
    strings,
    stubs,
    tickers,
)
from scaleaudit.languages.go.candidates import candidates
from scaleaudit.languages.go.frameworks import NAMES_BY_PACKAGE
from scaleaudit.languages.go.graphql_fields import fields_resolved
from scaleaudit.languages.go.mappers import mapped
from scaleaudit.languages.go.packages import is_standard, package_name
from scaleaudit.languages.go.receivers import Receivers
from scaleaudit.languages.go.router_prefixes import GROUP_OF_OWN
from scaleaudit.languages.go.scopes import Scopes
from scaleaudit.languages.go.usages import Usages
from scaleaudit.languages.reader import MAX_NESTING, Reader
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import Fact

MAX_STEPS = 2_000  # expressions followed for one value
VIPER = "github.com/spf13/viper"
CONTEXT_NAME = regex(r"(^|[._])ctx$|^ctx|[a-z]Ctx$|^context\.\w+\(|\.Context\(\)$")
METHOD_FIRST = (b'("GET", "/', b'("POST", "/', b'("PATCH", "/')


class GoReader(Reader):
    REMOTE_NAMES: ClassVar = remote_names.GO
    READS_SQL: ClassVar = True
    FUNCTIONS: ClassVar = frozenset({"function_declaration", "method_declaration", "func_literal"})
    LOOPS: ClassVar = frozenset({"for_statement"})
    STRINGS: ClassVar = frozenset(
        {
            "interpreted_string_literal",
            "raw_string_literal",
            "binary_expression",
            "parenthesized_expression",
        }
    )

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self._struct_nodes: list[Node] | tuple[()] = ()
        self.variables: dict[str, Node] = {}  # of the package: name -> its `var_spec`
        self.constants: dict[str, Node] = {}  # of the package: name -> its value
        self.plain_libraries: dict[str, bool] = {}  # imported names that stand for nothing else
        self.tagged: set[str] = set()  # fields of structs that variables fill: `Config.URL`
        self.receivers = Receivers(self)
        self.scopes = Scopes((), None, content)
        self.usages = Usages(self)
        self._steps = 0  # expressions looked at for the value in hand

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("package", ())[:1]:
            self.namespace = self.text(node)
        self.scopes = Scopes(captures.get("function", ()), self._local_query, self.content)
        self._struct_nodes = captures.get("struct", ())
        yield from self._imports(captures.get("import", ()))
        self._candidates(captures)
        yield from constants.package_level(self, captures)

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        yield from constants.from_environment(self, captures)
        yield from state.state_kept(self)
        yield from goroutines.work_spawned(self)
        yield from tickers.schedules(self)
        yield from services.grpc_services(self, captures)
        yield from stubs.endless_calls(self)
        yield from plain_servers.plain_routes(self)
        yield from contract_servers.contract_routes(self)
        yield from functions.handed_on(self)
        yield from functions.directed(self)
        yield from mapped(self)
        yield from sql_statements.statements(self)
        yield from schema_strings.definitions(self)
        yield from fields_resolved(self)

    def _imports(self, nodes: list[Node] | tuple[()]) -> Iterator[Fact]:
        for node in sorted(nodes, key=lambda node: node.start_byte):
            path, named = node.child_by_field_name("path"), node.child_by_field_name("name")
            if path is None:
                continue
            module = self.text(path).strip('"`')
            alias = self.text(named) if named is not None else ""
            if alias not in ("_", "."):
                name, unversioned = package_name(module)
                self.imports[alias or name] = unversioned
            names = (("*", ""),) if alias == "." else ()
            yield ImportFound(self.span(node), module, names, "" if alias == "." else alias)

    def _candidates(self, captures: dict[str, list[Node]]) -> None:
        """The tables name methods of many packages; only those of imported ones can be meant."""
        allowed: set[str] = set()
        for package in self.imports.values():
            allowed |= NAMES_BY_PACKAGE.get(package, frozenset())
        if any(text in self.content for text in METHOD_FIRST):
            allowed |= {"HandleFunc", "Handle"}  # of routers whose package is the repository's
        if any(text in self.content for text in GROUP_OF_OWN):
            allowed |= NAMES_BY_PACKAGE["net/http"]
        viper = VIPER in self.imports.values() or b"viper." in self.content
        found = candidates(self.content, self.root, allowed, viper=viper)
        captures["call"] = list(not_too_deep(found.calls))
        captures["environment"] = list(not_too_deep(found.environment))
        captures["grpc_service"] = found.services
        captures["tagged"] = found.tagged
        captures["addressed"] = found.addressed

    # -- names

    @cached_property
    def structs(self) -> dict[str, Node]:
        """Name -> its `type_spec`."""
        return {self.definition_name(node): node for node in self._struct_nodes}

    @cached_property
    def declared(self) -> dict[str, Node]:
        """`run`, `Server.run` -> the function."""
        return {self.definition_name(node): node for node in reversed(self.scopes.functions)}

    def definition_name(self, node: Node) -> str:
        named = node.child_by_field_name("name")
        if named is None or node.type != "method_declaration":
            return self.text(named) if named is not None else ""
        return ".".join(part for part in (self.receiver_type(node), self.text(named)) if part)

    def receiver_type(self, method: Node) -> str:
        holder = method.child_by_field_name("receiver")
        for parameter in holder.named_children if holder is not None else ():
            return self.receivers.type_name(parameter.child_by_field_name("type"))
        return ""

    def scope(self, node: Node) -> str:
        function = self.scopes.function(node.start_byte)
        return self.definition_name(function) if function is not None else ""

    def as_written(self, name: str) -> str:
        """A qualified name with the package as this file calls it; empty for the library's own."""
        for here, path in self.imports.items():
            if (
                name.startswith(f"{path}.")
                and not is_standard(path)
                and path not in NAMES_BY_PACKAGE
            ):
                return f"{here}{name[len(path) :]}"
        return ""

    def callee(self, node: Node) -> str:
        function = node.child_by_field_name("function") or node.child_by_field_name("type")
        text = self.text(function) if function is not None else ""
        return text if len(text) <= 200 and "\n" not in text and "(" not in text else "?"

    def named(self, node: Node) -> tuple[str, CallSite | None]:
        if node.type == "composite_literal":
            return self.receivers.type_name(node.child_by_field_name("type")), None
        function = node.child_by_field_name("function")
        if function is None:
            return self.receivers.type_name(node.child_by_field_name("type")), None
        if function.type == "index_expression":
            function = function.child_by_field_name("operand") or function
        found = self.receivers.meaning(function)
        if found.made is not None and found.made.id != node.id:
            return found.name, self._client(found.made)
        return found.name, CallSite("", node, opaque=True) if found.declared else None

    def _client(self, made: Node, depth: int = 0) -> CallSite:
        args, keywords, opaque = self.arguments(made)
        if made.type == "var_spec":  # a zero value
            return CallSite(self.receivers.type_name(made.child_by_field_name("type")), made)
        function = made.child_by_field_name("function")
        found = self.receivers.meaning(function) if function is not None else None
        name = found.name if found is not None else self.named(made)[0]
        if name == "new":
            name = self.receivers.meaning(made).name
        above = None
        if found is not None and found.made is not None and depth < MAX_NESTING:
            above = self._client(found.made, depth + 1)
        return CallSite(name, made, args, keywords, opaque, client=above)

    # -- arguments

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        return call_arguments.given(self, node)

    def is_context(self, node: Node) -> bool:
        if node.end_byte - node.start_byte > 100 or node.type not in (
            "identifier",
            "selector_expression",
            "call_expression",
        ):
            return False
        return CONTEXT_NAME.search(self.text(node)) is not None or (
            node.type == "identifier" and self.receivers.meaning(node).name == "context.Context"
        )

    def each(self, node: Node) -> list[Node]:
        body = node.child_by_field_name("body") if node.type == "composite_literal" else None
        if body is None:
            return [node]
        elements = [each for each in body.named_children if each.type == "literal_element"]
        return [each.named_children[0] for each in elements if each.named_children]

    # -- values

    def value(self, node: Node, depth: int = 0, *, formatting: bool = False) -> Value:
        if depth > MAX_NESTING or self._steps > MAX_STEPS:
            return UNKNOWN
        outermost = not self._steps
        self._steps += 1
        try:
            return self._value(node, depth, formatting=formatting)
        finally:
            if outermost:
                self._steps = 0

    def _value(self, node: Node, depth: int, *, formatting: bool) -> Value:
        match node.type:
            case "interpreted_string_literal" | "raw_string_literal":
                if not formatting and (whole := self._formatted(node)) is not None:
                    return strings.formatted(self, self.arguments(whole)[0], depth)
                return strings.literal_value(self, node)
            case "int_literal":
                return Literal(self.text(node))
            case "binary_expression":
                return strings.sum_value(self, node, depth)
            case "parenthesized_expression" | "unary_expression" if node.named_children:
                return self.value(node.named_children[0], depth + 1)
            case "identifier":
                return named_values.identifier_value(self, node, depth)
            case "selector_expression":
                return named_values.selector_value(self, node, depth)
            case "call_expression":
                return strings.call_value(self, node, depth)
            case "type_conversion_expression":
                operand = node.child_by_field_name("operand")
                return self.value(operand, depth + 1) if operand is not None else UNKNOWN
            case "index_expression" if (entry := literals.entry(self, node, depth)) is not None:
                return entry
            case "composite_literal":
                elements = self.each(node)
                parts = [self.value(each, depth + 1) for each in elements[:20]]
                if parts and elements != [node]:
                    listed = [each for part in parts for each in (Literal(","), part)]
                    return join(*listed[1:])
            case _:
                pass
        return Unknown(self.text(node)[:80])

    def _formatted(self, node: Node) -> Node | None:
        """The `fmt.Sprintf` whose template a literal is."""
        if b"%" not in self.content[node.start_byte : node.end_byte]:
            return None
        above = node.parent
        call = above.parent if above is not None and above.type == "argument_list" else None
        if above is None or call is None or above.named_children[0] != node:
            return None
        function = call.child_by_field_name("function")
        formats = function is not None and strings.FORMATTERS.match(self.text(function))
        return call if formats else None


def not_too_deep(calls: list[Node]) -> Iterator[Node]:
    """Calls inside calls inside calls: beyond some depth it is no program."""
    around: list[int] = []  # where the calls around end
    for node in sorted(calls, key=lambda node: (node.start_byte, -node.end_byte)):
        while around and around[-1] <= node.start_byte:
            around.pop()
        around.append(node.end_byte)
        if len(around) <= MAX_NESTING:
            yield node
