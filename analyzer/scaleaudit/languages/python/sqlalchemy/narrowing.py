"""Functions that narrow a query which they are handed, and hand it back: `query = open_only(query)`.

Each is a named part of queries, `open_only()`, which a query names where it is handed to the function.
What a function of other files does with a query is known by nothing but its name; a name that means
several functions of one class, or one that does more than is read here, leaves the query partial.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import BY_CALL, Clause, ScopeDefined, ScopeOption
from scaleaudit.languages.python.sqlalchemy.branching import conditional
from scaleaudit.languages.python.sqlalchemy.chains import started
from scaleaudit.languages.python.sqlalchemy.expressions import read
from scaleaudit.languages.python.sqlalchemy.gathering import Place
from scaleaudit.languages.python.sqlalchemy.made import makers
from scaleaudit.languages.python.sqlalchemy.reach import outermost
from scaleaudit.languages.python.sqlalchemy.starts import MAX_BEFORE, places
from scaleaudit.languages.python.sqlalchemy.syntax import shown, statements
from scaleaudit.languages.python.sqlalchemy.variables import Following, arms_of, extended
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition
    from scaleaudit.languages.python.reader import PythonReader
    from scaleaudit.languages.python.sqlalchemy.chains import Chain
    from scaleaudit.languages.python.sqlalchemy.variables import Life, Part

# Which of the names before `.where(` are parameters is seen in the tree.
WORDS = (
    b"where filter filter_by order_by join outerjoin options limit offset distinct group_by having"
    b" execution_options"
).split()
NAME_BEFORE = regex(rb"(?<![\w.])([a-z_]\w*)[\s\\]*\Z")
MAX_MENTIONS = 2_000  # of one file
MAX_OPTIONS = 20


def narrowings(
    reader: PythonReader, framework: str, reading: Callable[[Chain, Node], None] | None = None
) -> Iterator[ScopeDefined]:
    """`reading`: what a call adds, where it is not SQLAlchemy's."""
    yield from condition_makers(reader, framework)
    done: set[tuple[int, str]] = set()
    for at, name in named_before(reader.content, WORDS)[:MAX_MENTIONS]:
        leaf = reader.root.descendant_for_byte_range(at, at + 1)
        function = reader.function_around(leaf) if leaf is not None else None
        if function is None or function.type != "function_definition":
            continue
        if (function.id, name) in done:
            continue
        done.add((function.id, name))
        if is_parameter(reader, function, name):
            yield from narrowing(reader, function, name, started(reader, "", framework), reading)


def condition_makers(reader: PythonReader, framework: str) -> Iterator[ScopeDefined]:
    """What functions make for the conditions of queries in other files."""
    for name, function, value in makers(reader):
        to = started(reader, "", framework).to
        read(to, value, Place())
        owner = owned_by(to.found)
        if owner:
            yield ScopeDefined(
                at=reader.span(function),
                framework=framework,
                owner=owner,
                name=f"{name}{BY_CALL}",
                conditions=of_owner(to.found, owner),
                scopes=tuple(to.parts),
                partial=to.lost or bool(to.optional),
                implied=True,
            )


def named_before(content: bytes, words: Iterable[bytes]) -> list[tuple[int, str]]:
    """The names that methods of these words are called on, with their places, in order."""
    found: list[tuple[int, str]] = []
    for word in words:
        for at in places(content, b"." + word + b"("):
            start = max(0, at - MAX_BEFORE)
            before = NAME_BEFORE.search(content[start:at])
            if before is not None:
                found.append((start + before.start(1), before[1].decode()))
    return sorted(found)


def narrowing(
    reader: PythonReader,
    function: Node,
    name: str,
    chain: Chain,
    reading: Callable[[Chain, Node], None] | None,
) -> Iterator[ScopeDefined]:
    """The part of queries that a function is, when it hands back the parameter of that name."""
    body = function.child_by_field_name("body")
    if body is None:
        return
    chain.reading = reading
    life = Following(reader, set()).life(name, body.start_byte, {}, function)
    returned = [part for part in life.uses if is_returned(part.whole)]
    returns = [each for each in statements(body) if each.type == "return_statement"]
    if not returned:
        return
    fixed, optional = parted(life, returned, returns)
    for part in fixed:
        extended(chain, part)
    if chain.ended:
        return  # it gives rows
    surely = any(outermost(part.node).id == part.node.id or part in fixed for part in returned)
    partial = chain.partial or life.handed or bool(chain.to.optional) or not surely
    partial = partial or len(returned) < len(returns) or bool(life.derived)
    options: list[tuple[Part, list[Condition], list[str]]] = []
    for parts in arms_of(optional):
        branch = chain.copy()
        for part in parts:
            extended(branch, part)
        partial = partial or branch.partial
        added, scopes = branch.to.found[chain.narrowed :], branch.scopes[len(chain.scopes) :]
        if added or scopes:
            options.append((parts[-1], added, scopes))
    owner = owned_by([*chain.to.found, *(each for _, added, _ in options for each in added)])
    if owner is None:  # of which class is not known: whoever is narrowed by it is so in part
        chain.to.found, options, partial, owner = [], [], True, ""
    yield ScopeDefined(
        at=reader.span(function),
        framework=chain.framework,
        owner=owner,
        name=f"{reader.definition_name(function)}{BY_CALL}",
        conditions=of_owner(chain.to.found, owner),
        scopes=tuple(dict.fromkeys(chain.scopes)),
        limited=chain.limited,
        partial=partial,
        implied=True,
        options=tuple(
            ScopeOption(
                reader.span(part.whole),
                shown(reader, part.whole),
                of_owner(added, owner),
                tuple(scopes),
            )
            for part, added, scopes in options[:MAX_OPTIONS]
        ),
    )


def parted(life: Life, returned: list[Part], returns: list[Node]) -> tuple[list[Part], list[Part]]:
    """What a call of the function surely adds, and what it adds in branches.

    Behind an early `return query` nothing is sure any more.
    """
    early = min((each.start_byte for each in returns[:-1]), default=None)
    fixed: list[Part] = []
    optional: list[Part] = []
    for part in sorted([*life.extensions, *returned], key=lambda each: each.node.start_byte):
        sure = not conditional(part.branches, {}) and (
            early is None or part.node.start_byte < early
        )
        (fixed if sure else optional).append(part)
    return fixed, optional


def owned_by(conditions: list[Condition]) -> str | None:
    """The one class that is asked; nothing where there are no conditions; None where it may be another."""
    joined = {each.model for each in conditions if each.clause is Clause.JOIN and not each.path}
    named = dict.fromkeys(each.model for each in conditions)
    owners = [each for each in named if each not in joined]
    if not named:
        return ""
    return owners[0] if len(owners) == 1 and owners[0] else None


def of_owner(conditions: list[Condition], owner: str) -> tuple[Condition, ...]:
    return tuple(replace(each, model="") if each.model == owner else each for each in conditions)


def is_returned(whole: Node) -> bool:
    holder = whole.parent
    return holder is not None and holder.type == "return_statement"


def is_parameter(reader: PythonReader, function: Node, name: str) -> bool:
    given = function.child_by_field_name("parameters")
    for each in given.named_children if given is not None else ():
        held = each.child_by_field_name("name") or each
        if held.type == "typed_parameter" and held.named_children:
            held = held.named_children[0]
        if held.type == "identifier" and reader.hint(held) == name:
            return True
    return False
