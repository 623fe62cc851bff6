"""Laravel's files of configuration: `config('services.stock.url')` is in `config/services.php`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ConstantDefined, SettingDefined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.facts_index import FactsIndex

RETURNED = "return."  # how the entries of an array that a file returns are called


def returned_settings(index: FactsIndex) -> Iterator[tuple[str, SettingDefined]]:
    """(path, setting) for the entries of arrays in `config` folders, keys as `config()` takes them."""
    for path, constant in index.of(ConstantDefined):
        if not constant.name.startswith(RETURNED):
            continue
        folder, _, file = path.rpartition("/")
        if folder.rpartition("/")[2] == "config" and file.endswith(".php"):
            key = f"{file.removesuffix('.php')}.{constant.name.removeprefix(RETURNED)}"
            yield path, SettingDefined(constant.at, key, constant.value, "laravel")
