"""The expected values are those that github/codeql-action publishes in its own tests."""

from __future__ import annotations

import random

import pytest

from scaleaudit.reports.line_hash import LineHashes


def hashes(text: str) -> list[str | None]:
    known = LineHashes(text.encode())
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    return [known.of(line) for line in range(1, lines + 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            [
                "271789c17abda88f:1",
                "54703d4cd895b18:1",
                "180aee12dab6264:1",
                "a23a3dc5e078b07b:1",
            ],
        ),
        (
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
            [
                "e9496ae3ebfced30:1",
                "fb7c023a8b9ccb3f:1",
                "ce8ba1a563dcdaca:1",
                "e20e36e16fcb0cc8:1",
                "b3edc88f2938467e:1",
                "c8e28b0b4002a3a0:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                "a7f2ff13bc495cf2:1",
                "a7f2ff13bc495cf2:2",
                "a7f2ff13bc495cf2:3",
                "a7f2ff13bc495cf2:4",
                "a7f2ff13bc495cf2:5",
                "a7f2ff13bc495cf2:6",
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_published_values(text: str, expected: list[str]) -> None:
    assert hashes(text) == expected


def rolling(text: str) -> list[str]:
    """The same by the rolling window that GitHub describes, one UTF-16 unit at a time."""
    modulus, size, base = 1 << 64, 100, 37
    window, starts_at = [0] * size, [0] * size
    value, index, line, at_start, after_return = 0, 0, 0, True, False
    counts: dict[str, int] = {}
    found: list[str] = []

    def flush() -> None:
        if starts_at[index]:
            name = f"{value:x}"
            counts[name] = counts.get(name, 0) + 1
            found.append(f"{name}:{counts[name]}")
            starts_at[index] = 0

    data = text.encode("utf-16-le")
    units = [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)]
    for position, each in enumerate([*units, 65535, *[0] * size]):
        unit = each
        if position <= len(units):
            if unit in (9, 32) or (after_return and unit == 10):
                after_return = False
                continue
            after_return = unit == 13
            unit = 10 if unit == 13 else unit
        flush()
        if at_start and position <= len(units):
            line += 1
            starts_at[index] = line
        at_start = unit == 10
        value = (value * base + unit - window[index] * pow(base, size, modulus)) % modulus
        window[index] = unit
        index = (index + 1) % size
    flush()
    return found


def test_it_is_the_rolling_hash_on_any_text() -> None:
    chance = random.Random(7)
    for _ in range(60):
        text = "".join(chance.choices("ab \t\n\r;é中😀", k=chance.randrange(400)))
        assert hashes(text) == rolling(text)


def test_bytes_that_are_no_utf_8_and_lines_that_are_not_there() -> None:
    known = LineHashes(b"\xff\xfe\n")
    assert known.of(1) == LineHashes("\ufffd\ufffd\n".encode()).of(1)
    assert known.of(2) == "c129715d7a2bc9a3:1"
    assert known.of(0) is None
    assert known.of(3) is None
