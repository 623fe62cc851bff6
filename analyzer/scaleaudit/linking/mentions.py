"""Which files mention a name in their functions; what is asked for is noted (`asked_names`)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.facts import sign_of, signs_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from scaleaudit.asked_names import Asking
    from scaleaudit.facts import NamedFunction, Sign


class Mentions:
    def __init__(self, functions: Mapping[str, Sequence[NamedFunction]], asking: Asking) -> None:
        self._functions = functions
        self._asking = asking

    def of(self, names: Collection[str]) -> Iterator[tuple[str, set[str]]]:
        """Each file that mentions some of the names, with these; names of one sign go together."""
        self._asking.names.update(names)
        by_sign: dict[Sign, set[str]] = {}
        for name in names:
            by_sign.setdefault(sign_of(name), set()).add(name)
        for path, signs in self._signs.items():
            found = signs & by_sign.keys()
            if found:
                yield path, set().union(*(by_sign[sign] for sign in found))

    def stands(self, name: str) -> bool:
        """Whether any file mentions it; so it is taken for where no names are known at all."""
        self._asking.names.add(name)
        if not self._everywhere:
            self._asking.whole = True  # the first name that any file mentions changes the answer
        return not self._everywhere or sign_of(name) in self._everywhere

    @cached_property
    def _signs(self) -> dict[str, set[Sign]]:
        return {
            path: set(signs_in(b"".join([function.names for function in functions])))
            for path, functions in self._functions.items()
        }

    @cached_property
    def _everywhere(self) -> set[Sign]:
        return set().union(*self._signs.values())
