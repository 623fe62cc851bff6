"""How text is broken into lines."""

from __future__ import annotations

from scaleaudit.reports.style import wrapped

PATH = "services/billing/src/main/java/com/example/billing/InvoiceRepository.java:17"


def test_a_bullet_stays_with_a_path_longer_than_the_line() -> None:
    assert wrapped(f"- {PATH}  all rows are read", 60, "    ", "      ") == [
        f"    - {PATH}",
        "      all rows are read",
    ]


def test_words_fill_the_line_and_no_more() -> None:
    lines = wrapped("- each call reads the whole table", 20, "", "  ")
    assert lines == ["- each call reads", "  the whole table"]
