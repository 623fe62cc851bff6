"""Configuration repositories beside the scanned one: what is read of them, and under which path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit import config_repositories
from scaleaudit.config_repositories import read_config_repositories
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

if TYPE_CHECKING:
    from pathlib import Path


def folder(at: Path, **files: str) -> Path:
    at.mkdir(parents=True)
    for name, text in files.items():
        (at / f"{name}.yml").write_text(text)
    return at


def test_two_repositories_of_one_name_keep_apart_from_each_other_and_from_the_scanned(
    tmp_path: Path,
) -> None:
    roots = [folder(tmp_path / each / "conf", web="a: 1\n") for each in ("one", "two")]
    files, _ = read_config_repositories(roots, 1000, taken=["config-repo:conf/own.yml"])
    assert [file.path for file in files] == [
        "config-repo:conf-2/web.yml",
        "config-repo:conf-3/web.yml",
    ]


def test_large_files_and_large_repositories_are_cut_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = folder(tmp_path / "conf", a="a: 1\n", b="b: 1\n", c="c: 1\n", long="d: 1\n" * 500)
    monkeypatch.setattr(config_repositories, "MAX_FILES", 2)
    files, skipped = read_config_repositories([root], 1000)
    assert [file.path for file in files] == ["config-repo:conf/a.yml", "config-repo:conf/b.yml"]
    assert {(each.path, each.reason) for each in skipped} == {
        ("config-repo:conf/long.yml", "larger than 1000 bytes"),
        ("config-repo:conf", "more than 2 files; the rest was not read"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "spring: " + "{a: " * 5000,
        "spring:\n  x: &a [*a, *a]\n",
        "".join(f"k{i}: ${{k{i + 1}}}\n" for i in range(3000)) + "k3000: ${k0}\n",
        "spring.rabbitmq.host: ${spring.rabbitmq.host}\n",
        "\x00\xff",
    ],
)
def test_hostile_settings_do_not_stop_the_scan(tmp_path: Path, text: str) -> None:
    root = folder(tmp_path / "conf", orders=text)
    own = SourceFile("orders/pom.xml", "maven", content=b"<project/>")
    files, _ = read_config_repositories([root], 1 << 20)
    assert scan([own, *files], []).architecture is not None
