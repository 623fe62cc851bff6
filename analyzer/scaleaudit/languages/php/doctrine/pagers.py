"""Pages of a list: a builder that is handed to a paginator, which limits what it reads."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

    from scaleaudit.languages.php.reader import PhpReader

WORTH = regex(rb"(?i)paginat|pager|adapter\(")
# Pagerfanta's adapters and KnpPaginator. Doctrine's own Paginator reads as much as its query says.
# A name's length is bounded: the search begins anew at each of its parts.
HANDED = r"(?:\b(?:new\s+)?\\?(?:[\w\\]{1,120}\\)?(?:QueryAdapter|Doctrine(?:ORM|DBAL)\w*Adapter)|(?i:->paginate))\(\s*"
AROUND = regex(HANDED + r"$")
BEFORE = 200  # bytes


@lru_cache(maxsize=8)  # asked for each query of a file
def _is_worth(content: bytes) -> bool:
    return WORTH.search(content) is not None


def paged(reader: PhpReader, node: Node, name: str) -> bool:
    """Whether the chain, or the variable that holds it, is read page by page."""
    content = reader.content
    if not _is_worth(content):
        return False
    before = content[max(0, node.start_byte - BEFORE) : node.start_byte]
    if AROUND.search(before.decode(errors="replace")) is not None:
        return True
    function = reader.function_around(node)
    if not name or function is None:
        return False
    held = HANDED + re.escape(name) + r"(?:->getQuery\(\))?\s*[,)]"
    return re.search(held, reader.text(function)) is not None
