"""Repositories that mean harm, through the program as it is installed.

A scan of them ends with an exit code of ours, in bounded time, with no traceback; it runs nothing
of theirs and changes nothing in them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from scaleaudit import git_listing
from scaleaudit.config import Config
from scaleaudit.scan import list_files, scan

PROGRAM = shutil.which("scaleaudit", path=str(Path(sys.executable).parent))
SECONDS = 60
COMPOSE = (
    b"services:\n  web:\n    build: .\n    environment:\n      DATABASE_URL: postgres://db/a\n"
)
DEEP = 50_000

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="the package is not installed"),
    pytest.mark.skipif(os.name != "posix", reason="needs links, pipes and modes"),
]


class Done(NamedTuple):
    code: int
    out: str
    err: str


def state_of(root: Path) -> dict[str, tuple[int, int, int]]:
    """Mode, size and time of everything below a folder, git's own files included."""
    found = {}
    for folder, folders, names in os.walk(os.fsencode(root)):
        for name in (*folders, *names):
            path = os.path.join(folder, name)  # noqa: PTH118 - names that are not UTF-8
            info = os.lstat(path)
            found[os.fsdecode(path)] = (info.st_mode, info.st_size, info.st_mtime_ns)
    return found


def run(root: Path, *arguments: str, before: tuple[str, ...] = ()) -> Done:
    """The program, started in the folder; everything that is promised of any run is checked."""
    there = state_of(root)
    done = subprocess.run(
        [*before, str(PROGRAM), *arguments],
        cwd=root,
        capture_output=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "XDG_CACHE_HOME": str(root.parent / "cache")},
    )
    assert state_of(root) == there, "something was written into the repository"
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err
    assert "internal error" not in err
    for text in (out, err):
        seen = [c for c in text if (c < " " and c != "\n") or "\x7f" <= c < "\xa0"]
        assert not seen, f"control characters reach the terminal: {seen[:5]!r}"
    return Done(done.returncode, out, err)


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.email=a@b", "-c", "user.name=a", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *identity, "-C", str(root), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "compose.yml").write_bytes(COMPOSE)
    (folder / "app.py").write_bytes(b"import os\n")
    return folder


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """A file that appears when something of the repository was executed."""
    return tmp_path / "proof"


# -- the argument ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["scan", "graph", "roadmap"])
def test_what_is_no_folder_with_sources(root: Path, command: str) -> None:
    (root / "empty").mkdir()
    (root / "loop").symlink_to("loop")
    (root / "only").mkdir()
    (root / "only" / "picture.png").write_bytes(b"\x89PNG")
    for path, code, said in (
        ("missing", 2, "no such folder: missing"),
        ("app.py", 2, "app.py is a file, not a folder"),
        ("app.py/x", 2, "no such folder: app.py/x"),
        ("loop", 2, "no such folder: loop"),
        ("a" * 300, 2, f"{'a' * 300}: File name too long"),
        ("empty", 3, "empty: nothing to scan: no file of a kind that scaleaudit reads"),
        ("only", 3, "only: nothing to scan: no file of a kind that scaleaudit reads"),
    ):
        done = run(root, command, path)
        assert (done.code, done.out) == (code, ""), path
        assert done.err == f"scaleaudit: {said}\n"


# -- contents --------------------------------------------------------------------------------


def bomb(levels: int, word: bytes = b"lol") -> bytes:
    """Each level names the one before nine times."""
    lines = [b"l0: &l0 [" + b", ".join([word] * 9) + b"]"]
    for n in range(1, levels):
        inner = b", ".join([b"*l%d" % (n - 1)] * 9)
        lines.append(b"l%d: &l%d [%s]" % (n, n, inner))
    return b"\n".join(lines) + b"\nservices:\n  a:\n    image: *l%d\n" % (levels - 1)


def merge_bomb(levels: int) -> bytes:
    lines = [b"x0: &x0 {a: 1}"]
    for n in range(1, levels):
        lines.append(b"x%d: &x%d {<<: [%s]}" % (n, n, b", ".join([b"*x%d" % (n - 1)] * 9)))
    return b"\n".join(lines) + b"\nservices:\n  a:\n    <<: *x%d\n" % (levels - 1)


