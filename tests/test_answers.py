"""The same command on the same files is answered from what was printed, and any change is noticed."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

import scaleaudit_rules
from scaleaudit import __main__ as program
from scaleaudit import answers, code_state
from scaleaudit.cache import default_folder
from scaleaudit.cli import pipeline, terminal
from scaleaudit.cli.scan import command
from scaleaudit.git_listing import git_listing
from scaleaudit.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

APP = """\
import requests
from flask import Flask

app = Flask(__name__)


@app.get("/rates")
def show():
    return requests.get("https://rates.acme.io/today").json()
"""
NEEDLESS = ("click", "msgspec", "re", "sqlite3", "subprocess", "typing", "scaleaudit_rules")


class Done(NamedTuple):
    code: object
    out: str
    again: bool


def git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments],
        check=True,
        capture_output=True,
    )


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a tracked, an untracked and an unread file; also the current folder."""
    folder = tmp_path / "shop"
    (folder / "web").mkdir(parents=True)
    (folder / "requirements.txt").write_text("flask\nrequests\n")
    (folder / "web" / "app.py").write_text(APP)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    (folder / "rates.py").write_text("DAYS = 3\n")
    (folder / "notes.unknown").write_text("later")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SCALEAUDIT_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def run(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """The program with these arguments; whether it printed what it had printed before."""
    given = answers.answer

    def start(*arguments: str) -> Done:
        found: list[object] = []

        def noted(folder: str, key: str) -> tuple[int, str] | None:
            found.append(given(folder, key))
            return given(folder, key)

        monkeypatch.setattr(answers, "answer", noted)
        monkeypatch.setattr(sys, "argv", ["scaleaudit", *(arguments or ("scan", "."))])
        code_state.code_version.cache_clear()
        with pytest.raises(SystemExit) as ended:
            program.run()
        return Done(ended.value.code, capsys.readouterr().out, found[0] is not None)

    return start


def anew(run: Callable[..., Done], *arguments: str) -> Done:
    done = run(*(arguments or ("scan", ".")), "--no-cache")
    assert not done.again
    return done


def test_the_same_is_printed_again(run: Callable[..., Done]) -> None:
    first, second = run(), run()
    assert (first.again, second.again) == (False, True)
    assert second[:2] == first[:2]
    assert "no-timeout" in second.out
    for arguments in (("--exit-zero",), ("--fail-on", "info"), ("-f", "json"), ("-f", "sarif")):
        command = ("scan", ".", *arguments)
        assert run(*command)[:2] == run(*command)[:2] == anew(run, *command)[:2]
        assert run(*command).again


def test_next_to_nothing_is_imported(root: Path) -> None:
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "from scaleaudit.__main__ import run\n"
        "sys.argv = ['scaleaudit', 'scan', '.']\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        "print(*sorted(set(sys.modules) - before), file=sys.stderr)\n"
    )

    def loaded() -> set[str]:
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        return set(said.stderr.split())

    assert {"click", "msgspec", "scaleaudit_rules"} <= loaded()
    again = loaded()
    ours = {name for name in again if name.startswith("scaleaudit.")}
    assert not again & set(NEEDLESS)
    assert ours == {
        f"scaleaudit.{name}"
        for name in ("__main__", "answers", "code_state", "file_marks", "git_listing")
    }


def changed_file(root: Path) -> None:
    (root / "web" / "app.py").write_text(APP.replace("today", "later"))


