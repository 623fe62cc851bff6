"""From bytes to facts: parse once, run one merged query, apply the tables of patterns."""

from __future__ import annotations

import re
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from tree_sitter import Language as Grammar
from tree_sitter import Parser, Query, QueryCursor

from scaleaudit.facts import FileFacts
from scaleaudit.languages.encoding import as_utf8
from scaleaudit.languages.function_names import named_functions
from scaleaudit.languages.graphql import schemas_in_texts
from scaleaudit.languages.narrowing import captures_in, worthwhile
from scaleaudit.languages.patterns import PatternTable
from scaleaudit.languages.read_through import with_caches
from scaleaudit.languages.remote_services import remote_services
from scaleaudit.languages.sql_strings import additions_in_strings, queries_in_strings
from scaleaudit.languages.view_strings import views_in_strings
from scaleaudit.record import Record
from scaleaudit.regex import regex
from scaleaudit.regex_codes import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.file_text import FileText
    from scaleaudit.languages.function_names import Shape
    from scaleaudit.languages.patterns import Pattern
    from scaleaudit.languages.reader import Reader

CALL_QUERIES = ("calls.scm", "types.scm")  # calls, and the names that stand for their receivers
# Matches begun and not yet ended, of one query: calls nested thousands deep would keep them all.
MAX_PENDING = 2_000
OUTER_LEVELS = 7  # of the tree: members of a class inside a class of a file
MAX_FACTS = 20_000  # of one file; a file with more is generated or hostile
MAX_DEPTH = 500  # of the tree; matching below costs time that grows with the square of the depth
MAX_UNPARSED = 20_000  # nodes side by side that the grammar made nothing of; the same square
CALL_NAMES = "$CALL_NAMES"  # in a query file: the last parts of all callees in the tables
ANNOTATION_NAMES = "$ANNOTATION_NAMES"
NO_NAME = regex(r"[-/@*]")
BINDING_NAMES = "$BINDING_NAMES"  # the last parts of the types whose methods the tables name
# `(#any-of? @name "word" $CALL_NAMES)`
ANY_OF_TABLE = regex(r"\(#any-of\?\s++(@\w++)((?:\s++(?:\"[^\"]*+\"|\$[A-Z_]++))++)\s*+\)")
MATCHED = regex(r"\(#match\?\s++@\w++\s++\"((?:[^\"\\]|\\\\)++)\"\)")


class LanguageParts(Record, frozen=True):
    """What makes a language: a grammar, a package of `.scm` files, a reader, tables of patterns."""

    grammar: Callable[[], object]
    package: str
    reader: type[Reader]
    patterns: Sequence[Pattern]
    locals: str = ""  # a query with @name and @value for local assignments, run on demand
    more_queries: str = ""  # a second package of `.scm` files, where grammars share the first
    # Files in which no call nor annotation can matter, by a look at their bytes, are read without
    # the queries that find these (`CALL_QUERIES`), and only their outer levels.
    matters: Callable[[FileText], bool] | None = None
    # How far down the query looks (0: `MAX_DEPTH`), where the reader finds what stands deeper.
    levels: int = 0
    # Made of the tables: the ranges of a source in which the queries may find anything.
    places: Callable[[PatternTable], Callable[[bytes], Iterable[tuple[int, int]]]] | None = None
    shape: Shape | None = None  # how its functions stand in a file
    cached: bool = False  # that queries stand behind a cache is looked for in the facts