SOURCES = ("py", "js", "ts", "tsx", "java", "go", "rb", "php", "cs", "kt", "ex", "rs", "sql")
BROKEN = {
    **{f"broken/a.{end}": b"def (((( ]} \xff\xfe select from where \x00\n" * 50 for end in SOURCES},
    **{f"deep/a.{end}": b"f(" * DEEP for end in SOURCES},
    **{f"blocks/a.{end}": b"{" * DEEP + b"}" * DEEP for end in SOURCES},
    **{f"joined/a.{end}": b"x = " + b" + ".join([b"'a'"] * DEEP) + b"\n" for end in SOURCES},
    **{f"utf/a.{end}": b"# caf\xe9 \xc3\x28 \xf0\x28\x8c\x28\n" * 20 for end in SOURCES},
    "broken/docker-compose.yml": b"services:\n  a: [\n\t- }{\n b",
    "utf/docker-compose.yml": b"services:\n  caf\xe9:\n    image: a\n",
    "bomb/docker-compose.yml": bomb(40),
    "merge/docker-compose.yml": merge_bomb(40),
    "cycle/docker-compose.yml": b"a: &a\n  <<: *a\nservices: &s\n  b: *s\n",
    "extends/docker-compose.yml": b"services:\n  a:\n    extends: {file: docker-compose.yml, service: a}\n",
    "include/docker-compose.yml": b"include: [docker-compose.yml, ../../etc/passwd, /etc/passwd]\n",
    "deep/docker-compose.yml": b"services: " + b"[" * DEEP,
    "maps/docker-compose.yml": b"services: " + b"{a: " * DEEP,
    "types/docker-compose.yml": b"services: 3\nnetworks: []\nvolumes: x\n",
    "keys/docker-compose.yml": b"services:\n  ? [a, b]\n  : image: x\n  1: {image: 2}\n  ~: ~\n",
    "big/docker-compose.yml": b"services:\n  a:\n    image: a\n    deploy: {replicas: %d}\n"
    % 10**40,
    "k8s/deploy.yaml": b"apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: 7}}}\n",
    "k8s/kustomization.yaml": b"resources: [., ./kustomization.yaml, ../../..]\n",
    "chart/Chart.yaml": b"name: a\n",
    "chart/values.yaml": b"a: &a [*a]\n",
    "chart/templates/a.yaml": b"{{" * 5000 + b"}}" * 5000,
    "broken/package.json": b'{"name": "a", "workspaces": [',
    "deep/package.json": b"[" * DEEP,
    "types/package.json": b'{"name": 7, "workspaces": 3, "dependencies": ["a"], "scripts": null}',
    "utf/package.json": b'{"name": "caf\xe9", "big": 1e99999}',
    "half/package.json": b'{"name": "\\ud800", "workspaces": ["\\udc00"]}',
    "half/docker-compose.yml": b'services: {"\\ud800": {image: "\\udc00", build: "\\ud800"}}\n',
    **{
        f"half/a.{end}": b'import x\nfetch("http://\\ud800/a"); q("SELECT * FROM \\udc00")\n'
        for end in SOURCES
    },
    "broken/pyproject.toml": b"[tool\nname = ",
    "deep/pyproject.toml": b"a = " + b"[" * DEEP,
    "types/pyproject.toml": b"project = 3\n[tool]\npoetry = []\n",
    "broken/pom.xml": b"<project><modules>",
    "deep/pom.xml": b"<a>" * DEEP,
    "bomb/pom.xml": b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY p SYSTEM "file:///etc/passwd">]><project><artifactId>&b;&p;</artifactId></project>',
    "broken/Dockerfile": b"FROM\nRUN [\nCOPY --from=\x00 \\\n",
    "deep/Dockerfile": b"FROM a\nRUN " + b"\\\n" * DEEP,
    "broken/Procfile": b"web\n:\nworker: \x00\n",
    "broken/go.mod": b"module\nrequire (\n",
    "broken/Gemfile": b"gem 'a', (((\n",
    "broken/main.tf": b'resource "aws_db_instance" {{{{\n',
    "deep/main.tf": b"a = " + b"[" * DEEP,
    "broken/build.gradle": b"dependencies {{{{ '",
    "broken/application.yml": b"spring: [}\n---\n- : :\n",
    "broken/application.properties": b"a=\\u12\n\\\n",
    "broken/.env": b"A=${A}\nB=${C}\nC=${B}\n='\x00\n",
    "broken/CODEOWNERS": b"[a-\\ @\x00\n",
    ".github/workflows/a.yml": b"on: [\njobs: &a {b: *a}\n",
    ".gitlab-ci.yml": b"a: !reference [a, b]\nb: {extends: [a, b]}\n",
    "line/a.js": b"x=" + b"1+" * 300_000 + b"1",
    "nul/a.py": b"\x00" * 100_000,
    "empty/a.py": b"",
    "empty/docker-compose.yml": b"",
    "empty/package.json": b"",
    "bom/a.py": b"\xef\xbb\xbfimport os\n",
    "wide/a.py": "import os\n".encode("utf-16"),
}


