"""Elixir: Ecto's migrations, schemas and queries, Phoenix's routes."""

from functools import cache

import tree_sitter_elixir

from scaleaudit.facts import FileFacts
from scaleaudit.languages.elixir.frameworks import FRAMEWORKS
from scaleaudit.languages.elixir.functions import ELIXIR
from scaleaudit.languages.elixir.reader import ElixirReader
from scaleaudit.languages.engine import Engine, LanguageParts

# Without one of these no call in the tables can stand in a file.
CLIENTS = (b"HTTPoison", b"Req.", b"Finch", b"Tesla", b"httpc")
LOCALS = """
(binary_operator left: (identifier) @name operator: "=" right: (_) @value)
"""


@cache
def _engine() -> Engine:
    return Engine(
        LanguageParts(
            tree_sitter_elixir.language,
            __name__,
            ElixirReader,
            FRAMEWORKS,
            LOCALS,
            matters=lambda file: file.says(*CLIENTS),
            shape=ELIXIR,
        )
    )


def extract(content: bytes) -> FileFacts:
    return _engine().extract(content)
