"""Queries on models of Mongoose: `Order.find({ state }).sort("-createdAt").limit(9)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts.orm import OrmQuery
from scaleaudit.languages.javascript.builders.kept_models import by_name, kept_model, member_model
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.chains import Step, chain_of
from scaleaudit.languages.javascript.choices import holds, variants
from scaleaudit.languages.javascript.literal_objects import shape
from scaleaudit.languages.javascript.mongoose.filters import read_filter, read_sort
from scaleaudit.languages.javascript.query_parts import Chosen, Place, Where, shown
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from scaleaudit.languages.javascript.reader import JavaScriptReader

FRAMEWORK = "mongoose"
CALL = regex(
    rb"\.(find(?:One|ById|)(?:And(?:Update|Delete|Replace|Remove))?|updateOne|updateMany|replaceOne"
    rb"|deleteOne|deleteMany|remove|countDocuments|count|exists|distinct|aggregate|insertMany|create)"
    rb"\s*[(<]"
)
BEFORE = regex(rb"(?:^|[^\w.$)\]])((?:this\s*\.\s*)?[A-Za-z_$][\w$]*)\s*$")
MAX_RECEIVER = 120  # bytes before the method
STATICS = b".static"
STATIC = regex(
    rb"([\w$]+)\s*\.\s*static(?:s\s*\.\s*\w+\s*=|\s*\(\s*[\"'`]\w+[\"'`]\s*,)\s*(?:async\s+)?$"
)
MODEL = regex(rb"\bmodel\s*(?:<[^()=;]{0,300}>\s*)?\(\s*[\"'`]([\w.-]+)[\"'`]\s*,\s*([\w$]+)")
INJECTED = rb"@InjectModel\s*\(\s*(\w+)(?:\s*\.\s*name)?[^)]*\)\s*(?:(?:private|protected|public|readonly)\s+)*"
BUILT_IN = {"Array", "Object", "Map", "Set", "Promise", "Buffer", "Reflect", "String", "Number"}
PACKAGES = regex(
    r"@nestjs/|@angular/|@aws-sdk/|react|vue|axios|express|fastify|zod|lodash|@prisma/"
)
MAX_CALLS = 5_000  # of one file


class Method(Record, frozen=True):
    limited: bool = False
    aggregate: bool = False
    grouped: bool = False
    by_key: bool = False
    writes: bool = False
    deletes: bool = False
    inserts: bool = False


ONE = Method(limited=True)
UPDATE_ONE, DELETE_ONE = Method(limited=True, writes=True), Method(True, writes=True, deletes=True)
UPDATE_KEY = Method(limited=True, by_key=True, writes=True)
DELETE_KEY = Method(limited=True, by_key=True, writes=True, deletes=True)
METHODS = {
    "find": Method(),
    "findOne": ONE,
    "exists": ONE,
    "findById": Method(limited=True, by_key=True),
    "findByIdAndUpdate": UPDATE_KEY,
    "findByIdAndDelete": DELETE_KEY,
    "findByIdAndRemove": DELETE_KEY,
    "findOneAndUpdate": UPDATE_ONE,
    "findOneAndReplace": UPDATE_ONE,
    "updateOne": UPDATE_ONE,
    "replaceOne": UPDATE_ONE,
    "findOneAndDelete": DELETE_ONE,
    "findOneAndRemove": DELETE_ONE,
    "deleteOne": DELETE_ONE,
    "updateMany": Method(writes=True),
    "deleteMany": Method(writes=True, deletes=True),
    "remove": Method(writes=True, deletes=True),
    "countDocuments": Method(aggregate=True),
    "count": Method(aggregate=True),
    "distinct": Method(grouped=True),
    "aggregate": Method(grouped=True),
    "insertMany": Method(inserts=True),
    "create": Method(inserts=True),
}
COUNTING = {"countDocuments", "estimatedDocumentCount", "count"}
FUNCTIONS = {"arrow_function", "function_expression"}


def queries(reader: JavaScriptReader) -> Iterator[OrmQuery]:
    models = models_by_schema(reader)
    for _, match in zip(range(MAX_CALLS), CALL.finditer(reader.content), strict=False):
        start = match.start()
        receiver = BEFORE.search(reader.content, max(0, start - MAX_RECEIVER), start)
        own = receiver is not None and receiver[1] == b"this"
        model = model_of(reader, receiver[1]) if receiver is not None and not own else ""
        model = of_statics(reader, start, models) if own and models else model
        if not model and receiver is not None and receiver[1].startswith(b"this"):
            model = _of_repository(reader, start, receiver[1])
        if not model or match[1].decode() not in METHODS:
            continue
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        member = leaf.parent if leaf is not None else None
        call = member.parent if member is not None else None
        if call is not None and call.type == "call_expression":
            yield from _told(reader, call, model, match[1].decode())


def model_of(reader: JavaScriptReader, receiver: bytes) -> str:
    """A model by its name: a constant in capitals, or what Nest injects for a class."""
    name = receiver.rpartition(b".")[2].strip()
    if receiver[:1].isupper():
        word = name.decode()
        if word in BUILT_IN or PACKAGES.match(reader.imports.get(word, "")):
            return ""
        there = reader.imports.get(word, "").rpartition(".")[2]
        return there if there.isidentifier() and there[:1].isupper() else word
    if receiver.startswith(b"this") and b"@InjectModel" in reader.content:
        found = re.search(INJECTED + re.escape(name) + rb"\b", reader.content)
        return found[1].decode() if found is not None else ""
    return ""


def _of_repository(reader: JavaScriptReader, at: int, receiver: bytes) -> str:
    """The model that a class hands on to the generic one it extends: `super(OrderModel)`."""
    node = reader.root.descendant_for_byte_range(at, at + 1)
    text = "".join(receiver.decode(errors="replace").split())
    if node is None or b"super" not in reader.content:
        return by_name(text)
    kept = kept_model(reader, node) if text == "this" else member_model(reader, node, text)
    return kept.rpartition(".")[2] or by_name(text)


def of_statics(reader: JavaScriptReader, at: int, models: Mapping[bytes, str]) -> str:
    """The model of `orderSchema.statics.byCode = function (code) { return this.findOne(...) }`."""
    leaf = reader.root.descendant_for_byte_range(at, at + 1)
    function = reader.function_around(leaf) if leaf is not None else None
    while function is not None and function.type == "arrow_function":  # has no `this` of its own
        around = function.parent
        function = reader.function_around(around) if around is not None else None
    if function is None:
        return ""
    found = STATIC.search(
        reader.content, max(0, function.start_byte - MAX_RECEIVER), function.start_byte
    )
    if found is None:
        return ""
    return models.get(found[1], "")


def models_by_schema(reader: JavaScriptReader) -> dict[bytes, str]:
    """`model("Order", orderSchema)`: the first model of each schema's variable."""
    found: dict[bytes, str] = {}
    for match in MODEL.finditer(reader.content) if STATICS in reader.content else ():
        found.setdefault(match[2], match[1].decode())
    return found


