"""Queries of Doctrine: builders, DQL, and the criteria of repositories."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

import msgspec

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.excerpts import excerpt
from scaleaudit.languages.php import scopes
from scaleaudit.languages.php.conditions import MAX_TEXT, Built, unfinished
from scaleaudit.languages.php.doctrine.builder import CERTAIN, follow, stands_alone
from scaleaudit.languages.php.doctrine.connections import CRITERIA, asked
from scaleaudit.languages.php.doctrine.criteria import take_criteria
from scaleaudit.languages.php.doctrine.dql import understood
from scaleaudit.languages.php.doctrine.expressions import ROOT_ALIAS, plain
from scaleaudit.languages.php.doctrine.holders import entity_of, holder
from scaleaudit.languages.php.doctrine.pagers import paged
from scaleaudit.languages.php.doctrine.parts import parts
from scaleaudit.languages.php.doctrine.table_queries import on_tables
from scaleaudit.languages.php.eloquent.arguments import constant, entries
from scaleaudit.languages.php.forward_steps import methods_of
from scaleaudit.languages.php.handed_builders import HandedKept
from scaleaudit.languages.php.kept_builders import Start
from scaleaudit.languages.php.names import chain
from scaleaudit.regex import regex
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.php.names import Link
    from scaleaudit.languages.php.reader import PhpReader

MARK = regex(
    rb"->\s*(?:createQueryBuilder|getQueryBuilder|createQuery|findBy\w*|findOneBy\w*|countBy\w*|count|insert|update|delete|andWhere|orWhere|where)\s*\("
)
WORTH = regex(
    rb"createQueryBuilder|getQueryBuilder\(|createQuery\(|->find(?:One)?By\w*\(|QueryBuilder\b|->count\(\s*\["
    rb"|->(?:insert|update|delete)\(\s*[^\s,()]{1,80}\s*,"
)
FINDER = regex(r"^(findOneBy|findBy|countBy|count)(\w*)$")
BEGINS = frozenset({"createQueryBuilder", "getQueryBuilder"})
MAX_PATHS = 12


class Queries(HandedKept):
    """All of one file."""

    mark: ClassVar = MARK
    certain: ClassVar = CERTAIN
    aside: ClassVar = frozenset({"expr", "getDQL", "getSQL", "getParameters", "getRootAliases"})
    steps: ClassVar = True

    def __init__(self, reader: PhpReader) -> None:
        super().__init__(reader)
        self.aliases: dict[str, str] = {}  # of all builders of the file, where they agree

    def found(self) -> Iterator[Fact]:
        told: dict[Fact, None] = {}
        for node, built in [*self.unresolved()]:
            told.update(dict.fromkeys(self.resolved(node, built)))
        yield from told  # what several methods ask alike, once

    def unresolved(self) -> Iterator[tuple[Node, Built]]:
        self.pending: list[tuple[Node, Built]] = []
        for _ in super().found():
            pass
        yield from self.pending

    def tell(self, top: Node, built: Built) -> Iterator[Fact]:
        built.limited |= paged(self.reader, top, self.assigned_to(top)[0])
        yield from super().tell(top, built)

    def query(self, node: Node, built: Built) -> Iterator[Fact]:
        """Told when all aliases of the file are known."""
        if not built.says and not built.ended:
            return
        for alias, meaning in built.aliases.items():
            own = f"@{built.model}" if not meaning and built.model else meaning
            known = self.aliases.setdefault(alias, own)
            if known != own:
                self.aliases[alias] = "?"
        self.pending.append((node, built))
        yield from ()

    def follow(self, built: Built, links: Iterable[Link]) -> None:
        follow(self.reader, built, links, self.seen)

    # -- where queries start

    def start(self, top: Node) -> Start | None:
        node, links = chain(self.reader, top)
        for position, link in enumerate(links):
            if link.call is None:
                continue
            args = self.reader.arguments(link.call)[0]
            if link.name in BEGINS:
                if position == 0 and self.begins_itself(node, link.name):
                    return self.handed_out(top)
                return self.of_builder(node, links, position, args)
            if link.name == "createQuery" and args:
                return self.of_text(args[0], links[position + 1 :])
            if link.name in CRITERIA:
                built = asked(self.reader, node, links, position, args)
                return Start(built, []) if built is not None else self.handed_out(top)
            if FINDER.match(link.name):
                return self.of_criteria(node, links, position, args)
        if node.type == "variable_name" and links and links[0].name in CERTAIN:
            bound = scopes.variable(self.reader, self.reader.text(node), node)
            if bound is not None and bound.type.endswith("QueryBuilder") and bound.made_by is None:
                return self.of_parameter(node, links)
            return Start(Built(stepwise=True), links, self.reader.text(node))
        if node.type == "variable_name" and stands_alone(self.reader, node, links, top):
            return Start(Built(stepwise=True), links)
        return self.handed_out(top)

    def of_parameter(self, node: Node, links: list[Link]) -> Start:
        """A builder from outside: the names of its tables are those of the class around."""
        own = self.reader.class_around(node)
        model = entity_of(self.reader, own) if own is not None else ""
        built = Built(model, stepwise=True)
        built.partial = not model
        return Start(built, links)

    def begins_itself(self, node: Node, name: str) -> bool:
        """Whether the class has a method of its own that goes by the name of the library's."""
        own = self.reader.class_around(node) if self.reader.text(node) == "$this" else None
        method = methods_of(self.reader, own).get(name) if own is not None else None
        return method is not None and "parent::" not in self.reader.text(method)

    def of_builder(
        self, node: Node, links: list[Link], position: int, args: list[Node]
    ) -> Start | None:
        built = Built(stepwise=True)
        alias = plain(self.reader, args[0]) if args else ""
        if alias:
            built.model = holder(self.reader, node, links[:position])
            if not built.model:
                return None
            built.aliases[alias] = ""
        return Start(built, links[position + 1 :])

    def of_text(self, node: Node, links: list[Link]) -> Start | None:
        text = text_with_holes(self.reader.value(node))
        text = re.sub(r"\{([\w.\\]+)\.class\}", r"\1", text)
        built = understood(text)
        return Start(built, links) if built is not None else None

    def of_criteria(
        self, node: Node, links: list[Link], position: int, args: list[Node]
    ) -> Start | None:
        """`findBy(["state" => $x], ["createdAt" => "DESC"], 10)`, `findOneByEmail($x)`."""
        link = links[position]
        finder = FINDER.match(link.name)
        model = holder(self.reader, node, links[:position])
        if finder is None or not model or not args:
            return None
        own = self.reader.class_around(node) if position == 0 and finder[2] else None
        if own is not None and link.name in methods_of(self.reader, own):
            return None
        built = Built(model, known=True)
        built.aggregate = finder[1].startswith("count")
        built.limited = finder[1] == "findOneBy" or len(args) > 2
        if finder[2]:
            self.named_columns(built, finder[2], args[0])
        elif finder[1] == "count" and args[0].type != "array_creation_expression":
            return None
        else:
            take_criteria(self.reader, built, args[0])
        for key, _ in entries(self.reader, args[1]) if len(args) > 1 else ():
            path = plain(self.reader, key) if key is not None else ""
            if path:
                built.others.append(Condition(f".{path}", "sort", Clause.SORT))
        built.ended = True
        return Start(built, [])

    def named_columns(self, built: Built, name: str, value: Node) -> None:
        attribute = name[:1].lower() + name[1:]
        operator = "in" if value.type == "array_creation_expression" else "="
        built.add(Condition(f".{attribute}", operator, constant=constant(value)))

    # -- facts

    def resolved(self, node: Node, built: Built) -> Iterator[Fact]:
        reader = self.reader
        text = excerpt(reader.content, node, MAX_TEXT)
        if not built.ended:
            built = unfinished(built)
        conditions: list[Condition] = []
        lost = False
        for condition in built.conditions():
            found = self.condition(condition, built)
            if found is None:
                lost |= condition.clause is Clause.FILTER
            else:
                conditions.append(found)
        if built.table:
            yield on_tables(reader, node, built, text)
            return
        yield OrmQuery(
            at=reader.span(node),
            framework="doctrine",
            model=built.model,
            text=text,
            conditions=tuple(conditions),
            scopes=tuple(built.scopes),
            limited=built.limited,
            aggregate=built.aggregate,
            grouped=built.grouped,
            streamed=built.streamed,
            partial=built.partial or lost,
            in_loop=reader.in_loop(node),
            writes=built.writes or built.deletes,
            inserts=built.inserts,
            deletes=built.deletes,
            scope=reader.scope(node),
            seldom=reader.is_seldom(node),
        )

    def condition(self, condition: Condition, built: Built) -> Condition | None:
        """With aliases as the relations that they stand for; None where one is not known."""
        path = condition.path
        if path.startswith("."):
            return msgspec.structs.replace(condition, path=path[1:])
        for _ in range(MAX_PATHS):
            alias, _, rest = path.partition(".")
            otherwise = self.aliases.get(alias, "?") if built.model else "?"
            meaning = "" if alias == ROOT_ALIAS else built.aliases.get(alias, otherwise)
            if meaning == "" or meaning == f"@{built.model}":
                return msgspec.structs.replace(condition, path=rest) if rest else None
            if meaning.startswith("@"):
                return msgspec.structs.replace(condition, path=rest, model=meaning[1:])
            if meaning == "?" or meaning.startswith("#"):
                return None
            path = f"{meaning}.{rest}"
        return None


def facts(reader: PhpReader) -> Iterator[Fact]:
    if WORTH.search(reader.content) is not None:
        yield from Queries(reader).found()
        yield from parts(Queries(reader))
