"""Tables of addresses: dictionaries and lists, their entries under a key or in a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.python.bindings import DOTTED, MAX_NAME
from scaleaudit.languages.telling import may_be_address, telling
from scaleaudit.regex import regex
from scaleaudit.values import UNKNOWN, Literal, Name, Unknown, Value, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_ENTRIES = 200
MAX_DEPTH = 4
WORTH_A_LOOK = regex(rb"://|environ|getenv|_URL|_HOST|_ADDR|[uU]rl|[hH]ost|:\d{4}\b")
LOOPS = frozenset({"for_statement", "for_in_clause"})
WORD = regex(r"[\w.-]{2,100}")


def members(reader: PythonReader, node: Node, prefix: str) -> Iterator[tuple[str, Node, Value]]:
    """(dotted name, place, value) of the addresses in a dictionary."""
    if not WORTH_A_LOOK.search(reader.content, node.start_byte, node.end_byte):
        return
    waiting = [(prefix, node, 0)]
    for _ in range(MAX_ENTRIES):
        if not waiting:
            return
        start, at, depth = waiting.pop(0)
        for key, inner in list(reader.members(at).items())[:MAX_ENTRIES]:
            name = f"{start}.{key}"
            if inner.type == "dictionary":
                if depth < MAX_DEPTH:
                    waiting.append((name, inner, depth + 1))
                continue
            value = reader.value(inner)
            plain = isinstance(value, Literal) and WORD.fullmatch(value.text)
            if may_be_address(value, in_table=True) or (plain and telling(key)):
                yield name, inner, value


def entry(reader: PythonReader, node: Node, depth: int) -> Value | None:
    """`services["orders"]["url"]`, `services[name]`, `services.get(name)`: an entry, or each."""
    found = tables(reader, node, 0)
    if found:
        leaves = [each for each in found if each.type != "dictionary"]
        if leaves:
            values = [reader.value(each, depth + 1) for each in leaves]
            return one_of(value for value in values if not isinstance(value, Unknown))
        return UNKNOWN
    name = entry_name(reader, node)
    return Name(name) if name else None


def tables(reader: PythonReader, node: Node, level: int) -> list[Node]:
    """The literals of this file that an expression may stand for."""
    if level > MAX_DEPTH or node.end_byte - node.start_byte > MAX_NAME * 5:
        return []
    if node.type == "dictionary":
        return [node]
    if node.type == "identifier":
        name = reader.text(node)
        assigned = reader.local(name, node)
        if assigned is None:
            elements = loop_elements(reader, name, node)
            if elements:
                return elements
            assigned = reader.module_values.get(name)
        return tables(reader, assigned, level + 1) if assigned is not None else []
    holder, key = parts(reader, node)
    if holder is None:
        return []
    found: list[Node] = []
    for table in tables(reader, holder, level + 1):
        entries = reader.members(table)
        if key == "*":
            found += list(entries.values())[:MAX_ENTRIES]
        elif key in entries:
            found.append(entries[key])
    return found


def parts(reader: PythonReader, node: Node) -> tuple[Node | None, str]:
    """The table and the key (`*`: not known here) of `table[key]` and `table.get(key)`."""
    if node.type == "subscript":
        holder, key = node.child_by_field_name("value"), node.child_by_field_name("subscript")
    elif node.type == "call":
        function = node.child_by_field_name("function")
        args = reader.arguments(node)[0]
        if function is None or function.type != "attribute" or not args:
            return None, ""
        if reader.text(function.child_by_field_name("attribute") or function) != "get":
            return None, ""
        holder, key = function.child_by_field_name("object"), args[0]
    else:
        return None, ""
    if holder is None or key is None or key.type in ("integer", "slice", "unary_operator"):
        return None, ""
    value = reader.value(key) if key.type == "string" else UNKNOWN
    return holder, value.text if isinstance(value, Literal) else "*"


def entry_name(reader: PythonReader, node: Node, level: int = 0) -> str:
    """`config["orders"]["url"]` as `config.orders.url`, for the linker to find; also where a local
    holds a part of it: `orders = config["orders"]`."""
    keys: list[str] = []
    at: Node | None = node
    for _ in range(MAX_DEPTH):
        if at is None or at.type not in ("subscript", "call"):
            break
        at, key = parts(reader, at)
        keys.append(key)
    if at is None or at.type not in ("identifier", "attribute") or not keys:
        return ""
    text = reader.text(at) if at.end_byte - at.start_byte <= MAX_NAME else ""
    held = reader.local(text, at) if at.type == "identifier" and level < MAX_DEPTH else None
    if held is not None and held.type in ("subscript", "call"):
        text = entry_name(reader, held, level + 1) or text
    elif held is not None and held.type == "attribute":
        text = reader.text(held)
    if not DOTTED.fullmatch(text) or not all(WORD.fullmatch(k) or k == "*" for k in keys):
        return ""
    if "*" in keys and not (telling(text) or text.isupper()):
        return ""
    own = reader.class_around(node) if text.startswith(("self.", "cls.")) else None
    if own is not None:
        text = f"{reader.definition_name(own)}.{text.partition('.')[2]}"
    return ".".join([text, *reversed(keys)])[:MAX_NAME]


def loop_elements(reader: PythonReader, name: str, node: Node) -> list[Node]:
    """What a loop variable stands for, where the loop runs over a literal of this file."""
    for above in reader.ancestors(node):
        if above.type in reader.FUNCTIONS:
            break
        clauses = [above] if above.type in LOOPS else [
            child for child in above.named_children[:6] if child.type in LOOPS
        ] if above.type.endswith(("comprehension", "expression")) else []  # fmt: skip
        for clause in clauses:
            left, right = clause.child_by_field_name("left"), clause.child_by_field_name("right")
            if left is None or right is None:
                continue
            names = [left] if left.type == "identifier" else left.named_children
            at = next((i for i, n in enumerate(names) if reader.text(n) == name), -1)
            if at >= 0:
                return elements(reader, right, at, len(names))
    return []


def elements(reader: PythonReader, node: Node, at: int, of: int) -> list[Node]:
    """The elements of a list, the values of a dictionary: `x`, `x.items()`, `x.values()`."""
    method = ""
    if node.type == "call":
        function = node.child_by_field_name("function")
        if function is None or function.type != "attribute":
            return []
        method = reader.text(function.child_by_field_name("attribute") or function)
        holder = function.child_by_field_name("object")
        if holder is None or method not in ("items", "values"):
            return []
        node = holder
    if node.type == "identifier":
        name = reader.text(node)
        assigned = reader.local(name, node) or reader.module_values.get(name)
        if assigned is None:
            return []
        node = assigned
    if node.type == "dictionary" and method:
        values = list(reader.members(node).values())[:MAX_ENTRIES]
        return values if method == "values" or at == 1 else []
    if node.type in ("list", "tuple", "set") and not method:
        found = [child for child in node.named_children[:MAX_ENTRIES] if child.type != "comment"]
        if of == 1:
            return found
        inner = [each.named_children for each in found if each.type in ("tuple", "list")]
        return [each[at] for each in inner if len(each) == of]
    return []
