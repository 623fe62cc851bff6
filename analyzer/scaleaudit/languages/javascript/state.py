"""State that a process keeps: module-level and static containers and counters changed later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import StateKept
from scaleaudit.languages.javascript import scopes
from scaleaudit.languages.javascript.callees import CALLS, bare
from scaleaudit.languages.javascript.changes import changed
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

CONTAINERS = {"Map": "dict", "Set": "set", "Array": "list", "Object": "dict"}
# Caches with a size or an age.
BOUNDED = {"LRUCache", "LRU", "QuickLRU", "TTLCache", "NodeCache", "LruCache"}
CACHE_NAME = regex(r"(?i)cache|memo|sessions?$|counter")
# A function that prepares the process, or fills a registry while modules are loaded.
PREPARES = regex(
    r"(?i)^_?(register|define|declare|init|setup|set_?up|configure|bootstrap|install|load|add(plugin"
    r"|handler|hook|middleware|listener|type|rule|strategy|provider|driver|command|route)|use|on"
    r"|provide|extend|set\w*(logger|config|options?|level|locale|default|client|instance|mock|provider"
    r"|registry|resolution|links?|handler|plugins?|types?|schemas?)$"
    r"|reset|clear|close|connect|disconnect|shutdown|dispose|__)"
)
WAITS = regex(r"\b(await|async|fetch|axios|Promise|query|findOne|findAll|then|request)\b")
TIMER = regex(r"set(Timeout|Interval|Immediate)\s*\(")
PROMISED = regex(r"(?:Map|Set|Array|Record|:)\s*<?[^=]*\bPromise<")
# Clients and connections by their keys: each process has its own, what they lead to is one.
HANDLES = regex(
    r"(?:Map|Record)\s*<[^<>]{0,60},\s*[\w.]*(?:Redis|Client|Pool|Connection|Knex|Sequelize|DataSource"
    r"|Transporter|Logger)(?:<[^<>]{0,60}>)?\s*>"
)
MAX_PLACES = 50


def kept(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    """One fact for each name that functions change after start; nothing in browser code."""
    found = {**_module_level(reader, captures), **_static(reader, captures)}
    if not found or reader.in_browser():
        return
    places: dict[str, list[Node]] = {}
    for node in changed(reader):
        name = _changed_name(reader, node)
        if name in found and _changes(reader, node, name, found[name][1]):
            places.setdefault(name, []).append(node)
    for name, nodes in sorted(places.items(), key=lambda each: found[each[0]][0].start_byte):
        nodes.sort(key=lambda node: node.start_byte)
        declared, kind = found[name]
        nodes = [node for node in nodes if not _made_at_load(reader, node)]
        scopes_of = [reader.scope(node) for node in nodes]
        if all(PREPARES.match(scope.rpartition(".")[2]) for scope in scopes_of):
            continue
        if kind == "counter" and _for_names(reader, name):
            continue
        bounded = kind == "bounded" or _is_memo(reader, name, nodes)
        text = reader.text(declared)[:300]
        if PROMISED.search(text) or HANDLES.search(text):
            continue  # what this process is waiting for, or speaks through; no other could
        yield StateKept(
            at=reader.span(declared),
            name=name,
            kind="cache"
            if kind in ("bounded", "nothing") or (kind == "dict" and CACHE_NAME.search(name))
            else kind,
            changed_at=tuple(reader.span(node) for node in nodes[:MAX_PLACES]),
            changed_in=tuple(scopes_of[:MAX_PLACES]),
            bounded=bounded,
        )


def _module_level(
    reader: JavaScriptReader, captures: dict[str, list[Node]]
) -> dict[str, tuple[Node, str]]:
    found: dict[str, tuple[Node, str]] = {}
    for node in captures.get("assign", ()):
        left, right = node.child_by_field_name("name"), bare(node.child_by_field_name("value"))
        if left is None or right is None:
            continue
        kind = _container(reader, right)
        above = node.parent
        constant = above is not None and above.child_count > 0 and above.children[0].type == "const"
        if kind and not (constant and kind in ("counter", "nothing")):
            found[reader.text(left)] = (node, kind)
    return found


def _static(
    reader: JavaScriptReader, captures: dict[str, list[Node]]
) -> dict[str, tuple[Node, str]]:
    found: dict[str, tuple[Node, str]] = {}
    for node in captures.get("field", ()):
        name = node.child_by_field_name("name") or node.child_by_field_name("property")
        right = bare(node.child_by_field_name("value"))
        own = reader.class_around(node)
        static = any(child.type == "static" for child in node.children[:4])
        kind = _container(reader, right) if right is not None else ""
        if static and own is not None and name is not None and kind not in ("", "nothing"):
            found[f"{reader.definition_name(own)}.{reader.text(name)}"] = (node, kind)
    return found


def _container(reader: JavaScriptReader, right: Node) -> str:
    """dict, list, set, counter, bounded; `nothing` for a variable that is filled later."""
    if right.type == "object":
        return "dict" if not right.named_children else ""
    if right.type == "array":
        return "list" if not right.named_children else ""
    if right.type == "number":
        return "counter"
    if right.type in ("null", "undefined"):
        return "nothing"
    if right.type in CALLS:
        name = reader.callee(right).rpartition(".")[2]
        if right.type == "new_expression" and name in BOUNDED:
            return "bounded" if reader.arguments(right)[0] else "dict"
        if right.type == "new_expression":
            return CONTAINERS.get(name, "")
        return "dict" if reader.text(right) == "Object.create(null)" else ""
    return ""


def _changed_name(reader: JavaScriptReader, node: Node) -> str:
    """`X` for a variable, `Class.field` for a static field."""
    if node.type == "identifier":
        return reader.text(node)
    holder, field = node.child_by_field_name("object"), node.child_by_field_name("property")
    if holder is None or field is None:
        return ""
    if holder.type == "identifier":
        return f"{reader.text(holder)}.{reader.text(field)}"
    if holder.type == "this":
        own, method = reader.class_around(node), reader.function_around(node)
        static = method is not None and any(child.type == "static" for child in method.children[:4])
        if own is not None and static:
            return f"{reader.definition_name(own)}.{reader.text(field)}"
    return ""


def _changes(reader: JavaScriptReader, node: Node, name: str, kind: str) -> bool:
    """The place is inside a function, means the module's name, and is a change of that kind."""
    first = name.partition(".")[0]
    around = scopes.functions_around(reader, node)
    around = [function for function in around if not _runs_at_once(reader, function)]
    if not around or (node.type == "identifier" and _shadowed(reader, around, first)):
        return False
    above = node.parent
    if above is None:
        return False
    whole = above.type in ("assignment_expression", "augmented_assignment_expression")
    target = above.child_by_field_name("left")
    whole = whole and target is not None and target.id == node.id
    if kind == "counter":
        return above.type in ("update_expression", "augmented_assignment_expression")
    if kind == "nothing":
        # Only what is named for it; a client or connection made once is no state.
        right = bare(above.child_by_field_name("right")) if whole else None
        filled = right is not None and right.type not in ("null", "undefined", "new_expression")
        return filled and bool(CACHE_NAME.search(name)) and not _made_once(reader, right)
    if kind == "dict" and _is_handle(reader, above):
        return False
    if above.type == "member_expression" and above.parent is not None:
        grand = above.parent
        if grand.type == "call_expression":
            return True
        # `x.name = value` on an empty object fills a namespace; `x[key] = value` keeps state.
        return kind != "dict" or grand.type in (
            "update_expression",
            "augmented_assignment_expression",
        )
    return not whole or kind == "list"


