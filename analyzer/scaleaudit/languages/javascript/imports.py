"""ES imports and re-exports, `require` in all its forms, and dynamic `import()`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import ImportFound
from scaleaudit.languages.javascript.type_usage import decorates, only_types
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.reader import Reader

ASSET = regex(r"\.(css|scss|sass|less|svg|png|jpe?g|gif|webp|ico|woff2?|ttf|mp[34]|html|md)(\?|$)")
# Modules of the repository itself: relative ones, and what bundlers and `package.json` name so.
OWN_PREFIXES = (".", "@/", "~/", "#")
Names = list[tuple[str, str]]  # (name in the module, name here)


def found(reader: JavaScriptReader, captures: dict[str, list[Node]]) -> Iterator[Fact]:
    """All import facts; fills the reader's tables of names on the way."""
    kept = decorates(reader.content)
    for node in captures.get("import", ()):
        yield from _statement(reader, node, types_kept=kept)
    for kind in ("require", "dynamic"):
        for node in captures.get(kind, ()):
            yield from _call(reader, node, dynamic=kind == "dynamic")
    for node in captures.get("unpack", ()):
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        origin = reader.imports.get(reader.text(value)) if value is not None else None
        for key, here in pattern_names(reader, name) if name is not None and origin else ():
            reader.imports[here] = f"{origin}.{key}"
            if value is not None:
                reader.unpacked[here] = f"{reader.text(value)}.{key}"


def _statement(reader: JavaScriptReader, node: Node, *, types_kept: bool) -> Iterator[Fact]:
    """`import a, {b as c} from "m"`, `import * as d from "m"`, `export {e} from "m"`.

    The words are read from the text: statements like these are most of what a file has at module
    level, and walking their nodes costs more than all else that is done with them.
    """
    text = reader.text(node)
    if "/" in text and ("/*" in text or "//" in text):
        text = COMMENT.sub("", text)
    match = STATEMENT.match(text)
    module = match["module"] if match is not None else ""
    if match is None or not module or ASSET.search(module):
        return
    clause = match["clause"] or ""
    names: Names = []
    alias = match["required"] or ""
    typed = 0
    before, brace, inside = clause.partition("{")
    for each in inside.partition("}")[0].split(",") if brace else ():
        written = each.strip()
        if written.startswith("type ") and written.count(" ") in (1, 3):  # not `type as name`
            written = written[5:].lstrip()
            typed += 1
        name, _, here = written.partition(" as ")
        if name:
            names.append((name.strip("\"' "), (here or name).strip("\"' ")))
    for each in before.split(","):
        written = each.strip()
        if written.startswith("*"):
            here = written.rpartition(" ")[2] if " " in written else ""
            if match["kind"] == "export":
                names.append(("*", here))
            else:
                alias = here
        elif written:
            names.insert(0, ("default", written))
    name = dotted(module)
    reader.modules.add(name)
    if match["kind"] == "import":
        _remember(reader, name, names)
        if alias:
            reader.imports[alias] = name
    type_only = bool(match["type"]) or (0 < typed == len(names) and not alias)
    if not (type_only or types_kept) and match["kind"] == "import" and OWN_MODULE.match(module):
        locals_ = [here for _, here in names] + ([alias] if alias else [])
        type_only = bool(locals_) and only_types(reader, node, locals_)
    yield ImportFound(
        at=reader.span(node), module=module, names=tuple(names), alias=alias, type_only=type_only
    )


def _remember(reader: JavaScriptReader, module: str, names: Names) -> None:
    for key, here in names:
        reader.imports[here] = module if key == "default" else f"{module}.{key}"
        if key not in ("default", here):
            reader.renamed[here] = key


OWN_MODULE = regex(r"[.@~#$]|[\w-]+/")  # a relative path, or an alias of one; packages rarely
COMMENT = regex(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.S)
STATEMENT = regex(
    r"""(?P<kind>import|export)\b\s*(?P<type>type(?:of)?\s(?!\s*(?:from\b|,|=)))?"""
    r"""(?:(?P<clause>(?:[^"'={]|\{[^}]*\})*?)\bfrom\b|(?P<required>[\w$]+)\s*=\s*require\s*\()?"""
    r"""\s*["'](?P<module>[^"'\n]{1,400})["']"""
)


