"""Django's templates and Jinja's: `{% for order in orders %}{{ order.customer.name }}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.templates.steps import Steps, read_template
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.facts import FileFacts

ENGINE = "django"
NAME = rb"[A-Za-z_]\w*"
PATH = rb"[A-Za-z_]\w*(?:\.\w+|\(\))*"
LOOP = regex(
    rb"for\s+(?P<names>[\w,\s()]{1,80}?)\s+in\s+(?P<path>" + PATH + rb")(?P<rest>[^%]{0,200})$"
)
INCLUDE = regex(rb"include\s+[\"'](?P<name>[\w./-]+)[\"'](?P<rest>.*)$", 16)
WITH = regex(rb"(?:with|set)\s+(?P<rest>.*)$", 16)
GIVEN = regex(rb"(?P<name>" + NAME + rb")\s*=\s*(?P<path>" + PATH + rb")")
OLD_WITH = regex(rb"with\s+(?P<path>" + PATH + rb")\s+as\s+(?P<name>" + NAME + rb")\s*$")
DOTTED = regex(rb"(?<![\w.\"'/-])(?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*(?:\(\))?)+)(?![\w\"'/(-])")
STRING = regex(rb"\"[^\"\n]*\"|'[^'\n]*'")
FEW = regex(rb"slice:\s*[\"']:(\d+)[\"']|\[:(\d+)\]")
MAX_PIECES = 4_000
MAX_FEW = 10
PLAIN = frozenset({"forloop", "loop", "request", "block", "user", "settings", "super", "self"})


def extract(content: bytes) -> FileFacts:
    return read_template(content, ENGINE, pieces)


def pieces(steps: Steps) -> None:
    content = steps.content
    end = 0
    hidden = ""  # the tag that ends what is no code
    for _ in range(MAX_PIECES):
        start = content.find(b"{", end)
        while 0 <= start < len(content) - 1 and content[start + 1] not in b"{%":
            start = content.find(b"{", start + 1)
        if start < 0 or start + 2 >= len(content):
            return
        is_tag = content[start + 1 : start + 2] == b"%"
        end = content.find(b"%}" if is_tag else b"}}", start)
        if end < 0:
            return
        code = content[start + 2 : end].strip(b" \t\r\n-+")
        if hidden:
            hidden = "" if code.startswith(hidden.encode()) else hidden
        elif is_tag and code.startswith((b"comment", b"verbatim", b"raw")):
            hidden = "end" + code.split()[0].decode("ascii", "replace")
        elif is_tag:
            tag(steps, code, start)
        else:
            values(steps, code, start)


def tag(steps: Steps, code: bytes, at: int) -> None:
    if code.startswith(b"for "):
        loop(steps, code, at)
    elif code.startswith(b"endfor"):
        steps.add("end", at)
    elif code.startswith(b"include"):
        include(steps, code, at)
    elif code.startswith((b"with ", b"set ")):
        bind(steps, code, at)
    elif not code.startswith((b"end", b"block", b"extends", b"load", b"import", b"from", b"macro")):
        values(steps, code, at)


def loop(steps: Steps, code: bytes, at: int) -> None:
    found = LOOP.match(code)
    name, path = "", "<unknown>"
    if found is not None:
        name = text(found["names"]).strip()
        path = plain(found["path"])
        few = FEW.search(found["rest"])
        if few is not None and int(few[1] or few[2]) <= MAX_FEW:
            path = "<unknown>"
    steps.add("each", at, name, path)


def include(steps: Steps, code: bytes, at: int) -> None:
    found = INCLUDE.match(code)
    if found is None:
        return
    given = tuple((text(g["name"]), plain(g["path"])) for g in GIVEN.finditer(found["rest"]))
    steps.add("include", at, text(found["name"]), given=given)


def bind(steps: Steps, code: bytes, at: int) -> None:
    old = OLD_WITH.match(code)
    found = [old] if old is not None else GIVEN.finditer(code)
    for each in found:
        path = plain(each["path"])
        steps.add("read", at, path=path)
        steps.add("with", at, text(each["name"]), path)


def values(steps: Steps, code: bytes, at: int) -> None:
    for match in DOTTED.finditer(STRING.sub(b"''", code)):
        path = plain(match["path"])
        if path.partition(".")[0] not in PLAIN:
            steps.add("read", at, path=path)


def plain(path: bytes) -> str:
    return text(path.replace(b"()", b""))


def text(written: bytes) -> str:
    return written.decode("utf-8", "replace")