@pytest.fixture(scope="module", params=["git", "folder"])
def broken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them in one repository, with a sound file beside."""
    root = tmp_path_factory.mktemp("broken") / "repo"
    for path, content in BROKEN.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (root / "compose.yml").write_bytes(COMPOSE)
    if request.param == "git":
        git(root, "init", "-q")
        git(root, "add", "-A")
    return root


def test_broken_files_cost_only_themselves(broken: Path) -> None:
    done = run(broken, "scan", ".", "--exit-zero", "-f", "json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    skipped = {each["path"]: each["reason"] for each in report["skipped"]}
    assert "compose.yml" not in skipped
    assert "broken/package.json" in skipped
    assert "deep/package.json" in skipped
    graph = json.loads(run(broken, "graph", ".").out)
    assert "db" in {alias for node in graph["nodes"] for alias in (node["name"], *node["aliases"])}
    assert "root:" not in done.out  # of /etc/passwd


def test_files_that_disappear_are_skipped(root: Path, tmp_path: Path) -> None:
    """git lists them, the disk does not have them; or they go between listing and reading."""
    for name in ("gone.py", "folder/gone.py", "late.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("import os\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    (root / "gone.py").unlink()
    shutil.rmtree(root / "folder")
    report = json.loads(run(root, "scan", ".", "-f", "json").out)
    assert {"gone.py", "folder/gone.py"} <= {each["path"] for each in report["skipped"]}
    files, skipped = list_files(root, Config())
    (root / "late.py").unlink()
    (root / "app.py").unlink()
    (root / "app.py").mkdir()
    result = scan(files, [], root=root, skipped=skipped)
    reasons = {each.path: each.reason for each in result.skipped}
    assert reasons["late.py"] == "unreadable: No such file or directory"
    assert reasons["app.py"] == "not a regular file"


# -- names, links, special files ---------------------------------------------------------------

NAMES = (
    b"new\nline.py",
    b"\n::error::injected.py",
    b"esc\x1b]0;owned\x07\x1b[31m.py",
    b"c1\xc2\x9b31m.py",
    b"caf\xe9.py",
    b"-rf.py",
    b"--help.py",
    b"quote'\"`$(touch proof)`.py",
    b"](http:x).py",
    b"<script>alert(1).py",
    b"back\\slash.py",
    b"\xe2\x80\xaertl.py",
    b"a" * 250 + b".py",
)
LEAK = b"import requests\n\ndef view(request):\n    return requests.get('http://10.0.0.9/a')\n"


@pytest.fixture(params=["git", "folder"])
def oddly_named(request: pytest.FixtureRequest, root: Path) -> Path:
    for name in NAMES:
        for path in (os.fsencode(root) + b"/" + name, os.fsencode(root) + b"/d" + name + b"/a.py"):
            Path(os.fsdecode(path)).parent.mkdir(exist_ok=True)
            Path(os.fsdecode(path)).write_bytes(LEAK)
    if request.param == "git":
        git(root, "init", "-q")
    return root


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "markdown", "github"])
def test_names_act_on_no_reader(oddly_named: Path, form: str) -> None:
    done = run(oddly_named, "scan", ".", "--exit-zero", "-f", form, "--min-severity", "info")
    assert (done.code, done.err) == (0, "")
    assert "no-timeout" in done.out or form == "markdown"
    if form == "github":
        lines = done.out.splitlines()
        assert all(
            line.startswith(("::error file=", "::warning file=", "::notice ")) for line in lines
        )
    if form == "concise":
        assert all(": " in line for line in done.out.splitlines())


@pytest.mark.parametrize("arguments", [("--show-files",), ("--all", "-v"), ("--statistics",)])
def test_names_in_lists(oddly_named: Path, arguments: tuple[str, ...]) -> None:
    done = run(oddly_named, "scan", ".", "--exit-zero", *arguments)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("form", ["json", "dot", "mermaid", "graphml"])
@pytest.mark.parametrize("level", ["service", "module"])
def test_names_in_graphs(oddly_named: Path, form: str, level: str) -> None:
    done = run(oddly_named, "graph", ".", "-f", form, "--level", level)
    assert (done.code, done.err) == (0, "")


def test_links_and_special_files(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_bytes(LEAK)
    (root / "self").symlink_to(".")
    (root / "a").mkdir()
    (root / "b").mkdir()
    (root / "a" / "b").symlink_to("../b")
    (root / "b" / "a").symlink_to("../a")
    (root / "out").symlink_to(outside)
    (root / "secret.py").symlink_to(outside / "secret.py")
    (root / "passwd.yml").symlink_to("/etc/passwd")
    (root / "zero.py").symlink_to("/dev/zero")
    (root / "dangling.py").symlink_to("nowhere")
    os.mkfifo(root / "pipe.py")
    os.mkfifo(root / "Dockerfile")
    os.mkfifo(root / ".gitignore")
    for by_git in (False, True):
        report = json.loads(run(root, "scan", ".", "--exit-zero", "-f", "json").out)
        skipped = {each["path"]: each["reason"] for each in report["skipped"]}
        assert skipped["secret.py"] == skipped["zero.py"] == "symbolic link"
        pipe = None if by_git else "not a regular file"  # git does not list pipes
        assert skipped.get("pipe.py") == skipped.get("Dockerfile") == pipe
        assert not [f for f in report["findings"] if "secret" in f["location"]["path"]]
        (root / ".gitignore").unlink(missing_ok=True)
        git(root, "init", "-q")


def test_git_that_waits_for_a_pipe_is_left(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(root, "init", "-q")
    os.mkfifo(root / ".gitignore")
    monkeypatch.setattr(git_listing, "TIMEOUT", 1)
    files, _ = list_files(root, Config())
    assert [file.path for file in files] == ["app.py", "compose.yml"]


def _as_anybody() -> tuple[str, ...]:
    """What makes root obey modes; nothing for other users."""
    if os.geteuid() != 0:
        return ()
    caps = "-dac_override,-dac_read_search"
    command = ("setpriv", "--inh-caps", caps, "--bounding-set", caps)
    if (
        shutil.which("setpriv") is None
        or subprocess.run([*command, "true"], check=False).returncode
    ):
        pytest.skip("root reads all")
    return command


def test_unreadable_files_and_folders(root: Path) -> None:
    before = _as_anybody()
    (root / "closed.py").write_text("x = 1\n")
    (root / "closed.py").chmod(0)
    (root / "folder").mkdir()
    (root / "folder" / "a.py").write_text("x = 1\n")
    (root / "folder").chmod(0)
    try:
        done = run(root, "scan", ".", "-f", "json", "--exit-zero", before=before)
        skipped = {each["path"]: each["reason"] for each in json.loads(done.out)["skipped"]}
        assert skipped["closed.py"] == "unreadable: Permission denied"
        assert skipped["folder"] == "unreadable: Permission denied"
        listed = run(root, "scan", ".", "--show-files", before=before).out
        assert "skipped  closed.py: unreadable\n" in listed
        assert "skipped  folder: unreadable: Permission denied\n" in listed
        assert run(root, "scan", "folder", before=before) == (
            2,
            "",
            "scaleaudit: folder: Permission denied\n",
        )
    finally:
        (root / "folder").chmod(0o755)


# -- settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max-file-size = 1e400", "scaleaudit.toml:1: max-file-size: expected `int`, got `float`"),
        (
            f"max-file-size = {10**30}",
            "scaleaudit.toml:1: max-file-size: expected `int` <= 16777216",
        ),
        ("max-file-size = -1", "scaleaudit.toml:1: max-file-size: expected `int` >= 1"),
        ("select = 7", "scaleaudit.toml:1: select: expected a list, got `int`"),
        ("rules = []", "scaleaudit.toml:1: rules: expected a table, got"),
        (
            "[rules]\nno-timeout = 3",
            "scaleaudit.toml:2: rules.no-timeout: expected a table, got `int`",
        ),
        ("exclude = ['!']", "scaleaudit.toml:1: exclude: no pattern as in .gitignore: '!'"),
        ("\nexclude = ['*a*a*a*a*a*a*b']", "scaleaudit.toml:2: exclude: too many wildcards"),
        ("exclude = ['[z-a]']", "scaleaudit.toml:1: exclude: no pattern as in .gitignore"),
        ("a = " + "[" * DEEP, "scaleaudit.toml: nested too deeply"),
        ("#" * (2 << 20), "scaleaudit.toml: larger than 1 MiB"),
        ("a = '\udce9'", "scaleaudit.toml: not UTF-8"),
        ('"\\u001b]0;x\\u0007" = 1', r"scaleaudit.toml:1: \x1b]0;x\x07: unknown key"),
        ('["rules"."\\u001b[2J"]', r"scaleaudit.toml:1: rules.\x1b[2J: unknown rule"),
        ('select = ["\\u001b[2J"]', r"unknown rule, family, dimension or phase: \x1b[2J"),
        ('config = "/etc/passwd"', "scaleaudit.toml:1: config: unknown key"),
        ('cache-dir = "/tmp"', "scaleaudit.toml:1: cache-dir: unknown key"),
    ],
)
def test_hostile_settings_are_one_line(root: Path, text: str, said: str) -> None:
    (root / "scaleaudit.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    done = run(root, "scan", ".")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"scaleaudit: {said}")
    assert done.err.count("\n") == 1


def test_settings_by_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("secret = 'x'\n")
    (root / "scaleaudit.toml").symlink_to(tmp_path / "other.toml")
    done = run(root, "scan", ".")
    assert done == (
        2,
        "",
        "scaleaudit: scaleaudit.toml: a link out of the scanned folder is not followed\n",
    )
    (root / "scaleaudit.toml").unlink()
    os.mkfifo(root / "scaleaudit.toml")
    assert run(root, "scan", ".", "--exit-zero").code == 0


def test_ignore_files_that_take_for_ever_to_match(root: Path) -> None:
    (root / ".gitignore").write_text("*a*a*a*a*a*a*a*a*a*b\n/skipped.py\n")
    (root / ("a" * 200 + ".py")).write_text("x = 1\n")
    (root / "skipped.py").write_text("x = 1\n")
    done = run(root, "scan", ".", "--show-files")
    assert done.code == 0
    assert f"{'a' * 200}.py" in done.out
    assert "skipped.py" not in done.out


def test_ignore_files_with_patterns_that_mean_nothing(root: Path) -> None:
    (root / ".gitignore").write_text("[z-a]\n!\n\\\n/skipped.py\n")
    (root / "skipped.py").write_text("x = 1\n")
    done = run(root, "scan", ".", "--show-files")
    assert done.code == 0
    assert "app.py" in done.out
    assert "skipped.py" not in done.out


def test_reports_are_not_written_through_links_out_of_the_folder(
    root: Path, tmp_path: Path
) -> None:
    """The name of a report is easily guessed, and a link of that name easily committed."""
    mine = tmp_path / "mine"
    mine.write_text("precious\n")
    (root / "report.json").symlink_to(mine)
    (root / "reports").symlink_to(tmp_path)
    for file in ("report.json", "reports/mine"):
        for arguments in (("scan", ".", "-o", f"json={file}"), ("graph", ".", "-o", file)):
            done = run(root, *arguments)
            assert (done.code, done.out) == (2, "")
            assert done.err == f"scaleaudit: {file} is a link out of the scanned folder\n"
    assert mine.read_text() == "precious\n"


RUN = "import pathlib; pathlib.Path({!r}).touch()\n"


@pytest.mark.parametrize("folder", ["checks", "../outside"])
def test_local_rules_need_consent_and_stay_inside(root: Path, proof: Path, folder: str) -> None:
    (root / folder).mkdir()
    (root / folder / "own.py").write_text(RUN.format(str(proof)))
    (root / "scaleaudit.toml").write_text(f'local-rules = "{folder}"\n')
    for command in ("scan", "roadmap", "graph"):
        done = run(root, command, ".")
        assert done.code in (0, 1)
        assert not proof.exists()
    allowed = run(root, "scan", ".", "--allow-local-rules")
    assert allowed.code == 2
    assert proof.exists() == (folder == "checks")
    if folder != "checks":
        assert allowed.err == (
            "scaleaudit: local-rules: ../outside is outside of the scanned folder\n"
        )


# -- what Python and git would run -----------------------------------------------------------

MODULES = (
    "sitecustomize", "usercustomize", "scaleaudit", "scaleaudit_rules", "click", "msgspec",
    "networkx", "yaml", "json", "tree_sitter", "sqlglot", "setup", "conftest", "__init__",
)  # fmt: skip


@pytest.mark.parametrize("command", [("scan", "--exit-zero"), ("graph",), ("graph", "-f", "svg")])
def test_modules_of_the_repository_are_not_imported(
    root: Path, proof: Path, command: tuple[str, ...]
) -> None:
    for name in MODULES:
        (root / f"{name}.py").write_text(RUN.format(str(proof)))
    (root / "x.pth").write_text(f"import os; open({str(proof)!r}, 'w')\n")
    for program in ("git", "dot", "python", "sh"):
        (root / program).write_text(f"#!/bin/sh\ntouch {proof}\n")
        (root / program).chmod(0o755)
    if "svg" in command and shutil.which("dot") is None:
        pytest.skip("needs Graphviz")
    done = run(root, command[0], ".", *command[1:])
    assert (done.code, done.err) == (0, "")
    assert not proof.exists()


def test_a_pool_imports_nothing_either(root: Path, proof: Path) -> None:
    """Enough files for several processes."""
    for number in range(450):
        (root / f"m{number}.py").write_text("import os\n")
    for name in MODULES:
        (root / f"{name}.py").write_text(RUN.format(str(proof)))
    done = run(root, "scan", ".", "--jobs", "2", "--exit-zero", "--no-cache")
    assert done.code == 0
    assert not proof.exists()


def test_programs_that_git_is_told_to_run(root: Path, proof: Path) -> None:
    script = root / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {proof}\n")
    script.chmod(0o755)
    git(root, "init", "-q")
    git(root, "add", "-A")
    (root / ".gitattributes").write_text("* filter=x diff=x merge=x\n")
    with (root / ".git" / "config").open("a") as config:
        config.write(
            f"[core]\nfsmonitor = {script}\nhooksPath = {root}\npager = {script}\n"
            f"sshCommand = {script}\neditor = {script}\ngitProxy = {script}\n"
            f'[filter "x"]\nclean = {script}\nsmudge = {script}\nprocess = {script}\nrequired = true\n'
            f'[diff "x"]\ntextconv = {script}\ncommand = {script}\n[diff]\nexternal = {script}\n'
            f"[alias]\nls-files = !{script}\n[pager]\nls-files = {script}\n"
            f"[credential]\nhelper = !{script}\n"
        )
    (root / "app.py").write_text("import sys\n")
    done = run(root, "scan", ".", "--exit-zero")
    assert (done.code, done.err) == (0, "")
    assert not proof.exists()


def test_git_fetches_nothing(root: Path, proof: Path, tmp_path: Path) -> None:
    """A partial clone that lacks an ignore file fetches it by the command of its remote."""
    (root / "folder").mkdir()
    (root / "folder" / ".gitignore").write_text("*.log\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a")
    blob = git(root, "rev-parse", "HEAD:folder/.gitignore")
    git(root, "update-index", "--skip-worktree", "folder/.gitignore")
    (root / "folder" / ".gitignore").unlink()
    (root / "folder" / "untracked.py").write_text("import os\n")
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::touch {proof}",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }.items():
        git(root, "config", key, value)
    done = run(root, "scan", ".", "--exit-zero", "-f", "json")
    assert done.code == 0
    assert not proof.exists()
