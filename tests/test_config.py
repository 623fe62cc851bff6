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
        ("a = [\n", "scaleaudit.toml: not valid TOML: "),
        ("\ufffe", "scaleaudit.toml: not valid TOML: "),
    ],
)
def test_wrong_settings_are_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "scaleaudit.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_config(path)
    said = str(raised.value)
    assert "\n" not in said
    assert said.startswith(message)
    if not message.endswith(": "):
        assert said == message


def test_hostile_files_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "scaleaudit.toml"
    for content in (b"\xff\xfe\x00", b"x" * (2 << 20), b"a = " + b"[" * 100_000):
        path.write_bytes(content)
        with pytest.raises(ConfigError, match=r"^scaleaudit\.toml: [^\n]*$"):
            load_config(path)
