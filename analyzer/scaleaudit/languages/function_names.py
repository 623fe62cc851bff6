"""The functions of a file, each with the names in it that may be those of other functions.

Only the outer levels of the tree are walked, what stands inside a function is looked at as words. A
word that merely looks like a name (in a comment, a text) is no harm: it only says that the
function of that name may be called here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import NamedFunction, name_sign
from scaleaudit.languages.class_calls import calls_on_classes, within
from scaleaudit.languages.file_text import words_only
from scaleaudit.languages.queued_calls import queued_calls
from scaleaudit.languages.vocabulary import vocabulary
from scaleaudit.record import Gathering, Record

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from scaleaudit.languages.class_calls import OnClass
    from scaleaudit.languages.reader import Reader

MAX_FUNCTIONS = 1_500  # of one file
MAX_DEPTH = 14  # of the levels that are walked
MAX_HEAD = 1_200  # bytes of a declaration that are looked at
MAX_OWN = 20_000  # of what stands in a class, outside of its functions


class Shape(Record, frozen=True, kw_only=True):
    """How functions stand in the files of a language: types of nodes, and marks in the bytes.

    `through`: nodes that hold others of the same level, where one of `openings` stands in them.
    `telling` matches words that may be the names of functions, all others are left out. `job` and
    `staff` are found in declarations, of functions and of classes, and `own_*` in each thing that a
    class says outside of its functions: these, and `inner_job`, match from its beginning.
    """

    functions: frozenset[str]
    classes: frozenset[str]
    through: frozenset[str]
    skipped: frozenset[str]  # imports, and declarations that run nothing
    bodies: frozenset[str]  # of classes
    telling: re.Pattern[bytes]
    tests: re.Pattern[bytes] | None  # in files that only check others
    test_marks: tuple[bytes, ...]  # what a file must hold before that is looked for, or is enough
    root_marks: tuple[bytes, ...]  # the same of `job` and `staff`
    needs: tuple[bytes, ...] = ()  # without one of these a file calls nothing
    idle: tuple[bytes, ...] = ()  # and with one of these nothing that queries: parts of pages
    on_class: OnClass | None = None
    openings: tuple[bytes, ...]
    job: re.Pattern[bytes] | None = None
    staff: re.Pattern[bytes] | None = None
    own_job: re.Pattern[bytes] | None = None
    own_staff: re.Pattern[bytes] | None = None
    turned_away: re.Pattern[bytes] | None = None  # in a function's first lines: all but the staff
    marked: re.Pattern[bytes] | None = None  # each decorator or annotation of a function, its name
    harmless: re.Pattern[bytes] | None = None  # those that leave it to its callers
    asked: re.Pattern[bytes] | None = None  # in the declaration of what answers a request
    inner_job: re.Pattern[bytes] | None = None  # in the body of a function
    queued: re.Pattern[bytes] | None = None  # calls that hand on what runs later
    wrapping: frozenset[str] = frozenset()  # nodes around one declaration, as its decorators
    beside: frozenset[str] = frozenset()  # nodes that belong to the declaration that follows
    value: Callable[[Node], Node | None] | None = None  # the function that a node gives a name to
    exported: Callable[[Node], bool] | None = None  # a list of names that others may use


class Part(Gathering):
    """A function, or what stands in a class or a file beside its functions."""

    scope: str
    ranges: list[tuple[int, int]]
    root: str = ""
    method: bool = False


def named_functions(reader: Reader, shape: Shape) -> tuple[NamedFunction, ...]:
    content = reader.content
    if reader.says(*shape.test_marks) and (
        shape.tests is None or shape.tests.search(content) is not None
    ):
        return ()
    if (shape.needs and not reader.says(*shape.needs)) or reader.says(*shape.idle):
        return ()
    words = reader.words_in_place
    telling = vocabulary(shape.telling).signs(reader.words)
    on_classes = calls_on_classes(content, shape.on_class) if shape.on_class else []
    found: list[NamedFunction] = []
    for part in parts_of(reader, shape):
        inside = [] if len(part.ranges) != 1 else words[slice(*part.ranges[0])].split()
        for start, end in part.ranges if not inside else ():
            inside += words[start:end].split()
        signs = {word: telling[word] for word in telling.keys() & set(inside)}
        signs |= {name: name_sign(name) for name in within(on_classes, part.ranges)}
        own = part.scope.rpartition(".")[2].encode().strip(b"?!=")
        told = own in signs
        if told and inside.count(own) < 2:
            del signs[own]
        if signs or part.root or told:
            text = b"".join(sorted(signs.values()))
            found.append(NamedFunction(part.scope, text, part.root, part.method))
    return tuple(found)


def words_of(content: bytes, telling: re.Pattern[bytes]) -> tuple[NamedFunction, ...]:
    """All of a file that has no functions, as a template."""
    signs = vocabulary(telling).signs(set(words_only(content).split()))
    return (NamedFunction("", b"".join(sorted(signs.values()))),) if signs else ()


def parts_of(reader: Reader, shape: Shape) -> list[Part]:
    if not reader.says(*shape.root_marks):
        shape = replace(shape, job=None, staff=None, own_job=None, own_staff=None, inner_job=None)
        shape = replace(shape, turned_away=None)
    found: list[Part] = []
    outside = Part("", [])
    _walk(reader, shape, reader.root, outside, found, 0)
    return [*found, outside]


def _walk(
    reader: Reader, shape: Shape, node: Node, around: Part, found: list[Part], depth: int
) -> None:
    content = reader.content
    begin = -1  # of what stands beside the next declaration: decorators
    for child in node.children:
        kind = child.type
        start, end = child.start_byte, child.end_byte
        if kind in shape.skipped or end - start < 3:
            continue
        if kind in shape.beside:
            begin = start if begin < 0 else begin
            continue
        start, begin = (begin if begin >= 0 else start), -1
        if kind in shape.wrapping:
            child = wrapped(child)
            kind = child.type
        function = child if kind in shape.functions else None
        if function is None and shape.value is not None:
            function = shape.value(child)
        if len(found) >= MAX_FUNCTIONS or depth > MAX_DEPTH:
            around.ranges.append((start, end))
        elif function is not None:
            found.append(_function(reader, shape, child, function, around, start))
            found += _planned_inside(reader, shape, function, found[-1])
            found += _queued_inside(shape, content, found[-1])
        elif kind in shape.classes:
            _class(reader, shape, child, around, found, start, depth)
        elif kind in shape.through and any(
            content.find(each, start, end) >= 0 for each in shape.openings
        ):
            _walk(reader, shape, child, around, found, depth + 1)
        elif shape.exported is None or not shape.exported(child):
            around.ranges.append((start, end))


def wrapped(node: Node) -> Node:
    """The declaration inside of its decorators, or behind `export`."""
    return node.child_by_field_name("definition") or node.child_by_field_name("declaration") or node


def _function(
    reader: Reader, shape: Shape, node: Node, function: Node, around: Part, start: int
) -> Part:
    name = reader.definition_name(node) if function is node else held_name(reader, node)
    body = body_of(function)
    head_end = min(body.start_byte if body is not None else node.end_byte, start + MAX_HEAD)
    root = around.root or _declared(shape, reader.content, start, head_end)
    if not root and shape.inner_job is not None:
        root = "job" if shape.inner_job.match(reader.content, start, node.end_byte) else ""
    if not root and shape.turned_away is not None:
        lines = head_end, min(head_end + MAX_HEAD // 2, node.end_byte)
        root = "staff" if shape.turned_away.search(reader.content, *lines) else ""
    if not root and _by_framework(shape, reader.content, start, head_end):
        root = "framework"
    scope = f"{around.scope}{name}"
    method = bool(around.scope) or node.type == "method_declaration"
    return Part(scope, [(start, node.end_byte)], root, method)


def body_of(function: Node) -> Node | None:
    """What it does, which Kotlin's grammar keeps under no name."""
    named = function.child_by_field_name("body")
    return named or next((c for c in function.children if c.type == "function_body"), None)


