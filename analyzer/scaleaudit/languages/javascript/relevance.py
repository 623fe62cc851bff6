"""Whether any call of a file can matter, by a look at its bytes alone.

Every expression begins with a fixed text, which is searched for at full speed: one expression for
all of them would cost more than the tree query that it saves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.candidates import known_beginnings
from scaleaudit.languages.javascript.imports import dotted
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.languages.file_text import FileText

NAME = rb"\s*[\"']([^\"'\n]{1,200})[\"']"
MODULES = tuple(regex(start + NAME) for start in (rb"from", rb"require\s*\(", rb"import\s*\(?"))
# What is there without an import, and what is known by its name or its base class alone.
GLOBALS = (
    b"setInterval",
    b"Deno.",
    b"Bun.",
    b"ventHandler(",
    b".mv(",
    b"this.route(",
    b"useFetch(",
    b"useLazyFetch(",
    b".register(",
)
METHOD = rb"\)?\s*\.\s*[a-z]+\s*[(<]"
NAMED = (  # each with the word that it begins with
    (b"fetch", regex(rb"fetch\s*\(")),
    (b"extends", regex(rb"extends\s+\w*(?:Controller|Router|Routes)\b")),
    *(
        (word, regex(word + METHOD))
        for word in (b"app", b"App", b"outer", b"outers", b"oute", b"outes", b"erver", b"fastify")
    ),
)
# Requests of pages without a build: counted where they go to a host.
OF_PAGES = regex(rb"new\s+XMLHttpRequest\b")


def matters(file: FileText) -> bool:
    """False for files that import nothing which the tables know, and name nothing they know."""
    if file.says(*GLOBALS):
        return True
    content, words = file.content, file.each_word
    if any(word in words and pattern.search(content) for word, pattern in NAMED):
        return True
    if b"://" in content and OF_PAGES.search(content):
        return True
    known = known_beginnings()
    return any(
        dotted(match[1].decode("utf-8", "replace")) in known
        for pattern in MODULES
        for match in pattern.finditer(content)
    )
