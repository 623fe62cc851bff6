"""What the kinds of files are called."""

from __future__ import annotations

from scaleaudit.reports.overview import kind_name


def test_templates_beside_no_python_are_pages() -> None:
    assert (
        kind_name("django-template", frozenset({"python", "django-template"})) == "Django templates"
    )
    assert kind_name("django-template", frozenset({"php", "django-template"})) == "HTML"
