"""From bytes to facts: parse once, run one merged query, apply the tables of patterns."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from tree_sitter import Language as Grammar
from tree_sitter import Parser, Query, QueryCursor

from scaleaudit.facts import FileFacts
from scaleaudit.languages.patterns import PatternTable
from scaleaudit.languages.sql_strings import queries_in_strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from scaleaudit.facts import Fact
    from scaleaudit.languages.patterns import Pattern
    from scaleaudit.languages.reader import Reader

MAX_FACTS = 20_000  # of one file; a file with more is generated or hostile
CALL_NAMES = "$CALL_NAMES"  # in a query file: the last parts of all callees in the tables
ANNOTATION_NAMES = "$ANNOTATION_NAMES"
BINDING_NAMES = "$BINDING_NAMES"  # the last parts of the types whose methods the tables name


@dataclass(frozen=True, slots=True)
class LanguageParts:
    """What makes a language: a grammar, a package of `.scm` files, a reader, tables of patterns."""

    grammar: Callable[[], object]
    package: str
    reader: type[Reader]
    patterns: Sequence[Pattern]
    locals: str = ""  # a query with @name and @value for local assignments, run on demand
    more_queries: str = ""  # a second package of `.scm` files, where grammars share the first


class Engine:
    """The extractor of one language; made once a process."""

    def __init__(self, parts: LanguageParts) -> None:
        self._parts = parts
        self._table = PatternTable(parts.patterns)
        grammar = Grammar(parts.grammar())
        self._parser = Parser(grammar)
        packages = [package for package in (parts.package, parts.more_queries) if package]
        self._query = Query(
            grammar, "\n".join(query_text(package, self._table) for package in packages)
        )
        self._local_query = Query(grammar, parts.locals) if parts.locals else None

    def extract(self, content: bytes) -> FileFacts:
        """The facts of one file; problems of the input are said in the result, never raised."""
        lines = content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
        tree = self._parser.parse(content)
        reader = self._parts.reader(content, tree, self._local_query)
        problem = ""
        facts: list[Fact] = []
        try:
            for fact in self._facts(reader):
                facts.append(fact)
                if len(facts) >= MAX_FACTS:
                    problem = f"more than {MAX_FACTS} facts in one file"
                    break
        except RecursionError:
            problem = "nested too deeply"
        if not problem and not facts and tree.root_node.type == "ERROR":
            problem = "syntax not understood"
        return FileFacts(tuple(facts), reader.namespace, problem, lines)

    def _facts(self, reader: Reader) -> Iterator[Fact]:
        captures = QueryCursor(self._query).captures(reader.root)
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
        sites.sort(key=lambda site: site.node.start_byte)  # captures come in no order
        for site in sites:
            for pattern in self._table.matching(site):
                if pattern.when is None or pattern.when(site, reader):
                    yield from pattern.facts(site, reader)
        yield from reader.finished(captures)
        yield from queries_in_strings(reader)


def query_text(package: str, table: PatternTable) -> str:
    """All `.scm` files of a language's folder as one query, with the names of its tables."""
    found = sorted((p for p in files(package).iterdir() if p.name.endswith(".scm")), key=str)
    text = "\n".join(p.read_text(encoding="utf-8") for p in found)
    for placeholder, names in (
        (CALL_NAMES, table.call_names),
        (ANNOTATION_NAMES, table.annotation_names),
        (BINDING_NAMES, table.binding_names),
    ):
        text = text.replace(placeholder, quoted(names))
    return text


def quoted(names: Iterable[str]) -> str:
    return " ".join(f'"{name}"' for name in sorted(names)) or '""'