class Engine:
    """The extractor of one language; made once a process."""

    def __init__(self, parts: LanguageParts) -> None:
        self._parts = parts
        self._table = PatternTable(parts.patterns)
        grammar = Grammar(parts.grammar())
        self._parser = Parser(grammar)
        self._grammar = grammar
        self._places = parts.places(self._table) if parts.places is not None else None
        self._local_query = Query(grammar, parts.locals) if parts.locals else None

    @cached_property
    def _query(self) -> Query | None:
        return self._made(())

    @cached_property
    def _outer_query(self) -> Query | None:
        return self._made(CALL_QUERIES)

    def _made(self, without: Collection[str]) -> Query | None:
        """None for a language whose reader finds everything by itself."""
        packages = [each for each in (self._parts.package, self._parts.more_queries) if each]
        text = "\n".join(query_text(package, self._table, without) for package in packages)
        for expression in MATCHED.findall(text):  # long ones, which the query would compile
            codes().lend(expression.replace("\\\\", "\\"))
        return Query(self._grammar, text) if text else None

    def extract(self, content: bytes) -> FileFacts:
        """The facts of one file; problems of the input are said in the result, never raised."""
        lines = content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
        content = as_utf8(content)
        tree = self._parser.parse(content)
        if beyond_parsing(tree.root_node):
            return FileFacts((), "", "syntax not understood", lines)
        reader = self._parts.reader(content, tree, self._local_query)
        problem = ""
        facts: list[Fact] = []
        try:
            told = self._facts(reader)
            for fact in with_caches(reader, told) if self._parts.cached else told:
                facts.append(fact)
                if len(facts) >= MAX_FACTS:
                    problem = f"more than {MAX_FACTS} facts in one file"
                    break
        except RecursionError:
            problem = "nested too deeply"
        namespace, endless, commanded = reader.namespace, reader.endless, reader.commanded
        shape = self._parts.shape
        functions = named_functions(reader, shape) if shape is not None else ()
        problem = problem or reader.problem
        # What refers back to the reader would keep it, and with it the tree: nobody collects.
        vars(reader).clear()
        if not problem and not facts and tree.root_node.type == "ERROR":
            problem = "syntax not understood"
        return FileFacts(tuple(facts), namespace, problem, lines, endless, functions, commanded)

    def _captures(self, reader: Reader) -> dict[str, list[Node]]:
        matters = self._parts.matters
        if matters is None or matters(reader):
            query, levels = self._query, self._parts.levels or MAX_DEPTH
        else:
            query, levels = self._outer_query, OUTER_LEVELS
        if query is None:
            return {}
        if self._places is not None:
            ranges = worthwhile(self._places(reader.content), len(reader.content))
            if ranges is not None:
                return captures_in(query, reader.root, ranges, MAX_DEPTH, MAX_PENDING)
        cursor = QueryCursor(query, match_limit=MAX_PENDING)
        cursor.set_max_start_depth(levels)
        return cursor.captures(reader.root)

    def _facts(self, reader: Reader) -> Iterator[Fact]:
        captures = self._captures(reader)
        for nodes in captures.values():  # they come in an order that is another on each run
            nodes.sort(key=_position)
        yield from reader.captured(captures)
        sites = [
            reader.site(node)
            for node in captures.get("call", ())
            if self._table.knows(reader.named(node)[0])
        ]
        for node in captures.get("annotation", ()):
            site = reader.site(node)
            site.annotation = True
            site.target = reader.annotated(node)
            if site.target is not None:
                reader.annotations.setdefault(site.target.id, []).append(site)
            sites.append(site)
        sites.sort(key=lambda site: (site.node.start_byte, site.node.end_byte))
        for site in sites:
            for pattern in self._table.matching(site):
                if pattern.when is None or pattern.when(site, reader):
                    yield from pattern.facts(site, reader)
        reader.known_calls = {site.node.id for site in sites}
        yield from reader.finished(captures)
        yield from queries_in_strings(reader)
        yield from views_in_strings(reader)
        if not reader.schema_told:
            yield from additions_in_strings(reader)
        yield from remote_services(reader)
        yield from schemas_in_texts(reader)


def _position(node: Node) -> tuple[int, int]:
    """The outer of two nodes that begin together comes first."""
    return node.start_byte, -node.end_byte


def beyond_parsing(root: Node) -> bool:
    """Whether the parser gave up on a large part of the file."""
    waiting = [root] if root.has_error else []
    for _ in range(MAX_DEPTH):
        if not waiting:
            return False
        node = waiting.pop()
        if node.type == "ERROR" and node.child_count > MAX_UNPARSED:
            return True
        if node.child_count <= MAX_UNPARSED:
            waiting += [child for child in node.children if child.has_error]
    return False


def query_text(package: str, table: PatternTable, without: Collection[str] = ()) -> str:
    """All `.scm` files of a language's folder as one query, with the names of its tables."""
    found = [p for p in files(package).iterdir() if p.name.endswith(".scm")]
    found = sorted((p for p in found if p.name not in without), key=str)
    text = "\n".join(p.read_text(encoding="utf-8") for p in found)
    tables = {
        CALL_NAMES: in_sources(table.call_names),
        ANNOTATION_NAMES: in_sources(table.annotation_names),
        BINDING_NAMES: in_sources(table.binding_names),
    }

    def filtered(match: re.Match[str]) -> str:
        if "$" not in match[2]:
            return match[0]
        words = [w for name in match[2].split() for w in tables.get(name, {name.strip('"')})]
        return f'(#match? {match[1]} "^{prefix_tree(words)}$")'

    text = ANY_OF_TABLE.sub(filtered, text)
    for name, names in tables.items():  # inside a `#match?`
        text = text.replace(name, prefix_tree(names))
    return text


def in_sources(names: Iterable[str]) -> list[str]:
    """Those that a source may hold as one name; the others are packages and wildcards."""
    return [name for name in names if NO_NAME.search(name) is None]


def prefix_tree(words: Iterable[str]) -> str:
    """A regular expression for some words that looks at each character once.

    `#any-of?` compares with every word in turn, which costs more than the tree's own search.
    """
    return _prefix_tree(tuple(sorted(set(words))))


@cache
def _prefix_tree(words: tuple[str, ...]) -> str:
    """Of words in order, each once: those that begin alike have their beginning in common."""
    complete = words[:1] == ("",)
    parts = []
    start = int(complete)
    while start < len(words):
        first, end = words[start], start + 1
        while end < len(words) and words[end][0] == first[0]:
            end += 1
        last, common = words[end - 1], len(first)
        while not last.startswith(first[:common]):
            common -= 1
        rest = tuple(word[common:] for word in words[start:end])
        inner = _prefix_tree(rest) if len(rest) > 1 else ""
        parts.append(re.escape(first[:common]).replace("\\", "\\\\") + inner)
        start = end
    if not parts:
        return ""
    whole = "|".join(parts)
    return whole if len(parts) == 1 and not complete else f"(?:{whole}){'?' if complete else ''}"
