"""Every command as a user types it: the installed program, the built-in rules, a whole system."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import jsonschema
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[1]
SCHEMAS = PROJECT / "docs" / "schemas"
PROGRAM = shutil.which("scaleaudit", path=str(Path(sys.executable).parent))
GRAVE = ("--select", "shared-database")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="the package is not installed")
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop in an empty folder, and a cache that all tests share."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(PROJECT / "fixtures" / "systems" / "shop", folder / "shop")
    (folder / "clean").symlink_to(PROJECT / "fixtures" / "systems" / "clean")
    return folder


def environment(home: Path, **extra: str) -> dict[str, str]:
    silent = ("NO_COLOR", "FORCE_COLOR", "FORCE_HYPERLINK", "CI", "GITHUB_WORKSPACE", "COLUMNS")
    kept = {key: text for key, text in os.environ.items() if key not in silent}
    return {**kept, "SCALEAUDIT_CACHE_DIR": str(home / "cache"), "TERM": "xterm-256color", **extra}


@pytest.fixture
def run(home: Path) -> Callable[..., Done]:
    def start(*arguments: str, **extra: str) -> Done:
        done = subprocess.run(
            [str(PROGRAM), *arguments],
            cwd=home,
            env=environment(home, **extra),
            capture_output=True,
            check=False,
            timeout=60,
        )
        return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode())

    return start


def valid(text: str, schema: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(text)
    loaded = json.loads((SCHEMAS / schema).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(loaded).validate(document)
    return document


# -- scan ------------------------------------------------------------------------------------


def test_exit_codes(run: Callable[..., Done], home: Path) -> None:
    (home / "empty").mkdir(exist_ok=True)
    for arguments, code in {
        ("clean",): 0,
        ("shop",): 1,
        ("shop", "--exit-zero"): 0,
        ("shop", "--fail-on", "critical"): 0,
        ("shop", "--fail-on", "high"): 1,
        ("shop", "--select", "undersized-server"): 0,  # medium
        ("shop", "--select", "undersized-server", "--fail-on", "medium"): 1,
        ("missing",): 2,
        ("shop", "--no-such-option"): 2,
        ("empty",): 3,
    }.items():
        assert run("scan", *arguments).code == code, arguments


def test_every_report_at_once_and_alone(run: Callable[..., Done], home: Path) -> None:
    forms = ("text", "concise", "json", "sarif", "markdown", "github")
    files = [part for form in forms for part in ("-o", f"{form}=report.{form}")]
    assert run("scan", "shop", "--quiet", *files, "-f", "concise").err == ""
    for form in forms:
        written = (home / f"report.{form}").read_text(encoding="utf-8")
        assert "\x1b" not in written
        assert "unindexed-query" in written
        printed = run("scan", "shop", "-f", form).out
        if form in ("concise", "json", "sarif", "github"):
            assert printed == written
    report = valid((home / "report.json").read_text(encoding="utf-8"), "report-v1.json")
    assert report["version"] == 1
    sarif = json.loads((home / "report.sarif").read_text(encoding="utf-8"))
    assert len(sarif["runs"][0]["results"]) >= 20


@pytest.mark.parametrize(
    ("arguments", "field", "words"),
    [
        (("--select", "int32-key,no-timeout"), "rule", {"int32-key", "no-timeout"}),
        (("--select", "1k"), "phase", {"1k"}),
        (("--select", "phase:now", "--select", "10k"), "phase", {"now", "10k"}),
        (("--select", "dimension:data"), "dimension", {"data"}),
        (("--select", "team"), "dimension", {"team"}),
        (("--ignore", "now,1k"), "phase", {"10k", "100k"}),
        (("--min-severity", "high"), "severity", {"high"}),
        (("--min-confidence", "high"), "confidence", {"high"}),
    ],
)
def test_selection(
    run: Callable[..., Done], arguments: tuple[str, ...], field: str, words: set[str]
) -> None:
    report = json.loads(run("scan", "shop", "-f", "json", *arguments).out)
    assert {finding[field] for finding in report["findings"]} == words


def test_families_by_word_and_with_their_kind(run: Callable[..., Done]) -> None:
    rules = json.loads(run("rules", "--output-format", "json").out)["rules"]
    state = {rule["id"] for rule in rules if rule["family"] == "state"}
    for word in ("state", "family:state"):
        findings = json.loads(run("scan", "shop", "-f", "json", "--select", word).out)["findings"]
        assert {finding["rule"] for finding in findings} <= state
        assert len(findings) >= 3
    rest = json.loads(run("scan", "shop", "-f", "json", "--ignore", "state").out)["findings"]
    assert not {finding["rule"] for finding in rest} & state


def test_processes_and_cache_change_nothing(run: Callable[..., Done]) -> None:
    first = run("scan", "shop", "-f", "json")
    for arguments in (("--jobs", "1"), ("--jobs", "3"), ("--no-cache",), ("--quiet",)):
        assert run("scan", "shop", "-f", "json", *arguments) == first


def test_quiet_verbose_statistics(run: Callable[..., Done]) -> None:
    normal = run("scan", "shop", *GRAVE).out
    quiet = run("scan", "shop", *GRAVE, "--quiet").out
    assert quiet in normal
    assert "Services" not in quiet
    assert "from the cache" not in normal
    assert re.search(
        r"\d+ parsed, \d+ files from the cache, \d+\.\d\d s", run("scan", "shop", "-v").out
    )
    counted = run("scan", "shop", "--statistics", "--quiet").out
    assert re.search(r"^ +\d+  high +no-timeout +A remote call", counted, re.MULTILINE)


def test_lists_that_stop_before_the_scan(run: Callable[..., Done], home: Path) -> None:
    files = run("scan", "shop", "--show-files")
    assert (files.code, files.err) == (0, "")
    assert "read     python" in files.out
    assert re.search(r"\n\d+ read, \d+ skipped\n$", files.out)
    settings = run("scan", "shop", "--show-settings", "--fail-on", "low")
    assert 'fail-on = "low"\n' in settings.out
    (home / "again.toml").write_text(settings.out)
    assert run("scan", "clean", "--config", "again.toml").code == 0


def test_long_lists_unfold(run: Callable[..., Done]) -> None:
    folded, whole = run("scan", "shop").out, run("scan", "shop", "--all").out
    assert "1 more (--all)" in " ".join(run("roadmap", "shop").out.split())
    assert len(folded) <= len(whole)
    assert "--all" not in whole
    report = json.loads(run("scan", "shop", "-f", "json").out)
    assert len(re.findall(r"^ {12}Fix: ", whole, re.MULTILINE)) == len(report["findings"])


@pytest.mark.parametrize("columns", [60, 80, 120, 300])
def test_lines_fit(run: Callable[..., Done], columns: int) -> None:
    text = run("scan", "shop", "--all", COLUMNS=str(columns)).out
    limit = min(columns, 120)
    assert not [
        line
        for line in text.splitlines()
        # A path or a command is never broken, so that it can be copied.
        if len(line) > limit and "/" not in line and "scaleaudit " not in line
    ]


# -- the terminal ----------------------------------------------------------------------------


def on_a_terminal(home: Path, *arguments: str, **extra: str) -> str:
    """All that the program shows there, the bar included."""
    main, other = pty.openpty()
    with subprocess.Popen(
        [str(PROGRAM), *arguments],
        cwd=home,
        env=environment(home, COLUMNS="100", **extra),
        stdin=other,
        stdout=other,
        stderr=other,
    ) as process:
        os.close(other)
        pieces = []
        while select.select([main], [], [], 60)[0]:
            try:
                piece = os.read(main, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            pieces.append(piece)
        process.wait(60)
    os.close(main)
    return b"".join(pieces).decode()


def test_a_terminal_sees_a_bar_colours_and_links(home: Path) -> None:
    shown = on_a_terminal(home, "scan", "shop", "--no-cache", TERM_PROGRAM="vscode")
    assert "reading" in shown
    assert "\x1b[?25l" in shown  # the bar hides the cursor
    assert "\x1b[1;31mhigh" in shown
    assert f"\x1b]8;;file://{home.resolve()}/shop/" in shown


@pytest.mark.parametrize(
    ("arguments", "extra"), [(("--quiet",), {}), ((), {"CI": "true"}), ((), {"TERM": "dumb"})]
)
def test_no_bar(home: Path, arguments: tuple[str, ...], extra: dict[str, str]) -> None:
    shown = on_a_terminal(home, "scan", "shop", "--no-cache", *arguments, **extra)
    assert "shared-database" in shown
    assert "\x1b[?25l" not in shown
    assert "linking" not in shown


def test_colours_follow_the_environment_and_the_option(run: Callable[..., Done]) -> None:
    def coloured(*arguments: str, **extra: str) -> bool:
        return "\x1b[" in run("scan", "shop", *GRAVE, *arguments, **extra).out

    assert not coloured()
    assert coloured(FORCE_COLOR="1")
    assert not coloured(FORCE_COLOR="0")
    assert not coloured(FORCE_COLOR="1", NO_COLOR="1")
    assert coloured("--color", "always", NO_COLOR="1")
    assert not coloured("--color", "never", FORCE_COLOR="1")
    assert "\x1b]8;;" in run("scan", "shop", *GRAVE, FORCE_HYPERLINK="1").out


def test_a_reader_that_goes_away(home: Path) -> None:
    line = f"{PROGRAM} scan shop --all --exit-zero; echo $? >code"
    done = subprocess.run(
        ["bash", "-c", f"({line}) | head -1"],
        cwd=home,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("shop\n", "")
    assert (home / "code").read_text() == "0\n"


# -- graph and roadmap -----------------------------------------------------------------------


def test_graph_json(run: Callable[..., Done]) -> None:
    graph = valid(run("graph", "shop").out, "graph-v1.json")
    assert {"nodes", "edges", "endpoints"} <= set(graph)


def test_graph_texts(run: Callable[..., Done], home: Path) -> None:
    for form, start in {
        "dot": "digraph architecture {",
        "mermaid": "flowchart LR",
        "graphml": "<?xml version",
    }.items():
        printed = run("graph", "shop", "--format", form)
        assert (printed.code, printed.err) == (0, "")
        assert printed.out.startswith(start)
        assert run("graph", "shop", "--format", form, "--output", "g.txt") == (0, "", "")
        assert (home / "g.txt").read_text(encoding="utf-8") == printed.out
    ET.fromstring(run("graph", "shop", "-f", "graphml").out)


@needs_dot
def test_graph_pictures(run: Callable[..., Done], home: Path) -> None:
    assert run("graph", "shop", "-o", "g.svg") == (0, "", "")
    svg = ET.fromstring((home / "g.svg").read_text(encoding="utf-8"))
    texts = {"".join(each.itertext()).strip() for each in svg.iter() if each.tag.endswith("text")}
    assert {"catalog", "pricing", "postgres", "kafka"} <= texts
    assert run("graph", "shop", "-o", "g.png") == (0, "", "")
    assert (home / "g.png").read_bytes().startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("form", ["svg", "png"])
def test_pictures_without_graphviz(run: Callable[..., Done], form: str) -> None:
    done = run("graph", "shop", "-f", form, PATH="/nowhere")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"scaleaudit: {form} needs Graphviz")
    assert done.err.endswith("json, dot, mermaid and graphml need nothing\n")
    assert done.err.count("\n") == 1


def test_graph_focus_depth_level(run: Callable[..., Done]) -> None:
    def names(*arguments: str) -> set[str]:
        graph = json.loads(run("graph", "shop", *arguments).out)
        return {node["name"] for node in graph["nodes"]}

    everything = names()
    assert names("--focus", "kafka", "--depth", "0") == {"kafka"}
    near = names("--focus", "pricing", "--depth", "1")
    assert {"pricing", "catalog", "storefront", "postgres"} <= near < everything
    assert near < names("--focus", "pricing", "--depth", "2") <= everything
    assert "catalog/src/server.js" in names("--level", "module")
    assert not names("--level", "module") & {"postgres", "kafka"}
    lost = run("graph", "shop", "--focus", "prcing")
    assert lost.code == 2
    assert lost.err.startswith("scaleaudit: nothing is named prcing; did you mean pricing")


def test_roadmap(run: Callable[..., Done]) -> None:
    text = run("roadmap", "shop")
    assert (text.code, text.err) == (0, "")
    places = [
        text.out.index(title) for title in ("NOW", "BEFORE 1,000 USERS", "BEFORE 10,000 USERS")
    ]
    assert places == sorted(places)
    numbers = re.findall(r"^ +(\d+)\. ", text.out, re.MULTILINE)
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    valid(run("roadmap", "shop", "--format", "json").out, "roadmap-v1.json")


# -- rules, explain, init, completion -----------------------------------------------------------


def test_rules_and_their_pages(run: Callable[..., Done]) -> None:
    rules = json.loads(run("rules", "--output-format", "json").out)["rules"]
    listed = run("rules").out
    for rule in rules:
        assert f"  {rule['id']} " in listed
    for rule in rules[::5]:
        page = run("explain", rule["id"])
        assert page.code == 0
        assert page.out.startswith(f"# {rule['title']}\n")
        assert "### Not flagged" in page.out or "Not flagged" in page.out


def test_init(run: Callable[..., Done], home: Path) -> None:
    (home / "fresh").mkdir()
    (home / "fresh" / "app.py").write_text("import os\n")
    assert run("init", "fresh") == (0, "wrote fresh/scaleaudit.toml\n", "")
    assert run("scan", "fresh").code == 0
    shown = run("scan", "fresh", "--show-settings").out
    assert shown.startswith("# from fresh/scaleaudit.toml\n")
    assert run("init", "fresh").code == 2
    assert run("init", "fresh", "--force").code == 0


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_completion_in_bash(home: Path) -> None:
    """As the shell does it: the script is sourced, the words are put in, the answers read."""
    script = subprocess.run(
        [str(PROGRAM), "completion", "bash"], capture_output=True, text=True, check=True
    ).stdout
    function = re.findall(r"complete .*-F (\w+)", script)[0]
    code = (
        f"{script}\nCOMP_WORDS=(scaleaudit explain unin) COMP_CWORD=2\n{function} {PROGRAM}\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", code],
        cwd=home,
        env=environment(home, PATH=f"{Path(str(PROGRAM)).parent}:{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert set(done.stdout.split()) == {
        "unindexed-foreign-key", "unindexed-query", "unindexed-state",
    }, done.stderr  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (("sacn", "shop"), "Did you mean 'scan'?"),
        (("scan", "shop", "--selct", "state"), "'--select'"),
        (("scan", "shop", "--select", "no-timeot"), "did you mean no-timeout?"),
        (("scan", "shop", "-o", "josn=x"), "did you mean json?"),
        (("explain", "unindexd-query"), "did you mean unindexed-query?"),
        (("graph", "shop", "--level", "servce"), "did you mean service?"),
    ],
)
def test_typos_are_one_line_with_the_nearest_name(
    run: Callable[..., Done], arguments: tuple[str, ...], near: str
) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert near in done.err
    assert done.err.count("\n") == 1