def _planned_inside(reader: Reader, shape: Shape, function: Node, outer: Part) -> list[Part]:
    """Jobs and commands that a function declares inside: `@app.cli.command()` of a factory."""
    body = function.child_by_field_name("body")
    if outer.root or body is None or (shape.job is None and shape.staff is None):
        return []
    inside: list[Part] = []
    for child in body.children:
        inner = wrapped(child) if child.type in shape.wrapping else child
        if inner is child or inner.type not in shape.functions:
            continue
        own = _function(reader, shape, inner, inner, Part(f"{outer.scope}.", []), child.start_byte)
        if own.root in ("job", "staff"):
            own.method = False
            inside.append(own)
            begin, end = outer.ranges.pop()
            outer.ranges += [(begin, child.start_byte), (child.end_byte, end)]
    return inside


def _queued_inside(shape: Shape, content: bytes, outer: Part) -> list[Part]:
    """What a function names only to have it run later, as a job of its name."""
    if shape.queued is None or len(outer.ranges) != 1 or outer.root in ("job", "staff"):
        return []
    begin, end = outer.ranges[0]
    handed = queued_calls(content, shape.queued, begin, end)
    if not handed:
        return []
    edges = [begin, *(edge for each in handed for edge in each), end]
    outer.ranges = list(zip(edges[::2], edges[1::2], strict=True))
    return [Part(outer.scope, handed, "job", outer.method)]


