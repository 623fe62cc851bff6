"""Queries that run only at the places of their words find what they find in the whole tree."""

from __future__ import annotations

from pathlib import Path

import pytest
import tree_sitter_python

from scaleaudit.languages import python
from scaleaudit.languages.engine import Engine, LanguageParts
from scaleaudit.languages.narrowing import NEAR, worthwhile
from scaleaudit.languages.python.frameworks import FRAMEWORKS
from scaleaudit.languages.python.reader import PythonReader

SOURCES = sorted(Path(__file__).parents[2].glob("fixtures/**/*.py"))
WHOLE = Engine(
    LanguageParts(
        tree_sitter_python.language, python.__name__, PythonReader, FRAMEWORKS, python.LOCALS
    )
)
FILLER = b"".join(b"value_%d = compute[%d] + offset\n" % (i, i) for i in range(400))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-3:]))
def test_the_same_facts_as_of_the_whole_tree(path: Path) -> None:
    content = path.read_bytes() + FILLER
    assert python.extract(content).facts == WHOLE.extract(content).facts


@pytest.mark.parametrize(
    "source",
    [
        b"import os; import requests\nrequests.get(URL)\n",
        b"if fast: import requests\nrequests.get(URL)\n",
        b"import requests\ndef f(\n    s: requests.Session,\n):\n    s.get (URL)\n",
        b"import requests\r\ndef f():\r\n    requests.get(URL)\r\n",
        b"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): pass\n",
        b"class A:\n    class B:\n        def f(self):\n            self.url: str = 'http://a'\n",
        "import requests\n\u00e9t\u00e9 = requests.get('http://\u00e9')\n".encode(),
    ],
)
def test_places_are_seen_in_every_spelling(source: bytes) -> None:
    expected = WHOLE.extract(FILLER + source).facts
    assert expected
    assert python.extract(FILLER + source).facts == expected


def test_near_ranges_are_one_and_many_are_none() -> None:
    assert worthwhile([(5, 6), (0, 2)], 10_000) == [(0, 6)]
    assert worthwhile([(0, 2), (NEAR + 3, NEAR + 9)], 10_000) == [(0, 2), (NEAR + 3, NEAR + 9)]
    assert worthwhile([(i * 1000, i * 1000 + 1) for i in range(10)], 3_000) is None
    assert worthwhile([], 10) == []
