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


SAYS_MORE = {
    "another call": {"app.py": APP + '\n\ndef more():\n    return requests.get("http://x/y")\n'},
    "a bounded call": {"app.py": APP.replace('today")', 'today", timeout=3)')},
    "indented": {"app.py": APP.replace("import requests\n", "if True:\n    import requests\n")},
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
