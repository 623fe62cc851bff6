"""What an expression stands for: a package, a type of a known package, a struct of this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.go.frameworks.returned_types import FLUENT, RETURNS, VARIABLES
from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

MAX_DEPTH = 40  # expressions and definitions followed for one receiver


class Meaning(Record, frozen=True):
    """`name` is dotted and qualified: `net/http.Client`, `Server.client`, `?`.

    `made` is the call or literal that made the object, `declared` says that its type alone is
    known: from a parameter or a field that another file fills.
    """

    name: str
    made: Node | None = None
    declared: bool = False


UNCLEAR = Meaning("?")
WRAPPERS = ("parenthesized_expression", "unary_expression")


class Receivers:
    """Follows names through the definitions of one file."""

    def __init__(self, reader: GoReader) -> None:
        self._reader = reader
        self._known: dict[int, Meaning] = {}
        self._following: set[int] = set()
        self._fields: dict[tuple[str, str], tuple[Node, ...]] = {}

    def meaning(self, node: Node, depth: int = 0) -> Meaning:
        known = self._known.get(node.id)
        if known is not None:
            return known
        if depth > MAX_DEPTH or node.id in self._following:
            return UNCLEAR
        self._following.add(node.id)
        try:
            found = self._meaning(node, depth)
        finally:
            self._following.discard(node.id)
        self._known[node.id] = found
        return found

    def _meaning(self, node: Node, depth: int) -> Meaning:
        kind = node.type
        if kind == "identifier":
            return self._identifier(node, depth)
        if kind == "selector_expression":
            operand = node.child_by_field_name("operand")
            field = node.child_by_field_name("field")
            if operand is None or field is None:
                return UNCLEAR
            return self.member(self.meaning(operand, depth + 1), self._reader.text(field), depth)
        if kind == "call_expression":
            return self._call(node, depth)
        if kind == "composite_literal":
            return Meaning(self.type_name(node.child_by_field_name("type")), node)
        if kind in WRAPPERS:
            inner = node.child_by_field_name("operand")
            if inner is None and node.named_children:
                inner = node.named_children[0]
            return self.meaning(inner, depth + 1) if inner is not None else UNCLEAR
        if kind == "type_assertion_expression":
            return Meaning(self.type_name(node.child_by_field_name("type")), declared=True)
        if kind in ("qualified_type", "pointer_type", "type_identifier", "generic_type"):
            return Meaning(self.type_name(node), declared=True)
        return UNCLEAR

    def _identifier(self, node: Node, depth: int) -> Meaning:
        reader = self._reader
        name = reader.text(node)
        reaching = reader.scopes.reaching(name, node)
        if reaching:
            # Of several branches any may tell: `var c *http.Client; if x { c = ... }`.
            sure = reaching[0]
            if sure.type is not None:
                made = sure.value if sure.value is not None and not reaching[1:] else None
                zero = sure.node if not sure.parameter and sure.value is None else None
                if sure.type.type == "pointer_type" or reaching[1:]:
                    zero = None
                return Meaning(
                    self.type_name(sure.type),
                    self.maker(made, depth) if made is not None else zero,
                    declared=made is None and zero is None,
                )
            if sure.adds or sure.value is None or sure.index > 0:
                return UNCLEAR
            found = self.meaning(sure.value, depth + 1)
            return found if len(reaching) == 1 else Meaning(found.name, declared=True)
        variable = reader.variables.get(name)
        if variable is not None:
            return self._variable(name, variable, depth)
        if name in reader.imports:
            return Meaning(reader.imports[name])
        return Meaning(name)

    def _variable(self, name: str, variable: Node, depth: int) -> Meaning:
        """A variable of the package: by its type, its value, or the one place that sets it."""
        declared = variable.child_by_field_name("type")
        value = variable.child_by_field_name("value")
        if value is not None and value.named_child_count == 1:
            found = self.meaning(value.named_children[0], depth + 1)
            return found if declared is None else Meaning(self.type_name(declared), found.made)
        places = self._reader.usages.assignments(name)
        if declared is not None:
            made = self.maker(places[0], depth) if len(places) == 1 else None
            return Meaning(self.type_name(declared), made, declared=made is None)
        return UNCLEAR

    def maker(self, node: Node, depth: int) -> Node | None:
        """The call or literal behind an expression, through names and `&`."""
        return self.meaning(node, depth + 1).made

    def _call(self, node: Node, depth: int) -> Meaning:
        function = node.child_by_field_name("function")
        if function is None:
            return UNCLEAR
        if function.type == "index_expression":  # f[T](...)
            function = function.child_by_field_name("operand") or function
        if function.type == "identifier" and self._reader.text(function) == "new":
            arguments = node.child_by_field_name("arguments")
            first = arguments.named_children[:1] if arguments is not None else []
            return Meaning(self.type_name(first[0]), node) if first else UNCLEAR
        called = self.meaning(function, depth + 1)
        if called.name in RETURNS:
            return Meaning(RETURNS[called.name], node)
        own = self._reader.declared.get(called.name)
        if own is not None:
            return Meaning(self._result(own), node, declared=True)
        holder = called.name.rpartition(".")[0]
        if holder in FLUENT:
            return Meaning(holder, called.made, called.declared)
        return Meaning(called.name, node)

    def _result(self, function: Node) -> str:
        result = function.child_by_field_name("result")
        if result is not None and result.type == "parameter_list":
            first = result.named_children[0] if result.named_children else None
            result = first.child_by_field_name("type") if first is not None else None
        return self.type_name(result)

    # -- types and fields

    def type_name(self, node: Node | None) -> str:
        """`*http.Client` as `net/http.Client`; empty for maps, slices and the like."""
        for _ in range(8):
            if node is None:
                return ""
            if node.type == "qualified_type":
                package, name = (
                    node.child_by_field_name("package"),
                    node.child_by_field_name("name"),
                )
                if package is None or name is None:
                    return ""
                here = self._reader.text(package)
                full = f"{self._reader.imports.get(here, here)}.{self._reader.text(name)}"
                return RETURNS.get(full, full)
            if node.type in ("type_identifier", "identifier"):
                return self._reader.text(node)
            if node.type == "selector_expression":
                found = self.meaning(node).name
                return RETURNS.get(found, found)
            if node.type == "generic_type":
                node = node.child_by_field_name("type")
            elif node.type in ("pointer_type", "parenthesized_type"):
                node = node.named_children[0] if node.named_children else None
            else:
                return ""
        return ""

    def member(self, of: Meaning, field: str, depth: int = 0) -> Meaning:
        struct = self._reader.structs.get(of.name)
        if struct is None:
            full = f"{of.name}.{field}"
            if full in VARIABLES:
                return Meaning(VARIABLES[full])
            return Meaning(full, of.made, of.declared)
        embedded: list[Node] = []
        for declaration in fields_of(struct):
            declared = declaration.child_by_field_name("type")
            names = declaration.children_by_field_name("name")
            if any(self._reader.text(name) == field for name in names):
                return self._field(of.name, field, declared, depth)
            if not names and declared is not None:
                if self.type_name(declared).rpartition(".")[2] == field:
                    return Meaning(self.type_name(declared), declared=True)
                embedded.append(declared)
        if f"{of.name}.{field}" not in self._reader.declared and depth < MAX_DEPTH:
            for declared in embedded:
                inner = Meaning(self.type_name(declared), declared=True)
                if inner.name in self._reader.structs or "." in inner.name:
                    return self.member(inner, field, depth + 10)
        return Meaning(f"{of.name}.{field}")

    def _field(self, owner: str, field: str, declared: Node | None, depth: int) -> Meaning:
        name = self.type_name(declared)
        values = self.field_values(owner, field) if "." in name else ()
        makers = [self.maker(value, depth) for value in values]
        made = makers[0] if len(makers) == 1 else None
        return Meaning(name or f"{owner}.{field}", made, declared=made is None)

    def field_values(self, owner: str, field: str) -> tuple[Node, ...]:
        """What this file puts into a field: `Owner{field: x}` and `o.field = x`."""
        key = (owner, field)
        known = self._fields.get(key)
        if known is None:
            self._fields[key] = ()  # a field that is made of itself ends here
            known = self._fields[key] = tuple(self._field_values(owner, field))
        return known

    def _field_values(self, owner: str, field: str) -> Iterator[Node]:
        reader = self._reader
        for offset in reader.usages.places(field, rb"\s{0,40}:(?!=)"):
            node = reader.root.descendant_for_byte_range(offset, offset + 1)
            element = node.parent.parent if node is not None and node.parent is not None else None
            if element is None or element.type != "keyed_element":
                continue
            body = element.parent
            literal = body.parent if body is not None else None
            if literal is None or literal.type != "composite_literal":
                continue
            value = element.child_by_field_name("value")
            built = self.type_name(literal.child_by_field_name("type"))
            if built == owner and value is not None and value.named_children:
                yield value.named_children[0]
        for offset in reader.usages.places(field, rb"\s*=(?!=)", rb"\."):
            node = reader.root.descendant_for_byte_range(offset, offset + 1)
            selector = node.parent if node is not None else None
            operand = selector.child_by_field_name("operand") if selector is not None else None
            if operand is None or self.meaning(operand).name != owner:
                continue
            yield from assigned_to(selector)


def fields_of(struct: Node) -> Iterable[Node]:
    """The field declarations of a `type_spec` of a struct."""
    body = struct.child_by_field_name("type")
    for part in body.named_children if body is not None else ():
        if part.type == "field_declaration_list":
            return [each for each in part.named_children if each.type == "field_declaration"]
    return ()


def assigned_to(target: Node | None) -> Iterator[Node]:
    """The value that an assignment gives to `target`, one of its left sides."""
    left = target.parent if target is not None else None
    statement = left.parent if left is not None else None
    if target is None or left is None or statement is None:
        return
    right = statement.child_by_field_name("right")
    if right is None or statement.type not in ("assignment_statement", "short_var_declaration"):
        return
    if statement.child_by_field_name("left") != left:
        return
    position = next((at for at, each in enumerate(left.named_children) if each == target), 0)
    values = right.named_children
    if len(values) == len(left.named_children):
        yield values[position]
    elif values and position == 0:
        yield values[0]
