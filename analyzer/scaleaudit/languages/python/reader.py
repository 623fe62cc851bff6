"""How Python spells imports, bindings, calls and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import SettingRead
from scaleaudit.languages import remote_names, table_strings
from scaleaudit.languages.python import statement_pieces, strings
from scaleaudit.languages.python.bindings import DOTTED, MAX_NAME, Assignment, NameReader
from scaleaudit.languages.python.constants import constants
from scaleaudit.languages.python.django import django_facts
from scaleaudit.languages.python.functions import arguments_given
from scaleaudit.languages.python.generic_searches import generic_searches
from scaleaudit.languages.python.graphql import fields_resolved, root_fields
from scaleaudit.languages.python.handler_classes import handler_classes
from scaleaudit.languages.python.handler_tuples import handler_tuples
from scaleaudit.languages.python.imports import imported
from scaleaudit.languages.python.remote_stubs import remote_stubs
from scaleaudit.languages.python.route_lists import route_lists
from scaleaudit.languages.python.router_names import router_names
from scaleaudit.languages.python.settings_classes import settings_classes
from scaleaudit.languages.python.settings_modules import settings_modules
from scaleaudit.languages.python.small_mappers import asked_models
from scaleaudit.languages.python.sqlalchemy import mapped
from scaleaudit.languages.python.state import state_kept
from scaleaudit.languages.python.text_calls import call_value
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite

OPTION_NAMES = frozenset({"conf", "config", "configuration", "options", "settings", "params"})
# `if os.environ.get("REDIS_URL"): CACHES = {...}`: what stands there may be bound, or not.
BRANCHES = frozenset(
    {
        "if_statement",
        "else_clause",
        "elif_clause",
        "try_statement",
        "except_clause",
        "with_statement",
        "block",
    }
)
MAX_BRANCHES = 8
# `from a.b import c as d, e`, in parentheses or not, without comments or continuations
ENVIRON = regex(rb"\benviron\[")
LISTS = frozenset({"list", "tuple", "set"})


class PythonReader(NameReader):
    REMOTE_NAMES: ClassVar = remote_names.PYTHON
    FUNCTIONS: ClassVar = frozenset({"function_definition", "lambda"})
    CLASSES: ClassVar = frozenset({"class_definition"})
    LOOPS: ClassVar = frozenset(
        {
            "for_statement",
            "while_statement",
            "list_comprehension",
            "set_comprehension",
            "dictionary_comprehension",
            "generator_expression",
        }
    )
    STRINGS: ClassVar = frozenset(
        {"string", "concatenated_string", "binary_operator", "parenthesized_expression"}
    )
    OPTION_OBJECTS: ClassVar = frozenset({"dictionary"})

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for node in captures.get("import", ()):
            yield from imported(self, node)
        self._see_assignments(captures.get("class", ()))
        for node in captures.get("binding", ()):
            self.bind(node)
        for node in captures.get("parameter", ()):
            self.bind_parameter(node)
        content = self.content
        if b".mount(" in content or b".request =" in content or b".send =" in content:
            self.see_wrapped_clients()
        yield from constants(self, captures)

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        self.commanded = b"sys.argv" in self.content
        for node in self.nodes(ENVIRON, "subscript", b"environ["):
            key = node.child_by_field_name("subscript")
            value = self.value(key) if key is not None else UNKNOWN
            if isinstance(value, Literal):
                yield SettingRead(self.span(node), value.text, self.scope(node))
        yield from settings_classes(self)
        yield from settings_modules(self)
        yield from route_lists(self)
        yield from handler_tuples(self)
        yield from router_names(self)
        yield from remote_stubs(self)
        classes = captures.get("class", ())
        yield from handler_classes(self, classes)
        yield from root_fields(self, classes)
        yield from fields_resolved(self)
        yield from django_facts(self, classes)
        if not self.asks_nothing:
            yield from mapped(self, classes)
            yield from asked_models(self, classes)
            yield from generic_searches(self, classes)
        if not self.schema_told:
            yield from table_strings.definitions(self, table_strings.IN_PYTHON)
        yield from state_kept(self)
        yield from arguments_given(self)

    def _see_assignments(self, classes: Sequence[Node]) -> None:
        """What stands directly in the module and in its classes; a walk, cheaper than a query."""
        self._assignments_in(self.root, "", 0)
        for node in classes:
            body = node.child_by_field_name("body")
            if body is not None:
                self._assignments_in(body, self.definition_name(node), 0)

    def _assignments_in(self, block: Node, owner: str, depth: int) -> None:
        for statement in block.named_children:
            if statement.type != "expression_statement":
                if statement.type in BRANCHES and depth < MAX_BRANCHES:
                    self._assignments_in(statement, owner, depth + 1)
                continue
            node = statement.children[0]
            if node.type != "assignment":
                continue
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None or left.type != "identifier":
                continue
            name = self.text(left)
            self.assignments.append(Assignment(owner, name, right, node, depth > 0))
            if not owner and (depth == 0 or name not in self.module_values):
                self.module_values[name] = right

    # -- imports and bindings

    # -- expressions

    def callee(self, node: Node) -> str:
        at: Node | None = node.named_children[0] if node.type == "decorator" else node
        if at is not None and at.type == "call":
            at = at.child_by_field_name("function")
        if at is None:
            return "?"
        if at.end_byte - at.start_byte <= MAX_NAME and DOTTED.fullmatch(text := self.text(at)):
            return text
        parts: list[str] = []
        for _ in range(MAX_NESTING):
            if at is None:
                break
            if at.type == "call":
                at = at.child_by_field_name("function")
            elif at.type == "attribute":
                name = at.child_by_field_name("attribute")
                parts.append(self.text(name) if name else "?")
                at = at.child_by_field_name("object")
            elif (
                at.type == "parenthesized_expression" and at.named_children
            ) or at.type == "await":
                at = at.named_children[0]
            else:
                parts.append(self.text(at) if at.type == "identifier" else "?")
                break
        return ".".join(reversed(parts))

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        if node.type == "decorator":
            node = node.named_children[0]
        holder = node.child_by_field_name("arguments")
        args: list[Node] = []
        keywords: dict[str, Node] = {}
        opaque = False
        if holder is not None and holder.type == "generator_expression":
            return [holder], keywords, opaque
        for child in holder.named_children if holder is not None else ():
            if child.type == "keyword_argument":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None and value is not None:
                    keywords[self.text(name)] = value
            elif child.type == "dictionary_splat" and child.named_children:
                keywords = self._options(child.named_children[0], ()) | keywords
                opaque = True
            elif child.type == "list_splat":
                opaque = True
            elif child.type != "comment":
                args.append(child)
        if args:
            keywords.update(self._options(args[0]))
        return args, keywords, opaque

    def _options(self, node: Node, names: Collection[str] = OPTION_NAMES) -> dict[str, Node]:
        """The members of a first argument that is a dictionary: `Producer({"acks": "all"})`.

        One that stands behind a name counts when it has one of `names`; all do when there are none.
        """
        written: Node | None = node
        if node.type == "identifier" and node.end_byte - node.start_byte <= MAX_NAME:
            name = self.text(node)
            if not names or name.lower() in names:
                written = self.local(name, node) or self.module_values.get(name)
        return self.members(written) if written is not None else {}

    def members(self, node: Node) -> dict[str, Node]:
        """The literal string keys of a dictionary with their values."""
        found: dict[str, Node] = {}
        if node.type == "call" and self.callee(node) == "dict":
            return self.arguments(node)[1]
        for pair in node.named_children if node.type == "dictionary" else ():
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is not None and value is not None and key.type == "string":
                found[self.text(key).strip("\"'")] = value
        return found

    def member_of(self, site: CallSite, keyword: str, key: str) -> Node | None:
        given = site.keywords.get(keyword)
        if given is None or key.encode() not in self.content:
            return None
        if given.type == "identifier":
            name = self.text(given)
            given = self.local(name, given) or self.module_values.get(name)
        return self.members(given).get(key) if given is not None else None

    def each(self, node: Node) -> list[Node]:
        if node.type in LISTS:
            return [child for child in node.named_children if child.type != "comment"]
        return [node]

    def with_own_texts(self, value: Value) -> Value:
        return strings.with_own_texts(self, value)

    def value(self, node: Node, depth: int = 0) -> Value:
        if depth > MAX_NESTING:
            return UNKNOWN
        match node.type:
            case "string":
                return strings.string_value(self, node, depth)
            case "concatenated_string":
                written = (child for child in node.named_children if child.type != "comment")
                return join(*(self.value(child, depth + 1) for child in written))
            case "parenthesized_expression" | "await":
                inner = next((c for c in node.named_children if c.type != "comment"), None)
                return UNKNOWN if inner is None else self.value(inner, depth + 1)
            case "binary_operator":
                return strings.binary(self, node, depth)
            case "boolean_operator":
                return strings.either(self, node, depth)
            case "conditional_expression":
                return strings.conditional(self, node, depth)
            case "identifier" | "attribute":
                return strings.name_value(self, node, depth)
            case "call":
                return call_value(self, node, depth)
            case "subscript":
                return strings.subscript(self, node, depth)
            case "integer":
                return Literal(self.hint(node))
            case "list" | "tuple" if 0 < node.named_child_count <= strings.MAX_HOSTS:
                return strings.hosts(self, node, depth)
            case _:
                return Unknown(self.hint(node))

    def statement(self, node: Node) -> Value:
        return statement_pieces.statement(self, node)

    def variants(self, node: Node) -> list[tuple[Node, Value]]:
        return statement_pieces.variants(self, node)