def untracked_file_of_the_same_size_and_time(root: Path) -> None:
    path = root / "rates.py"
    times = path.stat()
    path.write_text("DAYS = 4\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def removed_file(root: Path) -> None:
    (root / "web" / "app.py").unlink()


def new_file(root: Path) -> None:
    (root / "more.py").write_text("")


def new_file_that_is_not_read(root: Path) -> None:
    (root / "main.cobol").write_text("")


def ignored_file(root: Path) -> None:
    (root / ".gitignore").write_text("rates.py\n")


def no_rights(root: Path) -> None:
    (root / "web" / "app.py").chmod(0o200)


def file_behind_a_link(root: Path) -> None:
    path = root / "web" / "app.py"
    path.rename(root.parent / "app.py")
    path.symlink_to(root.parent / "app.py")


def folder_behind_a_link(root: Path) -> None:
    (root / "web").rename(root.parent / "web")
    (root / "web").symlink_to(root.parent / "web")


def ignored_folder_behind_a_link(root: Path) -> None:
    (root / ".git" / "info" / "exclude").write_text("web\n")
    folder_behind_a_link(root)


def settings(root: Path) -> None:
    (root / "scaleaudit.toml").write_text('ignore = ["no-timeout"]\n')


def settings_that_git_ignores(root: Path) -> None:
    (root / ".git" / "info" / "exclude").write_text("pyproject.toml\n")
    (root / "pyproject.toml").write_text('[tool.scaleaudit]\nignore = ["no-timeout"]\n')


def settings_behind_a_link(root: Path) -> None:
    (root / ".git" / "info" / "exclude").write_text("*.toml\n")
    (root / "own.toml").write_text('ignore = ["no-timeout"]\n')
    (root / "scaleaudit.toml").symlink_to("own.toml")


def no_git(root: Path) -> None:
    (root / ".git").rename(root.parent / "git")


CHANGES = (
    changed_file, untracked_file_of_the_same_size_and_time, removed_file, new_file,
    new_file_that_is_not_read, ignored_file, no_rights, file_behind_a_link, folder_behind_a_link,
    ignored_folder_behind_a_link, settings, settings_that_git_ignores, settings_behind_a_link, no_git,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_repository_is_noticed(
    root: Path, run: Callable[..., Done], change: Callable[[Path], None]
) -> None:
    run()
    assert run().again
    change(root)
    second = run()
    assert not second.again
    assert second[:2] == anew(run)[:2]
    assert run()[:2] == second[:2]


def other_variable(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.setenv("FORCE_COLOR", "1")


def other_rule(patch: pytest.MonkeyPatch, root: Path) -> None:
    (root.parent / "pack" / "family" / "own.md").write_text("# Another\n")


def other_helper_of_rules(patch: pytest.MonkeyPatch, root: Path) -> None:
    (root.parent / "pack" / "_own.py").write_text("HELP = 2\n")


def other_distribution(patch: pytest.MonkeyPatch, root: Path) -> None:
    (root.parent / "installed" / "more-1.0.dist-info").mkdir()


def other_entry_point(patch: pytest.MonkeyPatch, root: Path) -> None:
    path = root.parent / "installed" / "shop-1.0.dist-info" / "entry_points.txt"
    path.write_text("[scaleaudit.rules]\nown = elsewhere\n")


def other_place_of_code(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.syspath_prepend(str(root.parent))


def other_python(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.setattr(sys, "version", "another")


def other_code(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.setattr(code_state, "HERE", str(root.parent / "pack"))


def other_folder(patch: pytest.MonkeyPatch, root: Path) -> None:
    patch.chdir(root.parent)


@pytest.mark.parametrize(
    "change",
    [
        other_variable,
        other_rule,
        other_helper_of_rules,
        other_distribution,
        other_entry_point,
        other_place_of_code,
        other_python,
        other_code,
        other_folder,
    ],
)
def test_a_change_of_the_surroundings_is_noticed(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[pytest.MonkeyPatch, Path], None],
) -> None:
    packages = root.parent / "pack"
    installed = root.parent / "installed" / "shop-1.0.dist-info"
    (packages / "family").mkdir(parents=True)
    (packages / "family" / "own.md").write_text("# Own\n")
    (packages / "_own.py").write_text("HELP = 1\n")
    installed.mkdir(parents=True)
    (installed / "entry_points.txt").write_text("[scaleaudit.rules]\n")
    monkeypatch.syspath_prepend(str(installed.parent))
    listing = git_listing(str(root))
    assert listing is not None
    basis = answers.Basis(
        ".",
        str(root.resolve()),
        answers.listing_digest(listing),
        code_state.installed_version([str(packages)]),
        packages=[str(packages)],
        settings={},
        looked={},
        hashed={},
    )
    folder = str(root.parent / "cache")

    def known() -> tuple[int, str] | None:
        code_state.code_version.cache_clear()
        return answers.answer(folder, answers.question(["scan", "."]))

    code_state.code_version.cache_clear()
    answers.keep(folder, answers.question(["scan", "."]), basis, 1, "text\n")
    assert known() == (1, "text\n")
    change(monkeypatch, root)
    assert known() is None
    code_state.code_version.cache_clear()


def test_the_packages_of_rules_count(
    run: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[answers.Basis] = []
    monkeypatch.setattr(answers, "keep", lambda *given: kept.append(given[2]))
    run()
    (basis,) = kept
    assert list(basis.packages) == list(scaleaudit_rules.__path__)


def test_a_rule_whose_code_is_no_package_is_run_again(
    run: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_rules()[0].check, "__module__", base64.__name__)
    run()
    assert not run().again


def version_of(what: Callable[[], str]) -> str:
    code_state.extractor_version.cache_clear()
    code_state.folder_version.cache_clear()
    try:
        return what()
    finally:
        code_state.extractor_version.cache_clear()
        code_state.folder_version.cache_clear()


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("own.py", True),
        ("own.scm", True),
        ("own.md", False),
        ("inner/own.py", False),
    ],
)
def test_code_of_one_folder_counts(tmp_path: Path, file: str, counts: bool) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("a = 1\n")
    first = version_of(lambda: code_state.folder_version(str(tmp_path)))
    path.write_text("a = 10\n")
    second = version_of(lambda: code_state.folder_version(str(tmp_path)))
    assert (first != second) is counts


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("tree_sitter_own-1.0.dist-info", True),
        ("sqlglot-99.0.dist-info", True),
        ("shop-1.0.dist-info", False),
    ],
)
def test_grammars_count_for_what_files_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, counts: bool
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    first = version_of(code_state.extractor_version)
    (tmp_path / name).mkdir()
    assert (version_of(code_state.extractor_version) != first) is counts


def test_what_is_installed_in_the_current_folder_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = tmp_path / "shop-1.0.dist-info" / "entry_points.txt"
    entries.parent.mkdir()
    entries.write_text("[scaleaudit.rules]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [""])
    first = code_state.installed_version([])
    entries.write_text("[scaleaudit.rules]\nown = elsewhere\n")
    assert code_state.installed_version([]) != first


def test_a_folder_under_another_name_is_noticed(root: Path, run: Callable[..., Done]) -> None:
    other = root.parent / "other"
    other.mkdir()
    (other / "app.py").write_text("")
    git(other, "init", "-q")
    link = root.parent / "current"
    link.symlink_to(root)
    first = run("scan", str(link))
    link.unlink()
    link.symlink_to(other)
    second = run("scan", str(link))
    assert not second.again
    assert second.out != first.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--no-cache",),
        ("--verbose",),
        ("--output", "json=../report.json"),
        ("--config-repo", ".."),
        ("--show-files",),
        ("--show-settings",),
    ],
)
def test_what_does_more_than_print_is_done_again(
    run: Callable[..., Done], arguments: tuple[str, ...]
) -> None:
    run("scan", ".", *arguments)
    assert not run("scan", ".", *arguments).again


def test_local_rules_are_run_again(root: Path, run: Callable[..., Done]) -> None:
    (root / "own").mkdir()
    (root / "scaleaudit.toml").write_text('local-rules = "own"\n')
    for arguments in (("scan", "."), ("scan", ".", "--allow-local-rules")):
        run(*arguments)
        assert not run(*arguments).again


def test_another_settings_file_is_noticed(root: Path, run: Callable[..., Done]) -> None:
    chosen = root.parent / "chosen.toml"
    chosen.write_text("")
    arguments = ("scan", ".", "--config", str(chosen))
    run(*arguments)
    assert run(*arguments).again
    chosen.write_text('ignore = ["no-timeout"]\n')
    assert not run(*arguments).again


def test_a_terminal_of_another_width_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {answers.question(["scan", "."])}
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1)
    for columns in (80, 100):
        size = os.terminal_size((columns, 24))
        monkeypatch.setattr(os, "get_terminal_size", lambda file, size=size: size)
        asked.add(answers.question(["scan", "."]))
    assert len(asked) == 3
    assert "" not in asked


