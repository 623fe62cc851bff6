"""Programming languages: a folder each with `.scm` queries, a thin reader, tables of frameworks."""

from scaleaudit.extractor import Extractor

LANGUAGES: tuple[Extractor, ...] = (
    Extractor("python", ("*.py",), "scaleaudit.languages.python"),
)
