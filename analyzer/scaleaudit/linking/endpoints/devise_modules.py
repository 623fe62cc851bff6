"""Which of devise's routes there are: those of the modules that the model names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import DEVISE, SettingDefined
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from scaleaudit.facts import EndpointServed
    from scaleaudit.linking.facts_index import FactsIndex

USUAL = "database_authenticatable"  # where no model is seen


class DeviseModules:
    def __init__(self, index: FactsIndex) -> None:
        self._modules: dict[str, list[tuple[str, str]]] = {}
        for path, setting in index.of(SettingDefined):
            if setting.source == DEVISE.strip():
                known = self._modules.setdefault(setting.key, [])
                known.append((path, literal_text(setting.value) or ""))

    def none_at(self, path: str, served: EndpointServed) -> bool:
        """It is a route of a module that the model does without."""
        if not served.framework.startswith(DEVISE):
            return False
        module, _, model = served.framework.removeprefix(DEVISE).partition(" ")
        root = folder_of(folder_of(path))  # of `config/routes.rb`
        named = [
            modules
            for where, modules in self._modules.get(model.rpartition("::")[2], ())
            if is_below(where, root)
        ]
        if not named:
            return module != USUAL
        return not any(module in modules.split() for modules in named)
