"""What PHP leaves on its own machine: files, and sessions in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.patterns import NONE, SECOND, Pattern, Session, Write
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
    Write(
        callees=("file_put_contents",),
        library="php",
        when=lambda site, reader: not to_stream(site, reader),
    ),
    Write(callees=("fopen",), library="php", when=writes),
    Write(callees=("move_uploaded_file",), library="php", target=SECOND, purpose="upload"),
)