def held_name(reader: Reader, node: Node) -> str:
    """The name that a function is given: of a variable, a member, a key."""
    for field in ("name", "key", "property", "left"):
        found = node.child_by_field_name(field)
        if found is not None:
            return reader.text(found).rpartition(".")[2].strip("'\"`")[:80]
    return ""


def _by_framework(shape: Shape, content: bytes, start: int, end: int) -> bool:
    if shape.asked is not None and shape.asked.search(content, start, end):
        return True
    if shape.marked is None or shape.harmless is None:
        return False
    return not all(map(shape.harmless.fullmatch, shape.marked.findall(content, start, end)))


def _class(
    reader: Reader,
    shape: Shape,
    node: Node,
    around: Part,
    found: list[Part],
    start: int,
    depth: int,
) -> None:
    """Its members, and a part for what it says beside them."""
    name = reader.definition_name(node)
    own = Part(f"{around.scope}{name}." if name else around.scope, [])
    bodies = [child for child in node.children if child.type in shape.bodies]
    head_end = bodies[0].start_byte if bodies else node.end_byte
    own.ranges.append((start, head_end))
    own.root = around.root or _declared(shape, reader.content, start, head_end)
    if not own.root and (shape.own_job is not None or shape.own_staff is not None):
        own.root = _said(shape, reader, bodies)
    at = len(found)
    for body in bodies:
        _walk(reader, shape, body, own, found, depth + 1)
    found.insert(at, own)


def _declared(shape: Shape, content: bytes, start: int, end: int) -> str:
    end = min(end, start + MAX_HEAD)
    if shape.job is not None and shape.job.search(content, start, end):
        return "job"
    return "staff" if shape.staff is not None and shape.staff.search(content, start, end) else ""


def _said(shape: Shape, reader: Reader, bodies: list[Node]) -> str:
    """By what the class says outside of its functions."""
    size = 0
    for child in _statements(shape, bodies):
        start, end = child.start_byte, child.end_byte
        size += end - start
        if size > MAX_OWN:
            break
        if shape.own_job is not None and shape.own_job.match(reader.content, start, end):
            return "job"
        if shape.own_staff is not None and shape.own_staff.match(reader.content, start, end):
            return "staff"
    return ""


def _statements(shape: Shape, bodies: list[Node]) -> Iterator[Node]:
    for body in bodies:
        for child in body.children:
            kind = (wrapped(child) if child.type in shape.wrapping else child).type
            if kind not in shape.functions and kind not in shape.classes:
                yield child
