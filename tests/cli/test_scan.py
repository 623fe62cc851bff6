"""The command from end to end, on a repository of four files."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scaleaudit.config import load_config

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

pytestmark = pytest.mark.usefixtures("repository")


def test_the_report_and_the_exit_code(run: Callable[..., Result]) -> None:
    result = run("scan", "shop")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert result.stdout.startswith("shop\n\n  Services   1: web")
    assert "  high      crowded-thing  compose.yml:6\n" in result.stdout
    assert "1 file left out: 1 test (--show-files lists them)" in result.stdout


def test_the_report_is_headed_by_the_name_of_the_folder(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("shop")
    assert run("scan", ".").stdout.startswith("shop\n\n")
    assert run("roadmap", ".").stdout.startswith("shop  ")
    assert "<B>shop</B>" in run("graph", str(Path.cwd()), "-f", "dot").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "shown"),
    [
        ([], 1, {"crowded-thing", "named-thing"}),
        (["--fail-on", "critical"], 0, {"crowded-thing", "named-thing"}),
        (["--fail-on", "info"], 1, {"crowded-thing", "named-thing"}),
        (["--exit-zero"], 0, {"crowded-thing", "named-thing"}),
        (["--select", "state", "--fail-on", "info"], 0, {"named-thing"}),  # low confidence
        (["--ignore", "state"], 1, {"crowded-thing"}),
        (["--select", "coupling,state", "--ignore", "crowded-thing"], 0, {"named-thing"}),
        (["--min-severity", "medium"], 1, {"crowded-thing"}),
        (["--min-confidence", "medium"], 1, {"crowded-thing"}),
        (["--min-severity", "critical"], 0, set()),
    ],
)
def test_selection(
    run: Callable[..., Result], arguments: list[str], code: int, shown: set[str]
) -> None:
    result = run("scan", "shop", "--output-format", "json", *arguments)
    assert result.exit_code == code
    report = json.loads(result.stdout)
    assert {finding["rule"] for finding in report["findings"]} == shown


def test_hidden_findings_are_counted_and_not_planned(run: Callable[..., Result]) -> None:
    report = json.loads(run("scan", "shop", "-f", "json", "--min-severity", "critical").stdout)
    assert report["summary"]["hidden"] == 2
    assert [step for phase in report["roadmap"]["phases"] for step in phase["steps"]] == []


def test_several_outputs_at_once(run: Callable[..., Result]) -> None:
    result = run(
        "scan",
        "shop",
        "-f",
        "concise",
        "-o",
        "json=r.json",
        "-o",
        "sarif=r.sarif",
        "-o",
        "text=r.txt",
    )
    assert re.fullmatch(
        r"shop/compose\.yml:6:3: high crowded-thing .* \[1k\]\n"
        r"shop/compose\.yml:2:1: low named-thing .* \[1k\]\n",
        result.stdout,
    )
    assert json.loads(Path("r.json").read_text())["version"] == 1
    sarif = json.loads(Path("r.sarif").read_text())["runs"][0]["results"][0]
    place = sarif["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "shop/compose.yml"
    assert place["region"] == {"startLine": 6, "startColumn": 3, "endLine": 6, "endColumn": 6}
    assert re.fullmatch(r"[0-9a-f]+:1", sarif["partialFingerprints"]["primaryLocationLineHash"])
    assert Path("r.txt").read_text().startswith("shop\n")


def test_paths_in_annotations_start_at_the_workspace(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path / "shop")
    assert "::error file=shop/compose.yml,line=6," in run("scan", ".", "-f", "github").stdout
    monkeypatch.delenv("GITHUB_WORKSPACE")
    assert "::error file=compose.yml,line=6," in run("scan", ".", "-f", "github").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "json"], "--output json: write FORMAT=FILE, for instance json=report.json"),
        (["-o", "jsno=x"], "--output jsno=x: unknown format jsno, did you mean json?"),
        (["-o", "json=-"], "--output json=-: for standard output use --output-format json"),
        (["-o", "json=no/x.json"], "no such folder: no"),
        (["-o", "json=shop"], "shop is a folder, not a file"),
        (["-o", "json=x", "-o", "sarif=x"], "--output sarif=x: x is named twice"),
        (["-f", "json", "--statistics"], "--statistics belongs to --output-format text"),
        (["--select", "copling"], "unknown rule, family, dimension or phase: copling; did you"),
        (["--select", "state", "--ignore", "data"], "no rule is left by --select and --ignore"),
        (["--config", "none.toml"], "none.toml: cannot be read: No such file or directory"),
    ],
)
def test_wrong_arguments(run: Callable[..., Result], arguments: list[str], said: str) -> None:
    result = run("scan", "shop", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"scaleaudit: {said}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct = []", "shop/scaleaudit.toml:1: selct: unknown key, did you mean `select`?"),
        ('\nfail-on = "hihg"', "shop/scaleaudit.toml:2: fail-on: "),
        ("select = [", "shop/scaleaudit.toml:1: not valid TOML: "),
        (
            '\nselect = ["copling"]',
            "shop/scaleaudit.toml:2: unknown rule, family, dimension or phase: ",
        ),
        (
            "[rules.crowdde-thing]",
            "shop/scaleaudit.toml:1: rules.crowdde-thing: unknown rule, did you",
        ),
        (
            "exclude = []\n[rules.crowded-thing]\nmax-stors = 1",
            "shop/scaleaudit.toml:3: max-stors: unknown key, did you mean `max-stores`?",
        ),
        (
            '[rules.crowded-thing]\nmax-stores = "1"',
            "shop/scaleaudit.toml:2: max-stores: expected `int`",
        ),
    ],
)
def test_wrong_settings(run: Callable[..., Result], text: str, said: str) -> None:
    Path("shop/scaleaudit.toml").write_text(text)
    result = run("scan", "shop")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"scaleaudit: {said}")
    assert result.stderr.count("\n") == 1


def test_settings_of_the_repository_and_of_the_command(run: Callable[..., Result]) -> None:
    Path("shop/scaleaudit.toml").write_text(
        'ignore = ["state"]\nfail-on = "critical"\n[rules.crowded-thing]\nmax-stores = 5\n'
    )
    result = run("scan", "shop", "-f", "concise")
    assert (result.exit_code, result.stdout) == (0, "")
    other = run("scan", "shop", "-f", "concise", "--ignore", "coupling")
    assert "named-thing" in other.stdout
    Path("mine.toml").write_text("")
    assert run("scan", "shop", "--config", "mine.toml").exit_code == 1


def test_nothing_to_scan(run: Callable[..., Result]) -> None:
    Path("empty").mkdir()
    result = run("scan", "empty")
    assert result.exit_code == 3
    assert result.stderr == (
        "scaleaudit: empty: nothing to scan: no file of a kind that scaleaudit reads\n"
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_folder(run: Callable[..., Result]) -> None:
    Path("closed").mkdir(mode=0)
    assert run("scan", "closed").stderr == "scaleaudit: closed: Permission denied\n"


def test_show_files(run: Callable[..., Result]) -> None:
    result = run("scan", "shop", "--show-files")
    assert result.exit_code == 0
    assert re.fullmatch(
        r"read     \w+ +compose\.yml\n"
        r"read     \w+ +web/Dockerfile\n"
        r"read     python +web/app\.py\n"
        r"skipped  web/test_app\.py: test\n"
        r"3 read, 1 skipped\n",
        result.stdout,
    )


def test_show_settings_prints_a_settings_file(run: Callable[..., Result], tmp_path: Path) -> None:
    Path("shop/scaleaudit.toml").write_text('exclude = ["a\\u001b\\"b"]\n[rules.crowded-thing]\n')
    result = run("scan", "shop", "--show-settings", "--select", "state", "--min-severity", "low")
    assert result.exit_code == 0
    assert result.stdout.startswith("# from shop/scaleaudit.toml\n")
    assert "\x1b" not in result.stdout
    written = tmp_path / "written.toml"
    written.write_text(result.stdout)
    settings = load_config(written)
    assert settings.exclude == ('a\x1b"b',)
    assert settings.select == ("state",)
    assert settings.min_severity == "low"
    assert settings.rules == {"crowded-thing": {}}


def test_statistics(run: Callable[..., Result]) -> None:
    result = run("scan", "shop", "--statistics", "--quiet")
    assert result.exit_code == 1
    assert result.stdout == (
        "  Findings  Severity  Rule           Title\n"
        "         1  high      crowded-thing  A crowded thing\n"
        "         1  low       named-thing    A named thing\n"
        "\n"
    )


def test_local_rules_run_only_when_allowed(run: Callable[..., Result]) -> None:
    folder = Path("shop/checks")
    folder.mkdir()
    (folder / "own.py").write_text("raise RuntimeError('executed')\n")
    Path("shop/scaleaudit.toml").write_text('local-rules = "checks"\n[rules.own]\nx = 1\n')
    result = run("scan", "shop", "-f", "concise")
    assert result.exit_code == 1
    assert result.stderr == "scaleaudit: rules in checks are not run without --allow-local-rules\n"
    assert run("scan", "shop", "-f", "concise", "--quiet").stderr == ""
    Path("shop/scaleaudit.toml").write_text('local-rules = "chekcs"\n')
    missing = run("scan", "shop", "--allow-local-rules")
    assert missing.exit_code == 2
    assert missing.stderr == "scaleaudit: local-rules: no such folder: shop/chekcs\n"


def test_settings_may_select_local_rules_that_are_not_run(run: Callable[..., Result]) -> None:
    Path("shop/scaleaudit.toml").write_text(
        'local-rules = "checks"\nselect = ["own", "coupling"]\nignore = ["other-own"]\n'
    )
    Path("shop/checks").mkdir()
    for command in ("scan", "roadmap"):
        result = run(command, "shop")
        assert result.exit_code in (0, 1)
        assert "crowded-thing" in result.stdout
        typo = run(command, "shop", "--select", "copling")
        assert typo.exit_code == 2
        assert "did you mean coupling?" in typo.stderr


def test_colours_on_demand(run: Callable[..., Result]) -> None:
    assert "\x1b[1;31mhigh" in run("scan", "shop", "--color", "always").stdout
    assert "\x1b" not in run("scan", "shop").stdout


def test_the_cache(run: Callable[..., Result], tmp_path: Path) -> None:
    """Outside of git nothing is known of a file before it was read: all are read again."""
    folder = tmp_path / "cache"
    run("scan", "shop", "--cache-dir", folder)
    assert [each.name for each in folder.iterdir()] == ["facts-v1.sqlite"]
    for file in folder.iterdir():
        file.write_bytes(b"not a database, but long enough to look at" * 100)
    result = run("scan", "shop", "--cache-dir", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("scaleaudit: cache discarded: ")
    assert result.stderr.count("\n") == 1
    untouched = tmp_path / "other"
    run("scan", "shop", "--cache-dir", untouched, "--no-cache")
    assert not untouched.exists()


@pytest.fixture
def shared_settings(tmp_path: Path) -> Path:
    """A configuration repository beside the scanned one, with a link to a secret."""
    folder = tmp_path / "central"
    folder.mkdir()
    (folder / "web.yml").write_text("spring:\n  rabbitmq:\n    host: rabbit.internal\n")
    (folder / "notes.txt").write_text("nothing\n")
    (tmp_path / "secret.yml").write_text("spring.data.mongodb.host: secret\n")
    (folder / "linked.yml").symlink_to(tmp_path / "secret.yml")
    return folder


def test_settings_of_a_configuration_repository_make_connections(
    run: Callable[..., Result], shared_settings: Path
) -> None:
    plain = json.loads(run("graph", "shop", "-f", "json").stdout)
    found = json.loads(run("graph", "shop", "-f", "json", "--config-repo", shared_settings).stdout)
    new = [edge for edge in found["edges"] if edge not in plain["edges"]]
    assert [(edge["source"], edge["target"]) for edge in new] == [
        ("service:web", "broker:rabbit.internal")
    ]
    assert "config-repo:central/web.yml" in json.dumps(new)
    assert "secret" not in json.dumps(found)


def test_files_of_a_configuration_repository_are_listed_with_what_was_left_out(
    run: Callable[..., Result], shared_settings: Path
) -> None:
    shown = run("scan", "shop", "--show-files", "--config-repo", shared_settings).stdout
    assert "served-yaml" in shown
    assert "config-repo:central/web.yml" in shown
    assert "skipped  config-repo:central/linked.yml: symbolic link" in shown
    assert "notes.txt" not in shown


def test_a_configuration_repository_that_is_not_there_is_an_error(
    run: Callable[..., Result],
) -> None:
    result = run("scan", "shop", "--config-repo", "nowhere")
    assert result.exit_code == 2
    assert "no such folder: nowhere" in result.stderr
    again = run("graph", "shop", "--config-repo", "shop/compose.yml")
    assert "is a file, not a folder" in again.stderr
