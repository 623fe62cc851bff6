"""Bytes that are no UTF-8, in sources: they end no scan, and move nothing."""

import pytest

from scaleaudit.languages.encoding import as_utf8
from scaleaudit.languages.java import extract


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"plain", b"plain"),
        ("gr\u00fc\u00df".encode(), "gr\u00fc\u00df".encode()),
        ("gr\u00fc\u00df".encode("latin-1"), b"gr??"),
        (b"a\xed\xa0\x80b", b"a???b"),  # half of a pair
        (b"\xff\xfea\x00", b"??a\x00"),
    ],
)
def test_every_byte_keeps_its_place(content: bytes, expected: bytes) -> None:
    assert as_utf8(content) == expected
    assert len(as_utf8(content)) == len(content)


def test_a_type_whose_name_is_no_text() -> None:
    # Before, the predicate on the base class ended the process.
    extract(b"import c class r extends\x89x\xef.R")
    found = extract(b'class A { String note = "gr\xfc\xdf"; }\nclass B extends \xef.ImplBase {}')
    assert found.lines == 2
