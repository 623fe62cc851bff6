"""No bytes make a reader of configuration raise, hang, or give facts that cannot be stored."""

from __future__ import annotations

import time
from importlib import import_module
from random import Random

import msgspec
import pytest

from scaleaudit.config_files import CONFIG_FILES
from scaleaudit.facts import FileFacts

READERS = sorted({extractor.module for extractor in CONFIG_FILES})
LIMIT = 20.0  # CPU seconds for one input: an order of magnitude above the slowest
MEGABYTE = 1 << 20

_ALIASES = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
_TYPES = "apiVersion: v1\nkind: Deployment\nservices:\n  a: &a {image: x, b: *a}\n"
INPUTS = {
    "empty": b"",
    "one newline": b"\n",
    "only blanks": b" \t \r\n" * 1_000,
    "NUL": b"\0" * 1_000,
    "NUL inside": b"services:\n  a\0b:\n    image: x\0y\nFROM a\0b\n",
    "no UTF-8": b'services:\n  \xff\xfe:\n    image: \x80\nFROM \xff\n{"name": "\xc3"}\n',
    "UTF-16": "services:\n  web:\n    image: x\n".encode("utf-16"),
    "odd line ends": b"a: 1\r\nb=2\x0c\x0bc=3\rFROM d\xe2\x80\xa8web: x\x85\x1ce: f\n",
    "byte order mark": b"\xef\xbb\xbfservices: {web: {image: x}}\n",
    "a long line": b"services: " + b"x" * (10 * MEGABYTE),
    "a long line of brackets": b"[" * (MEGABYTE // 4),
    "a long line of braces": b"{" * (MEGABYTE // 4),
    "nested maps": b"".join(b" " * n + b"a:\n" for n in range(2_000)),
    "nested JSON": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "nested XML": b"<project>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</project>",
    "nested blocks": b"a {\n" * 5_000 + b"}\n" * 5_000,
    "nested expressions": b"a = " + b"(" * 20_000 + b")" * 20_000 + b"\n",
    "nested placeholders": b"a=" + b"${a:" * 20_000 + b"}" * 20_000 + b"\n",
    "open placeholders": b"a: " + b"${{{ " * 20_000 + b"\n",
    "quotes without end": b"a: '" + b'"`\\' * 50_000,
    "aliases": f"{_ALIASES}services:\n  web: {{image: x, environment: *i, ports: *i}}\n".encode(),
    "an alias of itself": f"{_TYPES}spec: &s\n  template: *s\n<<: *s\n".encode(),
    "entities": b'<!DOCTYPE p [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><project>&b;</project>',
    "an entity of a file": b'<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><project>&a;</project>',
    "terminal escapes": b'services:\n  "\\e[31m\\a":\n    image: "\x1b]0;x\x07"\n',
    "many documents": b"---\na: 1\n" * 5_000,
    "many entries": b"".join(b"KEY_%d=value\n" % n for n in range(25_000)),
    "many services": b"services:\n" + b"".join(b"  s%d: {image: x}\n" % n for n in range(6_000)),
    "dashes": b"- " * 100_000,
    "backslashes": b"a=\\\n" * 50_000,
    "backslashes in a line": b"FROM a\nRUN " + b"\\ " * 100_000,
    "here-documents": b"FROM a\nRUN " + b"<<A " * 5_000 + b"\n",
    "actions": b"a: {{ if .Values.a }}" * 20_000,
    "definitions": b'{{ define "a" }}' * 5_000,
    "colons": b"a" + b":" * 200_000,
    "noise": Random(7).randbytes(200_000),
    "noise of signs": bytes(Random(8).choices(b"{}[]()<>:=-#'\"\\$&*|!%@,\n \tab", k=100_000)),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", INPUTS)
def test_hostile_input(reader: str, name: str) -> None:
    content = INPUTS[name]
    began = time.process_time()
    found = import_module(reader).extract(content)
    assert time.process_time() - began < LIMIT
    assert isinstance(found, FileFacts)
    stored = msgspec.msgpack.encode(found)
    assert msgspec.msgpack.decode(stored, type=FileFacts) == found
    assert len(stored) < 4 * len(content) + 8_000_000
    lines = content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
    assert abs(found.lines - lines) <= (name == "UTF-16")  # recoded before it is counted
    assert all(0 <= fact.at.line <= lines + 1 for fact in found.facts)
