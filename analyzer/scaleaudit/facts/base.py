"""What all facts share."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Name, OneOf, Parameter, Setting, Unknown

V: TypeAlias = Literal | Setting | Name | Join | Parameter | OneOf | Unknown


class FactBase(msgspec.Struct, frozen=True, array_like=True, gc=False):
    at: Span
