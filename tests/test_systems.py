"""The example systems, scanned whole, against what a perfect tool would find in them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.config import Config
from scaleaudit.findings import Severity
from scaleaudit.rules import load_rules
from scaleaudit.scan import scan_path

if TYPE_CHECKING:
    from scaleaudit.result import ScanResult

SYSTEMS = Path(__file__).parents[1] / "fixtures" / "systems"
NAMES = sorted(path.parent.name for path in SYSTEMS.glob("*/expected.json"))
COMPONENTS = (
    NodeKind.SERVICE,
    NodeKind.DATABASE,
    NodeKind.CACHE,
    NodeKind.BROKER,
    NodeKind.STORAGE,
    NodeKind.EXTERNAL,
)
COMMUNICATION = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)

# What we do not find yet. A gap that has closed fails the test, so that it leaves this table.
GAPS: dict[str, set[tuple[str, ...]]] = {
    "shop": set(),
    "monolith": set(),
    "clean": set(),
}


@cache
def scanned(system: str) -> ScanResult:
    return scan_path(SYSTEMS / system, Config(), rules=load_rules(), jobs=1, complete=True)


@cache
def expected(system: str) -> dict[str, Any]:
    return json.loads((SYSTEMS / system / "expected.json").read_text())  # type: ignore[no-any-return]


def edge_triples(edges: list[dict[str, str]]) -> set[tuple[str, str, str]]:
    return {(edge["source"], edge["kind"], edge["target"]) for edge in edges}


def without_names(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/") or "/"


def test_there_are_three_systems() -> None:
    assert {"shop", "monolith", "clean"} <= set(NAMES)
    assert set(GAPS) == set(NAMES)


@pytest.mark.parametrize("system", NAMES)
def test_components(system: str) -> None:
    found = {
        (node.name, str(node.kind)) for node in scanned(system).architecture.nodes(*COMPONENTS)
    }
    wanted = {(c["name"], c["kind"]) for c in expected(system)["components"]}
    optional = {(c["name"], c["kind"]) for c in expected(system).get("optional_components", ())}
    assert wanted - found == set()
    assert found - wanted - optional == set()


@pytest.mark.parametrize("system", NAMES)
def test_connections(system: str) -> None:
    architecture = scanned(system).architecture
    name_of = {node.id: node.name for node in architecture.nodes(*COMPONENTS)}
    found = {
        (name_of[edge.source], str(edge.kind), name_of[edge.target])
        for edge in architecture.edges(*COMMUNICATION)
        if edge.source in name_of and edge.target in name_of
    }
    wanted = edge_triples(expected(system)["edges"])
    optional = edge_triples(expected(system).get("optional_edges", []))
    assert wanted - found == {gap for gap in GAPS[system] if len(gap) == 3}
    # Whoever publishes to a store or consumes from it uses it as well.
    known = {(source, target) for source, _, target in wanted | optional}
    assert {edge for edge in found if (edge[0], edge[2]) not in known} == set()


@pytest.mark.parametrize("system", NAMES)
def test_endpoints(system: str) -> None:
    architecture = scanned(system).architecture
    found = {
        (architecture.node(each.component).name, each.method, without_names(each.path))
        for each in architecture.endpoints
        if each.protocol == "http"
    }

    def named(rows: list[dict[str, str]]) -> set[tuple[str, str, str]]:
        return {(row["component"], row["method"], without_names(row["path"])) for row in rows}

    wanted = named(expected(system)["endpoints"])
    any_method = {(component, path) for component, method, path in found if method == "*"}
    missing = {
        (component, method, path)
        for component, method, path in wanted - found
        if (component, path) not in any_method
    }
    assert missing == set()
    known = {
        (c, path) for c, _, path in wanted | named(expected(system).get("optional_endpoints", []))
    }
    assert {(c, m, path) for c, m, path in found if (c, path) not in known} == set()


def places(system: str, finding: dict[str, Any]) -> set[tuple[str, str, int]]:
    """The (rule, path, line) that a finding of `expected.json` may be reported at."""
    found = set()
    for place in (finding, *finding.get("or", ())):
        lines = (SYSTEMS / system / place["path"]).read_text().splitlines()
        at = [n for n, line in enumerate(lines, 1) if place["line_contains"] in line]
        assert len(at) == 1, f"{place['line_contains']!r} stands on lines {at}"
        found.add((finding["rule"], place["path"], at[0]))
    return found


@pytest.mark.parametrize("system", NAMES)
def test_findings(system: str) -> None:
    found = {(f.rule, f.location.path, f.location.line) for f in scanned(system).findings}
    wanted = [places(system, finding) for finding in expected(system)["findings"]]
    missing = [sorted(choice) for choice in wanted if not choice & found]
    assert missing == []
    assert found - {place for choice in wanted for place in choice} == set()


def test_a_well_built_system_has_nothing_above_low() -> None:
    assert [f.title for f in scanned("clean").findings if f.severity.rank > Severity.LOW.rank] == []


@pytest.mark.parametrize("system", NAMES)
def test_only_tests_are_skipped(system: str) -> None:
    assert {each.reason for each in scanned(system).skipped} <= {"test"}