def _told(reader: JavaScriptReader, call: Node, model: str, name: str) -> Iterator[OrmQuery]:
    method = METHODS[name]
    chain = chain_of(reader, call)
    given = chain.steps[0].arguments
    if given and (bare(given[0]) or call).type in FUNCTIONS:
        return  # an array's method
    where, order, loads = Where(), list[Chosen](), list[str]()
    if name == "aggregate":
        _pipeline(reader, given, where, order)
    elif name == "distinct":
        if len(given) > 1:
            read_filter(reader, given[1], Place(), where)
    elif given and not method.by_key and not method.inserts:
        read_filter(reader, given[0], Place(), where)
    for step in chain.steps[1:]:
        _take(reader, step, where, order, loads)
    told = [*where.found, *order]
    text = shown(reader, call.start_byte, chain.whole.end_byte)
    steps = [step.choice for step in chain.steps]
    for chosen in variants([*(each.choice for each in told), *steps]):
        mine = {s.name for s in chain.steps[1:] if holds(s.choice, chosen)}
        yield OrmQuery(
            at=reader.span(call),
            framework=FRAMEWORK,
            model=model,
            text=text,
            conditions=tuple(each.condition for each in told if holds(each.choice, chosen)),
            loads=tuple(loads),
            limited=method.limited or bool(mine & {"limit", "findOne"}),
            aggregate=method.aggregate or bool(mine & COUNTING),
            grouped=method.grouped or "distinct" in mine,
            streamed="cursor" in mine,
            partial=where.hidden,
            in_loop=reader.in_loop(call),
            writes=method.writes,
            inserts=method.inserts,
            scope=reader.scope(call),
            deletes=method.deletes,
        )


def _take(
    reader: JavaScriptReader, step: Step, where: Where, order: list[Chosen], loads: list[str]
) -> None:
    given = step.arguments
    first = bare(given[0]) if given else None
    if step.name in ("find", "findOne", "where", "and") and first is not None:
        if first.type == "string":
            where.hidden = True
        elif step.name != "and":
            read_filter(reader, first, Place(choice=step.choice), where)
        else:
            where.hidden = True
    elif step.name == "sort":
        order += read_sort(reader, first, step.choice)
    elif step.name == "populate" and first is not None:
        if first.type == "string":
            loads += reader.text(first).strip("'\"").split()
        else:
            for member in shape(reader, first).members:
                if member.key == "path":
                    loads.append(reader.text(member.value).strip("'\""))


def _pipeline(
    reader: JavaScriptReader, given: list[Node], where: Where, order: list[Chosen]
) -> None:
    """The stages of an aggregation that look at the collection itself: `$match` first."""
    listed = bare(given[0]) if given else None
    if listed is None or listed.type != "array":
        where.hidden = True
        return
    for stage in listed.named_children[:20]:
        members = shape(reader, stage).members
        kind = members[0].key if len(members) == 1 else ""
        if kind == "$match":
            read_filter(reader, members[0].value, Place(), where)
        elif kind == "$sort":
            order += read_sort(reader, members[0].value, ())
        elif kind not in ("$limit", "$skip"):
            return  # what follows works on what this stage makes
