from __future__ import annotations

import gc
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from scaleaudit import __version__
from scaleaudit.cli import main, words
from scaleaudit.cli import scan as scan_module
from scaleaudit.findings import Confidence, Severity
from scaleaudit.reports import FORMATS, GRAPH_FORMATS, SCHEMA_FORMATS
from scaleaudit.reports.graph_choice import Level

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

HEAVY = (
    "multiprocessing",
    "asyncio",
    "sqlite3",
    "subprocess",
    "tomllib",
    "scaleaudit.scan",
    "scaleaudit.config",
    "scaleaudit.architecture",
    "scaleaudit.reports",
    "scaleaudit_rules",
)


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["scan", "--help"], ["graph", "-h"]]
)
def test_help_and_version_import_click_alone(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "from scaleaudit.__main__ import run\n"
        f"sys.argv = ['scaleaudit', *{arguments!r}]\n"
        "try: run()\n"
        "except SystemExit as exit: assert exit.code == 0, exit.code\n"
        "loaded = set(sys.modules) - before\n"
        "foreign = {name.partition('.')[0] for name in loaded} - set(sys.stdlib_module_names)\n"
        "assert foreign == {'click', 'scaleaudit'}, foreign\n"
        f"heavy = [name for name in {HEAVY!r} if name in loaded]\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_version(run: Callable[..., Result]) -> None:
    assert run("--version").output == f"scaleaudit {__version__}\n"


def test_the_list_of_commands_says_what_the_commands_say(run: Callable[..., Result]) -> None:
    shown = run("--help").output
    with click.Context(main) as ctx:
        for name in main.list_commands(ctx):
            command = main.get_command(ctx, name)
            assert command is not None
            first = (command.help or "").partition("\n")[0]
            assert f"  {name}" in shown
            assert first in " ".join(shown.split())


def test_words_of_options_are_those_of_the_engine() -> None:
    assert list(words.SEVERITIES) == list(Severity)
    assert list(words.CONFIDENCES) == list(Confidence)
    assert list(words.LEVELS) == list(Level)
    assert list(words.REPORTS) == list(FORMATS)
    assert list(words.GRAPHS) == list(GRAPH_FORMATS)
    assert list(words.SCHEMAS) == list(SCHEMA_FORMATS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["grpah"],
            "No such command 'grpah'. Did you mean 'graph'? (scaleaudit --help tells more)",
        ),
        (["scan"], "Missing argument 'PATH' (scaleaudit scan --help tells more)"),
        (["scan", ".", "--fial-on", "high"], "No such option '--fial-on'"),
        (
            ["scan", ".", "--fail-on", "hgih"],
            "--fail-on: 'hgih' is not one of info, low, medium, high, critical, did you mean high?",
        ),
        (["graph", ".", "--level", "zzz"], "--level: 'zzz' is not one of service, module (scale"),
        (["scan", ""], "the path is empty; the current folder is ."),
        (["scan", ".", "--jobs", "-1"], "Invalid value for '--jobs'"),
        (["scan", "nowhere"], "no such folder: nowhere"),
        (["scan", "a\x1b[31m\nb"], r"no such folder: a\x1b[31m b"),
        (["scan", "shop/compose.yml"], "shop/compose.yml is a file, not a folder"),
        (["graph", "nowhere"], "no such folder: nowhere"),
        (["roadmap", "shop/compose.yml"], "shop/compose.yml is a file, not a folder"),
        (
            ["explain", "crowdde-thing"],
            "no rule is named crowdde-thing; did you mean crowded-thing?",
        ),
        (["explain", "zzz"], "no rule is named zzz; scaleaudit rules lists all"),
        (["init", "nowhere"], "no such folder: nowhere"),
        (["completion", "tcsh"], "SHELL: 'tcsh' is not one of bash, zsh, fish"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_wrong_usage_is_one_line(
    run: Callable[..., Result], arguments: list[str], said: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"scaleaudit: {said}")
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("repository")
def test_a_crash_is_one_line(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(path: str, **given: object) -> int:
        raise ValueError("bad \x1b[31m")

    monkeypatch.setattr(scan_module, "scan", crash)
    quiet = run("scan", "shop")
    assert quiet.exit_code == 2
    assert quiet.output == (
        "scaleaudit: internal error: ValueError: bad \\x1b[31m (--verbose shows the traceback)\n"
    )
    loud = run("scan", "shop", "--verbose")
    assert loud.exit_code == 2
    assert loud.output.startswith("Traceback (most recent call last):\n")
    assert loud.output.endswith("\nscaleaudit: internal error: ValueError: bad \\x1b[31m\n")


@pytest.mark.usefixtures("repository")
def test_interruption(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(path: str, **given: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(scan_module, "scan", stop)
    result = run("scan", "shop")
    assert (result.exit_code, result.output) == (130, "scaleaudit: interrupted\n")


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = (
        "import sys\n"
        "from scaleaudit.cli.program import emit\n"
        "for _ in range(3): emit('x' * 200_000)\n"
        "emit(b'y' * 200_000)\n"
        "sys.exit(1)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (1, b"")


def test_a_terminal_that_knows_no_unicode_still_gets_the_report() -> None:
    code = "from scaleaudit.cli.program import emit; emit('a \\u2500 \\U0001f600\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout == b"a ? ?\n"


def test_what_a_command_made_is_not_searched_for_circles(run: Callable[..., Result]) -> None:
    gc.unfreeze()
    assert run("rules").exit_code == 0
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_the_end_is_at_once_and_all_is_printed(tmp_path: Path) -> None:
    """Nothing that Python does when it ends is waited for, and nothing printed is lost."""
    (tmp_path / "app.py").write_text("import requests\nrequests.get('http://x/y')\n")
    code = (
        "import atexit, sys\n"
        "atexit.register(print, 'taken apart')\n"
        "from scaleaudit.__main__ import main\n"
        f"sys.argv[1:] = ['scan', {str(tmp_path)!r}, '--no-cache', '--fail-on', 'low', '-q']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "no-timeout" in done.stdout
    assert "taken apart" not in done.stdout
    assert done.returncode == 1
    traced = "import sys; sys.setprofile(lambda *a: None)\n" + code
    done = subprocess.run([sys.executable, "-c", traced], capture_output=True, text=True)
    assert "taken apart" in done.stdout  # for who measures
    assert done.returncode == 1
