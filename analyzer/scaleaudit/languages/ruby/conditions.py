"""What a callee's name alone does not tell: modes, upload handling, loops in threads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.languages.ruby.names import NameReader
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Setting, text_with_holes

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

WRITING = regex(r"^[wa]")
UPLOAD = regex(
    r"\boriginal_filename\b|\bUploadedFile\b|\bparams(?:\[|\.(?:require|fetch|dig)\()[^\n]{0,60}"
    r"(?:file|upload|attachment|avatar|image|photo)\b|\[:tempfile\]|\.tempfile\b",
    re.IGNORECASE,
)
ENDLESS = regex(r"\bloop\b|\bwhile[ (]+true\b|\buntil[ (]+false\b")
SLEEP = regex(r"\bsleep\b")
JOINED = regex(r"\.(?:join|value)\b|&:(?:join|value)\b")
DATA = regex(
    r"\.perform_(?:later|async|now|in|bulk)\b|\.deliver_(?:now|later)\b|\.(?:find_each|delete_all|destroy_all"
    r"|update_all|insert_all|create!?|save!?|destroy!?|update!?)\b"
)
BRANCHES = frozenset({"if", "unless", "else", "elsif", "case", "conditional", "if_modifier"})
MAX_BODY = 20_000


def around_text(site: CallSite, reader: Reader) -> str:
    around = reader.function_around(site.node)
    if around is None or around.end_byte - around.start_byte > MAX_BODY:
        return ""
    return reader.text(around)


def writes_upload(site: CallSite, reader: Reader) -> bool:
    return UPLOAD.search(around_text(site, reader)) is not None


def opened_to_write(site: CallSite, reader: Reader) -> bool:
    """`File.open(path, "wb")`, `File.open(path, mode: "a")`, `File.new(path, File::CREAT)`."""
    mode = site.argument(1, "mode")
    if mode is None:
        return False
    value = reader.value(mode)
    if isinstance(value, Literal):
        return WRITING.match(value.text) is not None
    text = reader.text(mode)
    return "WRONLY" in text or "CREAT" in text


def both(first: Condition, second: Condition) -> Condition:
    return lambda site, reader: first(site, reader) and second(site, reader)


def neither(condition: Condition) -> Condition:
    return lambda site, reader: not condition(site, reader)


def block_text(site: CallSite, reader: Reader) -> str:
    block: Node | None = site.node.child_by_field_name("block")
    if block is None or block.end_byte - block.start_byte > MAX_BODY:
        return ""
    return reader.text(block)


def works_on_data(site: CallSite, reader: Reader) -> bool:
    """Over and over, it changes data or hands out jobs; one that reports figures does not."""
    text = block_text(site, reader)
    if site.callee.startswith("Thread.") and not (ENDLESS.search(text) and SLEEP.search(text)):
        return False
    return DATA.search(text) is not None


def left_alone(site: CallSite, reader: Reader) -> bool:
    """A thread that the method does not wait for."""
    if site.callee.startswith("Thread.") and works_on_data(site, reader):
        return False
    return JOINED.search(around_text(site, reader)) is None


def shares_lock(site: CallSite, reader: Reader) -> bool:
    """A lock of the scheduler's own that is no file of one machine."""
    return site.client is not None and (
        "scheduler_lock" in site.client.keywords or "trigger_lock" in site.client.keywords
    )


def in_clockwork(site: CallSite, reader: Reader) -> bool:
    if b"lockwork" not in reader.content or not isinstance(reader, NameReader):
        return False
    holder = reader.holder_around(site.node) or reader.declared.top
    return site.callee == "Clockwork.every" or (
        site.callee == "every" and (holder.name == "Clockwork" or "Clockwork" in holder.included)
    )


def uses(*middleware: str) -> Condition:
    """`use Rack::Session::Pool`, by the constant given first."""

    def given(site: CallSite, reader: Reader) -> bool:
        first = site.args[0] if site.args else None
        return (
            first is not None
            and isinstance(reader, NameReader)
            and reader.constant_name(first) in middleware
        )

    return given


def unconditional(site: CallSite, reader: Reader) -> bool:
    """Not in a branch, where the other one may be what runs in production."""
    return not any(above.type in BRANCHES for above in reader.ancestors(site.node))


def of_object(site: CallSite, reader: Reader) -> bool:
    """`URI("http://...").open`, not the module's own `URI.open("http://...")`."""
    return site.client is not None


def says_where(site: CallSite, reader: Reader) -> bool:
    """Not `establish_connection` by the name of an environment, nor after a fork."""
    if any(key in site.keywords for key in ("adapter", "url", "host", "database")):
        return True
    value = reader.value(site.args[0]) if site.args else None
    return isinstance(value, Setting | Join) or (isinstance(value, Literal) and "://" in value.text)


def of_web_address(site: CallSite, reader: Reader) -> bool:
    """`open("https://...")`, which is a file's without such a beginning."""
    if not site.args or site.callee != "open":
        return False
    return text_with_holes(reader.value(site.args[0])).startswith(("http://", "https://"))


def of_job_class(site: CallSite, reader: Reader) -> bool:
    """The receiver is a constant, or the class around: no local object of the same method."""
    head = site.callee.rpartition(".")[0]
    if not head or head == "self":
        return isinstance(reader, NameReader) and reader.holder_around(site.node) is not None
    return head[:1].isupper()