def _is_handle(reader: JavaScriptReader, subscript: Node) -> bool:
    """`timers[id] = setTimeout(...)` is of this process by nature; `types["a"] = ...` is a table."""
    holder = subscript.parent
    if subscript.type != "subscript_expression" or holder is None:
        return False
    index = subscript.child_by_field_name("index")
    right = holder.child_by_field_name("right") if holder.type == "assignment_expression" else None
    if right is None:
        return False
    timer = right.type == "call_expression" and TIMER.match(reader.text(right)[:20]) is not None
    return timer or (index is not None and index.type == "string")


def _runs_at_once(reader: JavaScriptReader, function: Node) -> bool:
    """`list.forEach(function)` and `(function () {...})()` run where they stand."""
    above = function.parent
    if above is None:
        return False
    if above.type == "parenthesized_expression":
        return above.parent is not None and above.parent.type == "call_expression"
    call = above.parent if above.type == "arguments" else None
    if call is None or call.type != "call_expression":
        return False
    return reader.callee(call).rpartition(".")[2] in scopes.EACH


def _made_once(reader: JavaScriptReader, right: Node | None) -> bool:
    if right is None or right.type != "call_expression":
        return False
    name = reader.callee(right).rpartition(".")[2]
    return bool(re.match(r"(?i)(create|make|connect|open|get|build|new|init)", name))


def _shadowed(reader: JavaScriptReader, around: list[Node], name: str) -> bool:
    """A parameter or variable of a function around has the same name."""
    declared = re.compile(
        rf"\b(?:const|let|var)\s+(?:{re.escape(name)}\b|[{{\[][^=;]*\b{re.escape(name)}\b[^=;]*[}}\]]\s*=)"
        rf"|\b(?:const|let|var)\s[^;=]*,\s*{re.escape(name)}\b"
        rf"|\bcatch\s*\(\s*{re.escape(name)}\b"
    )
    return any(
        scopes.has_parameter(reader, function, name) or declared.search(reader.text(function))
        for function in around
    )


def _made_at_load(reader: JavaScriptReader, node: Node) -> bool:
    """In a private constructor: the class makes its own few objects, as its fields."""
    around = reader.function_around(node)
    if around is None or reader.definition_name(around) != "constructor":
        return False
    marks = (child for child in around.children[:3] if child.type == "accessibility_modifier")
    return any(reader.text(mark) == "private" for mark in marks)


def _for_names(reader: JavaScriptReader, name: str) -> bool:
    """A number that only makes names differ within the process: `t_${counter}`."""
    found = 0
    for match in re.finditer(rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\b", reader.content):
        node = reader.root.descendant_for_byte_range(match.start(), match.end())
        above = node.parent if node is not None else None
        if node is None or above is None or node.type != "identifier":
            continue
        if any(each.type == "template_substitution" for each in reader.ancestors(node)):
            found += 1
        elif above.type != "variable_declarator" and not (
            above.type in ("update_expression", "augmented_assignment_expression")
            and above.parent is not None
            and above.parent.type == "expression_statement"
        ):
            return False
    return found > 0


def _is_memo(reader: JavaScriptReader, name: str, nodes: list[Node]) -> bool:
    """A memo of a pure function: read and filled in one function that waits for nothing."""
    functions = {around.id: around for node in nodes if (around := reader.function_around(node))}
    if len(functions) != 1:
        return False
    body = reader.text(next(iter(functions.values())))
    short = re.escape(name.rpartition(".")[2])
    read = re.search(
        rf"\b{short}\s*(?:\.(?:get|has)\(|\[[^\]]+\](?!\s*=[^=]))|\bin\s+{short}\b"
        rf"|\bif\s*\(\s*!?\s*{short}\s*\)",
        body,
    )
    return read is not None and WAITS.search(body) is None and ".delete(" not in body
