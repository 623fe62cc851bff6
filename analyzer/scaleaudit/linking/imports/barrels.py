"""Files of scripts that only hand on what others export: what is taken out of them by name leads to
the files that are called so.

`import { OrdersModule } from "@shop/common"` uses `orders/orders.module.ts`, and nothing else of the
library whose `index.ts` exports everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.names import relaxed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

SCRIPTS = ("javascript", "typescript", "tsx")
WHOLE = ("*", "")
INDEX = "index"
MAX_DEPTH = 4  # of barrels that hand on barrels


def past_barrels(
    index: FactsIndex, modules: Modules, imports: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """The same imports, where a file takes from such a file only what is found by its name."""
    barrels = {
        path
        for path, fact in index.imports_by_question
        if WHOLE in fact.names and path.rpartition("/")[2].partition(".")[0] == INDEX
        and index.kind(path) in SCRIPTS and not index.has_functions(path)
    }  # fmt: skip
    found = dict(imports)
    behind: dict[str, dict[str, set[str]]] = {}
    for path, targets in imports.items():
        if path in barrels or barrels.isdisjoint(targets):
            continue
        taken: dict[str, set[str]] = {}
        for target, name in modules.names.get(path, {}).values():
            if target in barrels:
                taken.setdefault(target, set()).add(name)
        kept: dict[str, None] = {}
        for target in targets:
            if target in taken and target not in behind:
                behind[target] = _behind(target, imports, barrels)
            homes = [_home(each, behind[target]) for each in taken.get(target, ())]
            named = homes and all(homes)
            kept |= dict.fromkeys(homes if named else [target])
        found[path] = list(kept)
    return found


def _home(name: str, behind: Mapping[str, set[str]]) -> str:
    """The one file that is called as what is taken: empty when none or several are."""
    fitting = behind.get(relaxed(name), set()) if name else set()
    return next(iter(fitting)) if len(fitting) == 1 else ""


def _behind(
    barrel: str, imports: Mapping[str, list[str]], barrels: set[str]
) -> dict[str, set[str]]:
    """The files that a barrel hands on, itself or through others, by what they are called."""
    found: dict[str, set[str]] = {}
    border, seen = [barrel], {barrel}
    for _ in range(MAX_DEPTH):
        below: list[str] = []
        for each in border:
            for target in imports.get(each, ()):
                found.setdefault(relaxed(target.rpartition("/")[2].rpartition(".")[0]), set()).add(
                    target
                )
                if target in barrels and target not in seen:
                    seen.add(target)
                    below.append(target)
        border = below
    return found
