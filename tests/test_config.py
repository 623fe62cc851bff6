from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.config import Config, ConfigError, find_config, load_config
from scaleaudit.findings import Severity

if TYPE_CHECKING:
    from pathlib import Path


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert find_config(tmp_path) is None
    assert load_config(None) == Config()


def test_own_file_wins_over_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.scaleaudit]\nfail-on = "low"\n')
    found = find_config(tmp_path)
    assert found is not None
    assert load_config(found).fail_on is Severity.LOW
    (tmp_path / "scaleaudit.toml").write_text('exclude = ["legacy/"]\n')
    found = find_config(tmp_path)
    assert found is not None
    assert load_config(found) == Config(exclude=("legacy/",))


def test_a_pyproject_without_our_table_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert find_config(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '# a comment\nexclud = ["x"]\n',
            "scaleaudit.toml:2: exclud: unknown key, did you mean `exclude`?",
        ),
        ("\n\nzzz = 1\n", "scaleaudit.toml:3: zzz: unknown key"),
        (
            'fail-on = "hgh"\n',
            "scaleaudit.toml:1: fail-on: 'hgh' is not one of info, low, medium, high, critical,"
            " did you mean `high`?",
        ),
        (
            'max-file-size = "big"\n',
            "scaleaudit.toml:1: max-file-size: expected `int`, got `str`",
        ),
        ("exclude = [1]\n", "scaleaudit.toml:1: exclude: expected `str`, got `int`"),
        ("a = [\n", "scaleaudit.toml:1: not valid TOML: "),
        ("a = 1\na = 2\n", "scaleaudit.toml:2: not valid TOML: Cannot overwrite a value"),
        ("\ufffe", "scaleaudit.toml:1: not valid TOML: "),
        ("rules = 3", "scaleaudit.toml:1: rules: expected a table, got `int`"),
        (
            "[rules]\nhub-service = 3\n",
            "scaleaudit.toml:2: rules.hub-service: expected a table, got `int`",
        ),
        (
            'exclude = ["[z-a]"]\n',
            "scaleaudit.toml:1: exclude: no pattern as in .gitignore: '[z-a]'",
        ),
    ],
)
def test_wrong_settings_are_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "scaleaudit.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_config(path)
    said = str(raised.value).removeprefix(f"{tmp_path}/")
    assert "\n" not in said
    assert said.startswith(message)
    if not message.endswith(": "):
        assert said == message


def test_hostile_files_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "scaleaudit.toml"
    for content in (b"\xff\xfe\x00", b"x" * (2 << 20), b"a = " + b"[" * 100_000):
        path.write_bytes(content)
        with pytest.raises(ConfigError, match=r"/scaleaudit\.toml: [^\n]*$"):
            load_config(path)


@pytest.mark.parametrize(
    "text",
    [
        '[tool.scaleaudit]\nfail-on = "low"\n',
        '[tool]\nscaleaudit = { fail-on = "low" }\n',
        'tool.scaleaudit.fail-on = "low"\n',
        '[ tool . "scaleaudit" ]\nfail-on = "low"\n',
    ],
)
def test_a_table_of_ours_however_it_is_written(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    found = find_config(tmp_path)
    assert load_config(found).fail_on is Severity.LOW


@pytest.mark.parametrize("text", ['tool = "scaleaudit"\n', "[scaleaudit\n", "# scaleaudit\n"])
def test_words_about_us_are_no_table(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert find_config(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[tool.ruff]\nexclude = []\n[tool.scaleaudit]\nexclude = "a"\n',
            "pyproject.toml:4: exclude: expected a list, got `str`",
        ),
        (
            "[tool]\nscaleaudit = 3\n",
            "pyproject.toml:2: tool.scaleaudit: expected a table, got `int`",
        ),
        ("[tool.scaleaudit]\nexclude = [\n", "pyproject.toml:2: not valid TOML: Invalid value"),
    ],
)
def test_the_line_is_that_of_our_table(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    assert find_config(tmp_path) == path
    with pytest.raises(ConfigError) as raised:
        load_config(path)
    assert str(raised.value) == f"{tmp_path}/{message}"
