"""An unchanged repository is not linked again, and any change is noticed."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import msgspec
import pytest

from scaleaudit import scan as scanning
from scaleaudit.architecture import NodeKind
from scaleaudit.cache import FILE_NAME, FactCache
from scaleaudit.config import Config
from scaleaudit.findings import Severity
from scaleaudit.rules import Options, load_rules
from scaleaudit.scan import scan_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from scaleaudit.findings import Finding
    from scaleaudit.result import ScanResult
    from scaleaudit.rules import Rule

RULES = [rule for rule in load_rules() if rule.id in ("no-timeout", "hub-service")]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "requirements.txt").write_text("flask\nrequests\n")
    (root / "app.py").write_text(
        "import requests\n"
        "from flask import Flask\n"
        "import rates\n"
        "app = Flask(__name__)\n"
        '@app.get("/rates")\n'
        "def show():\n"
        '    return requests.get("https://rates.acme.io/today").json()\n'
    )
    (root / "rates.py").write_text("DAYS = 3\n")
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


def run(
    root: Path,
    rules: list[Rule] = RULES,
    *,
    options: Mapping[str, Options] | None = None,
    keep: Callable[[Finding], bool] | None = None,
    complete: bool = False,
) -> ScanResult:
    cache = FactCache(root.parent / "cache")
    try:
        return scan_path(
            root, Config(), rules=rules, options=options, keep=keep, cache=cache, complete=complete
        )
    finally:
        cache.close()


def test_a_second_scan_gives_the_same_and_links_nothing(repository: Path, links: list[str]) -> None:
    first, second = run(repository), run(repository)
    assert links == ["linked"]
    assert [f.rule for f in first.findings] == ["no-timeout"]
    assert second.findings == first.findings
    assert second.roadmap == first.roadmap
    assert second.skipped == first.skipped
    assert second.architecture.endpoints == first.architecture.endpoints
    assert second.counts.parsed == 0
    assert (second.counts.files, second.counts.lines) == (first.counts.files, first.counts.lines)
    services = NodeKind.SERVICE, NodeKind.EXTERNAL
    assert second.architecture.nodes(*services) == first.architecture.nodes(*services)
    assert second.architecture.nodes(NodeKind.MODULE) == []


def test_the_graph_of_modules_is_made_anew(repository: Path, links: list[str]) -> None:
    run(repository)
    modules = run(repository, complete=True).architecture.nodes(NodeKind.MODULE)
    assert [node.path for node in modules] == ["app.py", "rates.py"]
    assert len(links) == 2


def test_hiding_is_no_part_of_what_is_remembered(repository: Path, links: list[str]) -> None:
    run(repository)
    hidden = run(repository, keep=lambda finding: finding.severity is Severity.LOW)
    assert (hidden.findings, hidden.counts.hidden) == ((), 1)
    assert len(run(repository).findings) == 1
    assert len(links) == 1


def changed_file(root: Path) -> ScanResult:
    (root / "rates.py").write_text("DAYS = 3\nURL = 'http://rates'\n")
    return run(root)


def new_file(root: Path) -> ScanResult:
    (root / "more.py").write_text("")
    return run(root)


def renamed_file(root: Path) -> ScanResult:
    (root / "rates.py").rename(root / "rates2.py")
    return run(root)


def fewer_rules(root: Path) -> ScanResult:
    return run(root, RULES[:1])


def other_options(root: Path) -> ScanResult:
    rule = next(rule for rule in RULES if rule.id == "hub-service")
    name, default = next(iter(msgspec.structs.asdict(rule.options()).items()))
    return run(root, options={rule.id: rule.options(**{name: default + 1})})


def other_code(root: Path) -> ScanResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scaleaudit.memory.code_version", lambda: "another release")
        return run(root)


def moved(root: Path) -> ScanResult:
    return run(root.rename(root.with_name("store")))


@pytest.mark.parametrize(
    "change",
    [changed_file, new_file, renamed_file, fewer_rules, other_options, other_code, moved],
)
def test_every_change_is_noticed(
    repository: Path, links: list[str], change: Callable[[Path], ScanResult]
) -> None:
    run(repository)
    change(repository)
    assert len(links) == 2


@pytest.mark.parametrize("body", [b"", b"\x80\x04garbage", msgspec.msgpack.encode(["x"]), None])
def test_a_foreign_body_is_not_believed(
    repository: Path, links: list[str], body: bytes | None
) -> None:
    first = run(repository)
    with sqlite3.connect(repository.parent / "cache" / FILE_NAME) as db:
        assert db.execute("UPDATE results SET body = ?", (body,)).rowcount == 2
    db.close()
    assert run(repository).findings == first.findings
    assert len(links) == 2


def test_old_results_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scaleaudit.cache.KEPT_RESULTS", 2)
    cache = FactCache(tmp_path)
    for key in ("a", "b", "c"):
        cache.keep_result(key, key.encode())
    assert [cache.result(key) for key in ("a", "b", "c")] == [None, b"b", b"c"]
    cache.close()
