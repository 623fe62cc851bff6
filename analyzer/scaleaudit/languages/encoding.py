"""Sources in another encoding than UTF-8, or in none."""

from __future__ import annotations


def as_utf8(content: bytes) -> bytes:
    """The same number of bytes, with `?` for each that is no UTF-8.

    The predicates of tree-sitter's queries end the whole process on other bytes.
    """
    if content.isascii():
        return content
    try:
        content.decode()
    except UnicodeDecodeError:
        return content.decode("utf-8", "surrogateescape").encode("utf-8", "replace")
    return content
