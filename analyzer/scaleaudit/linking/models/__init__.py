"""Object mappers: whose table a class is, and what a query on classes asks of tables."""

from scaleaudit.linking.models.engines import engines_of, on_engine, opened_engines
from scaleaudit.linking.models.lazy import lazy_loads
from scaleaudit.linking.models.links import Links
from scaleaudit.linking.models.models import Models
from scaleaudit.linking.models.queries import orm_queries
from scaleaudit.linking.models.spellings import Spellings
from scaleaudit.linking.models.tables import with_models

__all__ = [
    "Links",
    "Models",
    "Spellings",
    "engines_of",
    "lazy_loads",
    "on_engine",
    "opened_engines",
    "orm_queries",
    "with_models",
]
