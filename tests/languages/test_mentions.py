from __future__ import annotations

import random
import re

from scaleaudit.languages.mentions import WORD_ENDS, WORD_OR_DOT, has_any, mentions


def test_a_name_is_found_where_it_stands_alone() -> None:
    source = b"order = orders.order + order.x; reorder(order)"
    found = [at for at, _ in mentions(source, b"order", WORD_OR_DOT, WORD_ENDS)]
    assert found == [0, 23, 40]
    assert [at for at, _ in mentions(source, b"order", WORD_OR_DOT, WORD_ENDS, 1, 44)] == [23]


def test_the_same_places_as_an_expression_for_the_name_finds() -> None:
    dice = random.Random(3)
    after = re.compile(rb"(?!\w)(?:\.(\w+)(?!\w|\s*[.(\[]))?")
    for _ in range(300):
        source = bytes(dice.choice(b"aab_. (=\n") for _ in range(60))
        for name in (b"a", b"ab", b"_a"):
            expected = re.compile(rb"(?<![\w.])" + name + after.pattern)
            start, end = sorted((dice.randint(0, 60), dice.randint(0, 60)))
            wanted = [(m.start(), m[1]) for m in expected.finditer(source, start, end)]
            found = mentions(source, name, WORD_OR_DOT, after, start, end)
            assert [(at, match[1]) for at, match in found] == wanted


def test_one_of_several_words_is_enough() -> None:
    assert has_any(b"import peewee", (b"django", b"peewee"))
    assert not has_any(b"import os", (b"django", b"peewee"))
