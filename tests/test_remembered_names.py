"""What names of files tell is worked out once for the same names, settings and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from scaleaudit import remembered_names as module
from scaleaudit.cache import FactCache
from scaleaudit.config import Config
from scaleaudit.file_kinds import file_kinds
from scaleaudit.remembered_names import Names, remembered_names
from scaleaudit.source import Role
from scaleaudit.told_by_names import Told, told_by_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATHS = [
    "app/main.py",
    "db/migrate/1_rows.rb",
    "docs/example.py",
    "native/fast.c",
    "notes.txt",
    "tests/test_main.py",
    "web/\udcff.ts",
]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FactCache]:
    monkeypatch.setattr(module, "MIN_FILES", 1)
    made = FactCache(tmp_path)
    yield made
    made.close()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each time that names are looked at."""
    done: list[int] = []

    def counted(paths: list[str], *more: object) -> list[Told]:
        done.append(len(paths))
        return told_by_names(paths, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "told_by_names", counted)
    return done


def test_the_same_names_are_looked_at_once(cache: FactCache, looks: list[int]) -> None:
    expected = told_by_names(PATHS, Config(), file_kinds())
    assert expected[1] == Told("ruby", Role.MIGRATION, "")
    assert expected[3].reason == "in C, which is not read"
    for _ in range(2):
        assert remembered_names(cache, PATHS, config=Config()) == expected
    assert len(looks) == 1


@pytest.mark.parametrize(
    "config", [Config(include=("app/",)), Config(exclude=("app/",)), Config(include_tests=True)]
)
def test_other_names_and_other_settings_are(
    cache: FactCache, looks: list[int], config: Config
) -> None:
    remembered_names(cache, PATHS, config=Config())
    told = remembered_names(cache, PATHS, config=config)
    assert told == told_by_names(PATHS, config, file_kinds())
    assert len(remembered_names(cache, PATHS[1:], config=config)) == len(PATHS) - 1
    assert len(looks) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x93",
        msgspec.msgpack.encode(Names([Told("python", Role.SOURCE, "")], [0])),
        msgspec.msgpack.encode(Names([Told("python", Role.SOURCE, "")], [1] * len(PATHS))),
        msgspec.msgpack.encode(Names([Told("python", Role.SOURCE, "")], [-1] * len(PATHS))),
        msgspec.msgpack.encode(Names([Told("unheard of", Role.SOURCE, "")], [0] * len(PATHS))),
    ],
)
def test_a_foreign_body_is_not_believed(
    cache: FactCache, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(cache, "result", lambda _: body)
    told = remembered_names(cache, PATHS, config=Config())
    assert told == told_by_names(PATHS, Config(), file_kinds())


def test_too_many_names_are_not_kept(
    cache: FactCache, looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BODY", 10)
    for _ in range(2):
        remembered_names(cache, PATHS, config=Config())
    assert len(looks) == 2
