"""Queries of Eloquent and of Laravel's query builder, chain by chain, and over variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from scaleaudit.facts import (
    ModelDefined,
    OrmQuery,
    ScopeDefined,
    ScopeOption,
)
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.mentions import has_any
from scaleaudit.languages.php.branches import is_certain, way_to
from scaleaudit.languages.php.conditions import MAX_TEXT, Built, joined, unfinished
from scaleaudit.languages.php.eloquent.builder import follow
from scaleaudit.languages.php.eloquent.models import base_of, is_model
from scaleaudit.languages.php.eloquent.repositories import repositories
from scaleaudit.languages.php.eloquent.starts import start_of
from scaleaudit.languages.php.eloquent.table_queries import on_table
from scaleaudit.languages.php.eloquent.visits import visits
from scaleaudit.languages.php.eloquent.words import CERTAIN
from scaleaudit.languages.php.forward_steps import methods_of
from scaleaudit.languages.php.handed_builders import HandedKept
from scaleaudit.languages.php.scopes import parameters
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Condition, Fact
    from scaleaudit.languages.php.kept_builders import Start
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

MARK = regex(
    rb"[-:][>:](?<=->|::)(?:"
    rb"\s*(?:(?:where|orWhere|firstWhere)\w*|orderBy\w*|latest|oldest|newQuery|(?:with|only)Trashed|joinWhere"
    rb"|with(?:Count)?|chunkById|(?:first|update|create)Or\w+)\s*\("
    rb"|(?<=::)\s*(?:query|all|get|find\w*|first\w*|count|paginate|simplePaginate|pluck|chunk|cursor|create|insert|select"
    rb"|table|has|exists|max|min|sum|upsert|truncate|lazy\w*)\s*\("
    rb"|(?<=->)\s*find(?:(?:First|One|All)?Where|Where(?:Not)?In|WhereBetween|(?:First)?ByField|(?:One|All)?By)\s*\("
    rb"|(?<=->)\s*(?:table|create|createMany|save|saveMany|delete|exists|count|paginate)\s*\()"
)
WORTH = (
    b"::",
    b"->where",
    b"->find",
    b"->orderBy",
    b"->table(",
    b"->latest(",
    b"->create(",
    b"->save(",
)
SCOPE = regex(
    rb"function(?<!\wfunction)\s+(?:scope([A-Z]\w*)|(\w+))\s*\(\s*(?:[\w\\|?]+\s+)?(\$\w+)"
)


SCOPE_CLASS = regex(rb"\bclass\s+(\w+)[^{;]{0,200}\bimplements\b[^{;]{0,100}\bScope\b")


class Queries(HandedKept):
    """All of one file."""

    mark: ClassVar = MARK
    certain: ClassVar = frozenset(CERTAIN)
    aside: ClassVar = frozenset({"getModel", "getConnection", "toSql", "getBindings", "getQuery"})

    def __init__(self, reader: PhpReader) -> None:
        super().__init__(reader)
        self.serving: dict[str, tuple[Node, set[str]]] = {}
        self.instead: dict[Fact, OrmQuery] = {}  # of a part: the query that it is by itself

    def start(self, top: Node) -> Start | None:
        return start_of(self.reader, top) or self.handed_out(top)

    def follow(self, built: Built, links: Iterable[Link]) -> None:
        follow(self.reader, built, links, self.seen)

    def query(self, node: Node, built: Built) -> Iterator[Fact]:
        text = excerpt(self.reader.content, node, MAX_TEXT)
        if not built.ended:
            built = unfinished(built)
        if built.table:
            yield on_table(self.reader, node, built, text)
            return
        if not built.ended and self.in_builder(node, built):
            yield self.part(node, built, built.model, text)
            return
        served = self.served(node, built)
        if served and not built.ended:
            found = self.part(node, built, served, text)
            if built.says:
                self.instead[found] = self.orm_query(node, built, text)
            yield found
        elif built.says or built.ended:
            yield self.orm_query(node, built, text)

    def orm_query(self, node: Node, built: Built, text: str) -> OrmQuery:
        reader = self.reader
        return OrmQuery(
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
            skips=built.skips,
            without=tuple(dict.fromkeys(built.without)),
            seldom=reader.is_seldom(node),
        )

    def part(self, node: Node, built: Built, owner: str, text: str) -> ScopeDefined:
        """What a method gives to whoever calls it, by the name of the method."""
        method = self.reader.function_around(node)
        return ScopeDefined(
            at=self.reader.span(node),
            framework="eloquent",
            owner=owner,
            name=self.reader.definition_name(method) if method is not None else "",
            conditions=tuple(named(each, built.aliases) for each in built.conditions()),
            scopes=tuple(built.scopes),
            limited=built.limited and bool(built.others),
            partial=built.partial,
            text=text,
            eager=tuple(dict.fromkeys(built.loads)),
        )

    def served(self, node: Node, built: Built) -> str:
        """The class around, where all builders that its methods return are of one model."""
        method, own = self.reader.function_around(node), self.reader.class_around(node)
        if method is None or own is None or method.type != "method_declaration":
            return ""
        name = self.reader.definition_name(own)
        if not built.returned or built.via or not built.model or is_model(self.reader, own):
            return ""
        if name in (built.model, "") or base_of(self.reader, own).endswith("Builder"):
            return ""
        self.serving.setdefault(name, (own, set()))[1].add(built.model)
        return name

    def proxies(self, told: list[Fact]) -> Iterator[Fact]:
        """Classes that answer for a model; what others say of several models is told as queries."""
        several = {name for name, (_, models) in self.serving.items() if len(models) > 1}
        for fact in told:
            if not isinstance(fact, ScopeDefined) or fact.owner not in several:
                yield fact
            elif fact in self.instead:
                yield self.instead[fact]
        for name, (own, models) in self.serving.items():
            if len(models) == 1:
                yield ModelDefined(
                    at=self.reader.span(own),
                    name=name,
                    framework="eloquent",
                    bases=tuple(models),
                    same_table=True,
                )

    def in_builder(self, node: Node, built: Built) -> bool:
        """`return $this->where(...)` in a class of builders: a part of queries with a name."""
        own = self.reader.class_around(node)
        if own is None or self.reader.definition_name(own) != built.model or built.via:
            return False
        return base_of(self.reader, own).endswith("Builder")


def named(condition: Condition, aliases: dict[str, str]) -> Condition:
    """A column behind the alias of a table, behind the table itself."""
    first, dot, rest = condition.path.partition(".")
    table = aliases.get(first.lower(), "") if dot else ""
    return replace(condition, path=f"{table}.{rest}") if table and table != first else condition


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


def classes_of_scopes(queries: Queries) -> Iterator[Fact]:
    """`class Approved implements Scope { apply(Builder $builder, Model $model) }`."""
    reader = queries.reader
    for match in SCOPE_CLASS.finditer(reader.content):
        leaf = reader.root.descendant_for_byte_range(match.start(1), match.end(1))
        own = leaf.parent if leaf is not None else None
        method = methods_of(reader, own).get("apply") if own is not None else None
        given = parameters(method) if method is not None else []
        named = given[0].child_by_field_name("name") if given else None
        if method is None or named is None:
            continue
        for fact in scope(queries, method, match[1].decode(), "apply", reader.text(named)):
            # A condition that only some requests bring may still be the one that an index serves.
            partial = fact.partial or bool(fact.options)
            yield replace(fact, implied=True, partial=partial, options=())


def scope(
    queries: Queries, method: Node, owner: str, name: str, parameter: str
) -> Iterator[ScopeDefined]:
    reader = queries.reader
    holder = method.child_by_field_name("parameters")
    if holder is None:
        return
    home = way_to(reader, holder)
    main = Built()
    for use in queries.uses(parameter, holder, home):
        part = queries.part_of(use, {})
        if is_certain(home, use.way):
            main = joined(main, part)
        elif part.says:
            main.options.append((use.node, part))
    main.model = owner
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
        eager=tuple(dict.fromkeys(main.loads)),
        options=tuple(
            ScopeOption(
                reader.span(node),
                excerpt(reader.content, node, MAX_TEXT),
                part.conditions(),
                tuple(part.scopes),
            )
            for node, part in main.options
            if not part.partial and not any(term.either for term in part.terms[:1])
        ),
    )


def facts(reader: PhpReader) -> Iterator[Fact]:
    """The named parts of queries first: what they hold is not told again."""
    if not has_any(reader.content, WORTH):
        yield from repositories(reader)
        return
    queries = Queries(reader)
    yield from scopes_of(queries)
    yield from classes_of_scopes(queries)
    told = list(queries.found())
    standing = {fact.name: fact for fact in repositories(reader)}
    for fact in queries.proxies(told):
        if isinstance(fact, ModelDefined):
            standing.pop(fact.name, None)
        yield fact
    yield from standing.values()
    yield from visits(queries)
