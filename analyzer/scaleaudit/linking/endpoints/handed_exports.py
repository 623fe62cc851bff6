"""Where what a module exports stands: in its own file, or in one whose exports it hands on; of
scripts, and of packages of Python."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

SCRIPTS = ("javascript", "typescript", "tsx")
WHOLE = "*"
MAX_MODULES = 100  # looked at for one name


class HandedExports:
    """What `export { name } from "..."` and its like lead to."""

    def __init__(self, index: FactsIndex, modules: Modules) -> None:
        self._index, self._modules = index, modules

    @cached_property
    def _wholes(self) -> dict[str, list[str]]:
        """All that a file exports, the file hands on."""
        index, modules = self._index, self._modules
        found: dict[str, list[str]] = {}
        for path, fact in index.imports_by_question:
            if (WHOLE, "") in fact.names and index.kind(path) in (*SCRIPTS, "python"):
                script = index.kind(path) != "python"
                target = (modules.script if script else modules.python_module)(path, fact.module)
                if target is not None:
                    found.setdefault(path, []).append(target)
        return found

    def home(self, file: str, name: str) -> list[tuple[str, str, bool]]:
        """(file, name there, whether it is sure), an empty name for the module itself."""
        found: list[tuple[str, str, bool]] = []
        todo, seen = [(file, name, True)], {(file, name)}
        for _ in range(MAX_MODULES):  # names may grow without end: `import { "a.a" as a }`
            if not todo:
                break
            at, wanted, sure = todo.pop()
            first, _, rest = wanted.partition(".")
            behind = self._modules.names.get(at, {}).get(first)
            if behind is not None:
                inner = "" if behind[1] == WHOLE or (rest and behind[1] == "default") else behind[1]
                further = [(behind[0], ".".join(part for part in (inner, rest) if part), sure)]
            else:
                found.append((at, wanted, sure))
                # `export *` leaves the default export out; `module.exports = require(...)` does not
                further = [(each, wanted, not wanted) for each in self._wholes.get(at, ())]
            for where, there, certain in further:
                if (where, there) not in seen and (behind is not None or there != "default"):
                    seen.add((where, there))
                    todo.append((where, there, certain))
        return found
