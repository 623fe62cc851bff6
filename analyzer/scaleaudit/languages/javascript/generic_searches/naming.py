"""What classes and objects are called that keep the rows of a model."""

from __future__ import annotations

import re

from scaleaudit.regex import regex

KEEPER_NAMES = (
    b"epo", b"ervice", b"Dao", b"DAO", b"Crud", b"CRUD", b"Store", b"Manager", b"Gateway", b"Base",
)  # fmt: skip
KEEPER = regex(r"repo|dao|crud|store|manager|service|gateway|base", re.IGNORECASE)


def keeps(name: str) -> bool:
    return KEEPER.search(name.rpartition(".")[2]) is not None
