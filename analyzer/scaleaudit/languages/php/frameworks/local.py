"""What PHP leaves on its own machine: files, and sessions in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import (
    FIRST,
    NONE,
    SECOND,
    Arg,
    Pattern,
    Session,
    Write,
)
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

HANDLED = regex(rb"session_set_save_handler|session\.save_handler|SessionHandlerInterface")
MODE = regex(r"^['\"][waxc]")
STREAM = regex(r"php://")


def own_sessions(site: CallSite, reader: Reader) -> bool:
    """PHP's own sessions, which live in files unless somebody handles them."""
    return HANDLED.search(reader.content) is None


def handler_set(site: CallSite, reader: Reader) -> bool:
    """`ini_set("session.save_handler", "redis")`; "files" is what PHP does by itself."""
    if not site.args or "session.save_handler" not in reader.text(site.args[0])[:60]:
        return False
    store = site.argument(1, "value")
    return store is not None and reader.text(store).strip("'\"") != "files"


def writes(site: CallSite, reader: Reader) -> bool:
    mode = reader.text(site.args[1]) if len(site.args) > 1 else ""
    return bool(MODE.match(mode)) and not to_stream(site, reader)


def to_stream(site: CallSite, reader: Reader) -> bool:
    """`php://output`, `php://memory`: no file."""
    return bool(site.args) and bool(STREAM.search(reader.text(site.args[0])[:200]))


LOCAL: tuple[Pattern, ...] = (
    Session(
        callees=("session_start",), library="php", default="file", store_arg=NONE, when=own_sessions
    ),
    # A handler of PHP's own is named by a word that tells its store: redis, memcached.
    Session(
        callees=("ini_set",),
        library="php",
        default="unknown",
        store_arg=Arg(1, ("value",)),
        when=handler_set,
    ),
    Session(
        callees=("session_set_save_handler",),
        library="php",
        default="unknown",
        store_arg=FIRST,  # `new RedisSessionHandler`: the class says where they go
    ),
    Write(
        callees=("file_put_contents",),
        library="php",
        when=lambda site, reader: not to_stream(site, reader),
    ),
    Write(callees=("fopen",), library="php", when=writes),
    Write(callees=("move_uploaded_file",), library="php", target=SECOND, purpose="upload"),
)
