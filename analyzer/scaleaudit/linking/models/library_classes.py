"""Classes of libraries that files of PHP import, which may be called as a model is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex


def library_classes(index: FactsIndex) -> set[tuple[str, str]]:
    r"""(file, short name): `use Stripe\Account`, where no file here declares the namespace."""
    own = {namespace.lower() for namespace in index.namespaces.values() if namespace}
    found = set()
    for path, fact in index.importing(lambda module: "\\" in module):
        namespace, _, name = fact.module.rpartition("\\")
        if namespace and index.kind(path) == "php" and namespace.strip("\\").lower() not in own:
            found.add((path, fact.alias or name))
    return found