def _call(reader: JavaScriptReader, node: Node, *, dynamic: bool) -> Iterator[Fact]:
    module = called_with(reader, node)
    if not module or ASSET.search(module):
        return
    name = dotted(module)
    reader.modules.add(name)
    member = ""
    above: Node | None = node.parent
    below: Node | None = node
    while above is not None and above.type in ("await_expression", "parenthesized_expression"):
        above, below = above.parent, above
    if above is not None and above.type == "member_expression":
        accessed = above.child_by_field_name("property")
        member = reader.text(accessed) if accessed is not None else ""
        above, below = above.parent, above
    names: Names = []
    alias = ""
    if above is not None and above.type == "variable_declarator":
        left = above.child_by_field_name("name")
        if left is not None and left.type == "object_pattern":
            names = pattern_names(reader, left)
        elif left is not None:
            names, alias = (
                ([(member, reader.text(left))], "") if member else ([], reader.text(left))
            )
    elif above is not None and above.type == "assignment_expression":
        left = above.child_by_field_name("left")
        if (
            left is not None
            and left.type == "identifier"
            and below is not None
            and left.id != below.id
        ):
            names, alias = (
                ([(member, reader.text(left))], "") if member else ([], reader.text(left))
            )
    handed_on = exported_as(reader, above) if not alias and not names else ""
    if member == "default" and names:
        names, alias = [], names[0][1]
    _remember(reader, name, names)
    if alias:
        reader.imports[alias] = name
    if handed_on == WHOLE:
        names = [] if member else [(WHOLE, "")]
    elif handed_on:
        names, alias = ([(member, handed_on)], "") if member else ([], handed_on)
    yield ImportFound(
        at=reader.span(node),
        module=module,
        names=tuple(names),
        alias=alias,
        lazy=dynamic or reader.function_around(node) is not None,
    )


WHOLE = "*"  # all that a module exports
EXPORT = regex(r"(?:module\.)?exports\.([\w$]+)")


def exported_as(reader: Reader, above: Node | None) -> str:
    """The name under which a module hands on what it requires there; empty when it keeps it."""
    key = None
    if above is not None and above.type == "pair" and above.parent is not None:
        key, above = above.child_by_field_name("key"), above.parent.parent
    left = above.child_by_field_name("left") if above is not None else None
    if left is None or above is None or above.type != "assignment_expression":
        return ""
    if reader.text(left) == "module.exports":
        return reader.text(key).strip("'\"") if key is not None else WHOLE
    found = EXPORT.fullmatch(reader.text(left)) if key is None else None
    return found[1] if found is not None else ""


def required(reader: Reader, node: Node) -> str:
    """The module of `require("module")`, dotted; empty for any other call."""
    function = node.child_by_field_name("function")
    if function is None or function.type != "identifier" or reader.text(function) != "require":
        return ""
    return dotted(called_with(reader, node))


def called_with(reader: Reader, node: Node) -> str:
    holder = node.child_by_field_name("arguments")
    first = holder.named_children[0] if holder is not None and holder.named_children else None
    return string_text(reader, first)


def string_text(reader: Reader, node: Node | None) -> str:
    return reader.text(node)[1:-1] if node is not None and node.type == "string" else ""


def dotted(module: str) -> str:
    """The name of a module inside qualified names: `node:fs` and `fs` are the same."""
    return module.removeprefix("node:")


def pattern_names(reader: JavaScriptReader, pattern: Node) -> Names:
    """`{a, b: c, d = 1}` to (a, a), (b, c), (d, d)."""
    names: Names = []
    for child in pattern.named_children:
        left = child.child_by_field_name("left")
        if child.type == "shorthand_property_identifier_pattern":
            names.append((reader.text(child), reader.text(child)))
        elif child.type == "object_assignment_pattern" and left is not None:
            names.append((reader.text(left), reader.text(left)))
        elif child.type == "pair_pattern":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if value is not None and value.type == "assignment_pattern":
                value = value.child_by_field_name("left")
            if key is not None and value is not None and value.type == "identifier":
                names.append((reader.text(key).strip("'\""), reader.text(value)))
    return names


def declares(reader: JavaScriptReader, name: str) -> bool:
    """The file has a definition of its own for what is otherwise a global function."""
    return reader.mentions(rf"\b(?:function\s*\*?|const|let|var)\s+{re.escape(name)}\b")
