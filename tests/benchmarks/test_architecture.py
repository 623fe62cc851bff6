"""The benchmark of recovered architectures: its counting, and what it makes of a graph."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import architecture  # noqa: E402
from architecture_scoring import Direction, Tally, plain_path, score, totals  # noqa: E402

# Predictions with every kind of mistake, and what an independent scorer with the same rules counts.
COUNTED = json.loads(Path(__file__).with_name("counted.json").read_text(encoding="utf-8"))
SHOP = Path(__file__).resolve().parents[2] / "fixtures/systems/shop"


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("number", range(len(COUNTED["cases"])))
def test_the_counting_agrees_with_an_independent_scorer(number: int, direction: Direction) -> None:
    case = COUNTED["cases"][number]
    result = score(COUNTED["truth"], case["prediction"], direction)
    counts = {
        part: [each.tally.found, each.tally.invented, each.tally.missed]
        for part, each in result.parts()
    }
    assert counts == case["counts"][direction]


def as_prediction(truth: dict[str, Any]) -> dict[str, Any]:
    return {part: truth[part] for part in ("components", "connections", "endpoints")}


def test_the_truth_is_right_about_itself() -> None:
    truth = COUNTED["truth"]
    result = score(truth, as_prediction(truth), Direction.PUBLISHED)
    assert [each.tally for _, each in result.parts()] == [
        Tally(found=9),
        Tally(found=9),
        Tally(found=5),
    ]


def test_saying_nothing_misses_everything_and_invents_nothing() -> None:
    sums = totals([score(COUNTED["truth"], {}, Direction.UNDIRECTED)])
    # The arrows between the gateway and people are one pair.
    assert sums["overall"] == Tally(missed=9 + 8 + 5)
    assert sums["overall"].f1 == 0


def test_a_second_name_of_one_component_is_invented() -> None:
    truth = COUNTED["truth"]
    prediction = as_prediction(truth)
    prediction["components"] = [
        *prediction["components"],
        {"name": "postgres", "kind": "database"},
    ]
    result = score(truth, prediction)
    assert result.components.invented == ["postgres (orders-db again)"]


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("/a/{id}/?x=1", "a/<int:pk>/"),
        ("/a//b/", "/a/b#top"),
        ("/files/**", "/files/:path*"),
        ("/[slug]", "/{}"),
    ],
)
def test_paths_are_equal_whatever_their_parameters_are_called(path: str, same: str) -> None:
    assert plain_path(path) == plain_path(same)


def test_paths_differ_by_case() -> None:
    assert plain_path("/Users") != plain_path("/users")


def node(name: str, kind: str, **more: object) -> dict[str, object]:
    return {
        "id": f"{kind}:{name}",
        "kind": kind,
        "name": name,
        "technology": "",
        "entry_point": False,
        **more,
    }


def test_a_graph_is_told_as_components_connections_and_endpoints_of_http() -> None:
    graph = {
        "nodes": [
            node("web", "service", entry_point=True),
            node("redis", "service"),
            node("door", "service", technology="nginx"),
            node("redis", "cache"),
            node("jobs", "topic"),
        ],
        "edges": [
            {"source": "service:web", "target": "cache:redis"},
            {"source": "service:web", "target": "topic:jobs"},
        ],
        "endpoints": [
            {"component": "service:web", "path": "/x", "protocol": "http"},
            {"component": "service:web", "path": "/p.S/M", "protocol": "grpc"},
            {"component": "", "path": "/nobody", "protocol": "http"},
        ],
    }
    assert architecture.neutral(graph) == {
        "components": [
            {"name": "web", "kind": "service"},
            {"name": "redis", "kind": "service"},
            {"name": "door", "kind": "gateway"},
            {"name": "cache:redis", "kind": "cache"},
            {"name": "end-user", "kind": "user"},
        ],
        "connections": [
            {"source": "web", "target": "cache:redis"},
            {"source": "end-user", "target": "web"},
        ],
        "endpoints": [{"component": "web", "path": "/x"}],
    }


def test_a_whole_run_scans_writes_scores_and_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "truth").mkdir()
    (tmp_path / "co").mkdir()
    (tmp_path / "co/shop").symlink_to(SHOP)
    shop = {"components": [{"name": "fulfilment", "kind": "service"}], "connections": []}
    for name in ("shop", "gone"):
        (tmp_path / f"truth/{name}.json").write_text(json.dumps(shop), encoding="utf-8")
    words = ["--checkouts", "co", "--truth", "truth", "--out", "predictions", "--show"]
    monkeypatch.setattr(sys, "argv", ["architecture.py", *words])
    monkeypatch.chdir(tmp_path)
    assert architecture.main() == 0
    printed = capsys.readouterr()
    written = json.loads((tmp_path / "predictions/shop.json").read_text(encoding="utf-8"))
    assert {"name": "fulfilment", "kind": "service"} in written["components"]
    assert "gone  components  missed    fulfilment" in printed.out
    assert "shop  components  missed" not in printed.out
    assert "no such checkout: co/gone" in printed.err
    assert "| scaleaudit, all " in printed.out
