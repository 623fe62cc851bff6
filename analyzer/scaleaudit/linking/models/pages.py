"""Whether frameworks cut the lists that they answer with into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

PREFIX = "REST_FRAMEWORK."
OWN = "rest_framework.pagination."  # without `PAGE_SIZE` these make pages for those who ask


def pages_by_default(index: FactsIndex) -> bool:
    """What some settings of the repository say to Django's REST framework."""
    said = {
        fact.name.removeprefix(PREFIX): fact.value.text
        for _, fact in index.of(ConstantDefined)
        if fact.name.startswith(PREFIX) and isinstance(fact.value, Literal)
    }
    pages = said.get("DEFAULT_PAGINATION_CLASS", "")
    sized = "PAGE_SIZE" in said or "PAGINATE_BY" in said
    return "PAGINATE_BY" in said or (bool(pages) and (sized or not pages.startswith(OWN)))
