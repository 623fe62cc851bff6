"""What Sequelize's models are asked: `Order.findAll({ where, include, order, limit })`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import Condition, OrmQuery
from scaleaudit.languages.javascript.builders.chains import (
    arguments,
    call_at,
    called,
    method,
    shortened,
)
from scaleaudit.languages.javascript.builders.conditions import flat
from scaleaudit.languages.javascript.builders.decorated import text_of
from scaleaudit.languages.javascript.builders.kept_models import (
    HELPER_CALL,
    OWN_CALL,
    SINGLE,
    by_name,
    has_method,
    kept_model,
    member_model,
)
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.sequelize.asked import Asked, read_options
from scaleaudit.languages.javascript.sequelize.defined import model_name
from scaleaudit.languages.javascript.sequelize.described import model_around
from scaleaudit.languages.javascript.sequelize.scopes import called_scopes
from scaleaudit.languages.javascript.sequelize.where import Where
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "sequelize"
MAX_CALLS = 800  # of one file


class Way(Record, frozen=True):
    """`options`: which argument holds `where`; `sure`: no other library has the method."""

    options: int = 0
    sure: bool = False
    limited: bool = False
    aggregate: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False
    key: bool = False
    bare: bool = False  # the conditions may stand there without `where` around them


METHODS = {
    "findAll": Way(sure=True),
    "findAllWithCount": Way(sure=True),
    "findAndCountAll": Way(sure=True),
    "findAndCount": Way(),
    "findAllInBatches": Way(sure=True),
    "findOne": Way(limited=True),
    "find": Way(limited=True),  # as `findOne` was called before version 5
    "findByPk": Way(sure=True, limited=True, key=True, options=1),
    "findOrCreate": Way(sure=True, limited=True),
    "findCreateFind": Way(sure=True, limited=True),
    "findOrBuild": Way(sure=True, limited=True),
    "count": Way(aggregate=True),
    "sum": Way(options=1, aggregate=True),
    "max": Way(options=1, aggregate=True),
    "min": Way(options=1, aggregate=True),
    "update": Way(options=1, writes=True),
    "increment": Way(options=1, writes=True),
    "decrement": Way(options=1, writes=True),
    "destroy": Way(writes=True, deletes=True, bare=True),
    "restore": Way(writes=True),
    "bulkCreate": Way(sure=True, inserts=True),
    "create": Way(sure=True, inserts=True),
    "upsert": Way(sure=True, inserts=True),
}
CALL = regex(
    rb"\.\s*(" + "|".join(sorted(METHODS, key=len, reverse=True)).encode()
    + rb")\s*(?:<[^<>()\n]{1,80}>\s*)?(\()"
)  # fmt: skip
MODELS = regex(
    r"(?:[\w$]+(?:\(['\"\w]{0,40}\))?(?:\.|\?\.))*(?:models?|db|[A-Z]\w*|sequelize"
    r"|get\(['\"](?:models?|db|database)['\"]\))(?:\.|\?\.)(\w+)"
    r"|([A-Z]\w*)|[\w.]*?(\w+Model)"
)


ENTRY = regex(r"[\w.$]*(?:models?|db)\s*\[\s*['\"](\w+)['\"]\s*\]")
METHOD = regex(r"([A-Z]\w*)\.\w+")
OF_DESTROY = frozenset(
    ["transaction", "force", "truncate", "cascade", "hooks", "individualHooks", "logging", "limit",
     "restartIdentity", "benchmark", "searchPath"]
)  # fmt: skip
OF_ITSELF = frozenset({"this", "this.constructor", "this.Model"})
FROM_MODELS = regex(r"(?:^|[./])(?:models?|db|database|entities)\.\w+$")
OWN = regex(r"this\.#?(\w+)")


def finds(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    for _, match in zip(range(MAX_CALLS), CALL.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(2))
        function = called(call) if call is not None else None
        held = function.child_by_field_name("object") if function is not None else None
        if call is None or held is None:
            continue
        name = match[1].decode()
        way, args = METHODS[name], arguments(call)
        if name == "find" and not (args and assembled(reader, args[0]) is not None):
            continue  # of a list, as nearly all of them are
        model, scopes = _model(reader, held)
        if not model or not _is_told(reader, name, args, way):
            continue
        yield from _told(reader, call, model, scopes, way, args)
    if b"extends" in reader.content and b"super" in reader.content:
        yield from _inherited(reader)
    for _, match in zip(range(MAX_CALLS), HELPER_CALL.finditer(reader.content), strict=False):
        call = call_at(reader, match.start(2))
        args = arguments(call) if call is not None else []
        if call is not None and len(args) > 1:
            way = _helper(match[1].decode())
            yield from _told(reader, call, model_name(match[3].decode()), (), way, args[1:2])


def _inherited(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    """What a repository asks by a method of the generic one it extends: `this.list({ branch })`."""
    for _, match in zip(range(MAX_CALLS), OWN_CALL.finditer(reader.content), strict=False):
        name, call = match[2].decode(), call_at(reader, match.start(3))
        around = reader.class_around(call) if call is not None else None
        kept = kept_model(reader, call)
        if call is None or around is None or not kept or has_method(reader, around, name):
            continue
        args = arguments(call)
        if name in METHODS and _has_where(reader, args, 0):
            continue  # read as a method of the model
        yield from _told(reader, call, model_name(kept), (), _helper(name), args[:1])


def _helper(name: str) -> Way:
    """A method of the project's own, told by its name."""
    single, counts = SINGLE.search(name) is not None, name.startswith("count")
    return Way(limited=single, aggregate=counts, bare=True)


