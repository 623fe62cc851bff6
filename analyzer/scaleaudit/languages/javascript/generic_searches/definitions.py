"""Methods that look for rows of whatever model their class is given, and which class stands for which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Repository, SearchDefined
from scaleaudit.languages.javascript.builders.chains import arguments, call_at
from scaleaudit.languages.javascript.builders.decorated import CLASSES, bases
from scaleaudit.languages.javascript.builders.kept_models import SINGLE, kept_model
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.generic_searches.naming import keeps
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

# Of the object that is asked: an object with `where` and more, or the conditions alone.
BY_OPTIONS = [
    "find",
    "findOne",
    "findOneOrFail",
    "findAll",
    "findAndCount",
    "findAndCountAll",
    "count",
    "exist",
    "exists",
    "destroy",
]
BY_CONDITIONS = [
    "findBy",
    "findOneBy",
    "findOneByOrFail",
    "findAndCountBy",
    "countBy",
    "existsBy",
    "delete",
    "softDelete",
    "update",
]
OF_BUILDERS = {"findOne": "findOne()", "where": "where()"}
OF_SEQUELIZE = frozenset({"findAll", "findAndCountAll", "destroy"})
OF_TYPEORM = frozenset({*BY_CONDITIONS, "findOneOrFail", "exist", "exists"})
ASKS = regex(
    rb"\bthis\s*\.\s*#?\w{1,60}\s*\.\s*(query\([^()\n]{0,60}\)\s*\.\s*)?("
    + "|".join(sorted((*BY_OPTIONS, *BY_CONDITIONS, "where"), key=len, reverse=True)).encode()
    + rb")\s*(?:<[^<>()\n]{1,80}>\s*)?(\()"
)
ABOVE = regex(rb"\bsuper\s*\.\s*(\w{1,60})\s*(\()")
MODEL = rb"(?:typeof\s+)?((?:\w+\.)*[A-Z]\w*)"
TYPED = regex(rb"\bextends\s+[\w.]{1,80}\s*<\s*" + MODEL + rb"\s*[,>]")
GIVEN = regex(rb"@Inject(?:Model|Repository)\(\s*" + MODEL)
KEPT = regex(rb"\b\w{0,40}[mM]odel\s*(?::[^=;\n]{1,80})?=\s*" + MODEL + rb"\s*[;,\n]")
# An object of such a class, kept by the module: `const orders = new OrderService(Order)`.
MADE = regex(
    rb"(?m)^(?:export\s+)?(?:(?:const|let|var)\s+(\w+)\s*(?::[^=\n]{1,120})?=|(module\.exports\s*=|export\s+default))"
    rb"\s*new\s+(\w+)\s*(?:<[^<>\n]{1,120}>)?\(\s*(?:" + MODEL + rb"\s*[,)])?"
)
HANDED_ON = regex(rb"(?m)^(?:module\.exports\s*=|export\s+default)\s+(\w+)\s*;?\s*$")
DEFAULT = "default"
METHODS = frozenset({"method_definition", "arrow_function", "function_expression"})
MAX_CALLS = 200  # of one file
MAX_CLASSES = 60
MAX_STATEMENTS = 1_000  # of a module
MAX_HEAD = 600  # bytes between a class's name and its body


def definitions(reader: JavaScriptReader) -> Iterator[SearchDefined]:
    if not reader.says(b"this.", b"super."):
        return
    seen: set[tuple[str, str]] = set()
    for _, match in zip(range(MAX_CALLS), ASKS.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(3))
        around = reader.class_around(call) if call is not None else None
        if call is None or around is None:
            continue
        owner, name = reader.definition_name(around), match[2].decode()
        if match[1] is not None:  # a builder of Objection's, which takes the conditions alone
            name = OF_BUILDERS.get(name, "")
        elif name == "where":
            continue
        if not name or not keeps(owner) or kept_model(reader, call):
            continue  # told as a query of its own
        found = _search(reader, call, around, owner, name)
        if found is not None and (owner, found.name) not in seen:
            seen.add((owner, found.name))
            yield found
    yield from _overriding(reader, seen)


def _overriding(reader: JavaScriptReader, seen: set[tuple[str, str]]) -> Iterator[SearchDefined]:
    """`find(options) { return super.find(this.ofTenant(options)); }`: what is made of it is not known."""
    for _, match in zip(range(MAX_CALLS), ABOVE.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(2))
        around = reader.class_around(call) if call is not None else None
        function = _method(reader, call, around) if call is not None and around else None
        owner = reader.definition_name(around) if around is not None else ""
        name = match[1].decode()
        if function is None or not keeps(owner) or _named(reader, function) != name:
            continue
        if (owner, name) not in seen:
            seen.add((owner, name))
            yield SearchDefined(reader.span(function), "", owner, name, through=name)


def _search(
    reader: JavaScriptReader, call: Node, around: Node, owner: str, name: str
) -> SearchDefined | None:
    function = _method(reader, call, around)
    body = function.child_by_field_name("body") if function is not None else None
    if function is None or body is None:
        return None
    named = _parameters(reader, function)
    args = arguments(call)
    if not named or not args:
        return None
    first = bare(args[0])
    column = _column(reader, first, name, named)
    if not column and not _handed_on(reader, first, name, named[0]):
        return None
    return SearchDefined(
        reader.span(function),
        _mapper(reader, around, name),
        owner,
        _named(reader, function),
        named=tuple(named) if column else (),
        keywords=not column,
        column=column,
        limited=SINGLE.search(name) is not None or name.startswith("exist"),
        aggregate=name.startswith("count"),
        writes=name in ("update", "softDelete", "delete", "destroy"),
        deletes=name in ("delete", "destroy"),
        partial=not column and _adds(reader, first, name, function, named[0]),
    )


def _adds(
    reader: JavaScriptReader, given: Node | None, name: str, function: Node, parameter: str
) -> bool:
    """Whether a method asks for more than it is handed, or may change that before."""
    where = _where(reader, given, name) if given is not None else None
    if where is not None and where.type == "object":
        return True
    changed = rf"\b{re.escape(parameter)}(?:\.\w+|\[[^\]\n]{{1,80}}\])*\s*=[^=>]"
    body = function.child_by_field_name("body")
    return body is not None and re.search(changed, reader.text(body)) is not None


def _named(reader: JavaScriptReader, function: Node) -> str:
    own = function if function.type == "method_definition" else function.parent
    named = None
    if own is not None:
        named = own.child_by_field_name("name") or own.child_by_field_name("property")
    return reader.text(named) if named is not None else ""


def _method(reader: JavaScriptReader, call: Node, around: Node) -> Node | None:
    """The method of the class that a call stands in."""
    for above in reader.ancestors(call):
        if above.id == around.id:
            return None
        if above.type in METHODS:
            holder = above.parent
            if above.type == "method_definition" or (
                holder is not None
                and holder.type in ("public_field_definition", "field_definition")
            ):
                return above
            return None  # a function inside, which others may call
    return None


def _parameters(reader: JavaScriptReader, function: Node) -> list[str]:
    holder = function.child_by_field_name("parameters")
    found: list[str] = []
    for each in holder.named_children if holder is not None else ():
        inner = each.child_by_field_name("pattern") or each.child_by_field_name("left") or each
        if each.type != "comment":
            found.append(reader.text(inner)[:60] if inner.type == "identifier" else "")
    return found


def _where(reader: JavaScriptReader, given: Node, name: str) -> Node | None:
    """What stands for the conditions in what a method is given."""
    if name in BY_CONDITIONS or name in OF_BUILDERS.values() or given.type != "object":
        return given
    for each in given.named_children:
        if each.type == "shorthand_property_identifier" and reader.text(each) == "where":
            return each
        key = each.child_by_field_name("key")
        if each.type == "pair" and key is not None and reader.text(key) == "where":
            return bare(each.child_by_field_name("value"))
    return None


def _handed_on(reader: JavaScriptReader, given: Node | None, name: str, parameter: str) -> bool:
    where = _where(reader, given, name) if given is not None and parameter else None
    if where is None:
        return False
    if where.type in ("identifier", "shorthand_property_identifier"):
        return reader.text(where) == parameter
    return where.type == "object" and any(
        each.type == "spread_element" and reader.text(each) == f"...{parameter}"
        for each in where.named_children
    )


def _column(reader: JavaScriptReader, given: Node | None, name: str, named: list[str]) -> str:
    """The parameter that names the column: `{ where: { [field]: value } }`."""
    where = _where(reader, given, name) if given is not None else None
    members = where.named_children if where is not None and where.type == "object" else []
    key = members[0].child_by_field_name("key") if len(members) == 1 else None
    if key is None or key.type != "computed_property_name" or not key.named_children:
        return ""
    text = reader.text(key.named_children[0])
    return text if text in named else ""


def _mapper(reader: JavaScriptReader, around: Node, name: str) -> str:
    if name in OF_BUILDERS.values():
        return "objection"
    if name in OF_SEQUELIZE or reader.says(b"equelize"):
        return "sequelize"
    if name in OF_TYPEORM or reader.says(b"typeorm", b"Repository<"):
        return "typeorm"
    text = reader.text(around)
    return "sequelize" if any(f".{each}(" in text for each in OF_SEQUELIZE) else "typeorm"


def repositories(reader: JavaScriptReader, searching: set[str]) -> Iterator[Repository]:
    """Classes that stand for a model, and objects of them that the module keeps."""
    for node in _classes(reader) if searching or b"extends" in reader.content else ():
        name = reader.definition_name(node)
        above = tuple(each for each in bases(reader, node) if keeps(each))
        if name in searching or above:
            yield Repository(reader.span(node), name, _model(reader, node), above)
    default = HANDED_ON.search(reader.content) if b"new " in reader.content else None
    for _, match in zip(range(MAX_CLASSES), MADE.finditer(reader.content), strict=False):
        made = match[3].decode()
        origin = reader.imports.get(made, "./")
        if not keeps(made) or "/" not in origin:  # of a library: `new RedisStore()`
            continue
        leaf = reader.root.descendant_for_byte_range(match.start(3), match.end(3))
        span = reader.span(leaf or reader.root)
        model = match[4].decode() if match[4] is not None else ""
        if match[1] is not None:
            yield Repository(span, match[1].decode(), model, (made,))
        if match[2] is not None or (default is not None and default[1] == match[1]):
            yield Repository(span, DEFAULT, model, (made,))


def _classes(reader: JavaScriptReader) -> Iterator[Node]:
    for _, child in zip(range(MAX_STATEMENTS), reader.root.named_children, strict=False):
        node: Node | None = child
        if child.type == "export_statement":
            node = child.child_by_field_name("declaration") or child.child_by_field_name("value")
        if node is not None and node.type in CLASSES:
            yield node


def _model(reader: JavaScriptReader, node: Node) -> str:
    body = node.child_by_field_name("body")
    start = body.start_byte if body is not None else node.end_byte
    head = TYPED.search(reader.content, max(node.start_byte, start - MAX_HEAD), start)
    if head is not None and len(head[1]) > 1:
        return head[1].decode()
    handed = kept_model(reader, body) if body is not None else ""
    if handed:
        return handed
    for pattern in (GIVEN, KEPT):
        found = {each[1] for each in pattern.finditer(reader.content, start, node.end_byte)}
        if len(found) == 1:
            return found.pop().decode()
    return ""
