"""Sequelize: models, with and without decorators, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.javascript.sequelize.classes import decorated_models
from scaleaudit.languages.javascript.sequelize.defined import defined_models
from scaleaudit.languages.javascript.sequelize.finds import finds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.javascript.reader import JavaScriptReader

__all__ = ["found"]


def found(reader: JavaScriptReader) -> Iterator[Fact]:
    yield from decorated_models(reader)
    yield from defined_models(reader)
    yield from finds(reader)
