"""After changes that only move what files say, nothing is linked again and all places are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from scaleaudit import scan as scanning
from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.cache import FactCache
from scaleaudit.config import Config
from scaleaudit.facts import FileFacts, ImportFound
from scaleaudit.moved import moves_between
from scaleaudit.rules import load_rules
from scaleaudit.scan import scan_path
from scaleaudit.source import Span

if TYPE_CHECKING:
    from pathlib import Path

    from scaleaudit.result import ScanResult

RULES = load_rules()
APP = """\
import requests
from flask import Flask

from rates import DAYS

app = Flask(__name__)
seen = {}


@app.get("/rates")
def show():
    seen["last"] = DAYS
    return requests.get("https://rates.acme.io/today").json()
"""
FILES = {
    "requirements.txt": "flask\nrequests\n",
    "app.py": APP,
    "rates.py": "DAYS = 3\n",
    "compose.yaml": "services:\n  web:\n    build: .\n    ports: ['8000:8000']\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    for path, text in FILES.items():
        (root / path).write_text(text)
    return root


@pytest.fixture
def links(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one each time that facts are linked and checked."""
    done: list[str] = []
    work = scanning._find

    def counted(*given: object, **more: object) -> object:
        done.append("linked")
        return work(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(scanning, "_find", counted)
    return done


def run(root: Path, *, cached: bool = True) -> ScanResult:
    cache = FactCache(root.parent / "cache") if cached else None
    try:
        return scan_path(root, Config(), rules=RULES, cache=cache)
    finally:
        if cache is not None:
            cache.close()


def shown(result: ScanResult) -> tuple[object, ...]:
    """All that a report can show."""
    architecture = result.architecture
    kinds = [kind for kind in NodeKind if kind is not NodeKind.MODULE]
    return (
        result.findings,
        architecture.nodes(*kinds),
        [edge for edge in architecture.edges() if edge.kind is not EdgeKind.IMPORTS],
        architecture.endpoints,
        architecture.unresolved,
        result.counts.files,
        result.counts.lines,
        result.skipped,
    )


MOVED = {
    "a line above": {"app.py": "# Rates.\n" + APP},
    "lines between": {"app.py": APP.replace("seen = {}\n", "# What was asked.\n\nseen = {}\n")},
    "a line less": {"app.py": APP.replace("\n\n\n@app", "\n\n@app")},
    "other words": {"app.py": APP.replace("DAYS\n    return", "DAYS + 1\n    return")},
    "several files": {
        "app.py": "\n\n" + APP,
        "rates.py": "# Days.\nDAYS = 4\n",
        "compose.yaml": "# Web.\n" + FILES["compose.yaml"],
    },
}


@pytest.mark.parametrize("change", MOVED)
def test_places_are_those_of_a_new_scan(repository: Path, links: list[str], change: str) -> None:
    first = run(repository)
    assert {"no-timeout", "module-level-mutable-state"} <= {f.rule for f in first.findings}
    for path, text in MOVED[change].items():
        (repository / path).write_text(text)
    second = run(repository)
    assert len(links) == 1
    assert second.counts.parsed == len(MOVED[change])
    assert shown(second) == shown(run(repository, cached=False))
    third = run(repository)
    assert (third.counts.parsed, len(links)) == (0, 2)  # the one without a cache
    assert shown(third) == shown(second)


NAMED = (
    APP.replace("show():\n", "show():\n    note_it(seen)\n")
    + """

def note_it(seen):
    print(seen)


def kept_rates():
    return db.execute("SELECT id FROM rates WHERE day = 3")
"""
)
NOT_ASKED_FOR = {
    "another call": NAMED.replace("print(seen)", "write_down(seen)"),
    "another function": NAMED + "\n\ndef more_of_it():\n    return note_it(1)\n",
}
ASKED_FOR = {
    "a call of what asks": NAMED.replace("print(seen)", "kept_rates()"),
    "another function around": NAMED.replace("def kept_rates", "def all_rates"),
}


@pytest.mark.parametrize("change", [*NOT_ASKED_FOR, *ASKED_FOR])
def test_calls_that_nobody_asked_for_change_nothing(
    repository: Path, links: list[str], change: str
) -> None:
    (repository / "app.py").write_text(NAMED)
    run(repository)
    (repository / "app.py").write_text({**NOT_ASKED_FOR, **ASKED_FOR}[change])
    second = run(repository)
    assert len(links) == (2 if change in ASKED_FOR else 1)
    assert shown(second) == shown(run(repository, cached=False))


WITH_LIBRARIES = {
    **FILES,
    "till.py": "import json\nimport typing\nfrom rates import DAYS\n",
    "asking.py": (
        "import requests\n\n\ndef fetch(url):\n    return requests.get(url, timeout=3)\n\n\n"
        "def keep(text):\n    print(text)\n"
    ),
    "closing.py": (
        "from asking import fetch, keep\nfrom asking import fetch as load\n"
        'fetch("https://fx.acme.io/a")\nload("https://fx.acme.io/b")\nkeep("https://fx.acme.io/c")\n'
    ),
    "web/src/basket.ts": 'import dayjs from "dayjs";\nimport { pay } from "./pay";\n',
    "web/src/pay.ts": 'import { v4 } from "uuid";\nimport ky from "ky";\nexport const pay = 1;\n',
    "web/package.json": '{"name": "web", "dependencies": {"dayjs": "1.0.0", "uuid": "^2"}}',
    "pay/src/main/java/shop/pay/Pay.java": (
        "package shop.pay;\nimport java.util.List;\nimport java.time.Clock;\nclass Pay {}\n"
    ),
    "pay/src/main/java/shop/pay/Card.java": (
        "package shop.pay;\nimport java.util.List;\nimport java.util.Map;\nclass Card {}\n"
    ),
    "depot/go.mod": "module acme.io/depot\n\ngo 1.22\n",
    "depot/main.go": 'package main\n\nimport (\n\t"fmt"\n\t"net/url"\n)\n\nfunc main() {}\n',
    "depot/ship.go": 'package main\n\nimport (\n\t"fmt"\n\t"sort"\n)\n',
}
OF_LIBRARIES = {
    "one more in Python": ("app.py", "import requests", "import json\nimport requests"),
    "one less in Python": ("till.py", "import typing\n", ""),
    "another place in Python": (
        "till.py",
        "import json\nimport typing",
        "import typing\nimport json",
    ),
    "one more in TypeScript": (
        "web/src/basket.ts",
        "import {",
        'import { v4 } from "uuid";\nimport {',
    ),
    "other names": ("web/src/pay.ts", "{ v4 }", "{ v4, v5 as five }"),
    "one more in Java": (
        "pay/src/main/java/shop/pay/Pay.java",
        "class",
        "import java.util.Map;\nclass",
    ),
    "one less in Java": ("pay/src/main/java/shop/pay/Pay.java", "import java.time.Clock;\n", ""),
    "one more in Go": ("depot/main.go", '\t"net/url"', '\t"net/url"\n\t"sort"'),
    "what a function is given that asks nobody": ("closing.py", "fx.acme.io/c", "tax.acme.io/c"),
    "a version": ("web/package.json", "1.0.0", "1.0.1"),
    "a version in Python": ("requirements.txt", "requests", "requests==2.0"),
}
NOT_OF_LIBRARIES = {
    "an unknown one": ("till.py", "import typing", "import colours"),
    "an own one": ("till.py", "import json", "import json\nimport app"),
    "all its names": ("till.py", "import json", "from json import *"),
    "the only ones": ("web/src/pay.ts", WITH_LIBRARIES["web/src/pay.ts"], "export const pay = 1;\n"),
    "only later ones": ("till.py", WITH_LIBRARIES["till.py"], "def load():\n    import json\n"),
    "one that is looked for": ("till.py", "import json", "import celery"),
    "an own one of scripts": ("web/src/pay.ts", "import ky", 'import "./basket";\nimport ky'),
    "an own one of Java": (
        "pay/src/main/java/shop/pay/Pay.java", "class", "import shop.pay.Card;\nclass"
    ),
    "an own one of Go": ("depot/main.go", '\t"net/url"', '\t"net/url"\n\t"acme.io/depot/x"'),
    "what a function is given that asks": ("closing.py", "fx.acme.io/a", "tax.acme.io/a"),
    "what it is given by another name": ("closing.py", "fx.acme.io/b", "tax.acme.io/b"),
    "for its effect": ("depot/main.go", '\t"net/url"', '\t"net/url"\n\t_ "sort"'),
    "another dependency": ("web/package.json", '"uuid"', '"express"'),
}  # fmt: skip


@pytest.mark.parametrize("change", [*OF_LIBRARIES, *NOT_OF_LIBRARIES])
def test_what_is_imported_of_libraries_changes_nothing(
    repository: Path, links: list[str], change: str
) -> None:
    for path, text in WITH_LIBRARIES.items():
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_text(text)
    run(repository)
    path, old, new = {**OF_LIBRARIES, **NOT_OF_LIBRARIES}[change]
    assert old in WITH_LIBRARIES[path]
    (repository / path).write_text(WITH_LIBRARIES[path].replace(old, new))
    second = run(repository)
    assert len(links) == (1 if change in OF_LIBRARIES else 2)
    assert shown(second) == shown(run(repository, cached=False))


SAYS_MORE = {
    "another call": {"app.py": APP + '\n\ndef more():\n    return requests.get("http://x/y")\n'},
    "a bounded call": {"app.py": APP.replace('today")', 'today", timeout=3)')},
    "indented": {"app.py": APP.replace("from rates", "if True:\n    from rates")},
    "on one line": {"app.py": APP.replace("(__name__)\nseen", "(__name__); seen")},
    "broken": {"compose.yaml": "services: [\n"},
    "binary": {"rates.py": "DAYS = 3\0\n"},
    "empty": {"app.py": ""},
    "another file": {"more.py": ""},
}


@pytest.mark.parametrize("change", SAYS_MORE)
def test_what_says_more_is_linked_again(repository: Path, links: list[str], change: str) -> None:
    run(repository)
    for path, text in SAYS_MORE[change].items():
        (repository / path).write_text(text)
    second = run(repository)
    assert len(links) == 2
    assert shown(second) == shown(run(repository, cached=False))


def test_too_many_changes_are_not_compared(
    repository: Path, links: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(repository)
    monkeypatch.setattr("scaleaudit.memory.MAX_CHANGED", 1)
    for path in ("app.py", "rates.py"):
        (repository / path).write_text("# Moved.\n" + FILES[path])
    run(repository)
    assert len(links) == 2


def facts(*spans: Span) -> FileFacts:
    return FileFacts(tuple(ImportFound(at, f"module{n}") for n, at in enumerate(spans)))


def test_order_and_shared_lines_stay() -> None:
    one, two = Span(1), Span(2)
    assert moves_between(facts(one, two), facts(Span(3), Span(9))) == {
        (1, 1, 1): (3, 1, 3),
        (2, 1, 2): (9, 1, 9),
    }
    assert moves_between(facts(one, two), facts(two, one)) is None
    assert moves_between(facts(one, two), facts(one, one)) is None
    assert moves_between(facts(one, one), facts(one, two)) is None
    assert moves_between(facts(one), facts(Span(1, 5))) is None
    assert moves_between(facts(one), facts(one, two)) is None


def test_other_facts_are_no_moves() -> None:
    old = facts(Span(1))
    other = msgspec.structs.replace(old.facts[0], module="other")
    assert moves_between(old, FileFacts((other,))) is None
    assert moves_between(old, msgspec.structs.replace(old, namespace="shop")) is None
    assert moves_between(old, msgspec.structs.replace(old, problem="broken")) is None
