"""Django's models, and the queries of its query sets.

What reads them is imported for the first file that has to do with Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import written_with
from scaleaudit.languages.mentions import has_any
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.python.reader import PythonReader

SIGNS = (b"django", b".objects", b"rest_framework", b"_set.", b"(Abstract",
         b"QuerySet):", b"Manager):", b"FilterSet)", b"ViewSet)")  # fmt: skip


# What a migration needs beside its operations to ask for rows.
FUNCTIONS = (b"def ", b"lambda")
MIGRATION = regex(rb"(?m)^class Migration\(")
ABSTRACT = b"    abstract = True"  # in a `Meta`: bases put together of others
MODELS = regex(rb"(?m)^class \w+\([^)\n]*Model\)")
HANDED = regex(rb"(?<![\w.])[a-z_]\w*\.filter\(\s*[a-z]\w*=(?!=)")
OTHER_MAPPERS = (b"sqlalchemy", b"tortoise", b"peewee", b"sqlmodel")
# Tests ask for whatever they have just made; their queries say nothing, and are half of all there are.
TEST_TOOLS = (b"django.test", b"rest_framework.test", b"pytest", b"unittest")
OF_TESTS = regex(rb"(?m)^(?:from|import) (?:django\.test|rest_framework\.test|pytest|unittest)\b")

TESTED = regex(
    rb"(?m)^[ \t]*(?:(?:async )?def (?:test_|setUp\b)|class (?:Test|\w+Tests?\b|\w+TestCase)|@pytest\.)"
)


def django_facts(reader: PythonReader, classes: Sequence[Node]) -> Iterator[Fact]:
    """Models, scopes and queries of a file; nothing where no sign of Django stands in it."""
    content = reader.content
    if is_migration(reader):
        from scaleaudit.languages.python.django.migrations import migration

        reader.schema_told = True
        yield from written_with("django", migration(reader, classes))
        reader.asks_nothing = len(classes) == 1 and not has_any(content, FUNCTIONS)
        if reader.asks_nothing:
            return
    if not reader.says(*SIGNS) and (
        (b"Field(" not in content or MODELS.search(content) is None)
        and ABSTRACT not in content
        and not narrows_rows(reader)
    ):
        return
    if is_test(reader):
        return
    from scaleaudit.languages.python.django.told import data_facts

    yield from data_facts(reader, classes)


def is_test(reader: PythonReader) -> bool:
    """What imports a tool of tests; but models with `pytest.raises` in their doctests are models."""
    content = reader.content
    if not (reader.says(b"test") and reader.says(*TEST_TOOLS)) or OF_TESTS.search(content) is None:
        return False
    return MODELS.search(content) is None or TESTED.search(content) is not None


def narrows_rows(reader: PythonReader) -> bool:
    """Whether a file that names no Django may narrow rows that its functions are handed."""
    return (
        reader.says(b".filter(")
        and not reader.says(*OTHER_MAPPERS)
        and HANDED.search(reader.content) is not None
    )


def is_migration(reader: PythonReader) -> bool:
    return b"operations" in reader.content and MIGRATION.search(reader.content) is not None
