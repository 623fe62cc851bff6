from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

import msgspec
import pytest

from scaleaudit import extraction
from scaleaudit.cache import FILE_NAME, FactCache
from scaleaudit.extraction import Extracted, extract_all
from scaleaudit.facts import ConstantDefined, PackageDeclared, TableDefined
from scaleaudit.file_marks import digest_of
from scaleaudit.source import Skipped, SourceFile, Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from pathlib import Path

CODE = b'BILLING = "http://billing:8000"\n'
FACT = ConstantDefined(Span(1, 1, 1), "BILLING", Literal("http://billing:8000"))


def python(path: str, content: bytes | None = None, digest: str = "") -> SourceFile:
    return SourceFile(path, "python", digest=digest, content=content)


def test_the_same_bytes_give_the_same_facts_wherever_they_stand() -> None:
    found = extract_all([python("a.py", CODE), python("b/c.py", CODE)], None)
    assert found.facts["a.py"] == found.facts["b/c.py"]
    assert found.facts["a.py"].facts == (FACT,)
    assert found.parsed == 2


def test_what_the_cache_knows_is_not_parsed_again(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    (tmp_path / "a.py").write_bytes(CODE)
    (tmp_path / "b.py").write_bytes(b"X = 1\n")
    files = [python("a.py", digest=digest_of(CODE)), python("b.py", digest=digest_of(b"X = 1\n"))]

    def run(files: list[SourceFile]) -> Extracted:
        cache = FactCache(folder)
        try:
            return extract_all(files, tmp_path, cache=cache)
        finally:
            cache.close()

    assert run(files).parsed == 2
    warm = run(files)
    assert warm.parsed == 0
    assert warm.facts["a.py"].facts == (FACT,)
    (tmp_path / "b.py").write_bytes(b"Y = 2\n")
    assert run([files[0], python("b.py")]).parsed == 1


@pytest.mark.parametrize("damage", [b"not a database", b""])
def test_a_damaged_cache_is_thrown_away_with_one_line(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(damage)
    cache = FactCache(tmp_path)
    cache.store({"k": b"v"})
    assert cache.load({"k"}) == {"k": b"v"}
    assert ("cache discarded" in cache.notice) == bool(damage)
    assert "\n" not in cache.notice
    cache.close()


def test_a_cache_that_turns_out_damaged_makes_room_for_a_new_one(tmp_path: Path) -> None:
    cache = FactCache(tmp_path)
    cache.store({f"k{number}": b"v" * 3000 for number in range(200)})
    cache.close()
    with (tmp_path / FILE_NAME).open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 100 * 4096)
    cache = FactCache(tmp_path)
    assert cache.load({f"k{number}" for number in range(200)}) == {}
    assert cache.notice.startswith("cache discarded: ")
    cache.close()
    cache = FactCache(tmp_path)
    cache.store({"k": b"v"})
    assert cache.load({"k"}) == {"k": b"v"}
    assert cache.notice == ""
    cache.close()


def test_a_cache_with_other_tables_is_thrown_away(tmp_path: Path) -> None:
    foreign = sqlite3.connect(tmp_path / FILE_NAME)
    foreign.execute("CREATE TABLE facts (a)")
    foreign.close()
    cache = FactCache(tmp_path)
    assert cache.notice.startswith("cache discarded: ")
    cache.store({"k": b"v"})
    assert cache.load({"k"}) == {"k": b"v"}
    cache.close()


def test_a_cache_in_use_is_not_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FactCache(tmp_path).close()

    def locked(_cache: FactCache) -> None:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorname = "SQLITE_BUSY"
        raise error

    monkeypatch.setattr(FactCache, "_connect", locked)
    cache = FactCache(tmp_path)
    assert cache.notice == f"no cache: {tmp_path / FILE_NAME}: database is locked"
    assert (tmp_path / FILE_NAME).exists()


def test_the_cache_is_for_its_owner_alone(tmp_path: Path) -> None:
    FactCache(tmp_path / "cache").close()
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_a_body_that_is_no_bytes_is_not_used(tmp_path: Path) -> None:
    cache = FactCache(tmp_path)
    cache.store({"k": "text"})  # type: ignore[dict-item]
    assert cache.load({"k"}) == {}
    assert cache.notice == ""
    cache.close()


def test_an_interruption_does_not_wait_for_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(file: SourceFile, _root: object, _size: int) -> tuple[str, str, bytes, str]:
        if file.path != "0.py":
            time.sleep(60)
        return file.path, "", b"", "none"

    monkeypatch.setattr(extraction, "extract_one", slow)
    monkeypatch.setattr(extraction, "CHUNK", 1)
    monkeypatch.setattr(extraction, "MIN_FILES_FOR_POOL", 1)

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    started = time.monotonic()
    files = [python(f"{number}.py", CODE) for number in range(9)]
    with pytest.raises(KeyboardInterrupt):
        extract_all(files, None, jobs=2, progress=interrupt)
    assert time.monotonic() - started < 30


def test_a_foreign_body_in_the_cache_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(CODE)
    file = python("a.py", digest=digest_of(CODE))
    for body in (b"\x80\x04garbage", msgspec.msgpack.encode(["x"]), b""):
        cache = FactCache(tmp_path / "cache")
        cache.store({extraction.key(file): body})
        found = extract_all([file], tmp_path, cache=cache)
        assert found.facts["a.py"].facts == (FACT,)
        assert found.parsed == 1
        cache.close()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = FactCache(tmp_path / "file" / "below")
    assert cache.load({"k"}) == {}
    cache.store({"k": b"v"})
    assert cache.notice.startswith("no cache: ")


def test_old_entries_go(tmp_path: Path) -> None:
    cache = FactCache(tmp_path)
    cache.store({"old": b"1"})
    cache.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("UPDATE facts SET used = used - 31")
    db.close()
    cache = FactCache(tmp_path)
    cache.store({"new": b"2"})
    assert cache.load({"old", "new"}) == {"new": b"2"}
    cache.close()


def test_a_pool_gives_what_one_process_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for number in range(60):
        (tmp_path / f"m{number}.py").write_text(f'URL = "http://host{number}:80"\n')
        files.append(python(f"m{number}.py"))
    alone = extract_all(files, tmp_path, jobs=1)
    monkeypatch.setattr(extraction, "MIN_FILES_FOR_POOL", 10)
    pooled = extract_all(files, tmp_path, jobs=2)
    assert pooled.facts == alone.facts
    assert pooled.parsed == 60


def test_what_cannot_be_read_is_skipped_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "binary.py").write_bytes(b"a\0b")
    (tmp_path / "packed.py").write_bytes(b"x=" + b"1," * 20_000)
    found = extract_all([python("gone.py"), python("binary.py"), python("packed.py")], tmp_path)
    assert found.facts == {}
    assert sorted(found.skipped) == [
        Skipped("binary.py", "binary"),
        Skipped("gone.py", "unreadable: No such file or directory"),
        Skipped("packed.py", "minified"),
    ]


