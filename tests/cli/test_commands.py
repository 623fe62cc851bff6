"""graph, roadmap, rules, explain, init, completion."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import msgspec
import pytest

from scaleaudit.cli.explain import page_of
from scaleaudit.config import Config, load_config

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from scaleaudit.rules import Rule

pytestmark = pytest.mark.usefixtures("repository")

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


def test_graph_as_json(run: Callable[..., Result]) -> None:
    result = run("graph", "shop")
    assert (result.exit_code, result.stderr) == (0, "")
    graph = json.loads(result.stdout)
    schema = json.loads((SCHEMAS / "graph-v1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(graph)
    assert {"web"} < {node["name"] for node in graph["nodes"]}
    (edge,) = (edge for edge in graph["edges"] if edge["source"] == "service:web")
    assert edge["evidence"][0]["path"] == "compose.yml"


@pytest.mark.parametrize(
    ("file", "start"),
    [
        ("g.dot", "digraph architecture {"),
        ("g.gv", "digraph architecture {"),
        ("g.mmd", "flowchart LR"),
        ("g.graphml", "<?xml version"),
        ("g.json", "{"),
        ("g", "{"),
    ],
)
def test_the_file_name_asks_for_the_format(
    run: Callable[..., Result], file: str, start: str
) -> None:
    result = run("graph", "shop", "--output", file)
    assert (result.exit_code, result.output) == (0, "")
    assert Path(file).read_text().startswith(start)


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
def test_pictures(run: Callable[..., Result]) -> None:
    assert run("graph", "shop", "-o", "g.svg").exit_code == 0
    assert "<svg" in Path("g.svg").read_text()
    assert run("graph", "shop", "-f", "png").stdout_bytes.startswith(b"\x89PNG")


def test_pictures_without_graphviz(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    result = run("graph", "shop", "-f", "svg")
    assert result.exit_code == 2
    assert result.output == (
        "scaleaudit: svg needs Graphviz (`apt install graphviz`, `brew install graphviz`, "
        "`winget install graphviz`); json, dot, mermaid and graphml need nothing\n"
    )


def test_focus(run: Callable[..., Result]) -> None:
    graph = json.loads(run("graph", "shop", "--focus", "web", "--depth", "0").stdout)
    assert [node["name"] for node in graph["nodes"]] == ["web"]
    wrong = run("graph", "shop", "--focus", "wbe")
    assert wrong.exit_code == 2
    assert wrong.output.startswith("scaleaudit: nothing is named wbe; did you mean web")


def test_between(run: Callable[..., Result]) -> None:
    graph = json.loads(run("graph", "shop", "--between", "web", "db").stdout)
    assert {node["name"] for node in graph["nodes"]} == {"web", "db"}
    assert [step["step"] for step in graph["edges"][0]["trails"][0]["steps"]][-1] == "target"
    back = json.loads(run("graph", "shop", "--between", "db", "web").stdout)
    assert back["edges"] == graph["edges"]
    wrong = run("graph", "shop", "--between", "web", "dbb")
    assert (wrong.exit_code, wrong.output.count("\n")) == (2, 1)
    assert wrong.output.startswith("scaleaudit: nothing is named dbb; did you mean db")
    both = run("graph", "shop", "--between", "web", "db", "--focus", "web")
    assert both.output == "scaleaudit: --focus and --between: choose one of them\n"
    none = run("graph", "shop", "--between", "web", "db", "--depth", "0")
    assert none.exit_code == 2
    assert none.output.startswith("scaleaudit: no way of at most 0 steps leads from web to db")


def test_collapse(run: Callable[..., Result]) -> None:
    drawn = run("graph", "shop", "-f", "mermaid", "--collapse", "d*,web")
    assert drawn.exit_code == 0
    wrong = run("graph", "shop", "-f", "dot", "--collapse", "zzz")
    assert (wrong.exit_code, wrong.output.count("\n")) == (2, 1)
    assert wrong.output.startswith("scaleaudit: --collapse zzz: no component fits; write ")
    data = run("graph", "shop", "--collapse", "stores")
    assert data.output == (
        "scaleaudit: --collapse is for pictures; json always holds every component\n"
    )


def test_modules(run: Callable[..., Result]) -> None:
    graph = json.loads(run("graph", "shop", "--level", "module").stdout)
    assert graph["level"] == "module"


def test_roadmap(run: Callable[..., Result]) -> None:
    text = run("roadmap", "shop")
    assert text.exit_code == 0
    assert text.stdout.startswith("shop  1 step for 2 findings\n")
    assert "  1. own-fix\n" in text.stdout
    document = json.loads(run("roadmap", "shop", "--format", "json", "--select", "state").stdout)
    schema = json.loads((SCHEMAS / "roadmap-v1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert [finding["rule"] for finding in document["findings"]] == ["named-thing"]


def test_rules(run: Callable[..., Result]) -> None:
    assert run("rules").stdout == (
        "coupling\n"
        "  crowded-thing  high      1k     A crowded thing\n"
        "\n"
        "state\n"
        "  named-thing    low       1k     A named thing\n"
        "\n"
        "2 rules; scaleaudit explain RULE shows a page\n"
    )
    document = json.loads(run("rules", "--output-format", "json").stdout)
    assert document["version"] == 1
    assert document["rules"][0] == {
        "id": "crowded-thing",
        "title": "A crowded thing",
        "family": "coupling",
        "dimensions": ["data", "traffic"],
        "layer": "architecture",
        "severity": "high",
        "confidence": "high",
        "phase": "1k",
        "fix": ["own-fix"],
        "options": [{"name": "max-stores", "default": 0}],
        "help": "https://scaleaudit.dev/rules/crowded-thing/",
    }


def test_explain_gives_each_fix_a_line(two_rules: list[Rule]) -> None:
    page = page_of(msgspec.structs.replace(two_rules[0], fixes=("one-fix", "another-fix")))
    assert "\nfix         one-fix\nor          another-fix\npage  " in page


def test_explain(run: Callable[..., Result]) -> None:
    assert run("explain", "Crowded_Thing").stdout == (
        "# A crowded thing\n"
        "\n"
        "rule        crowded-thing (coupling)\n"
        "severity    high, confidence high\n"
        "grows with  data, traffic\n"
        "layer       architecture\n"
        "due         before 1,000 users: stateless processes, indexed data\n"
        "fix         own-fix\n"
        "page        https://scaleaudit.dev/rules/crowded-thing/\n"
        "\n"
        "## Why it hurts\n"
        "\n"
        "It does.\n"
    )


def test_init_writes_settings_that_change_nothing(run: Callable[..., Result]) -> None:
    result = run("init", "shop")
    assert (result.exit_code, result.output) == (0, "wrote shop/scaleaudit.toml\n")
    path = Path("shop/scaleaudit.toml")
    assert load_config(path) == Config()
    text = path.read_text()
    assert "# [rules.crowded-thing]\n# max-stores = 0\n" in text
    for field in Config.__struct_encode_fields__:
        assert f"\n{field} = " in text or field == "rules"
    path.write_text(text.replace("# [rules", "[rules").replace("# max", "max"))
    assert run("scan", "shop", "--exit-zero").exit_code == 0


def test_init_replaces_nothing_unasked(run: Callable[..., Result]) -> None:
    path = Path("shop/scaleaudit.toml")
    path.write_text("mine")
    result = run("init", "shop")
    assert result.exit_code == 2
    assert result.output == (
        "scaleaudit: shop/scaleaudit.toml is there already; --force replaces it\n"
    )
    assert path.read_text() == "mine"
    assert run("init", "shop", "--force").exit_code == 0
    assert load_config(path) == Config()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_init_writes_through_no_link(run: Callable[..., Result]) -> None:
    outside = Path("outside.toml")
    outside.write_text("mine")
    Path("shop/scaleaudit.toml").symlink_to(outside.absolute())
    assert run("init", "shop").exit_code == 2
    assert run("init", "shop", "--force").exit_code == 0
    assert outside.read_text() == "mine"
    assert not Path("shop/scaleaudit.toml").is_symlink()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run: Callable[..., Result], shell: str) -> None:
    script = run("completion", shell)
    assert script.exit_code == 0
    assert "_SCALEAUDIT_COMPLETE" in script.stdout
    words = {"bash": ("COMP_WORDS", "COMP_CWORD"), "zsh": ("COMP_WORDS", "COMP_CWORD")}
    if shell in words:
        env = {"_SCALEAUDIT_COMPLETE": f"{shell}_complete"}
        env |= dict(zip(words[shell], ("scaleaudit explain cr", "2"), strict=True))
        assert "crowded-thing" in run(env=env).stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("cro", {"crowded-thing"}),
        ("state,co", {"state,cost", "state,coupling"}),
        ("10", {"100k", "10k"}),
    ],
)
def test_completion_knows_what_can_be_selected(
    run: Callable[..., Result], typed: str, offered: set[str]
) -> None:
    for option in ("--select", "--ignore"):
        env = {
            "_SCALEAUDIT_COMPLETE": "bash_complete",
            "COMP_WORDS": f"scaleaudit scan {option} {typed}",
            "COMP_CWORD": "3",
        }
        lines = run(env=env).stdout.split()
        assert {line.removeprefix("plain,") for line in lines} == offered
