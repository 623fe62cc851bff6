"""How C# spells calls: chains of names, arguments, object initialisers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tree_sitter import QueryCursor

from scaleaudit.languages import remote_names
from scaleaudit.languages.reader import MAX_NESTING, MAX_PENDING, Reader
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from tree_sitter import Node, Query, Tree

WRAPPERS = {"parenthesized_expression", "await_expression", "postfix_unary_expression"}


class Link(Gathering):
    """One step of `a.B(x).C`: its name, and the call or constructor node when it is one."""

    name: str
    node: Node | None = None


class CSharpSyntax(Reader):
    """Calls and their parts; declarations and values are in `reader.py`."""

    REMOTE_NAMES: ClassVar = remote_names.CSHARP
    FUNCTIONS: ClassVar = frozenset(
        {"method_declaration", "constructor_declaration", "local_function_statement"}
    )
    CLASSES: ClassVar = frozenset(
        {
            "class_declaration",
            "record_declaration",
            "struct_declaration",
            "interface_declaration",
        }
    )
    LOOPS: ClassVar = frozenset(
        {"for_statement", "foreach_statement", "while_statement", "do_statement"}
    )
    STRINGS: ClassVar = frozenset(
        {
            "string_literal",
            "verbatim_string_literal",
            "raw_string_literal",
            "interpolated_string_expression",
            "binary_expression",
            "parenthesized_expression",
        }
    )
    CALLS: ClassVar = frozenset(
        {
            "invocation_expression",
            "object_creation_expression",
            "implicit_object_creation_expression",
        }
    )

    def __init__(self, content: bytes, tree: Tree, local_query: Query | None) -> None:
        super().__init__(content, tree, local_query)
        # `Outer.Inner.Field`: where it is declared, and its value
        self.fields: dict[str, tuple[Node, Node]] = {}
        self.members: dict[int, dict[str, list[Node]]] = {}  # by class: filled when asked for
        self.declared: dict[str, str] = {}  # names and their types: filled when asked for

    def local(self, name: str, node: Node) -> Node | None:
        """Also of the functions around a local one, and of the statements of a program."""
        found = super().local(name, node)
        if found is not None or self._local_query is None or self.class_around(node) is not None:
            return found
        known = self._locals.get(self.root.id)
        if known is None:
            known = self._locals[self.root.id] = {}
            for _, match in QueryCursor(self._local_query, match_limit=MAX_PENDING).matches(
                self.root
            ):
                if "name" in match and "value" in match:
                    known.setdefault(self.text(match["name"][0]), []).append(match["value"][0])
        values = known.get(name, ())
        inside = len(values) == 1 and values[0].start_byte <= node.start_byte < values[0].end_byte
        return values[0] if len(values) == 1 and not inside else None

    def plain(self, node: Node) -> str:
        """A name without its type arguments and qualifiers: `Shop.Client<T>` is `Client`."""
        if node.type == "nullable_type" and node.named_children:
            node = node.named_children[0]
        if node.type == "generic_name" and node.named_children:
            node = node.named_children[0]
        return self.text(node).rpartition(".")[2]

    def chain(self, node: Node) -> list[Link]:
        """The steps of a call, the outermost receiver first; `?` for what is no name."""
        links: list[Link] = []
        at: Node | None = node
        call: Node | None = None
        for _ in range(MAX_NESTING):
            if at is None:
                break
            kind = at.type
            if kind == "invocation_expression":
                call, at = at, at.child_by_field_name("function")
            elif kind in ("member_access_expression", "member_binding_expression"):
                name = at.child_by_field_name("name")
                links.append(Link(self.plain(name) if name is not None else "?", call))
                call, at = None, at.child_by_field_name("expression")
            elif kind == "conditional_access_expression":
                tail = self.chain(at.named_children[-1]) if at.named_children else []
                if tail and call is not None:
                    tail[-1].node = call
                links.extend(reversed(tail))
                call, at = None, at.child_by_field_name("condition")
            elif kind == "object_creation_expression":
                made = at.child_by_field_name("type")
                links.append(Link(self.plain(made) if made is not None else "?", at))
                break
            elif kind in ("identifier", "generic_name", "predefined_type"):
                links.append(Link(self.plain(at), call))
                break
            elif kind in WRAPPERS and at.named_children:
                at = at.named_children[0]
            else:
                links.append(Link("this" if kind in ("this", "this_expression") else "?", call))
                break
        links.reverse()
        return links

    def callee(self, node: Node) -> str:
        if node.type == "attribute":
            name = node.child_by_field_name("name")
            return self.plain(name).removesuffix("Attribute") if name is not None else ""
        return ".".join(link.name for link in self.chain(node))

    def _given(self, node: Node) -> list[Node]:
        holder = node.child_by_field_name("arguments")
        if holder is None:
            kinds = ("argument_list", "attribute_argument_list", "bracketed_argument_list")
            holder = next((c for c in node.named_children if c.type in kinds), None)
        children = holder.named_children if holder is not None else []
        return [c for c in children if c.type.endswith("argument") and c.named_children]

    def arguments_of(self, node: Node) -> list[Node]:
        """The arguments as they stand, named ones too."""
        return [each.named_children[-1] for each in self._given(node)]

    def arguments(self, node: Node) -> tuple[list[Node], dict[str, Node], bool]:
        """Keywords are named arguments, members of an initialiser, and what a lambda assigns."""
        args: list[Node] = []
        keywords: dict[str, Node] = {}
        for each in self._given(node):
            named = each.child_by_field_name("name")
            value = each.named_children[-1]
            if named is not None and named.id != value.id:
                keywords[self.text(named)] = value
            else:
                args.append(value)
        initializer = node.child_by_field_name("initializer")
        for member in initializer.named_children if initializer is not None else ():
            self._assigned(member, keywords)
        for arg in args:
            if arg.type == "lambda_expression":
                self._configured(arg, keywords)
        return args, keywords, False

    def _configured(self, function: Node, keywords: dict[str, Node]) -> None:
        """`o => { o.BaseAddress = x; }` and `o => o.BaseAddress = x`."""
        body = function.child_by_field_name("body")
        statements = [body] if body is not None and body.type != "block" else []
        if body is not None and body.type == "block":
            statements = [c.named_children[0] for c in body.named_children
                          if c.type == "expression_statement" and c.named_children]  # fmt: skip
        for each in statements:
            self._assigned(each, keywords)

    def _assigned(self, node: Node, keywords: dict[str, Node]) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if node.type == "assignment_expression" and left is not None and right is not None:
            keywords.setdefault(self.text(left).rpartition(".")[2], right)

    def annotated(self, node: Node) -> Node | None:
        above = node.parent
        return above.parent if above is not None and above.type == "attribute_list" else None

    def is_async(self, function: Node) -> bool:
        return any(c.type == "modifier" and self.text(c) == "async" for c in function.children[:6])

    def base_names(self, node: Node) -> list[Node]:
        """The types that a class extends or implements."""
        bases = next((c for c in node.named_children if c.type == "base_list"), None)
        return list(bases.named_children) if bases is not None else []
