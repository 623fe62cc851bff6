"""The shell of action.yml, run as GitHub runs it: inputs in the environment, files for answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

PROJECT = Path(__file__).parents[1]
PROGRAM = shutil.which("scaleaudit", path=str(Path(sys.executable).parent))
ACTION = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
DEFAULTS = {name: each["default"] for name, each in ACTION["inputs"].items()}
FIXTURES = PROJECT / "fixtures" / "systems"

pytestmark = pytest.mark.skipif(
    PROGRAM is None or shutil.which("bash") is None, reason="needs bash and the package installed"
)


class Ran(NamedTuple):
    code: int
    log: str
    outputs: dict[str, str]
    summary: str


def scan_step(tmp_path: Path, workspace: Path, **inputs: str) -> Ran:
    (step,) = (step for step in ACTION["runs"]["steps"] if step.get("id") == "scan")
    temp = tmp_path / "temp"
    program = temp / "scaleaudit" / "bin" / "scaleaudit"
    program.parent.mkdir(parents=True, exist_ok=True)
    if not program.exists():
        program.symlink_to(str(PROGRAM))
    given = {**DEFAULTS, **{name.replace("_", "-"): text for name, text in inputs.items()}}
    environment = {
        name: given[text.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, text in step["env"].items()
    }
    script = tmp_path / "step.sh"
    script.write_text(step["run"], encoding="utf-8")
    answers = {"GITHUB_OUTPUT": tmp_path / "output", "GITHUB_STEP_SUMMARY": tmp_path / "summary"}
    for path in answers.values():
        path.write_text("")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
        cwd=workspace,
        env={
            **os.environ,
            **environment,
            **{name: str(path) for name, path in answers.items()},
            "RUNNER_TEMP": str(temp),
            "GITHUB_WORKSPACE": str(workspace),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "CI": "true",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    lines = answers["GITHUB_OUTPUT"].read_text().splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    return Ran(
        done.returncode,
        done.stdout + done.stderr,
        outputs,
        answers["GITHUB_STEP_SUMMARY"].read_text(),
    )


def test_findings(tmp_path: Path) -> None:
    ran = scan_step(tmp_path, FIXTURES.parent, path="systems/shop")
    assert ran.code == 1
    assert ran.outputs["exit-code"] == "1"
    assert ran.summary.startswith("# scaleaudit\n")
    report = json.loads(Path(ran.outputs["json"]).read_text())
    assert report["summary"]["findings"] == len(report["findings"]) > 10
    assert json.loads(Path(ran.outputs["sarif"]).read_text())["runs"][0]["results"]
    lines = ran.log.splitlines()
    assert all(line.startswith("::") for line in lines)
    assert all("file=systems/shop/" in line for line in lines[:-1])
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert 0 < sum(line.startswith("::warning ") for line in lines) <= 10
    assert "not annotated, see the report" in lines[-1]


def test_never_fails_on_demand_and_clean_systems_pass(tmp_path: Path) -> None:
    assert scan_step(tmp_path, FIXTURES, path="shop", fail_on="never").code == 0
    ran = scan_step(tmp_path, FIXTURES, path="clean")
    assert (ran.code, ran.outputs["exit-code"]) == (0, "0")


def test_nothing_to_scan_is_no_failure(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = scan_step(tmp_path, empty)
    assert (ran.code, ran.outputs, ran.summary) == (0, {"exit-code": "3"}, "")


@pytest.mark.parametrize(
    "inputs",
    [
        {"path": "$(touch proof)"},
        {"path": '"; touch proof; "'},
        {"path": "--help"},
        {"config": "`touch proof`"},
        {"fail_on": "high; touch proof"},
        {"min_confidence": "$(touch proof)"},
    ],
)
def test_inputs_are_never_shell(tmp_path: Path, inputs: dict[str, str]) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(FIXTURES / "clean", workspace)
    ran = scan_step(tmp_path, workspace, **inputs)
    assert (ran.code, ran.outputs) == (2, {"exit-code": "2"})
    assert "::error title=scaleaudit::The scan failed" in ran.log
    assert not (workspace / "proof").exists()


def test_inputs_reach_the_shell_through_the_environment_alone() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        if "uses" in step:
            _, _, pin = step["uses"].partition("@")
            assert len(pin) == 40, f"{step['uses']} is not pinned to a commit"


def locked(file: str) -> dict[str, set[str]]:
    """The versions of each package that a lock file names."""
    found: dict[str, set[str]] = {}
    text = (PROJECT / file).read_text(encoding="utf-8")
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(name.lower(), set()).add(version)
    return found


def test_what_the_action_installs_is_locked_as_in_ci() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=]", each)[0].lower() for each in project["dependencies"]}
    ours, tested = locked("requirements.lock"), locked("requirements-dev.lock")
    assert needed <= set(ours)
    assert {name: tested[name] for name in needed} == {name: ours[name] for name in needed}
    (install,) = (step for step in ACTION["runs"]["steps"] if step.get("name") == "Install")
    assert "--require-hashes" in install["run"]
    assert "--no-build-isolation" in install["run"]