def stored(root: Path) -> Path:
    (path,) = (root.parent / "cache" / answers.FOLDER).iterdir()
    return path


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: b"",
        lambda body: body[:40],
        lambda body: body[: body.rindex(b"\0")],
        lambda body: body.replace(b"no-timeout", b"\x1b[2J"),
        lambda body: body.replace(b"no-timeout", b"\x1b]8;;ssh://there\x1b\\"),
        lambda body: body.replace(b"no-timeout", b"\x1b]0;title\x07"),
        lambda body: body.replace(b"no-timeout", b"no\rtimeout"),
        lambda body: body + b"\0",
        lambda body: b"0" + body[1:],
        lambda body: re.sub(rb"\A1\0\d+\0", b"1\x003\0", body),
        lambda body: re.sub(rb"\0\d+\0(\d+)\0(\d+)\0", rb"\0-1\0\1\0\2\0", body, count=1),
    ],
)
def test_a_foreign_answer_is_not_believed(
    root: Path, run: Callable[..., Done], damage: Callable[[bytes], bytes]
) -> None:
    first = run()
    stored(root).write_bytes(damage(stored(root).read_bytes()))
    second = run()
    assert not second.again
    assert second[:2] == first[:2]


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and links for everybody there")
def test_only_files_of_some_size_are_answers(
    root: Path, run: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run()
    path = stored(root)
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    assert not run().again
    path.unlink(missing_ok=True)
    os.mkfifo(path)  # reading one would wait for ever
    assert run() == first
    assert run().again
    monkeypatch.setattr(answers, "MAX_ANSWER", 100)
    assert not run().again


@pytest.mark.skipif(sys.platform == "win32", reason="no links for everybody there")
def test_nothing_is_written_where_a_link_leads(
    root: Path, run: Callable[..., Done], tmp_path: Path
) -> None:
    run()
    path = stored(root)
    path.unlink()
    (tmp_path / "precious").write_text("kept")
    path.with_name(f"{path.name}.{os.getpid()}").symlink_to(tmp_path / "precious")
    run()
    assert (tmp_path / "precious").read_text() == "kept"


def test_colours_and_links_are_kept(
    run: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    arguments = ("scan", ".", "--color", "always")
    first, second = run(*arguments), run(*arguments)
    assert "\x1b[1m" in first.out
    assert "\x1b]8;;file://" in first.out
    assert second == (first.code, first.out, True)


def test_old_answers_make_room(
    root: Path, run: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "KEPT", 2)
    formats = ("text", "json", "sarif")
    for each in formats:
        run("scan", ".", "-f", each)
    assert [run("scan", ".", "-f", each).again for each in formats[1:]] == [True, True]
    assert not run("scan", ".").again


def test_where_answers_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    guessed = answers.folder_guessed
    monkeypatch.delenv("SCALEAUDIT_CACHE_DIR", raising=False)
    if sys.platform in ("linux", "darwin"):
        assert guessed(["scan", "."]) == str(default_folder())
    monkeypatch.setenv("SCALEAUDIT_CACHE_DIR", "/there")
    assert guessed(["scan", "."]) == "/there"
    assert guessed(["scan", ".", "--cache-dir", "x"]) == "x"
    assert guessed(["scan", "--cache-dir=x", "."]) == "x"
    assert guessed(["scan", ".", "--cache-dir"]) == ""
    (option,) = (each for each in command.params if each.name == "cache_dir")
    assert option.opts == [answers.CACHE_OPTION]
    assert option.envvar == answers.CACHE_VARIABLE


class Asked(dict[str, str]):
    """Says which variables were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.names.add(key)
        return default


def test_every_variable_that_changes_a_report_counts(root: Path) -> None:
    asked = Asked()
    terminal.wants_color("auto", True, asked)
    terminal.knows_links(True, asked)
    terminal.wants_progress(False, True, asked)
    pipeline.prefix_of(root, asked)
    assert asked.names | {"COLUMNS"} == set(answers.VARIABLES)
