"""What stands in a file is found among its words first, and none of it is missed by that."""

from __future__ import annotations

import pytest

from scaleaudit.languages.file_text import FileText, longest_word, words_only


class WithSigils(FileText):
    SIGILS = b"@$"


@pytest.mark.parametrize(
    ("content", "text", "said"),
    [
        (b"orders.filter_by(code=1)", b".filter_by(", True),
        (b"orders.filter_by (code=1)", b".filter_by(", False),  # its word stands there, but not it
        (b"orders.filter_by(code=1)", b"ter_b", True),
        (b"orders(**by)", b"**", True),
        (b"orders(*by)", b"**", False),
        (b"import unittest", b"import unittest", True),
        (b"import x.unittest", b"import unittest", False),
        ("größe".encode(), b"gr", True),
        ("größe".encode(), "größe".encode(), True),
        (b"", b"", True),
        (b"", b"a", False),
    ],
)
@pytest.mark.parametrize("kind", [FileText, WithSigils])
def test_says(kind: type[FileText], content: bytes, text: bytes, said: bool) -> None:
    assert kind(content).says(text) is said is (text in content)


def test_one_of_several_is_enough() -> None:
    file = FileText(b"repo = Orders()")
    assert file.says(b"Dao", b"Orders(")
    assert not file.says(b"Dao", b"Store")


def test_words_stand_in_their_places() -> None:
    assert words_only(b"a.b($c)") == b"a b  c "
    assert WithSigils(b"@a = $b.c").words == {b"@a", b"$b", b"c"}


def test_the_longest_word_of_a_text() -> None:
    assert longest_word(b"db.Model") == b"Model"
    assert longest_word(b"(*") == b""