def test_a_dump_is_read_whole_however_long_its_lines_of_rows_are(tmp_path: Path) -> None:
    rows = (
        b"INSERT INTO `notes` VALUES "
        + b"(1,'"
        + b"a" * 900
        + b"'),"
        + b"(1,'x')," * 300_000
        + b"(2,'b');\n"
    )
    (tmp_path / "dump.sql").write_bytes(
        b"CREATE TABLE `notes` (`id` int);\n" + rows + b"CREATE TABLE `users` (`id` int);\n"
    )
    assert (tmp_path / "dump.sql").stat().st_size > 2 << 20
    found = extract_all([SourceFile("dump.sql", "sql")], tmp_path, max_size=1 << 20)
    tables = [
        each.table for each in found.facts["dump.sql"].facts if isinstance(each, TableDefined)
    ]
    assert tables == ["notes", "users"]
    assert not found.skipped


def test_broken_source_still_gives_what_is_readable() -> None:
    found = extract_all([python("a.py", CODE + b"def broken(:\n  ]]]\n\xff\xfe\n")], None)
    assert FACT in found.facts["a.py"].facts


def test_a_file_that_takes_too_long_is_left_out_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doubled = "\n".join(f"String a{n} = a{n - 1} + a{n - 1};" for n in range(1, 40))
    source = (
        "import org.springframework.web.client.RestTemplate;\nclass A {\nRestTemplate t;\nvoid f() {\n"
        f'String a0 = "x";\n{doubled}\nt.getForObject(a39, String.class);\n}}\n}}\n'
    )
    monkeypatch.setattr(extraction, "MAX_SECONDS", 1)
    files = [SourceFile("A.java", "java", content=source.encode()), python("b.py", CODE)]
    found = extract_all(files, None, jobs=1)
    assert found.skipped == [Skipped("A.java", "not understood within 1 seconds")]
    assert found.facts["b.py"].facts == (FACT,)


def test_deep_nesting_is_survived() -> None:
    found = extract_all([python("a.py", b"x = " + b"(" * 100_000 + b"\n" * 300)], None)
    assert [skipped.path for skipped in found.skipped] in (["a.py"], [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_sources_in_utf16_are_read_where_they_say_so(encoding: str) -> None:
    mark = "\ufeff" if encoding != "utf-16" else ""
    text = CODE.decode()
    found = extract_all([python("a.py", (mark + text).encode(encoding))], None)
    assert found.facts["a.py"].facts == (FACT,)
    project = """<?xml version="1.0" encoding="UTF-16"?>
        <Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>
          <PackageReference Include="Dapper" Version="2.1" />
        </ItemGroup></Project>
        """
    file = SourceFile("shop.csproj", "dotnet-project", content=(mark + project).encode(encoding))
    (package,) = extract_all([file], None).facts["shop.csproj"].facts
    assert isinstance(package, PackageDeclared)
    assert package.dependencies == (("Dapper", "2.1"), ("Microsoft.AspNetCore.App", ""))


def test_zeros_without_a_mark_are_no_text() -> None:
    found = extract_all([python("a.py", CODE.decode().encode("utf-16-le"))], None)
    assert found.skipped == [Skipped("a.py", "binary")]
