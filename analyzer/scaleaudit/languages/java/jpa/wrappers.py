"""Queries by the wrappers of MyBatis-Plus: `lambdaQuery().eq(Order::getCode, code).one()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition
from scaleaudit.languages.java.jpa.built import Built, told_queries
from scaleaudit.languages.java.jpa.flow import calls_on, mentions, variable_of
from scaleaudit.languages.java.jpa.restrictions import is_constant
from scaleaudit.languages.java.jpa.type_texts import last_name
from scaleaudit.regex import regex
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import OrmQuery
    from scaleaudit.languages.java.jvm import JvmReader

MAX_WRAPPERS = 500  # of one file
MARKS = (b"com.baomidou.mybatisplus", b"extends ServiceImpl<")
START = regex(
    rb"\b(?:new\s+(?:Lambda|MPJLambda|Ktx?)?(?:Query|Update|Entity)(?:Chain)?Wrapper\s*(?:<([\w.]*)>)?"
    rb"|(?:Wrappers\s*\.\s*(?:<([\w.]+)>)?\s*)?(?:lambdaQuery|lambdaUpdate)"
    rb"|Wrappers\s*\.\s*(?:<([\w.]+)>)?\s*(?:query|update))\s*(?=\()"
)
DECLARED = regex(r"Wrapper\s*<\s*([A-Z][\w.]*)\s*>")
GETTER = regex(r"([A-Z][\w.]*)::(?:get|is)?(\w+)")
OPERATORS = {
    "eq": "=", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "between": "between",
    "notBetween": "!=", "like": "search", "notLike": "!=", "likeLeft": "search", "likeRight": "like",
    "in": "in", "notIn": "not-in", "isNull": "is-null", "isNotNull": "is-not-null", "inSql": "in",
}  # fmt: skip
NEEDED = {"isNull": 1, "isNotNull": 1, "between": 3, "notBetween": 3}  # arguments; others take two
SORTS = frozenset({"orderByAsc", "orderByDesc", "orderBy"})
UNKNOWN_PARTS = frozenset({"apply", "exists", "notExists", "and", "or", "nested", "allEq", "func", "not",
                           "having"})  # fmt: skip
ONE_PAGE = frozenset({"one", "oneOpt", "page", "exists", "getOne", "selectOne", "selectPage", "getOneOpt",
                      "selectMapsPage", "pageMaps", "getObj"})  # fmt: skip
COUNTS = frozenset({"count", "selectCount"})
MANY = frozenset(
    {"list", "selectList", "listObjs", "selectMaps", "selectObjs", "listMaps", "getMap"}
)
CHANGES = frozenset({"update", "remove", "delete"})


def wrapper_queries(reader: JvmReader) -> Iterator[OrmQuery]:
    if not reader.says(*MARKS):
        return
    for told, match in enumerate(START.finditer(reader.content)):
        if told >= MAX_WRAPPERS:
            return
        node = reader.root.descendant_for_byte_range(match.end(), match.end() + 1)
        for _ in range(4):
            if node is None or reader.is_call(node):
                break
            node = node.parent
        if node is None or node.start_byte > match.start() + 40:
            continue
        written = next((group for group in match.groups() if group), b"")
        built = Built(last_name(written.decode("utf-8", "replace")), node)
        calls = calls_on(reader, node)
        take(reader, built, calls, 0)
        last = calls[-1] if calls else node
        built.text = reader.text(last)
        if not built.model:
            built.model = declared_model(reader, last)
        follow(reader, built, last)
        if built.model and (built.always.conditions or built.branches):
            yield from told_queries(reader, built)


def follow(reader: JvmReader, built: Built, last: Node) -> None:
    """The calls on the variable that keeps the wrapper, and who is given it."""
    used(reader, built, last)
    variable = variable_of(reader, last)
    for mention in mentions(reader, variable, last) if variable else ():
        if mention.handed_on:
            used(reader, built, mention.node)
        elif mention.calls:
            take(reader, built, mention.calls, mention.branch)


def used(reader: JvmReader, built: Built, node: Node) -> None:
    """What the method does that is given the wrapper."""
    holder = node.parent
    if holder is None or "argument" not in holder.type:
        return
    call = holder.parent
    if call is not None and reader.is_call(call):
        flags(built, reader.chain(call)[-1].name, unknown=True)


def flags(built: Built, name: str, *, unknown: bool) -> bool:
    """Whether a method is one that runs the query."""
    if name in ONE_PAGE:
        built.limited = True
    elif name in COUNTS:
        built.aggregate = True
    elif name not in MANY and name not in CHANGES:
        built.always.lost |= unknown
        return False
    return True


def declared_model(reader: JvmReader, node: Node) -> str:
    """`LambdaQueryWrapper<Order> wrapper = ...`."""
    start = max(0, node.start_byte - 160)
    before = reader.content[start : node.start_byte].decode("utf-8", "replace")
    match = DECLARED.search(before.rpartition(";")[2])
    return last_name(match[1]) if match is not None else ""


def take(reader: JvmReader, built: Built, calls: list[Node], branch: int) -> None:
    for call in calls:
        name = reader.chain(call)[-1].name
        args = reader.arguments_of(call)
        found = built.into(branch, call)
        if name in OPERATORS:
            compare(reader, built, call, name, args, branch)
        elif name in SORTS:
            for arg in args:
                path = column(reader, built, arg)
                if path:
                    found.conditions.append(Condition(path, "sort", Clause.SORT))
        elif name in UNKNOWN_PARTS and (args or name == "or"):
            found.lost = True
        elif name == "last":
            built.limited |= any("limit" in reader.text(arg).lower() for arg in args)
        elif flags(built, name, unknown=False):
            return


def compare(
    reader: JvmReader, built: Built, call: Node, name: str, args: list[Node], branch: int
) -> None:
    needed = NEEDED.get(name, 2)
    sometimes = len(args) > needed and not reader.text(args[0]).startswith('"') and "::" not in reader.text(args[0])  # fmt: skip
    if sometimes:
        args = args[1:]
    path = column(reader, built, args[0]) if args else ""
    found = built.into(call.id if sometimes else branch, call)
    if not path:
        found.lost = True
        return
    constant = len(args) > 1 and is_constant(reader, args[1])
    found.conditions.append(Condition(path, OPERATORS[name], constant=constant))


def column(reader: JvmReader, built: Built, node: Node) -> str:
    """`Order::getCode`, `"order_code"`, a constant."""
    text = reader.text(node)
    match = GETTER.fullmatch(text)
    if match is not None:
        built.model = built.model or last_name(match[1])
        return match[2][0].lower() + match[2][1:]
    value = reader.value(node)
    return value.text.strip("`").rpartition(".")[2] if isinstance(value, Literal) else ""
