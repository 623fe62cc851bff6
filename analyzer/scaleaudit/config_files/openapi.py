"""OpenAPI and Swagger documents: the operations that a contract lists, with their lines.

Lines are read instead of the whole document, which may be large and only documents what the code
says anyway: it is of use where a server is generated from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.facts import ContractWritten
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

MARK = regex(rb"(?m)^[\"']?(?:openapi|swagger)[\"']?[ \t]*:[ \t]*[\"']?[23]\.")
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
MAX_OPERATIONS = 5_000
MAX_LINE = 1_000
_TOP = regex(r"[\"']?(\w[\w-]*)[\"']?\s*:\s*(.*)")
_KEY = regex(r"(\s+)[\"']?(/[^\"'\s]*|\w[\w-]*)[\"']?\s*:")
_REFERENCE = regex(r"\s+[\"']?\$ref[\"']?\s*:")
_SERVER = regex(r"\s*-?\s*[\"']?url[\"']?\s*:\s*[\"']?([^\"'\s#]+)")
_FIRST_SERVER = ("servers", "0", "url")
_HOST = regex(r"^[a-z][a-z0-9+.-]*://[^/]*")


def extract(content: bytes) -> FileFacts:
    """Of a JSON document; any other says nothing."""
    return facts_in(content, _of_json)


def yaml_facts(content: bytes) -> FileFacts:
    return facts_in(content, _of_yaml)


def _of_yaml(text: str) -> Iterator[ContractWritten]:
    section = base = path = ""
    depth = inner = 0
    found: list[tuple[str, str, int]] = []
    for number, line in enumerate(text_lines(text), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        line = line[:MAX_LINE]
        top = _TOP.match(line)
        if top is not None:
            section = top[1]
            base = top[2].strip().strip("\"'") if section == "basePath" else base
            continue
        if section == "servers" and not base:
            server = _SERVER.match(line)
            base = server[1] if server is not None else base
        if section == "paths" and path and not inner and _REFERENCE.match(line):
            found.append(("*", path, number))  # its methods stand in another file
            path = ""
        key = _KEY.match(line) if section == "paths" else None
        if key is None:
            continue
        depth = depth or len(key[1])
        if len(key[1]) == depth:
            path = key[2] if key[2].startswith("/") else ""
            inner = 0
        elif path and key[2].lower() in METHODS and len(found) < MAX_OPERATIONS:
            inner = inner or len(key[1])
            if len(key[1]) == inner:  # deeper down it is the name of something else
                found.append((key[2].upper(), path, number))
    yield from _written(found, base)


def _of_json(text: str) -> Iterator[ContractWritten]:
    entries, _ = read_json(text)
    found: dict[tuple[str, str], int] = {}
    base = ""
    is_one = False
    for entry in entries:
        is_one = is_one or entry.path in (("openapi",), ("swagger",))
        if entry.path == ("basePath",) or entry.path == _FIRST_SERVER:
            base = entry.value or ""
        parts = entry.path
        if len(parts) == 3 and parts[0] == "paths" and parts[2] == "$ref":
            found.setdefault(("*", parts[1]), entry.line)
        if len(parts) >= 3 and parts[0] == "paths" and parts[2].lower() in METHODS:
            found.setdefault((parts[2].upper(), parts[1]), entry.line)
    if is_one:
        listed = [(method, path, line) for (method, path), line in found.items()]
        yield from _written(listed[:MAX_OPERATIONS], base)


def _written(found: list[tuple[str, str, int]], base: str) -> Iterator[ContractWritten]:
    if found:
        plain = _HOST.sub("", base).rstrip("/")
        yield ContractWritten(Span(found[0][2]), tuple(found), "" if "{" in plain else plain)
