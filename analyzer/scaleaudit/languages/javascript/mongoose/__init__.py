"""Mongoose: schemas of collections, and queries on their models."""

from scaleaudit.languages.javascript.mongoose.calls import queries
from scaleaudit.languages.javascript.mongoose.models import models

__all__ = ["models", "queries"]
