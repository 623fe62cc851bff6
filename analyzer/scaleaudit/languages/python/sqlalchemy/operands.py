"""Which column of which class an expression of a query stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.sqlalchemy.meant import (
    NO_PARTS,
    OWN,
    attribute_meant,
    is_class,
    made_of,
    name_meant,
    own_class,
)
from scaleaudit.languages.python.sqlalchemy.syntax import (
    CONSTANTS,
    bare,
    dotted,
    given,
    last_name,
    literal,
    receiver,
)
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_DEPTH = 12
# Methods and functions that leave the column what it is.
PLAIN = frozenset(
    {"label", "asc", "desc", "nullsfirst", "nullslast", "nulls_first", "nulls_last", "of_type",
     "self_group", "foreign", "remote", "distinct", "and_", "get_children", "any_", "all_"}
)  # fmt: skip
AS_VALUES = frozenset(
    {"as_string", "as_integer", "as_float", "as_boolean", "as_numeric", "as_json"}
)
CASTS = frozenset({"cast", "type_coerce", "try_cast"})
DATE_PARTS = frozenset({"year", "month", "day", "hour", "week", "dow", "quarter", "epoch"})
IN_DOCUMENT = "->"  # the function that stands for a key inside a document, which follows
PLAINER = frozenset({"lower", "upper", "trim"})
MAX_NESTED = 3  # functions around each other
EXPRESSION = "expression"  # the function that stands for reckoning with a column
CONSTANT = regex(r"(?:[A-Za-z_]\w*\.)*[A-Z][A-Z0-9_]*(?:\.(?:value|name))?")
MEMBER = regex(r"(?:[A-Za-z_]\w*\.)*[A-Z]\w*\.\w+(?:\.(?:value|name))?")


class Operand(Record, frozen=True):
    """A column in an expression. `model` is the class as written, empty for the class around."""

    model: str
    path: str
    function: str = ""
    alias: str = ""  # the name under which the query has its table a second time
    table: bool = False  # written as a column of a table: nothing else can be meant


def operand(reader: PythonReader, node: Node | None, depth: int = 0) -> Operand | None:
    """The column that an expression holds; None when it holds none that can be told."""
    if node is None or depth > MAX_DEPTH:
        return None
    node = bare(node)
    if node.type in ("identifier", "attribute"):
        written = dotted(reader, node)
        found = named(reader, node, written) if written else inside(reader, node, depth)
        return found or by_local_name(reader, node, depth)
    if node.type == "subscript":
        held = dotted(reader, node.child_by_field_name("value"))
        if held.endswith((".c", ".columns")):
            key = literal(reader, node.child_by_field_name("subscript"))
            return named(reader, node, f"{held}.{key}") if key.isidentifier() else None
        key = literal(reader, node.child_by_field_name("subscript"))
        return inside_document(operand(reader, node.child_by_field_name("value"), depth + 1), key)
    if node.type == "call":
        return of_call(reader, node, depth)
    if node.type == "binary_operator":
        for side in ("left", "right"):
            found = operand(reader, node.child_by_field_name(side), depth + 1)
            if found is not None:
                return wrapped(found, EXPRESSION)
    return None


def by_local_name(reader: PythonReader, node: Node, depth: int) -> Operand | None:
    """`column = Order.created`, then `query.filter(column < limit)`."""
    values = reader.assigned_here(reader.hint(node), node) if node.type == "identifier" else []
    if len(values) != 1 or bare(values[0]).type != "attribute":
        return None
    return operand(reader, values[0], depth + 1)


def inside(reader: PythonReader, node: Node, depth: int) -> Operand | None:
    """`Order.data["x"].astext`, `aliased(User).name`."""
    holder, last = node.child_by_field_name("object"), node.child_by_field_name("attribute")
    if holder is None or last is None:
        return None
    holder = bare(holder)
    name = reader.hint(last)
    if name in ("astext", "comparator", "property"):
        return operand(reader, holder, depth + 1)
    meant = made_of(reader, holder, 0) if holder.type == "call" else None
    return Operand(meant.model, name, alias=reader.hint(holder)) if meant is not None else None


def of_call(reader: PythonReader, call: Node, depth: int) -> Operand | None:
    name, of = last_name(reader, call), receiver(call)
    if name in PLAIN or name in CASTS:
        args = given(call, reader).args
        owner = dotted(reader, of)
        if of is None or (owner and not is_column(reader, of, owner)):
            of = next(iter(args), None)  # `desc(Order.created)`, `sa.cast(Order.created, Date)`
        found = operand(reader, of, depth + 1)
        return wrapped(found, "cast") if name in CASTS else found
    if name == "col" and of is None:  # SQLModel's word to a type checker
        return operand(reader, next(iter(given(call, reader).args), None), depth + 1)
    if name == "extract":
        args = given(call, reader).args
        part = literal(reader, args[0]).lower() if args else ""
        found = operand(reader, args[1], depth + 1) if len(args) > 1 else None
        return wrapped(found, part if part in DATE_PARTS else "extract")
    if of is not None and dotted(reader, of).rpartition(".")[2] in ("func", "fn"):
        for arg in given(call, reader).args:
            found = operand(reader, arg, depth + 1)
            if found is not None:
                return around(found, name.lower())
        return None
    if name in AS_VALUES:
        return operand(reader, of, depth + 1)
    if name in ("op", "collate", "concat"):
        return wrapped(operand(reader, of, depth + 1), EXPRESSION)
    return None


def is_column(reader: PythonReader, node: Node, written: str) -> bool:
    return named(reader, node, written) is not None


def inside_document(found: Operand | None, key: str) -> Operand | None:
    """A key of what the column keeps; `data["a"]["b"]` is the key `a.b`."""
    if found is None or not found.function.startswith(IN_DOCUMENT):
        return wrapped(found, f"{IN_DOCUMENT}{key}")
    function = f"{found.function}.{key}" if key else found.function
    return Operand(found.model, found.path, function, found.alias, found.table)


def wrapped(found: Operand | None, function: str) -> Operand | None:
    if found is None:
        return None
    return Operand(found.model, found.path, found.function or function, found.alias, found.table)


def named(reader: PythonReader, node: Node, written: str) -> Operand | None:
    """`Order.customer_id`, `models.Order.x`, `cls.email`, `orders.c.id`, `parent.name` of an alias."""
    parts = written.split(".")
    if len(parts) < 2:
        return None
    of_table = any(part in ("c", "columns") for part in parts[1:-1])
    if parts[0] in OWN:
        return of_own(reader, node, parts)
    kept = [
        part for at, part in enumerate(parts) if at in (0, len(parts) - 1) or part not in NO_PARTS
    ]
    at = next((i for i in range(len(kept) - 2, -1, -1) if is_class(reader, kept[i], kept[0])), -1)
    head = ".".join(kept[: at + 1]) if at >= 0 else kept[0]
    if at == 0 or (at < 0 and (len(kept) == 2 or of_table)):
        meant = name_meant(reader, node, kept[0])
        if meant is not None:
            path = ".".join(kept[max(at, 0) + 1 :])
            return Operand(meant.model, path, alias=head if meant.again else "", table=of_table)
    if at >= 0:
        return Operand(head, ".".join(kept[at + 1 :]), table=of_table)
    return Operand(kept[-2], kept[-1], table=True) if of_table else None


def of_own(reader: PythonReader, node: Node, parts: list[str]) -> Operand | None:
    """`cls.email`, `cls.author.name`, `self.model.code`; what hangs on `self` else is a value."""
    if parts[:2] == ["self", "__class__"]:
        parts = ["cls", *parts[2:]]
    rest = [part for part in parts[1:] if part not in NO_PARTS]
    if len(rest) > 1:
        meant = attribute_meant(reader, node, rest[0])
        if meant is not None:
            alias = rest[0] if meant.again else ""
            return Operand(meant.model, ".".join(rest[1:]), alias=alias)
    if not rest or (parts[0] == "self" and not in_hybrid(reader, node)):
        return None
    return Operand(own_class(reader, node), ".".join(rest))


def in_hybrid(reader: PythonReader, node: Node) -> bool:
    """Inside a `hybrid_method`, whose `self` is the class where a query calls it."""
    function = reader.function_around(node)
    holder = function.parent if function is not None else None
    return (
        holder is not None
        and holder.type == "decorated_definition"
        and any("hybrid_method" in reader.hint(c) for c in holder.named_children[:-1])
    )


def is_constant(reader: PythonReader, node: Node) -> bool:
    """A literal, an enumeration's member, a constant: one of a few values."""
    node = bare(node)
    if node.type in CONSTANTS:
        return True
    if node.type == "call":
        return last_name(reader, node) in ("true", "false", "null") or (
            last_name(reader, node) in ("text", "literal", "literal_column", "bindparam")
            and all(arg.type in CONSTANTS for arg in given(node, reader).args)
        )
    if node.type in ("list", "tuple", "set"):
        return all(is_constant(reader, child) for child in node.named_children[:20])
    written = dotted(reader, node)
    if not written or written.startswith(("self.", "cls.")):
        return bool(written) and CONSTANT.fullmatch(written.partition(".")[2]) is not None
    return CONSTANT.fullmatch(written) is not None or MEMBER.fullmatch(written) is not None


def around(found: Operand, function: str) -> Operand:
    """`func.upper(func.trim(Order.code))`: what only makes a text plainer is told with what is inside."""
    names = [function, *found.function.split("(")]
    if not found.function or len(names) > MAX_NESTED or not PLAINER.issuperset(names):
        return wrapped(found, function) or found
    return Operand(found.model, found.path, "(".join(names), found.alias, found.table)
