"""The sources in fixtures/languages say themselves which facts they hold, line by line.

A trailing comment `expect: RemoteCall EndpointServed` names the facts that begin on its line;
every other line must be silent. Imports, constants, types, addresses and settings are too many to name:
they count only where a line asks for them.
"""

from __future__ import annotations

import gc
import re
from collections import defaultdict
from pathlib import Path

import pytest
from tree_sitter import Tree

from scaleaudit.extractor import Extractor, kind_finder
from scaleaudit.languages import LANGUAGES
from scaleaudit.languages.reader import Reader

FIXTURES = Path(__file__).parents[2] / "fixtures" / "languages"
SOURCES = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
EXPECTED = re.compile(r"\bexpect:((?:[ \t]+[A-Z]\w+)+)")
UNNAMED = {
    "ImportFound", "ConstantDefined", "SettingRead", "AddressGiven", "TypeDeclared", "HandlerClass",
    "MigrationTool",  # stands where the first step of a file does
    # whether a class is a model stands in other files: what may be about one is told anyhow
    "ModelDefined", "OrmQuery", "ScopeDefined",
}  # fmt: skip

kind_of = kind_finder(LANGUAGES)
BY_KIND: dict[str, Extractor] = {extractor.kind: extractor for extractor in LANGUAGES}


def expected_facts(text: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = EXPECTED.search(line)
        if match:
            found[number] = sorted(match[1].split())
    return found


def test_there_are_sources() -> None:
    assert SOURCES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_every_line_says_what_it_means(path: Path) -> None:
    kind = kind_of(path.relative_to(FIXTURES).as_posix())
    assert kind is not None, "no language reads this file"
    content = path.read_bytes()
    expected = expected_facts(content.decode())
    read = BY_KIND[kind].extract(content)
    found: dict[int, list[str]] = defaultdict(list)
    for fact in read.facts:
        name, line = type(fact).__name__, fact.at.line
        if name not in UNNAMED or name in expected.get(line, ()):
            found[line].append(name)
    assert {line: sorted(names) for line, names in found.items()} == expected
    assert read.problem == ""


@pytest.mark.parametrize(
    "kind", sorted({kind_of(path.relative_to(FIXTURES).as_posix()) or "" for path in SOURCES})
)
def test_a_tree_is_freed_without_the_garbage_collector(kind: str) -> None:
    """A worker runs with it switched off: what it does not free at once, it keeps to its end."""
    sources = [path for path in SOURCES if kind_of(path.relative_to(FIXTURES).as_posix()) == kind]
    contents = [path.read_bytes() for path in sources]
    gc.collect()
    gc.disable()
    try:
        for content in contents:
            BY_KIND[kind].extract(content)
        kept = [each for each in gc.get_objects() if isinstance(each, Reader | Tree)]
    finally:
        gc.enable()
    assert kept == []
