"""Whether frameworks cut the lists that they answer with into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Clause, Condition, ConstantDefined
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex

PREFIX = "REST_FRAMEWORK."
DEFAULT = f"{PREFIX}DEFAULT_PAGINATION_CLASS"
ORDERING = ".ordering"
USUAL = "-created"  # of the framework's own class: `CursorPagination.ordering`
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


class PageOrders:
    """By the name of a class that makes pages, the order in which these follow each other."""

    def __init__(self, index: FactsIndex) -> None:
        self._orders: dict[str, set[str]] = {}
        self._default = ""
        for _, fact in index.of(ConstantDefined):
            if not isinstance(fact.value, Literal):
                continue
            if fact.name == DEFAULT:
                self._default = fact.value.text
            elif fact.name.endswith(ORDERING):
                name = fact.name.removesuffix(ORDERING)
                self._orders.setdefault(name, set()).add(fact.value.text)

    def of(self, pages: str) -> tuple[Condition, ...]:
        """Empty where the class is not known, or several of its name differ; `pages` "": the settings' own."""
        written = pages or self._default
        if written == f"{OWN}CursorPagination":
            orders = {USUAL}
        else:
            orders = self._orders.get(written.rpartition(".")[2], set())
        if len(orders) != 1:
            return ()
        return tuple(
            Condition(name.lstrip("-").replace("__", "."), "sort", Clause.SORT)
            for name in next(iter(orders)).split()
        )
