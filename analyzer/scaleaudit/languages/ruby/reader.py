"""How Ruby spells calls, arguments and values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from scaleaudit.facts import SettingRead, written_with
from scaleaudit.languages import remote_names
from scaleaudit.languages.loops import as_written, made_one, repeats
from scaleaudit.languages.reader import MAX_NESTING
from scaleaudit.languages.ruby import heredocs, strings
from scaleaudit.languages.ruby.active_record import data_access
from scaleaudit.languages.ruby.blocks_around import BLOCKS
from scaleaudit.languages.ruby.candidates import calls
from scaleaudit.languages.ruby.configuration import configuration
from scaleaudit.languages.ruby.constants import constants
from scaleaudit.languages.ruby.functions import handed_on
from scaleaudit.languages.ruby.graphql import fields_resolved, root_fields
from scaleaudit.languages.ruby.imports import imports
from scaleaudit.languages.ruby.jobs import jobs
from scaleaudit.languages.ruby.rails_migrations import migrations
from scaleaudit.languages.ruby.rails_schema import dumped
from scaleaudit.languages.ruby.receivers import CallReader
from scaleaudit.languages.ruby.routing import routes
from scaleaudit.languages.ruby.sequel_migrations import sequel_migrations
from scaleaudit.languages.ruby.state import state_kept
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, Unknown, Value, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Query, Tree

    from scaleaudit.facts import Fact

ENVIRONMENT = regex(
    rb"\bENV(?:\[[ ]*|\.(?:fetch|key\?|has_key\?|include\?|dig)[ (]+)[\"'](\w{1,120})[\"']"
)
# Their blocks are kept, and run by whoever calls what was made of them.
LATER = frozenset({"define_method", "define_singleton_method", "lambda", "proc"})
# `loop.each_with_index { ... }` tries until it is left; `Maybe(key).map { ... }` is one or none.
NO_LIST = regex(r"loop$|(?:Maybe|Some|Option|Success)\(")
# What gives many items at once: `ids.each_slice(500).sum { |batch| ... }`.
SLICES = frozenset({"each_slice", "in_batches", "in_groups_of", "find_in_batches"})
ITERATIONS = frozenset(
    [
        "each",
        "each_with_index",
        "each_with_object",
        "each_pair",
        "each_cons",
        "each_entry",
        "each_value",
        "each_key",
        "map",
        "flat_map",
        "collect",
        "filter_map",
        "select",
        "reject",
        "filter",
        "find_each",
        "times",
        "upto",
        "downto",
        "step",
        "inject",
        "reduce",
        "sum",
        "group_by",
        "index_by",
        "to_h",
        "partition",
        "each_line",
        "sort_by",
        "min_by",
        "max_by",
        "any?",
        "all?",
        "none?",
        "detect",
        "each_record",
        "each_row",
        "cycle",
    ]
)
LITERALS = frozenset(
    [
        "string",
        "bare_string",
        "heredoc_body",
        "bare_symbol",
        "delimited_symbol",
        "string_array_element",
        "character",
        "subshell_content",
    ]
)


class RubyReader(CallReader):
    REMOTE_NAMES: ClassVar = remote_names.RUBY
    SIGILS: ClassVar = b"@$"
    FUNCTIONS: ClassVar = frozenset({"method", "singleton_method", "lambda"})
    CLASSES: ClassVar = frozenset({"class", "module"})
    LOOPS: ClassVar = frozenset({"for", "while", "until", "while_modifier", "until_modifier"})
    STRINGS: ClassVar = frozenset({"string", "chained_string", "heredoc_body"})
    OPTION_OBJECTS: ClassVar = frozenset({"hash"})

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        self.asked: set[str] = set()  # methods whose parameters are (part of) some address
        self.values_found: dict[int, Value] = {}

    def captured(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        captures["call"] = calls(self)
        yield from imports(self)
        yield from constants(self)

    def finished(self, captures: dict[str, list[Node]]) -> Iterator[Fact]:
        for match in ENVIRONMENT.finditer(self.content) if b"ENV" in self.content else ():
            node = self.leaf_at(match.start())
            if node is not None and node.type == "constant":
                yield SettingRead(self.span(node), match[1].decode(), self.scope(node))
        yield from routes(self)
        yield from jobs(self)
        yield from configuration(self)
        yield from state_kept(self)
        yield from data_access(self)
        yield from written_with("rails", dumped(self))
        yield from written_with("rails", migrations(self))
        yield from written_with("sequel", sequel_migrations(self))
        yield from handed_on(self)
        yield from root_fields(self)
        yield from fields_resolved(self)

    # -- calls

    def in_loop(self, node: Node) -> bool:
        """Inside a loop, or the block of an iteration, of its own method."""
        inner = node
        for above in self.ancestors(node):
            if above.type in self.LOOPS and repeats(self, above, node):
                return True
            if above.type in self.FUNCTIONS:
                return False
            if above.type == "call" and inner.type in BLOCKS:
                name = self.method_name(above)
                if name in LATER:
                    return False
                over = above.child_by_field_name("receiver")
                fixed = over is not None and (
                    NO_LIST.match(self.text(over)) is not None
                    or as_written(self, over)
                    or self.method_name(over) in SLICES
                )
                if name in ITERATIONS and not fixed and not made_one(self, above):
                    return True
            inner = above
        return False

    def chain(self, node: Node) -> str:
        """The dotted name of a chain of calls, by its own words alone."""
        parts: list[str] = []
        at: Node | None = node
        for _ in range(8):
            if at is None or at.type != "call":
                break
            parts.append(self.method_name(at))
            at = at.child_by_field_name("receiver")
        start = self.constant_name(at) if at is not None else ""
        return ".".join([start or "?", *reversed(parts)])

    # -- values

    def value(self, node: Node, depth: int = 0) -> Value:
        if depth > MAX_NESTING:
            return UNKNOWN
        kind = node.type
        if kind in LITERALS:
            return strings.literal_value(self, node, depth)
        match kind:
            case "simple_symbol":
                return Literal(self.text(node)[1:])
            case "hash_key_symbol" | "integer" | "float":
                return Literal(self.text(node))
            case "heredoc_beginning":
                body = heredocs.body_of(self, node)
                return self.value(body, depth + 1) if body is not None else UNKNOWN
            case "chained_string":
                return join(*(self.value(child, depth + 1) for child in node.named_children))
            case "parenthesized_statements" | "body_statement" if len(node.named_children) == 1:
                return self.value(node.named_children[0], depth + 1)
            case "operator_assignment" | "assignment":
                return self.value_or_unknown(node.child_by_field_name("right"))
            case "unary" if node.named_children and node.children[0].type in ("+", "-"):
                return self.value(node.named_children[0], depth + 1)  # `+"..."` may grow
            case "binary":
                return strings.binary(self, node, depth)
            case "identifier" | "instance_variable" | "class_variable" | "global_variable":
                return strings.variable(self, node, depth)
            case "constant" | "scope_resolution":
                return self._constant_value(node)
            case "call":
                return strings.call_value(self, node, depth)
            case "element_reference":
                return strings.subscript(self, node, depth)
            case "array" | "string_array" if 0 < node.named_child_count <= strings.MAX_HOSTS:
                return strings.hosts(self, node, depth)
            case _:
                return Unknown(self.hint(node))

    def _constant_value(self, node: Node) -> Value:
        """A constant by its full name where this file defines it, else as written."""
        name = self.constant_name(node)
        if not name:  # `self.class::URL`
            last = node.child_by_field_name("name")
            name = self.hint(last) if last is not None else ""
        if not name:
            return UNKNOWN
        if name not in self.constants:
            ends = [key for key in self.constants if key.endswith(f".{name}")]
            if len(ends) == 1:
                name = ends[0]
        return Name(name)

    def parameter_default(self, name: str, node: Node) -> Node | None:
        """`def initialize(url: ENV.fetch("X"))`."""
        around = self.function_around(node)
        given = around.child_by_field_name("parameters") if around is not None else None
        for each in given.named_children if given is not None else ():
            if each.type in ("keyword_parameter", "optional_parameter"):
                named = each.child_by_field_name("name")
                if named is not None and self.hint(named) == name:
                    return each.child_by_field_name("value")
        return None

    def is_block_parameter(self, name: str, node: Node) -> bool:
        """Then it stands for an element, which nobody knows."""
        for above in self.ancestors(node):
            if above.type in self.FUNCTIONS:
                given = above.child_by_field_name("parameters")
                plain = given.named_children if given is not None else []
                return any(each.type == "identifier" and self.hint(each) == name for each in plain)
            if above.type in BLOCKS:
                parameters = above.child_by_field_name("parameters")
                inner = parameters.named_children if parameters is not None else []
                if any(self.hint(each) == name for each in inner):
                    return True
        return False

    def statement(self, node: Node) -> Value:
        """With the sums around it; a statement that `sql << ...` goes on with has an unknown rest."""
        whole = node
        for above in self.ancestors(node):
            operator = above.child_by_field_name("operator") if above.type == "binary" else None
            if operator is None or operator.type not in ("+", "<<", "%"):
                break
            whole = above
        value = self.value(whole)
        beginning = self._assigned_name(whole)
        around = self.function_around(node) if beginning else None
        if around is None:
            return value
        return join(value, UNKNOWN) if self.grows(beginning, around) else value

    def grows(self, name: str, around: Node) -> bool:
        """Whether more is put to a text that a variable holds."""
        form = rf"(?<![\w@]){re.escape(name)}\s*(?:<<|\+=|\.concat)"
        return re.search(form, self.text(around)) is not None

    def _assigned_name(self, node: Node) -> str:
        """The variable that a string, or the heredoc of this body, is assigned to."""
        if node.type == "heredoc_body":
            opener = heredocs.opener_of(self, node)
            if opener is None:
                return ""
            node = opener
        for above in self.ancestors(node):
            if above.type == "assignment":
                left = above.child_by_field_name("left")
                return self.hint(left) if left is not None else ""
            if above.type not in ("call", "heredoc_beginning", "unary"):
                return ""
        return ""
