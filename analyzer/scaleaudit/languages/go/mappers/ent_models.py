"""ent's schemas: structs around `ent.Schema` whose methods list fields, edges and indexes.

Which column an edge is kept in depends on both of its ends; the linker puts them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact
from scaleaudit.languages.go.candidates import call_at
from scaleaudit.languages.go.mappers.links import arguments, name_of
from scaleaudit.languages.go.receivers import fields_of
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.go.reader import GoReader

MARKS = (b"ent.Schema", b"mixin.Schema", b"ent.Mixin")
BUILDER = regex(rb"(?<![\w.])(?:field|edge|index)\s*\.\s*[A-Z]\w*\(")
HELPER = regex(rb"(?<![\w.])([a-z]\w*)\(\s*\"(\w+)\"\s*,\s*(?:\w+\.)?([A-Z]\w*)\.Type\b")
MIXIN = regex(rb"\b(?:\w+\.)?([A-Z]\w*)\{")
TABLE = regex(rb"\bTable:\s*\"(\w+)\"|\bentsql\.Table\(\s*\"(\w+)\"")
KEY = regex(rb"\bfield\.ID\(([^()]*)\)")
WHERE = regex(rb"\bentsql\.IndexWhere\(\s*[\"`]([^\"`]*)[\"`]")
METHOD = regex(rb"\bentsql\.IndexType\(\s*\"(\w+)\"")
TEXT = regex(rb"\"(\w+)\"")
UNKNOWN = "?"  # the other end of an edge whose name is handed in
MAX_LINKS = 30
MAX_ITEMS = 400
TYPES = {
    "String": "VARCHAR", "Text": "TEXT", "Int": "BIGINT", "Int8": "SMALLINT", "Int16": "SMALLINT", "Int32": "INT",
    "Int64": "BIGINT", "Uint": "BIGINT", "Uint8": "SMALLINT", "Uint16": "INT", "Uint32": "BIGINT", "Uint64": "BIGINT",
    "Bool": "BOOLEAN", "Time": "TIMESTAMP", "UUID": "UUID", "Enum": "ENUM", "Float": "DOUBLE", "Float32": "REAL",
    "JSON": "JSON", "Strings": "JSON", "Ints": "JSON", "Floats": "JSON", "Any": "JSON", "Bytes": "BLOB", "Other": "",
}  # fmt: skip
# What the mixins of the library bring.
TIMES = {"Time": ("create_time", "update_time"), "CreateTime": ("create_time",), "UpdateTime": ("update_time",)}  # fmt: skip


class Built(Record, frozen=True):
    """`field.String("name").Unique()`: the package, its function with arguments, what follows."""

    package: str
    name: str
    args: list[Node]
    more: dict[str, list[Node]]
    node: Node


def models(reader: GoReader) -> Iterator[ModelDefined]:
    """The schemas and mixins of the file."""
    if not reader.says(*MARKS):
        return
    for name, spec in reader.structs.items():
        kind = schema_kind(reader, spec)
        if not kind:
            continue
        fields = list(fields_in(reader, reader.declared.get(f"{name}.Fields")))
        bases: list[str] = []
        for mixed, times in mixins(reader, reader.declared.get(f"{name}.Mixin")):
            if times:
                at = reader.span(spec)
                fields.extend(FieldFact(t, t, "TIMESTAMP", False, at=at) for t in times)
            else:
                bases.append(mixed)
        notes = reader.declared.get(f"{name}.Annotations")
        table = TABLE.search(reader.content, notes.start_byte, notes.end_byte) if notes else None
        found = list(indexes_in(reader, reader.declared.get(f"{name}.Indexes")))
        key = KEY.search(reader.content, notes.start_byte, notes.end_byte) if notes else None
        columns = tuple(each.decode() for each in TEXT.findall(key[1])) if key else ()
        if columns:
            found.append(IndexFact(columns, "", True, True, at=reader.span(spec)))
        elif kind == "Schema" and not any(f.primary for f in fields) and not bases:
            fields.insert(0, FieldFact("id", "id", "BIGINT", False, primary=True, auto_increment=True, at=reader.span(spec)))  # fmt: skip
        yield ModelDefined(
            reader.span(spec), name, "ent", table=(table[1] or table[2]).decode() if table else "",
            bases=tuple(bases), abstract=kind == "Mixin", fields=tuple(fields),
            relations=tuple(edges_in(reader, reader.declared.get(f"{name}.Edges"))),
            indexes=tuple(found),
        )  # fmt: skip


def schema_kind(reader: GoReader, spec: Node) -> str:
    """`Schema`, `Mixin`, or nothing, by what the struct embeds."""
    for declaration in fields_of(spec):
        declared = declaration.child_by_field_name("type")
        if declared is None or declaration.child_by_field_name("name") is not None:
            continue
        package, _, name = reader.text(declared).rpartition(".")
        module = reader.imports.get(package, "")
        if name == "Schema" and module.endswith("ent/schema/mixin"):
            return "Mixin"
        if name == "Schema" and module.startswith("entgo.io/ent"):
            return "Schema"
    return ""


def built(reader: GoReader, method: Node | None) -> Iterator[Built]:
    """The chains that begin with `field.`, `edge.` and `index.` in a method, in order."""
    if method is None:
        return
    end = 0
    ranges = BUILDER.finditer(reader.content, method.start_byte, method.end_byte)
    for count, match in enumerate(ranges):
        if match.start() < end or count >= MAX_ITEMS:
            continue
        call = call_at(reader.root, match.end() - 2)
        function = call.child_by_field_name("function") if call is not None else None
        operand = function.child_by_field_name("operand") if function is not None else None
        if call is None or operand is None:
            continue
        more: dict[str, list[Node]] = {}
        at = call
        for at in calls_behind(call):
            if name_of(reader, at) == "From" and "From" not in more:
                yield Built("edge", "To", arguments(reader, call), more, call)
                yield from_end(reader, call, at)
            more[name_of(reader, at)] = arguments(reader, at)
        end = at.end_byte if reader.text(operand) != "edge" else call.end_byte
        if "From" not in more:
            yield Built(
                reader.text(operand), name_of(reader, call), arguments(reader, call), more, call
            )


def calls_behind(call: Node) -> Iterator[Node]:
    """What is called on what a call gives, in order."""
    for _ in range(MAX_LINKS):
        above = call.parent
        outer = above.parent if above is not None else None
        chained = above is not None and above.type == "selector_expression"
        if not chained or outer is None or outer.type != "call_expression":
            return
        call = outer
        yield call


def from_end(reader: GoReader, call: Node, begun: Node) -> Built:
    """The other end of `edge.To("children", Node.Type).From("parent").Unique()`."""
    given = arguments(reader, call)
    more: dict[str, list[Node]] = {"Ref": given[:1]}
    for each in calls_behind(begun):
        more[name_of(reader, each)] = arguments(reader, each)
    return Built("edge", "From", [*arguments(reader, begun)[:1], *given[1:2]], more, begun)


def text(reader: GoReader, nodes: list[Node] | None, position: int = 0) -> str:
    if nodes is None or len(nodes) <= position:
        return ""
    value = reader.value(nodes[position])
    return value.text if isinstance(value, Literal) else ""


def fields_in(reader: GoReader, method: Node | None) -> Iterator[FieldFact]:
    for each in built(reader, method):
        name = text(reader, each.args)
        if each.package != "field" or not name:
            continue
        column = text(reader, each.more.get("StorageKey")) or name
        kind = TYPES.get(each.name, "")
        primary = name == "id"
        yield FieldFact(
            name, column, kind, "Optional" in each.more and not primary, False, "Unique" in each.more and not primary,
            primary, primary and kind in ("BIGINT", "INT"), reader.span(each.node),
        )  # fmt: skip


def edges_in(reader: GoReader, method: Node | None) -> Iterator[RelationFact]:
    for each in built(reader, method):
        name, target = text(reader, each.args), type_named(reader, each.args)
        if each.package != "edge" or each.name not in ("To", "From") or not name or not target:
            continue
        unique, way_in = "Unique" in each.more, each.name == "From"
        columns, table = storage(reader, each.more.get("StorageKey"))
        own = text(reader, each.more.get("Field")) or (columns[0] if columns else "")
        through = type_named(reader, each.more.get("Through")) or table
        ref = (text(reader, each.more.get("Ref")) or UNKNOWN) if way_in else ""
        kind = "belongs-to" if unique else "many-to-many" if way_in else "has-many"
        yield RelationFact(
            name, target, kind, own, ref, through, nullable="Required" not in each.more,
            at=reader.span(each.node), other_column=columns[1] if len(columns) > 1 else "",
        )  # fmt: skip
    if method is None:
        return
    for match in HELPER.finditer(reader.content, method.start_byte, method.end_byte):
        made = reader.content.find(b"edge.To(", method.start_byte, match.start())
        if made >= 0 and b".Unique(" not in reader.content[made : made + 300].partition(b"}\n")[0]:
            leaf = reader.root.descendant_for_byte_range(match.start(), match.end())
            at = reader.span(leaf) if leaf is not None else reader.span(method)
            yield RelationFact(match[2].decode(), match[3].decode(), "has-many", at=at)


def type_named(reader: GoReader, nodes: list[Node] | None) -> str:
    """`Pet` of the argument `Pet.Type`."""
    written = reader.text(nodes[1]) if nodes is not None and len(nodes) > 1 else ""
    return written.removesuffix(".Type").rpartition(".")[2] if written.endswith(".Type") else ""


def storage(reader: GoReader, nodes: list[Node] | None) -> tuple[list[str], str]:
    """`StorageKey(edge.Table("t"), edge.Columns("a", "b"))`."""
    columns: list[str] = []
    table = ""
    for node in nodes or ():
        if node.type != "call_expression":
            continue
        given = arguments(reader, node)
        if name_of(reader, node) in ("Column", "Columns"):
            columns = [text(reader, given, position) for position in range(len(given))]
        elif name_of(reader, node) == "Table":
            table = text(reader, given)
    return (columns if all(columns) else []), table


def indexes_in(reader: GoReader, method: Node | None) -> Iterator[IndexFact]:
    """`index.Fields("a", "b").Edges("owner").Unique()`: fields stand first."""
    for each in built(reader, method):
        if each.package != "index":
            continue
        given = {each.name: each.args} | each.more
        nodes = [*given.get("Fields", ()), *given.get("Edges", ())]
        columns = [text(reader, [node]) for node in nodes]
        if not columns or not all(columns):
            continue
        end = each.node.end_byte + 400
        notes = each.more.get("Annotations")
        start = notes[0].start_byte if notes else end
        stop = notes[-1].end_byte if notes else end
        where = WHERE.search(reader.content, start, stop) if notes else None
        kind = METHOD.search(reader.content, start, stop) if notes else None
        yield IndexFact(
            tuple(columns), text(reader, each.more.get("StorageKey")), "Unique" in each.more,
            where=where[1].decode("utf-8", "replace") if where else "",
            method=kind[1].decode().lower() if kind and kind[1].lower() != b"btree" else "",
            at=reader.span(each.node),
        )  # fmt: skip


def mixins(reader: GoReader, method: Node | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names of mixins; those of the library with the columns that they bring."""
    body = method.child_by_field_name("body") if method is not None else None
    if body is None:
        return
    for match in MIXIN.finditer(reader.content, body.start_byte, body.end_byte):
        name = match[1].decode()
        if name == "Mixin":
            continue
        own = reader.imports.get("mixin", "").endswith("ent/schema/mixin")
        library = own and match[0].startswith(b"mixin.")
        yield name, TIMES.get(name, ()) if library else ()
