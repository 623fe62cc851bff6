"""A small repository, two rules of its own, and the program as a user starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scaleaudit import rules
from scaleaudit.architecture import NodeKind
from scaleaudit.cli import main
from scaleaudit.findings import Confidence, Dimension, Evidence, Layer, Phase, Problem, Severity
from scaleaudit.rules import Options, Rule
from scaleaudit.source import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from scaleaudit.architecture import Architecture

COMPOSE = """\
services:
  web:
    build: ./web
    environment:
      DATABASE_URL: postgresql://shop@db:5432/shop
  db:
    image: postgres:16
"""


class StoreOptions(Options, frozen=True):
    """How many stores are too many."""

    max_stores: int = 0


def crowded(architecture: Architecture, options: StoreOptions) -> Iterator[Problem]:
    stores = architecture.nodes(NodeKind.DATABASE)
    if len(stores) > options.max_stores:
        evidence = (
            Evidence(Location("compose.yml", 6, 3)),
            Evidence(Location("compose.yml", 5), "u"),
        )
        yield Problem(stores[0].name, f"{stores[0].name} is one store too many.", evidence)


def named(architecture: Architecture, options: Options) -> Iterator[Problem]:
    for node in architecture.nodes(NodeKind.SERVICE):
        yield Problem(
            node.name, f"{node.name} has a name.", (Evidence(Location("compose.yml", 2)),)
        )


def make(check: Any, family: str, severity: Severity, options: type[Options] = Options) -> Rule:
    return Rule(
        id=f"{check.__name__}-thing",
        title=f"A {check.__name__} thing",
        family=family,
        page=f"# A {check.__name__} thing\n\n## Why it hurts\n\nIt does.\n",
        dimensions=(Dimension.DATA, Dimension.TRAFFIC),
        layer=Layer.ARCHITECTURE,
        severity=severity,
        confidence=Confidence.LOW if severity is Severity.LOW else Confidence.HIGH,
        phase=Phase.TO_1K,
        fixes=("own-fix",),
        options=options,
        check=check,
    )


@pytest.fixture(autouse=True)
def two_rules(monkeypatch: pytest.MonkeyPatch) -> list[Rule]:
    """In place of the installed packs."""
    pack = [
        make(crowded, "coupling", Severity.HIGH, StoreOptions),
        make(named, "state", Severity.LOW),
    ]
    monkeypatch.setattr(rules, "installed_packs", list)
    monkeypatch.setattr(rules, "rules_in", lambda module: [])
    real = rules.load_rules
    monkeypatch.setattr(rules, "load_rules", lambda local=None: [*real(local), *pack])
    return pack


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`shop` in the current folder."""
    root = tmp_path / "shop"
    (root / "web").mkdir(parents=True)
    (root / "compose.yml").write_text(COMPOSE)
    (root / "web" / "Dockerfile").write_text("FROM python:3.12\nCMD python app.py\n")
    (root / "web" / "app.py").write_text("import os\n\nURL = os.environ['DATABASE_URL']\n")
    (root / "web" / "test_app.py").write_text("def test_nothing():\n    pass\n")
    monkeypatch.chdir(tmp_path)
    return root


@pytest.fixture
def run() -> Callable[..., Result]:
    def invoke(*arguments: str | Path, **extra: Any) -> Result:
        runner = CliRunner()
        return runner.invoke(
            main, [str(each) for each in arguments], prog_name="scaleaudit", **extra
        )

    return invoke
