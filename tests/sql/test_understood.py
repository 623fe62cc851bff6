"""What a statement came to is kept: a file that is read again needs no parser for it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from scaleaudit.cache import FactCache
from scaleaudit.extraction import extract_all
from scaleaudit.facts import QueryFound
from scaleaudit.source import SourceFile, Span
from scaleaudit.sql import queries, read_query
from scaleaudit.understood_sql import earlier, key_of, taken

if TYPE_CHECKING:
    from pathlib import Path

ORDERS = "SELECT id FROM orders WHERE customer = 1 LIMIT 5"
NOTHING = "SELECT 1 FROM (SELECT 2) t"
BROKEN = "SELECT FROM WHERE orders ,, FROM orders"


@pytest.fixture(autouse=True)
def forgetful() -> None:
    queries.understood_of.cache_clear()
    taken()


@pytest.mark.parametrize("text", [ORDERS, NOTHING, BROKEN, "SELECT a FROM {} WHERE b = {}"])
def test_what_was_understood_is_understood_without_a_parser(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    first = read_query(text, Span(3), dialect="mysql", scope="shop.load")
    stored = taken()
    queries.understood_of.cache_clear()

    def forbidden(*_: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(queries, "_parsed", forbidden)
    with earlier(stored.get):
        assert read_query(text, Span(3), dialect="mysql", scope="shop.load") == first
    assert not taken()


def test_another_dialect_is_another_question() -> None:
    keys = {key_of(ORDERS, dialect, holes) for dialect in ("", "mysql") for holes in (True, False)}
    assert len(keys) == 4
    assert key_of(ORDERS + " ", "", holes=False) != key_of(ORDERS, "", holes=False)


@pytest.mark.parametrize("body", [b"", b"\xc1", msgspec.msgpack.encode(["yes", 1])])
def test_a_foreign_body_is_not_believed(body: bytes) -> None:
    with earlier(lambda _: body):
        query = read_query(ORDERS, Span(1))
    assert query is not None
    assert query.reads == ("orders",)
    assert query.limited


def test_what_is_no_utf8_is_not_kept() -> None:
    query = read_query('SELECT a FROM "t\udcff" WHERE b = 1', Span(1))
    assert query is not None
    assert query.reads
    assert not taken()


def test_a_changed_file_is_read_again_without_the_parser(tmp_path: Path) -> None:
    source = f"def load(db):\n    return db.execute('{ORDERS}')\n"
    (tmp_path / "app.py").write_text(source)
    files = [SourceFile("app.py", "python", content=source.encode())]
    cache = FactCache(tmp_path / "cache")
    first = extract_all(files, tmp_path, cache=cache, jobs=1)
    cache.close()
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from scaleaudit.cache import FactCache\n"
        "from scaleaudit.extraction import extract_all\n"
        "from scaleaudit.facts import QueryFound\n"
        "from scaleaudit.source import SourceFile\n"
        "root = Path(sys.argv[1])\n"
        "content = b'# New.\\n' + (root / 'app.py').read_bytes()\n"
        "files = [SourceFile('app.py', 'python', content=content)]\n"
        "found = extract_all(files, root, cache=FactCache(root / 'cache'), jobs=1)\n"
        "print([f.reads for f in found.facts['app.py'].facts if isinstance(f, QueryFound)])\n"
        "print('sqlglot' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[('orders',)]", "False"]
    assert any(isinstance(fact, QueryFound) for fact in first.facts["app.py"].facts)
