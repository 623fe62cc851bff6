"""Mongoose: schemas of collections, and queries on their models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.mongoose.calls import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import ModelDefined
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["defined_models", "queries"]


def defined_models(reader: JavaScriptReader) -> Iterator[ModelDefined]:
    if b"mongoose" in reader.content:
        from scaleaudit.languages.javascript.mongoose.models import models

        yield from models(reader)