def _has_where(reader: JavaScriptReader, args: list[Node], position: int) -> bool:
    if len(args) <= position:
        return False
    found = assembled(reader, args[position])
    return found is not None and any(key == "where" for key, _ in found.always)


def _is_told(reader: JavaScriptReader, name: str, args: list[Node], way: Way) -> bool:
    """Whether it is a method of Sequelize: by its name alone, or by what it is given."""
    if way.sure or _has_where(reader, args, way.options):
        return True
    if name not in ("find", "destroy") or len(args) != 1:
        return False
    found = assembled(reader, args[0])
    keys = {key for key, _ in found.always} if found is not None else set()
    if name == "destroy":  # the conditions alone, as of version 1
        return bool(keys) and not keys & OF_DESTROY and args[0].type == "object"
    return "order" in keys


def _model(reader: JavaScriptReader, held: Node) -> tuple[str, tuple[str, ...]]:
    """The class that is asked, and the scopes that are named before."""
    scopes: list[str] = []
    node: Node | None = bare(held)
    for _ in range(6):
        if node is None or node.type != "call_expression":
            break
        name = method(reader, node)
        if name == "model":  # sequelize.model("Loan")
            given = arguments(node)
            return model_name(text_of(reader, given[0]) if len(given) == 1 else ""), tuple(scopes)
        if name not in ("scope", "unscoped", "withScope", "schema"):
            return "", ()
        if name == "scope":
            scopes += called_scopes(reader, node)
        function = called(node)
        node = bare(function.child_by_field_name("object") if function is not None else None)
    if node is None:
        return "", ()
    node = _meant(reader, node)
    text = reader.text(node)[:120]
    kept = member_model(reader, node, text) or (kept_model(reader, node) if text == "this" else "")
    if kept:
        return model_name(kept), tuple(scopes)
    if node.type == "subscript_expression":  # models["Loan"]
        match = ENTRY.fullmatch(text)
        return model_name(match[1]) if match is not None else "", tuple(scopes)
    if text in OF_ITSELF:
        own = reader.class_around(node)
        if own is not None:
            return reader.definition_name(own), tuple(scopes)
        name = _added_to(reader, node) or model_name(model_around(reader, node))
        return name, tuple(scopes)
    typed = _typed(reader, node, text) or by_name(text)
    if typed:
        return typed, tuple(scopes)
    match = MODELS.fullmatch(text)
    if match is None:
        of_models = FROM_MODELS.search(reader.imports.get(text, "")) is not None
        return model_name(text) if of_models else "", tuple(scopes)
    return model_name(match[1] or match[2] or match[3]), tuple(scopes)


def _meant(reader: JavaScriptReader, node: Node) -> Node:
    """What a name stands for: `const self = this`, `var orders = models.Order`."""
    name = reader.text(node) if node.type == "identifier" else ""
    if not name or name[:1].isupper():
        return node
    held = bare(reader.local(name, node) or reader.declared.get(name))
    return held if held is not None and held.type in ("this", "member_expression") else node


def _typed(reader: JavaScriptReader, node: Node, text: str) -> str:
    """The class that a member of the class around is declared to be: `private readers: typeof Reader`."""
    match = OWN.fullmatch(text)
    own = reader.class_around(node) if match is not None else None
    if match is None or own is None:
        return ""
    declared = re.compile(
        rb"\b" + match[1].encode() + rb"\s*[?!]?\s*:\s*(?:typeof\s+(\w+)|Model\w*<\s*(\w+)\s*[,>])"
    )
    found = declared.search(reader.content, own.start_byte, own.end_byte)
    if found is None:  # the class takes the type from that of what it is made with
        several = {each[0]: each for each in declared.finditer(reader.content)}
        found = next(iter(several.values())) if len(several) == 1 else None
    return model_name((found[1] or found[2]).decode()) if found is not None else ""


def _added_to(reader: JavaScriptReader, node: Node) -> str:
    """The class that a function is made a method of: `Loan.findOpen = function () { this... }`."""
    for above in reader.ancestors(node):
        if above.type == "function_expression" and above.parent is not None:
            left = above.parent.child_by_field_name("left")
            match = METHOD.fullmatch(reader.text(left)[:120]) if left is not None else None
            return model_name(match[1]) if match is not None else ""
    return ""


def _told(
    reader: JavaScriptReader,
    call: Node,
    model: str,
    scopes: tuple[str, ...],
    way: Way,
    args: list[Node],
) -> Iterator[OrmQuery]:
    asked = Asked(limited=way.limited)
    if way.key:
        asked.where = [[Condition("id", "=")]]
    if len(args) > way.options and not way.inserts:
        if way.bare and not _has_where(reader, args, 0):
            reading = Where(reader)
            asked.where = reading.variants(args[0])
            asked.partial = reading.unknown
        else:
            read_options(reader, args[way.options], asked, model, by_key=way.key)
    seen: list[list[Condition]] = []
    for parts in asked.where:
        conditions = [*flat(parts), *asked.more]
        if conditions in seen:
            continue
        seen.append(conditions)
        yield OrmQuery(
            reader.span(call),
            FRAMEWORK,
            model,
            shortened(reader, call),
            conditions=tuple(conditions),
            scopes=tuple(each for each in scopes if each),
            loads=tuple(asked.loads) if len(seen) == 1 else (),
            limited=asked.limited,
            skips=asked.skips,
            aggregate=way.aggregate,
            grouped=asked.grouped,
            # Some of what is only sometimes asked may always be.
            partial=asked.partial or "" in scopes or (not conditions and len(asked.where) > 1),
            in_loop=reader.in_loop(call),
            writes=way.writes or way.inserts,
            inserts=way.inserts,
            deletes=way.deletes,
            scope=reader.scope(call),
            shuffled=asked.shuffled,
        )
