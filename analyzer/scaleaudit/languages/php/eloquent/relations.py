"""Methods of a model that declare relations: `return $this->hasMany(Line::class)->orderBy("no");`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import RelationFact
from scaleaudit.inflection import plural, underscored
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php.names import chain
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

DECLARES = regex(
    rb"\$this\s*->\s*(hasMany|hasOne|belongsToMany|belongsTo|hasManyThrough|hasOneThrough|morphMany"
    rb"|morphOne|morphTo|morphToMany|morphedByMany)\s*\("
)
MAX_RELATIONS = 300  # of one file
OWN = frozenset({"self", "static"})


class Declared(Gathering):
    """One call that declares a relation."""

    reader: PhpReader
    owner: str  # the short name of the class around
    known_owner: bool  # not a trait nor an abstract class, whose heirs give the names
    method: str
    call: Node
    links: list[Link]  # those behind it
    top: Node

    def text(self, position: int, keyword: str) -> str:
        args, keywords, _ = self.reader.arguments(self.call)
        node = keywords.get(keyword) or (args[position] if position < len(args) else None)
        value = self.reader.value(node) if node is not None else None
        return value.text if isinstance(value, Literal) and value.text.isidentifier() else ""

    def target(self, position: int = 0) -> str:
        args, keywords, _ = self.reader.arguments(self.call)
        node = args[position] if position < len(args) else keywords.get("related")
        return class_of(self.reader, node, self.owner) if node is not None else ""

    def key_of(self, name: str) -> str:
        return f"{underscored(name.rpartition('.')[2])}_id"

    @property
    def own_key(self) -> str:
        return self.key_of(self.owner) if self.known_owner else ""


def class_of(reader: PhpReader, node: Node, owner: str) -> str:
    """`Line::class`, `'App\\Line'` as `App.Line`; empty when the source does not say."""
    text = reader.text(node)[:200]
    if node.type == "class_constant_access_expression" and text.endswith("::class"):
        written = text.removesuffix("::class").lstrip("\\").replace("\\", ".")
        return owner if written in OWN else written if written[:1].isalpha() else ""
    value = reader.value(node) if node.type in ("string", "encapsed_string") else None
    written = value.text.strip("\\").replace("\\", ".") if isinstance(value, Literal) else ""
    return written if written.replace(".", "").isidentifier() else ""


def declared(reader: PhpReader, owners: dict[int, tuple[str, bool]]) -> Iterator[Declared]:
    """The relations of all classes of the file; `owners`: class nodes by id, name and certainty."""
    for _, match in zip(range(MAX_RELATIONS), DECLARES.finditer(reader.content), strict=False):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        call = leaf.parent if leaf is not None else None
        if call is None or call.type != "member_call_expression":
            continue
        own, method = reader.class_around(call), reader.function_around(call)
        if own is None or method is None or method.type != "method_declaration":
            continue
        owner = owners.get(own.id)
        if owner is None:
            continue
        top = call
        for above in reader.ancestors(call):
            if above.type != "member_call_expression" or above.child_by_field_name("object") != top:
                break
            top = above
        links = chain(reader, top)[1]
        position = next((i for i, link in enumerate(links) if link.call == call), 0)
        name = reader.definition_name(method)
        yield Declared(reader, *owner, name, call, links[position + 1 :], top)


def relations(found: Declared) -> Iterator[RelationFact]:
    """What one call declares; for relations over another table, that to it as well."""
    kind = reader_name(found)
    at = found.reader.span(found.call)
    name, target = found.method, found.target()
    if kind == "morphTo":
        base = found.text(0, "name") or underscored(name)
        column, sort = found.text(2, "id") or f"{base}_id", found.text(1, "type") or f"{base}_type"
        yield RelationFact(
            name, "", "belongs-to", column, discriminator=sort, at=at, constrained=False
        )
    elif not target:
        return
    elif kind == "belongsTo":
        column = found.text(1, "foreignKey") or f"{underscored(name)}_id"
        yield RelationFact(name, target, "belongs-to", column, at=at, constrained=False)
    elif kind in ("hasMany", "hasOne"):
        sort = "has-many" if kind == "hasMany" else "has-one"
        column = found.text(1, "foreignKey") or found.own_key
        yield RelationFact(name, target, sort, column, at=at, alone=alone(found.reader, name))
    elif kind in ("morphMany", "morphOne"):
        base = found.text(1, "name")
        sort = "has-many" if kind == "morphMany" else "has-one"
        column = found.text(3, "id") or (f"{base}_id" if base else "")
        kinds = found.text(2, "type") or (f"{base}_type" if base else "")
        if column:
            yield RelationFact(
                name, target, sort, column, discriminator=kinds, at=at,
                alone=alone(found.reader, name),
            )  # fmt: skip
    elif kind in ("morphToMany", "morphedByMany"):
        yield from over_any(found, kind, name, target)
    elif kind == "belongsToMany":
        between = found.text(1, "table") or class_between(found)
        if not between and found.known_owner:
            pair = sorted(underscored(each.rpartition(".")[2]) for each in (found.owner, target))
            between = "_".join(pair)
        own = found.text(2, "foreignPivotKey") or found.own_key
        other = found.text(3, "relatedPivotKey") or found.key_of(target)
        if between and own:
            yield RelationFact(
                name, target, "many-to-many", own, through=between, at=at, other_column=other
            )
    elif kind in ("hasManyThrough", "hasOneThrough"):
        over = found.target(1)
        first = found.text(2, "firstKey") or found.own_key
        second = found.text(3, "secondKey") or found.key_of(over)
        if over and first:
            yield RelationFact(
                f"{name} by {over}", over, "has-many", first, discriminator=kind_beside(found, first), at=at,
            )  # fmt: skip
            yield RelationFact(name, target, "has-many", second, through=f"{name} by {over}", at=at)


def kind_beside(found: Declared, key: str) -> str:
    """`hasManyThrough(..., "item_id")->where("item_type", self::class)`: the rows of this class."""
    around = found.reader.function_around(found.call)
    base, _, ending = key.rpartition("_")
    kind = f"{base}_type"
    named = re.compile(rf"where\w*\(\s*['\"](?:\w+\.)?{kind}['\"]") if base.isidentifier() else None
    if ending != "id" or named is None or around is None:
        return ""
    return kind if named.search(found.reader.text(around)) else ""


def alone(reader: PhpReader, name: str) -> bool:
    """Whether its file never reads it: as a property or method, or by its name in a text."""
    word = name.encode()
    signs = (b"->", b"::", b"'", b'"', b".")
    return not has_any(reader.content, tuple(sign + word for sign in signs))


def reader_name(found: Declared) -> str:
    named = found.call.child_by_field_name("name")
    return found.reader.text(named) if named is not None else ""


def class_between(found: Declared) -> str:
    """`belongsToMany(User::class, Membership::class)`: the model of the table between."""
    args = found.reader.arguments(found.call)[0]
    return class_of(found.reader, args[1], found.owner) if len(args) > 1 else ""


def over_any(found: Declared, kind: str, name: str, target: str) -> Iterator[RelationFact]:
    """Many to many, where one side may be of any class."""
    base = found.text(1, "name")
    if not base:
        return
    between = found.text(2, "table") or plural(base)
    near = f"{base}_id" if kind == "morphToMany" else found.own_key
    far = found.key_of(target) if kind == "morphToMany" else f"{base}_id"
    own = found.text(3, "foreignPivotKey") or near
    if own:
        yield RelationFact(
            name,
            target,
            "many-to-many",
            own,
            through=between,
            discriminator=f"{base}_type",
            at=found.reader.span(found.call),
            other_column=found.text(4, "relatedPivotKey") or far,
        )
