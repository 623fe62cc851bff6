from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from scaleaudit.reports import as_graph_json, as_json, roadmap_as_json
from scaleaudit.reports.graph_choice import GraphChoice, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.result import ScanResult

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


def published(name: str) -> object:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("sample", ["shop", "nasty"])
@pytest.mark.parametrize(
    ("render", "name"),
    [
        (as_json.render, "report-v1.json"),
        (roadmap_as_json.render, "roadmap-v1.json"),
        (as_graph_json.render, "graph-v1.json"),
    ],
)
def test_documents_follow_their_published_schema(
    sample: str, render: Callable[[ScanResult], str], name: str, request: pytest.FixtureRequest
) -> None:
    document = json.loads(render(request.getfixturevalue(sample)))
    jsonschema.Draft202012Validator(published(name)).validate(document)


def test_the_report(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(as_json.render(shop), "report.json")


def test_the_roadmap(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(roadmap_as_json.render(shop), "roadmap.json")


def test_the_graph(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(as_graph_json.render(shop), "graph.json")


def test_the_graph_of_modules(shop: ScanResult) -> None:
    graph = json.loads(as_graph_json.render(shop, GraphChoice(level=Level.MODULE)))
    assert [node["id"] for node in graph["nodes"]] == [
        "module:catalog/src/a.js",
        "module:catalog/src/b.js",
    ]
    assert [edge["kind"] for edge in graph["edges"]] == ["imports"]
    assert graph["endpoints"] == []


def test_a_focus_takes_what_belongs_to_it(shop: ScanResult) -> None:
    graph = json.loads(as_graph_json.render(shop, GraphChoice(focus="gateway")))
    assert [node["name"] for node in graph["nodes"]] == ["catalog", "gateway"]
    assert [each["path"] for each in graph["endpoints"]] == ["/products/{id}"]


def test_names_that_are_not_utf_8_are_written(nasty: ScanResult) -> None:
    text = as_json.render(nasty)
    assert json.loads(text)["root"].endswith("\u202e\\xff#1{}")
    assert "\u202e" not in text
    assert "\x1b" not in text
