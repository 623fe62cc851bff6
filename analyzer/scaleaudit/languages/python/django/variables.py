"""What the local names of a function are given, where, and in which of its branches."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scaleaudit.record import Gathering, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.languages.python.reader import PythonReader

MAX_STATEMENTS = 3_000  # of one function
MAX_GIVEN = 60  # values of one name
MAX_LEVELS = 30
BRANCHING = frozenset(
    {"if_statement", "for_statement", "while_statement", "try_statement", "match_statement"}
)
PARTS = frozenset(
    {"block", "else_clause", "elif_clause", "except_clause", "except_group_clause",
     "finally_clause", "case_clause", "with_statement"}
) | BRANCHING  # fmt: skip
# Bodies of these run in any case, or are left early: no branches.
PLAIN = frozenset({"with_statement", "finally_clause"})


class Given(Record, frozen=True):
    """`name = value`, `name &= value`, `for name in value`."""

    name: str
    value: Node
    kind: str  # `=`, `&=`, `|=`, `+=`, `for`, `[]` (an entry of a dictionary), `.update`
    start: int  # byte of the statement
    branch: tuple[int, ...]  # ids of the blocks around, the outermost first
    left: Node | None = None


Reached: TypeAlias = "tuple[Given | None, list[Given]]"


class Return(Record, frozen=True):
    value: Node
    branch: tuple[int, ...]
    start: int


class FunctionRead(Gathering):
    node: Node
    given: dict[str, list[Given]] = msgspec.field(default_factory=dict)
    returns: list[Return] = msgspec.field(default_factory=list)
    parameters: dict[str, Node] = msgspec.field(default_factory=dict)
    order: list[str] = msgspec.field(default_factory=list)  # of the parameters
    branches: dict[int, tuple[int, ...]] = msgspec.field(default_factory=dict)
    # The blocks of each `if` that has an `else`: one of them runs.
    complete: list[tuple[int, ...]] = msgspec.field(default_factory=list)
    choice: dict[int, int] = msgspec.field(default_factory=dict)  # block of an `if` -> which `if`
    count: int = 0
    # What was found out once: at a name and a byte what it may hold, by `Given` where it is used.
    reached: dict[tuple[str, int], Reached] = msgspec.field(default_factory=dict)
    used: dict[int, list[Node]] = msgspec.field(default_factory=dict)


def read_function(reader: PythonReader, function: Node) -> FunctionRead:
    found = FunctionRead(function)
    holder = function.child_by_field_name("parameters")
    for child in holder.named_children[:60] if holder is not None else ():
        named = child.child_by_field_name("name") or (
            child.named_children[0]
            if child.type == "typed_parameter" and child.named_children
            else child
        )
        if named.type == "identifier":
            found.parameters[reader.text(named)] = child
            found.order.append(reader.text(named))
    body = function.child_by_field_name("body")
    if body is not None and body.type == "block":
        _block(reader, body, (), found, 0)
    return found


def _block(
    reader: PythonReader, block: Node, branch: tuple[int, ...], found: FunctionRead, depth: int
) -> None:
    for statement in block.named_children:
        found.count += 1
        if found.count > MAX_STATEMENTS or depth > MAX_LEVELS:
            return
        kind = statement.type
        if kind == "expression_statement":
            _expression(reader, statement.children[0], branch, found)
        elif kind == "return_statement":
            if statement.named_children:
                value = statement.named_children[0]
                found.returns.append(Return(value, branch, statement.start_byte))
        elif kind in PARTS:
            _part(reader, statement, branch, found, depth)


def _part(
    reader: PythonReader, part: Node, branch: tuple[int, ...], found: FunctionRead, depth: int
) -> None:
    if part.type == "for_statement":
        left, right = part.child_by_field_name("left"), part.child_by_field_name("right")
        if left is not None and right is not None:
            inner = (*branch, part.id)
            for name in names_in(left):
                _note(found, Given(reader.text(name), right, "for", part.start_byte, inner, name))
    elif part.type in ("if_statement", "elif_clause", "while_statement"):
        test = part.child_by_field_name("condition")
        if test is not None and b":=" in reader.content[test.start_byte : test.end_byte]:
            _walrus(reader, test, branch, found, 0)
    if part.type == "if_statement":
        _note_choice(part, found)
    for child in part.named_children:
        if child.type == "block":
            inside = branch if part.type in PLAIN else (*branch, child.id)
            if part.type == "for_statement":
                inside = (*branch, part.id)
            if part.type == "try_statement":
                inside = branch
            if inside != branch:
                found.branches[child.id] = inside
            _block(reader, child, inside, found, depth + 1)
        elif child.type in PARTS:
            found.count += 1
            if depth < MAX_LEVELS:
                _part(reader, child, branch, found, depth + 1)


def _note_choice(part: Node, found: FunctionRead) -> None:
    blocks: list[int] = []
    has_else = False
    for child in (part, *part.named_children):
        has_else = has_else or child.type == "else_clause"
        if child.type in ("if_statement", "elif_clause", "else_clause") and (
            child.id == part.id or child.type != "if_statement"
        ):
            blocks += [each.id for each in child.named_children if each.type == "block"]
    found.choice.update((block, part.id) for block in blocks)
    if has_else:
        found.complete.append(tuple(blocks))


def _expression(
    reader: PythonReader, node: Node, branch: tuple[int, ...], found: FunctionRead
) -> None:
    if node.type == "call":
        _update(reader, node, branch, found)
        return
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    if left.type == "identifier":
        kind = "="
        if node.type == "augmented_assignment":
            operator = node.child_by_field_name("operator")
            kind = reader.text(operator) if operator is not None else "?"
        given = Given(reader.text(left), right, kind, node.start_byte, branch, left)
        _note(found, given)
    elif left.type == "subscript" and node.type == "assignment":
        value = left.child_by_field_name("value")
        if value is not None and value.type == "identifier":
            _note(
                found, Given(reader.text(value), right, "[]", node.start_byte, branch, left)
            )  # fmt: skip
    elif left.type in ("pattern_list", "tuple_pattern"):
        for name in names_in(left):
            _note(found, Given(reader.text(name), right, "part", node.start_byte, branch, name))


def _update(reader: PythonReader, node: Node, branch: tuple[int, ...], found: FunctionRead) -> None:
    """`filters.update({...})`, `q.add(Q(...), Q.AND)`."""
    function = node.child_by_field_name("function")
    if function is None or function.type != "attribute":
        return
    name, of = function.child_by_field_name("attribute"), function.child_by_field_name("object")
    if name is None or of is None or of.type != "identifier":
        return
    method = reader.text(name)
    if method in ("update", "add", "append", "setdefault", "pop"):
        _note(found, Given(reader.text(of), node, f".{method}", node.start_byte, branch))


def _walrus(
    reader: PythonReader, node: Node, branch: tuple[int, ...], found: FunctionRead, depth: int
) -> None:
    if node.type == "named_expression":
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None:
            _note(found, Given(reader.text(name), value, "=", node.start_byte, branch, name))
        return
    if depth < 6:
        for child in node.named_children[:20]:
            _walrus(reader, child, branch, found, depth + 1)


def _note(found: FunctionRead, given: Given) -> None:
    several = found.given.setdefault(given.name, [])
    if len(several) < MAX_GIVEN:
        several.append(given)


def names_in(left: Node) -> Iterator[Node]:
    if left.type == "identifier":
        yield left
    elif left.type in ("pattern_list", "tuple_pattern"):
        for child in left.named_children[:20]:
            if child.type == "identifier":
                yield child


def branch_of(reader: PythonReader, function: FunctionRead, node: Node) -> tuple[int, ...]:
    """The blocks of the function that a node stands in."""
    for above in reader.ancestors(node):
        if above.id == function.node.id:
            break
        known = function.branches.get(above.id)
        if known is not None:
            return known
    return ()


def reaching(reader: PythonReader, function: FunctionRead, name: str, node: Node) -> Reached:
    """What the name surely holds at a node, and what it may hold instead, in the order of the source.

    The first is the last that is given on every way there; the others are given after it, in
    branches that may be passed or not.
    """
    at = node.start_byte
    known = function.reached.get((name, at))
    if known is None:
        known = _reaching(function, name, at, branch_of(reader, function, node))
        function.reached[name, at] = known
    return known


def held_at(reader: PythonReader, function: FunctionRead, name: str, node: Node) -> Given | None:
    """What a chain that begins with the name goes on from; None for what a parameter was called with.

    What is given in a branch that may be passed is left out where something else is sure.
    """
    sure, maybe = reaching(reader, function, name, node)
    if sure is None and name in function.parameters and not on_every_way(function, maybe):
        return next((each for each in maybe if by_default(reader, each)), None)
    return sure or (maybe[-1] if maybe else None)


def by_default(reader: PythonReader, given: Given) -> bool:
    """`if rows is None: rows = ...`: what a parameter holds where nobody says otherwise."""
    if given.kind != "=" or not given.branch:
        return False
    for above in reader.ancestors(given.value):
        if above.type == "if_statement":
            test = above.child_by_field_name("condition")
            asked = reader.hint(test) if test is not None else ""
            return asked in (f"{given.name} is None", f"not {given.name}")
        if above.type == "function_definition":
            break
    return False


def on_every_way(function: FunctionRead, several: list[Given]) -> bool:
    """Given in every block of an `if` with an `else`."""
    blocks = {each.branch[-1] for each in several if each.branch}
    return any(blocks.issuperset(each) for each in function.complete)


def _reaching(function: FunctionRead, name: str, at: int, branch: tuple[int, ...]) -> Reached:
    sure: Given | None = None
    maybe: list[Given] = []
    for given in function.given.get(name, ()):
        if given.value.end_byte > at:  # not given yet: `name = name.filter(...)`
            continue
        if given.branch == branch[: len(given.branch)]:
            sure, maybe = given, []
        elif not apart(function, given.branch, branch):
            maybe.append(given)
    for blocks in function.complete:
        covering = [each for each in maybe if each.branch and each.branch[-1] in blocks]
        if len({each.branch[-1] for each in covering}) == len(blocks) and all(
            each.branch[:-1] == branch[: len(each.branch) - 1] for each in covering
        ):
            return None, covering
    return sure, maybe


def apart(function: FunctionRead, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """In two sides of one `if`, of which only one runs."""
    for here, there in zip(one, other, strict=False):
        if here != there:
            choice = function.choice.get(here)
            return choice is not None and choice == function.choice.get(there)
    return False
