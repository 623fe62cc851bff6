"""Text from an audited repository, made harmless for the place where it is printed.

File names, notes and messages are attacker text: they may hold terminal escapes, newlines,
Markdown, HTML, mentions, workflow commands, quotes. Each function here answers for one
language; every renderer passes all it did not write itself through one of them.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from scaleaudit.regex import regex

# C0, DEL, C1; marks that reorder or hide text; line separators; lone surrogates (bytes of a
# file name that are not UTF-8); tag characters.
_UNSEEN = regex(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    """Every character that would act instead of being seen, as a backslash escape."""
    return _UNSEEN.sub(_seen, text)


def _seen(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8, as Python carries it
        return f"\\x{code - 0xDC00:02x}"
    if character in _NAMED:
        return _NAMED[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


# -- terminals and logs ----------------------------------------------------------------------


def no_commands(line: str) -> str:
    """A log line that GitHub's runner does not take for a workflow command.

    The runner looks for `::` after leading blanks, and for the older `##[` anywhere.
    """
    blanks = len(line) - len(line.lstrip())
    if line.startswith("::", blanks):
        line = f"{line[:blanks]}: :{line[blanks + 2 :]}"
    return line.replace("##[", "# #[")


def command_data(text: str) -> str:
    """The message of a workflow command."""
    return visible(text).replace("%", "%25")


def command_property(text: str) -> str:
    """A property of a workflow command."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


# -- Markdown --------------------------------------------------------------------------------

_MARKDOWN = regex(r"[\\`*_{}\[\]()#+!|~$]|(?m:^)\s*(?:[-=]|\d+[.)])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_ZERO_WIDTH = "&#8203;"


def markdown(text: str) -> str:
    """Running text: no markup, no HTML, no links, no mentions, no references to issues."""
    safe = "".join(_ENTITIES.get(character, character) for character in visible(text))
    safe = _MARKDOWN.sub(lambda match: re.sub(r"([^\s0-9])", r"\\\1", match[0]), safe)
    # An entity would be decoded before mentions and links are looked for: break the words.
    safe = re.sub(r"@(?=\w)", f"@{_ZERO_WIDTH}", safe)
    safe = re.sub(r"(?i)\b(https?|ftp|mailto|xmpp):", rf"\1{_ZERO_WIDTH}:", safe)
    safe = re.sub(r"(?i)\bwww\.", f"www{_ZERO_WIDTH}.", safe)
    return re.sub(r"(?i)(\\#|\bGH-)(?=\d)", rf"\1{_ZERO_WIDTH}", safe)


def markdown_code(text: str) -> str:
    """A code span, also inside a table; mentions and links do not work in one."""
    seen = visible(text).replace("|", "\\|") or " "
    longest = max((len(run) for run in re.findall("`+", seen)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if seen.startswith("`") or seen.endswith("`") else ""
    return f"{fence}{pad}{seen}{pad}{fence}"


# -- documents -------------------------------------------------------------------------------


def json_text(document: str) -> str:
    """A JSON document whose strings hold no character that a terminal would act on."""
    return _UNSEEN.sub(
        lambda match: match[0] if match[0] in "\n\t\r" else _json_escape(match[0]), document
    )


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def storable(text: str) -> str:
    """Text that can be encoded as UTF-8: lone surrogates become backslash escapes."""
    return re.sub("[\ud800-\udfff]", _seen, text)


def uri_path(path: str) -> str:
    """A POSIX path as a relative URI; bytes that are not UTF-8 keep their value."""
    encoded = quote(path.encode("utf-8", "surrogateescape" if _carried(path) else "replace"))
    # The first segment of a relative reference must not look like a scheme.
    head, slash, tail = encoded.partition("/")
    return head.replace(":", "%3A") + slash + tail


def _carried(path: str) -> bool:
    """Whether all lone surrogates are bytes as `os.fsdecode` carries them."""
    return all("\udc80" <= c <= "\udcff" for c in path if "\ud800" <= c <= "\udfff")


# -- graph languages -------------------------------------------------------------------------


def dot_string(text: str) -> str:
    """A quoted DOT string; a backslash would start an escape in a label."""
    escaped = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_MERMAID = regex(r"""["'#&<>`%{}\[\]()|;\\@:]""")


def mermaid_label(text: str) -> str:
    """The inside of a quoted Mermaid label, as entity codes where Mermaid would read syntax."""
    return _MERMAID.sub(lambda match: f"#{ord(match[0])};", visible(text))
