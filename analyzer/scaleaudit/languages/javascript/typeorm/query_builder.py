"""TypeORM's query builder: `createQueryBuilder("order").leftJoin("order.items", "item")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import Clause, Condition, OrmQuery
from scaleaudit.languages.javascript.builders.chains import (
    Call,
    call_at,
    called,
    chain,
    climb,
    shortened,
)
from scaleaudit.languages.javascript.builders.conditions import Either, Filters, beside_a_join, flat
from scaleaudit.languages.javascript.builders.fragments import HOLE, read_fragment
from scaleaudit.languages.javascript.builders.given_patterns import with_patterns
from scaleaudit.languages.javascript.builders.handed import Way, ways
from scaleaudit.languages.javascript.builders.objects import assembled
from scaleaudit.languages.javascript.callees import bare
from scaleaudit.languages.javascript.typeorm.built import Built, query_of
from scaleaudit.languages.javascript.typeorm.where import Where
from scaleaudit.languages.sorted_by_chance import drawn
from scaleaudit.languages.view_texts import makes_view
from scaleaudit.regex import regex
from scaleaudit.values import Literal, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.languages.javascript.builders.conditions import Part
    from scaleaudit.languages.javascript.reader import JavaScriptReader
    from scaleaudit.languages.javascript.typeorm.receivers import Receivers

START = regex(rb"\.\s*createQueryBuilder\s*(?:<[^()\n]{0,80}>\s*)?(\()")
MAX_CHAINS = 400  # of one file
WHERES = {"where": "", "andWhere": "", "orWhere": "or"}
JOIN = regex(r"(?:left|inner)Join(?:AndSelect|AndMapOne|AndMapMany)?")
LIMITING = frozenset({"getOne", "getOneOrFail", "getRawOne", "limit", "take", "getExists"})
COUNTING = frozenset({"getCount"})
SORTING = frozenset({"orderBy", "addOrderBy"})
GROUPING = frozenset({"groupBy", "addGroupBy", "distinct", "distinctOn"})
RUNS = regex(r"get\w+|execute|stream")
FUNCTIONS = frozenset({"arrow_function", "function_expression"})
AGGREGATE = regex(r"\s*(?:COUNT|SUM|AVG|MIN|MAX)\s*\(.*", 16 | 2)
RELATION = regex(r"(\w+)\.([\w.]+)")
COLUMN = regex(r"[\"`]?(\w+)[\"`]?(?:\.[\"`]?([\w.]+)[\"`]?)?")
MAX_STATEMENTS = 30
ENTITY = regex(
    r"(?:[A-Z]\w*\.)*(?!\w*(?:Repository|Repo|Manager|DataSource|Connection)\b)[A-Z]\w*[a-z]\w*"
)


def _entity(reader: JavaScriptReader, held: Node | None) -> str:
    """`Order` of `Order.createQueryBuilder()`: an entity that is asked itself."""
    written = reader.text(held)[:80] if held is not None else ""
    return written if ENTITY.fullmatch(written) is not None else ""


class Builders:
    def __init__(self, reader: JavaScriptReader, receivers: Receivers) -> None:
        self._reader = reader
        self._receivers = receivers

    def queries(self) -> Iterator[OrmQuery]:
        reader = self._reader
        found = START.finditer(reader.content)
        for _, match in zip(range(MAX_CHAINS), found, strict=False):
            call = call_at(reader, match.start(1))
            function = called(call) if call is not None else None
            if call is None or function is None or function.type != "member_expression":
                continue
            if makes_view(reader, call):
                continue
            yield from self._told(call, function)

    def _told(self, call: Node, function: Node) -> Iterator[OrmQuery]:
        reader = self._reader
        calls, whole = climb(reader, call)
        for way in ways(reader, calls, whole):
            yield from self._of_way(call, function, way)

    def _of_way(self, call: Node, function: Node, way: Way) -> Iterator[OrmQuery]:
        reader, whole = self._reader, way.at
        base = self._built(call, function, way.always)
        if not base.model:
            return
        if any(each.name == "relation" for each in way.always):
            return  # what belongs to one row is tied to it, or taken off
        handed = whole.parent is not None and whole.parent.type == "arguments"
        ended = bool(way.always) and RUNS.fullmatch(way.always[-1].name) is not None
        base.partial = base.partial or way.opaque or (handed and not ended)
        text = shortened(reader, whole)
        base.scopes = tuple(dict.fromkeys(way.beyond))
        usual = query_of(self._reader, base, whole, text)
        if way.branches and not usual.conditions and not usual.writes:
            usual = msgspec.structs.replace(usual, partial=True)  # some of them may always hold
        if not way.exhaustive:
            yield usual
        for branch in way.branches:
            each = self._built(call, function, [*way.always, *branch])
            each.partial = each.partial or way.opaque
            each.scopes = base.scopes
            query = query_of(
                self._reader, each, branch[-1].node, shortened(reader, branch[-1].node)
            )
            if way.exhaustive or query.conditions != usual.conditions:
                yield query

    def _built(self, call: Node, function: Node, calls: Sequence[Call]) -> Built:
        reader = self._reader
        given = chain(reader, call).calls
        own = next((each for each in given if each.node.id == call.id), None)
        args = own.args if own is not None else []
        model = self._receivers.model(args[0]) if len(args) > 1 else ""
        if model:
            args = args[1:]
        held = function.child_by_field_name("object")
        built = Built(model or self._receivers.of(held) or _entity(reader, held))
        built.root = self._text(args[0]) if args else ""
        for each in calls:
            self._take(each, built)
        if built.inserts:
            built.filters = Filters()
        return built

    def _take(self, call: Call, built: Built) -> None:
        name, args = call.name, call.args
        if name in WHERES and args:
            built.filters.add(self._where(args, built), either=bool(WHERES[name]))
        elif name in ("whereInIds", "andWhereInIds"):
            built.filters.add([Condition("id", "in")])
        elif JOIN.fullmatch(name):
            self._join(args[1:] if "Map" in name else args, built, outer=name.startswith("left"))
        elif name in SORTING and args:
            sorted_before = any(each.clause is Clause.SORT for each in built.more)
            built.shuffled = built.shuffled or (not sorted_before and drawn(self._text(args[0])))
            built.more.extend(self._order(args[0], built))
        elif name in ("skip", "offset"):
            built.skips = not (args and args[0].type == "number")
        elif name in LIMITING:
            built.limited = True
        elif name in COUNTING:
            built.aggregate = True
        elif name in GROUPING:
            built.grouped = True
        elif name == "stream":
            built.streamed = True
        elif name in ("from", "update", "into", "softDelete") and args:
            named = self._receivers.model(args[0])
            if named:
                built.model = named
                if len(args) > 1:
                    built.root = self._text(args[1]) or built.root
            elif name == "from":
                built.partial = True
            built.writes = built.writes or name in ("update", "softDelete")
        elif name in ("update", "softDelete"):
            built.writes = True
        elif name == "delete":
            built.writes = built.deletes = True
        elif name == "insert":
            built.writes = built.inserts = True
        elif name == "select" and args and AGGREGATE.fullmatch(self._text(args[0])):
            built.aggregate = True
        elif name in ("subQuery", "addCommonTableExpression"):
            built.partial = True

    def _where(self, args: list[Node], built: Built, depth: int = 0) -> list[Part]:
        given = bare(args[0])
        if given is None or depth > 6:
            return []
        if given.type == "new_expression":  # new Brackets((qb) => ...)
            holder = given.child_by_field_name("arguments")
            inner = holder.named_children[0] if holder and holder.named_children else None
            if inner is not None and inner.type in FUNCTIONS:
                return self._brackets(inner, built, depth)
            built.partial = True
            return []
        if given.type in FUNCTIONS:
            built.partial = True
            return []
        if assembled(self._reader, given) is not None or given.type == "array":
            reading = Where(self._reader)
            parts = reading.variants(given)[0]
            built.partial = built.partial or reading.unknown
            return parts
        text = text_with_holes(self._reader.value(given), HOLE)
        text = with_patterns(self._reader, text, args[1] if len(args) > 1 else None)
        found = read_fragment(text)
        if found is None:
            built.partial = True
            return []
        return self._placed(found, built)

    def _brackets(self, function: Node, built: Built, depth: int) -> list[Part]:
        filters = Filters()
        body = function.child_by_field_name("body")
        waiting: list[Node] = [body] if body is not None else []
        for _ in range(MAX_STATEMENTS):
            if not waiting:
                break
            node = waiting.pop(0)
            if node.type == "call_expression":
                for call in chain(self._reader, node).calls:
                    if call.name in WHERES and call.args:
                        parts = self._where(call.args, built, depth + 1)
                        filters.add(parts, either=bool(WHERES[call.name]))
            elif node.type in ("statement_block", "expression_statement", "return_statement"):
                waiting[:0] = node.named_children
            elif node.type in ("if_statement", "for_in_statement", "for_statement"):
                built.partial = True
        built.partial = built.partial or not filters.parts  # `ids.forEach((id) => qb.orWhere(...))`
        return filters.parts

    def _placed(self, parts: list[Part], built: Built) -> list[Part]:
        """Columns behind aliases as paths from the model; what is of no known alias is left out."""
        found: list[Part] = []
        for part in parts:
            if isinstance(part, Either):
                found.append(Either([self._placed(side, built) for side in part.sides]))
                continue
            placed = self._at(part, built)
            if placed is not None:
                found.append(placed)
            else:
                built.partial = True
        return found

    def _at(self, condition: Condition, built: Built) -> Condition | None:
        alias, dot, column = condition.path.partition(".")
        change = msgspec.structs.replace
        if not dot or alias in (built.root, built.model):
            return change(condition, path=column if dot else alias)
        if alias in built.paths:
            return change(condition, path=f"{built.paths[alias]}.{column}")
        if alias in built.others:
            return change(condition, path=column, model=built.others[alias])
        return None

    def _join(self, args: list[Node], built: Built, *, outer: bool) -> None:
        alias = self._text(args[1]) if len(args) > 1 else ""
        if not alias:
            built.partial = True
            return
        written = self._text(args[0])
        match = RELATION.fullmatch(written)
        if match is not None and (match[1] == built.root or match[1] in built.paths):
            start = built.paths.get(match[1], "")
            built.paths[alias] = f"{start}.{match[2]}" if start else match[2]
            built.loads.append(built.paths[alias])
        else:
            model = self._receivers.model(args[0]) or (written if written.isidentifier() else "")
            if not model:
                built.partial = True
                return
            built.others[alias] = model
        if len(args) > 2:
            found = read_fragment(text_with_holes(self._reader.value(args[2]), HOLE))
            if found is None:
                built.partial = True
            else:
                asked = flat(self._placed(found, built))
                built.more.extend(map(beside_a_join, asked) if outer else asked)

    def _order(self, node: Node, built: Built) -> Iterator[Condition]:
        found = assembled(self._reader, node)
        names = [key for key, _ in found.always] if found is not None else [self._text(node)]
        for name in names:
            match = COLUMN.fullmatch(name)
            if match is None:
                continue
            path = f"{match[1]}.{match[2]}" if match[2] else match[1]
            placed = self._at(Condition(path, "sort", Clause.SORT), built)
            if placed is not None:
                yield placed

    def _text(self, node: Node) -> str:
        value = self._reader.value(node)
        return value.text if isinstance(value, Literal) else ""
