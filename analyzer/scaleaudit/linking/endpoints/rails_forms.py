"""Routes of Rails' resources that only pages have: an application without them has no forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below

if TYPE_CHECKING:
    from scaleaudit.facts import EndpointServed
    from scaleaudit.linking.facts_index import FactsIndex

FORMS = {"new": "/new", "edit": "/edit"}  # action -> how its path ends


class RailsForms:
    def __init__(self, index: FactsIndex) -> None:
        # `shop/config/application.rb` speaks for all of `shop/`.
        self._without = {
            folder_of(folder_of(path))
            for path, setting in index.of(SettingDefined)
            if setting.source == "rails" and setting.key == "rails.api_only"
        }

    def none_at(self, path: str, served: EndpointServed, full: str) -> bool:
        """It is a form of a resource, in an application that has no pages."""
        ending = FORMS.get(served.handler.rpartition("#")[2])
        return (
            ending is not None
            and full.endswith(ending)
            and any(is_below(path, folder) for folder in self._without)
        )
