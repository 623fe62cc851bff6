"""Imports sqlglot without what it needs for dialects that are installed beside it.

It imports `importlib.metadata` to look for them, which brings readers of mail and sockets: a fifth of
the whole import. Dialects are asked for by names that sqlglot has itself; should one be missing, the
stand-in looks with the real module.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

METADATA = "importlib.metadata"


@cache
def import_sqlglot() -> None:
    if METADATA in sys.modules:
        return
    stand_in = ModuleType(METADATA)
    stand_in.__dict__["entry_points"] = _entry_points
    sys.modules[METADATA] = stand_in
    try:
        import_module("sqlglot")
    finally:
        del sys.modules[METADATA]


def _entry_points(**chosen: Any) -> Any:
    from importlib.metadata import entry_points

    return entry_points(**chosen)
