"""Queries of Eloquent and of Laravel's query builder, chain by chain, and over variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import OrmQuery, Predicate, QueryFound, ScopeDefined
from scaleaudit.languages.php.branches import excludes, is_certain, way_to
from scaleaudit.languages.php.class_names import CALLS
from scaleaudit.languages.php.conditions import MAX_TEXT, Built
from scaleaudit.languages.php.eloquent.builder import follow
from scaleaudit.languages.php.eloquent.starts import start_of
from scaleaudit.languages.php.eloquent.words import CERTAIN
from scaleaudit.languages.php.names import chain
from scaleaudit.record import Gathering
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition, Fact
    from scaleaudit.languages.php.branches import Way
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

MARK = regex(
    rb"(?:->|::)\s*(?:(?:where|orWhere|firstWhere)\w*|orderBy\w*|latest|oldest|newQuery|withTrashed|joinWhere"
    rb"|with(?:Count)?|chunkById|(?:first|update|create)Or\w+)\s*\("
    rb"|::\s*(?:query|all|get|find\w*|first\w*|count|paginate|simplePaginate|pluck|chunk|cursor|create|insert|select"
    rb"|table|has|exists|max|min|sum|upsert|truncate|lazy\w*)\s*\("
    rb"|->\s*(?:table|create|createMany|save|saveMany|delete|exists|count|paginate)\s*\("
)
WORTH = (b"::", b"->where", b"->orderBy", b"->table(", b"->latest(")
SCOPE = regex(rb"\bfunction\s+(?:scope([A-Z]\w*)|(\w+))\s*\(\s*(?:[\w\\|?]+\s+)?(\$\w+)")
MAX_CHAINS = 1_500  # of one file
MAX_USES = 200  # of one variable
MAX_LEVELS = 6  # variables made of variables


class Use(Gathering):
    """One place where a builder that is kept in a variable is used."""

    node: Node
    links: list[Link]
    way: Way


class Queries:
    """All of one file."""

    def __init__(self, reader: PhpReader) -> None:
        self.reader = reader
        self.seen: set[int] = set()

    def found(self) -> Iterator[Fact]:
        content = self.reader.content
        for _, match in zip(range(MAX_CHAINS), MARK.finditer(content), strict=False):
            node = self.reader.root.descendant_for_byte_range(match.end() - 2, match.end() - 1)
            top = self.top_of(node)
            if top is not None and top.id not in self.seen:
                yield from self.chain(top)

    def top_of(self, node: Node | None) -> Node | None:
        """The outermost call of the chain that a node is a part of."""
        at = node
        for _ in range(4):
            if at is None or at.type in CALLS:
                break
            at = at.parent
        if at is None or at.type not in CALLS:
            return None
        for above in self.reader.ancestors(at):
            inner = above.child_by_field_name("object")
            if inner is None or inner.start_byte > at.start_byte or inner.end_byte < at.end_byte:
                break
            if above.type in CALLS:
                at = above
        return at

    def chain(self, top: Node) -> Iterator[Fact]:
        self.seen.add(top.id)
        start = start_of(self.reader, top)
        if start is None or start.kept:
            return
        built = start.built
        follow(self.reader, built, start.links, self.seen)
        if not built.ended and self.handed(top)[0] is not None:
            return  # what comes back from the call goes on
        name, holder = self.assigned_to(top)
        if built.ended or not name or holder is None:
            yield from self.tell(top, built)
        else:
            yield from self.kept(name, holder, top, built, 0)

    def assigned_to(self, top: Node) -> tuple[str, Node | None]:
        """The variable that is given the chain, and the assignment."""
        above = top.parent
        if above is None or above.type != "assignment_expression":
            return "", None
        left = above.child_by_field_name("left")
        plain = left is not None and left.type == "variable_name"
        return (self.reader.text(left), above) if left is not None and plain else ("", None)

    # -- builders in variables

    def kept(self, name: str, holder: Node, top: Node, base: Built, level: int) -> Iterator[Fact]:
        """What becomes of a builder that a variable holds from `holder` on."""
        home = way_to(self.reader, holder)
        main = base.copied()
        main.options = [*base.options]
        parts: list[tuple[Node, Built]] = []
        forks: list[tuple[str, Node, Node, Built]] = []
        for use in self.uses(name, holder, home):
            part = Built()
            follow(self.reader, part, use.links, self.seen)
            target, fork = self.assigned_to(use.node)
            if fork is not None and target != name and not part.ended and level < MAX_LEVELS:
                forks.append((target, fork, use.node, part))
            elif is_certain(home, use.way) or not part.says:
                main = joined(main, part)
            else:
                parts.append((use.node, part))
        # A part that is conditional stands on all that is not.
        main.options += parts
        if main.ended or not forks:
            yield from self.tell(top, main.copied())
            main.options = []
        for target, fork, node, part in forks:
            own = joined(main, part)
            main.options = []
            yield from self.kept(target, fork, node, own, level + 1)

    def uses(self, name: str, holder: Node, home: Way) -> Iterator[Use]:
        function = self.reader.function_around(holder)
        end = function.end_byte if function is not None else len(self.reader.content)
        told: set[int] = set()
        for count, match in enumerate(occurrences(self.reader.content, name, holder.end_byte, end)):
            node = self.reader.root.descendant_for_byte_range(match, match + 1)
            node = node.parent if node is not None and node.type != "variable_name" else node
            if node is None or node.type != "variable_name" or count >= MAX_USES:
                return
            above = node.parent
            if above is not None and above.type == "clone_expression":
                node, above = above, above.parent
            if above is not None and above.type == "assignment_expression":
                if above.child_by_field_name("left") == node:
                    right = above.child_by_field_name("right")
                    own = (
                        right is not None and self.reader.text(chain(self.reader, right)[0]) == name
                    )
                    way = way_to(self.reader, above)
                    if not own and not excludes(home, way) and is_certain(home, way):
                        return
                    continue
                if node.type == "clone_expression" or above.child_by_field_name("right") == node:
                    yield Use(node, [], way_to(self.reader, node))
                    continue
            top = self.whole(node)
            rest: list[Link] | None = None
            if top is None:
                top, rest = self.handed(node)
            if top is None or top.id in told:
                continue
            way = way_to(self.reader, top)
            if excludes(home, way):
                continue
            told.add(top.id)
            self.seen.add(top.id)
            yield Use(top, chain(self.reader, top)[1] if rest is None else rest, way)

    def handed(self, node: Node) -> tuple[Node | None, list[Link]]:
        """`$this->access->restrict($query)->latest()`: the builder comes back from a call."""
        argument = node.parent
        if argument is None or argument.type != "argument" or argument.parent is None:
            return None, []
        call = argument.parent.parent
        top = self.top_of(call)
        if call is None or top is None:
            return None, []
        links = chain(self.reader, top)[1]
        position = next((i for i, link in enumerate(links) if link.call == call), -1)
        rest = links[position + 1 :]
        function = call.type == "function_call_expression"
        if (position < 0 and not function) or not rest or rest[0].name not in CERTAIN:
            return None, []
        return top, rest

    def whole(self, node: Node) -> Node | None:
        """The chain that starts with a variable; None when the variable is no start of one."""
        at = node
        for above in self.reader.ancestors(node):
            if above.type == "parenthesized_expression":
                at = above if at.type == "clone_expression" else at
                continue
            if above.child_by_field_name("object") != at or above.type not in CALLS:
                break
            at = above
        return at if at.type in CALLS else None

    # -- facts

    def tell(self, top: Node, built: Built) -> Iterator[Fact]:
        options, built.options = built.options, []
        shown = (built.known and built.says) or built.ended
        if shown and (built.model or built.via or built.table):
            yield from self.query(top, built)
        if not (built.model or built.via or built.table):
            return
        for node, part in options[:MAX_USES]:
            if part.says:
                yield from self.query(node, built.with_part(part))

    def query(self, node: Node, built: Built) -> Iterator[Fact]:
        reader = self.reader
        written = reader.content[
            node.start_byte : min(node.end_byte, node.start_byte + 3 * MAX_TEXT)
        ]
        text = " ".join(written.decode("utf-8", "replace").split())[:MAX_TEXT]
        if built.table:
            yield self.on_table(node, built, text)
            return
        yield OrmQuery(
            at=reader.span(node),
            framework="eloquent",
            model=built.model,
            text=text,
            via=built.via,
            conditions=tuple(named(condition, built.aliases) for condition in built.conditions()),
            scopes=tuple(built.scopes),
            loads=tuple(dict.fromkeys(built.loads)),
            limited=built.limited,
            aggregate=built.aggregate,
            grouped=built.grouped,
            streamed=built.streamed,
            partial=built.partial,
            in_loop=reader.in_loop(node),
            writes=built.writes or built.deletes,
            inserts=built.inserts,
            scope=reader.scope(node),
            deletes=built.deletes,
        )

    def on_table(self, node: Node, built: Built, text: str) -> QueryFound:
        tables = dict.fromkeys([built.table, *built.aliases.values()])
        found = []
        for condition in built.conditions():
            first, _, rest = condition.path.partition(".")
            table = built.aliases.get(
                first.lower(), first.lower() if first.lower() in tables else ""
            )
            column = rest if table and rest else first
            only = built.table if len(tables) == 1 else ""
            document = "json" if "." in (rest if table else condition.path) else ""
            found.append(
                Predicate(
                    table or only, column.partition(".")[0].lower(), condition.operator,
                    condition.clause, condition.function or document, condition.alternative,
                    0, condition.group, condition.branch, condition.constant,
                )
            )  # fmt: skip
        changes = built.writes or built.deletes or built.inserts
        return QueryFound(
            at=self.reader.span(node),
            text=text,
            reads=() if changes else tuple(tables),
            writes=(built.table,) if changes else (),
            predicates=tuple(found),
            limited=built.limited,
            aggregate=built.aggregate,
            partial=built.partial,
            in_loop=self.reader.in_loop(node),
            streamed=built.streamed,
            library="laravel",
            scope=self.reader.scope(node),
            inserts=(built.table,) if built.inserts else (),
            grouped=built.grouped,
        )


def occurrences(content: bytes, name: str, start: int, end: int) -> Iterator[int]:
    """Where a variable is mentioned between two places."""
    word = name.encode()
    at = content.find(word, start, end)
    while at >= 0:
        after = content[at + len(word) : at + len(word) + 1]
        if not (after.isalnum() or after == b"_"):
            yield at
        at = content.find(word, at + len(word), end)


def named(condition: Condition, aliases: dict[str, str]) -> Condition:
    """A column behind the alias of a table, behind the table itself."""
    first, dot, rest = condition.path.partition(".")
    table = aliases.get(first.lower(), "") if dot else ""
    return replace(condition, path=f"{table}.{rest}") if table and table != first else condition


def joined(main: Built, part: Built) -> Built:
    """What a later statement adds to the same builder."""
    whole = main.with_part(part)
    whole.options = [*main.options, *part.options]
    whole.known |= part.known
    whole.ended |= part.ended
    whole.writes |= part.writes
    whole.deletes |= part.deletes
    whole.inserts |= part.inserts
    return whole


def scopes_of(queries: Queries) -> Iterator[Fact]:
    """`scopeActive($query)`, `#[Scope] active($query)`."""
    reader = queries.reader
    for match in SCOPE.finditer(reader.content):
        leaf = reader.root.descendant_for_byte_range(match.start(3) + 1, match.end(3))
        method = reader.function_around(leaf) if leaf is not None else None
        own = reader.class_around(method) if method is not None else None
        if method is None or own is None or method.type != "method_declaration":
            continue
        name = match[1].decode() if match[1] else match[2].decode()
        if not match[1] and b"Scope" not in reader.content[method.start_byte : match.start()]:
            continue
        name = name[:1].lower() + name[1:]
        yield from scope(queries, method, reader.definition_name(own), name, match[3].decode())


def scope(queries: Queries, method: Node, owner: str, name: str, parameter: str) -> Iterator[Fact]:
    reader = queries.reader
    holder = method.child_by_field_name("parameters")
    if holder is None:
        return
    home = way_to(reader, holder)
    main = Built()
    for use in queries.uses(parameter, holder, home):
        part = Built()
        follow(reader, part, use.links, queries.seen)
        if is_certain(home, use.way):
            main = joined(main, part)
        elif part.says:
            main.options.append((use.node, part))
    text = f"{owner}.{name}"
    yield ScopeDefined(
        at=reader.span(method),
        framework="eloquent",
        owner=owner,
        name=name,
        conditions=main.conditions(),
        scopes=tuple(main.scopes),
        limited=main.limited,
        partial=main.partial,
        text=text,
    )
    main.model = owner
    for node, part in main.options:
        yield from queries.query(node, main.with_part(part))


def facts(reader: PhpReader) -> Iterator[Fact]:
    """The named parts of queries first: what they hold is not told again."""
    queries = Queries(reader)
    yield from scopes_of(queries)
    yield from queries.found()
