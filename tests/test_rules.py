from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from scaleaudit.architecture import Architecture
from scaleaudit.findings import (
    Confidence,
    Dimension,
    Evidence,
    Layer,
    Phase,
    Problem,
    Severity,
    fingerprint,
)
from scaleaudit.rule_packs import installed_packs
from scaleaudit.rules import (
    LOCAL_PACK,
    Options,
    Rule,
    RuleCrash,
    RulePackError,
    load_rules,
    local_pack,
    rules_in,
    run_rules,
)
from scaleaudit.source import Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULE = """
from scaleaudit.api import (
    Confidence, Dimension, Evidence, Layer, Location, Options, Phase, Problem, Severity, rule,
)

class LoudOptions(Options, frozen=True):
    times: int = 1

@rule(dimensions=(Dimension.TEAM,), layer=Layer.TEAM, severity=Severity.LOW,
      confidence=Confidence.LOW, phase=Phase.NOW, fixes=("seams",), options=LoudOptions)
def loud(architecture, options):
    for number in range(options.times):
        yield Problem(f"subject {number}", "said", (Evidence(Location("a.py", 3)),))
"""


@pytest.fixture
def pack(tmp_path: Path) -> Iterator[Path]:
    family = tmp_path / "own"
    family.mkdir()
    (family / "__init__.py").write_text("")
    (family / "loud.py").write_text(RULE)
    (family / "loud.md").write_text("# It is loud\n\ntext\n")
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith(LOCAL_PACK)]:
        del sys.modules[name]


def loaded(folder: Path) -> Rule:
    (found,) = rules_in(local_pack(folder))
    return found


def test_id_family_title_and_page_come_from_where_the_rule_stands(pack: Path) -> None:
    found = loaded(pack)
    assert (found.id, found.family, found.title) == ("loud", "own", "It is loud")
    assert found.page == "# It is loud\n\ntext\n"


def test_the_engine_stamps_what_the_rule_said(pack: Path) -> None:
    (finding,) = run_rules(Architecture([], []), [loaded(pack)])
    assert finding.rule == "loud"
    assert finding.title == "It is loud"
    assert finding.location == Location("a.py", 3)
    assert (finding.severity, finding.phase) == (Severity.LOW, Phase.NOW)
    assert finding.fingerprint == fingerprint("loud", "subject 0")


def test_options_reach_the_rule(pack: Path) -> None:
    found = loaded(pack)
    options = {"loud": found.options(**{"times": 3})}
    subjects = [finding.subject for finding in run_rules(Architecture([], []), [found], options)]
    assert subjects == ["subject 0", "subject 1", "subject 2"]


def test_one_subject_is_reported_once_and_crashes_are_told(pack: Path) -> None:
    def twice(_architecture: Architecture, _options: Options) -> Iterator[Problem]:
        evidence = (Evidence(Location("a.py", 1)),)
        yield Problem("same", "first", evidence)
        yield Problem("same", "second", evidence)

    def broken(_architecture: Architecture, _options: Options) -> Iterator[Problem]:
        yield Problem("x", "x", (Evidence(Location("a.py", 1)),))
        raise KeyError("gone")

    def made(check: object) -> Rule:
        return Rule("r", "t", "f", "", (Dimension.TEAM,), Layer.TEAM, Severity.LOW,
                    Confidence.LOW, Phase.NOW, ("seams",), Options, check)  # type: ignore[arg-type]  # fmt: skip

    def repeating(_architecture: Architecture, _options: Options) -> Iterator[Problem]:
        again = [Evidence(Location("a.py", 2, column), "read here") for column in (4, 9)]
        yield Problem("x", "x", (Evidence(Location("a.py", 1)), *again))

    assert [f.message for f in run_rules(Architecture([], []), [made(twice)])] == ["first"]
    (once,) = run_rules(Architecture([], []), [made(repeating)])
    assert [(each.at.line, each.at.column) for each in once.related] == [(2, 4)]
    with pytest.raises(RuleCrash, match="rule r: KeyError: 'gone'"):
        run_rules(Architecture([], []), [made(broken)])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda family: (family / "loud.md").unlink(), r"no page loud\.md beside it"),
        (
            lambda family: (family / "other.py").write_text("x = 1"),
            "must define a rule named other",
        ),
        (lambda family: (family / "loud.py").write_text("import nowhere"), "ModuleNotFoundError"),
    ],
)
def test_packs_of_the_wrong_form_are_refused(pack: Path, spoil: object, message: str) -> None:
    spoil(pack / "own")  # type: ignore[operator]
    with pytest.raises(RulePackError, match=message):
        list(rules_in(local_pack(pack)))


def test_two_rules_of_one_name_are_refused(pack: Path) -> None:
    (pack / "own" / "no_timeout.py").write_text(RULE.replace("loud(", "no_timeout("))
    (pack / "own" / "no_timeout.md").write_text("# Other\n")
    with pytest.raises(RulePackError, match="two rules are named no-timeout"):
        load_rules(pack)


def test_packs_are_found_by_the_entry_points_of_what_is_installed(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pack / "__init__.py").write_text("")
    listed = tmp_path / "site" / "acme_rules-1.0.dist-info"
    listed.mkdir(parents=True)
    entries = f"[console_scripts]\nacme = acme:main\n\n[scaleaudit.rules]\nacme = {pack.name}\n"
    (listed / "entry_points.txt").write_text(entries)
    monkeypatch.setattr(sys, "path", [str(listed.parent), str(pack.parent), *sys.path])
    assert [each.__name__ for each in installed_packs()] == [pack.name, "scaleaudit_rules"]
    monkeypatch.setattr(sys, "path", [str(pack.parent)])
    monkeypatch.setattr("scaleaudit.rule_packs._lists", lambda: iter(()))
    assert installed_packs() == []  # nothing there for importlib.metadata either
    del sys.modules[pack.name]


def test_built_in_rules_come_in_by_the_entry_point() -> None:
    wanted = {
        "cyclic-dependency", "hub-service", "hard-coded-endpoint", "shared-database",
        "cross-service-table-access", "unindexed-query", "unindexed-foreign-key", "int32-key",
        "unbounded-query", "in-memory-session", "local-disk-write", "module-level-mutable-state",
        "in-process-scheduler", "embedded-database", "no-timeout", "undersized-server",
        "unindexed-state", "missing-composite-index", "non-sargable-predicate", "n-plus-one",
        "leading-wildcard-like", "order-by-random", "over-indexed-table", "json-blob-filter",
        "offset-pagination", "full-aggregate-on-read", "list-without-pagination",
        "missing-tenant-key", "select-star-wide", "unsafe-migration",
    }  # fmt: skip
    assert {rule.id for rule in load_rules()} == wanted
    assert isinstance(sys.modules["scaleaudit_rules"], ModuleType)
