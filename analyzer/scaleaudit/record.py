"""The bases of classes that only hold values, in memory alone.

They give what `dataclasses` gives without its cost: it compiles the methods of each class from
text, half a millisecond for each of a hundred classes at every start.
"""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True):
    """Values with names that stay as they are."""


class Gathering(msgspec.Struct):
    """Values with names that are still being gathered."""
