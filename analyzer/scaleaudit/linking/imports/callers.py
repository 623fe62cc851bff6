"""From where one function is reached, where its file alone would say too much.

A file of helpers serves requests and jobs alike. Of a function in it that only jobs call, nobody
waits for the queries. Callers are found by name alone: each place of the repository where the
name stands may be a call. So a function is taken out of the requests only when its name is known
in functions that are jobs, commands or pages of the staff, and nowhere else.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.architecture import Origin
from scaleaudit.linking.imports.callers_known import (
    CALLED_BY_LIBRARIES,
    COMMON,
    FAMILIES,
    HOOKS,
    KEEPERS,
    KNOWN_JOBS,
    KNOWN_STAFF,
    OF_SERVICES,
    OWN_LIBRARY,
    SETTINGS,
    STORES,
    TELLING,
    WEB_CLASSES,
)
from scaleaudit.linking.imports.units import Key, Unit, Units
from scaleaudit.linking.imports.unused_methods import UnusedMethods
from scaleaudit.linking.imports.web_files import WebFiles

if TYPE_CHECKING:
    from collections.abc import Collection

    from scaleaudit.facts import QueryFound
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.origins import Origins

MAX_NAMES = 200  # of callers, and their callers, that are followed from one function
MAX_SAME = 6  # files that define a name: beyond, it is a word of a framework
MAX_CALLERS = 60  # places where a name stands
LOWERED = (Origin.JOB, Origin.ADMIN)  # the one that more people wait for first
# Languages whose generators write functions for whoever may want them.
GENERATED = frozenset({"elixir"})
# And those whose files reach each other by types: which of the methods are asked, calls must tell.
TYPED = frozenset({"jvm", "csharp"})
# And those whose packages are joined by whoever starts the program.
JOINED = frozenset({"go", *TYPED})
PASSING = (Origin.TEST, Origin.MIGRATION, Origin.CLIENT)


class Callers:
    """`origin(path, scope, known)`: of the code in a function; `known`, the file's, where it tells no more."""

    def __init__(
        self, index: FactsIndex, origins: Origins, staff: Collection[Key] = frozenset()
    ) -> None:
        self._index = index
        self._origins = origins
        self._staff = staff  # names of what answers administrators alone
        self._told: dict[tuple[str, str, Origin], Origin] = {}
        self._web = WebFiles(index)
        self._known: dict[Key, Origin | None] = {}
        self._waited: dict[tuple[Key, str], bool] = {}

    def origin(self, path: str, scope: str, known: Origin) -> Origin:
        if known not in (Origin.HANDLER, Origin.UNKNOWN):
            return known
        asked = path, scope, known
        if asked not in self._told:
            self._told[asked] = self._origin(*asked)
        return self._told[asked]

    def as_asked(self, path: str, query: QueryFound, known: Origin) -> QueryFound:
        """Seldom asked, if ever, where requests lead to the file and nobody names the function."""
        if known is not Origin.HANDLER or FAMILIES.get(self._index.kind(path)) in TYPED:
            return query
        idle = self.origin(path, query.scope, known) is Origin.UNKNOWN
        return replace(query, seldom=True) if idle else query

    def unused(self, path: str, scope: str) -> bool:
        """Nobody in sight calls the function, though others of its class are called."""
        unit = self._units.around(path, scope)
        return (
            unit is not None
            and self._declared(unit) is None
            and not self._asked_for(unit)
            and self._unused.tells(unit)
        )

    def _origin(self, path: str, scope: str, known: Origin) -> Origin:
        unit = self._units.around(path, scope)
        if unit is None:
            return known
        lowered = self._declared(unit)
        if lowered is None and not self._asked_for(unit):
            lowered = self._by_callers((unit.family, unit.name))
            if lowered is None and (self._uncalled(unit, scope) or self._unused.tells(unit)):
                return Origin.UNKNOWN
        calls_tell = unit.family in TYPED or (known is Origin.UNKNOWN and unit.family in JOINED)
        if lowered is not None or not calls_tell or not unit.name:
            return lowered if lowered is not None else known
        if known is Origin.UNKNOWN and not self._origins.may_be_asked(path):
            return known
        key = unit.family, unit.name
        if known is Origin.HANDLER and not self._followed(key):
            waited = self._answers(unit) or self._origins.near_routes(path)
        else:
            waited = self._answers(unit) or self._waited_for(key, path)
        return Origin.HANDLER if waited else Origin.UNKNOWN

    def _waited_for(self, key: Key, path: str) -> bool:
        """Calls lead to it from a function that answers a request; `path`: of the file it is in."""
        start = key, path
        seen, border, found = {start}, [start], False
        while border and not found and len(seen) <= MAX_NAMES:
            each = border.pop()
            if each in self._waited:
                found = self._waited[each]
                continue
            found = self._handed_on(*each)
            for unit in self._places(each[0]) if not found else ():
                above = (unit.family, unit.name), unit.path
                found = found or self._answers(unit) or self._lost_near_routes(*above)
                if unit.name and above not in seen and self._declared(unit) is None:
                    seen.add(above)
                    border.append(above)
        if not (found or border):
            self._waited.update(dict.fromkeys(seen, False))
        self._waited[start] = found
        return found

    def _places(self, key: Key) -> list[Unit]:
        """Where a function may be called; of types also where another of its name answers requests."""
        if key[0] not in TYPED or not self._followed(key):
            return self._callers(key)
        return [unit for unit in self._units.mentioning(key) if unit.name != key[1]]

    def _handed_on(self, key: Key, path: str) -> bool:
        """One of the same name answers a request: it hands on to this one, or this one is what runs."""
        leads = self._origins.leads
        return TELLING.fullmatch(key[1]) is not None and any(
            self._answers(unit)
            and (key[0] not in TYPED or leads(unit.path, path) or leads(path, unit.path, 1))
            for unit in self._units.defined(key)
        )

    def _lost_near_routes(self, key: Key, path: str) -> bool:
        """A word that leads nowhere, as `execute`, of a class that answers requests or nearly does."""
        return (
            key[0] in TYPED
            and bool(key[1])
            and not self._followed(key)
            and self._origins.near_routes(path)
        )

    def _followed(self, key: Key) -> bool:
        """Its name tells it from other functions, so that all places where it stands are calls."""
        return (
            TELLING.fullmatch(key[1]) is not None
            and not COMMON.fullmatch(key[1])
            and not HOOKS.match(key[1])
            and not self._units.is_renamed(key[1])
            and len(self._units.mentioning(key)) <= MAX_CALLERS
            and len({unit.path for unit in self._units.defined(key)}) <= MAX_SAME
        )

    def _answers(self, unit: Unit) -> bool:
        if unit.family in TYPED:
            return self._asked_for(unit)
        handled = (unit.path, unit.name) in self._units.handlers
        return handled or unit.function.root == "framework"

    def _uncalled(self, unit: Unit, scope: str) -> bool:
        """Nobody in sight names the function, as of what a generator writes for a whole context.

        In Python a function outside of classes says by a decorator who else may call it, and hands
        out those that it makes inside; methods of other classes a library may call by name. A repository
        in PHP is there for whoever asks it, a module in `lib/` of Ruby for whoever knows it, also from
        the console.
        """
        function = unit.function
        plain = unit.family == "python" and not (
            (function.method and not keeps_queries(unit))
            or function.root
            or scope != function.scope
            or self._units.is_renamed(unit.name)
        )
        stores = unit.family == "php" and STORES.search(unit.path) is not None
        kept_aside = unit.family == "ruby" and OWN_LIBRARY.match(unit.path) is not None
        telling = "_" in unit.name or (stores and TELLING.fullmatch(unit.name) is not None)
        return (
            (plain or stores or kept_aside or unit.family in GENERATED)
            and telling
            and HOOKS.match(unit.name) is None
            and all(
                each.name == unit.name for each in self._units.mentioning((unit.family, unit.name))
            )
        )

    @cached_property
    def _unused(self) -> UnusedMethods:
        return UnusedMethods(self._units, self._origins.imports)

    @cached_property
    def _units(self) -> Units:
        return Units(self._index, lambda path: self._origins.of(path) in PASSING)

    def _declared(self, unit: Unit) -> Origin | None:
        """By what the function or its class says itself."""
        if unit.function.root == "staff" or self._answers_staff(unit):
            return Origin.ADMIN
        job = unit.function.root == "job" or (unit.path, unit.name) in self._units.jobs
        return Origin.JOB if job else None

    def _answers_staff(self, unit: Unit) -> bool:
        """Its routes are those of administrators, and no other file has a function of its name."""
        key = unit.family, unit.name
        return key in self._staff and len({each.path for each in self._units.defined(key)}) == 1

    def _asked_for(self, unit: Unit) -> bool:
        """Who calls it is a framework's to say: a route's handler, a method in a file of the web."""
        function = unit.function
        return (
            function.root == "framework"
            or (unit.path, unit.name) in self._units.handlers
            or (
                (function.method or unit.path.endswith(".kt"))
                and (self._web.answers(unit.path) or WEB_CLASSES.search(function.scope) is not None)
            )
        )

    def _by_callers(self, key: Key) -> Origin | None:
        if key not in self._known:
            self._known[key] = self._worked_out(key)
        return self._known[key]

    def _worked_out(self, key: Key) -> Origin | None:
        """JOB or ADMIN where that is all that leads to it; None where more may, or nothing does."""
        found: set[Origin] = set()
        seen, border = {key}, [key]
        while border:
            each = border.pop()
            if each in self._known:  # complete, with all that leads to it
                known = self._known[each]
                if known is None:
                    return None
                found.add(known)
                continue
            callers = self._callers(each)
            if not callers or len(seen) > MAX_NAMES:
                return None
            for unit in callers:
                origin = self._of_caller(unit)
                if origin is not None:
                    found.add(origin)
                    continue
                above = unit.family, unit.name
                if not unit.name or self._asked_for(unit):
                    return None
                if above not in seen:
                    seen.add(above)
                    border.append(above)
        return next((each for each in LOWERED if each in found), None)

    def _callers(self, key: Key) -> list[Unit]:
        """The places where a name stands; none where they cannot be all, or are none."""
        name = key[1]
        defined, mentioned = self._units.defined(key), self._units.mentioning(key)
        hook = HOOKS.match(name) and not all(OF_SERVICES.search(u.function.scope) for u in defined)
        if (
            hook
            or self._units.is_renamed(name)
            or len(mentioned) > MAX_CALLERS
            or len({unit.path for unit in defined}) > MAX_SAME
            or any(self._asked_for(unit) for unit in defined)
        ):
            return []
        planned = any(self._declared(unit) is Origin.JOB for unit in defined)
        # One of the same name hands on to it, or is what it stands for: its callers are these too.
        return [
            unit
            for unit in mentioned
            if (unit.name != name or self._declared(unit) is not None)
            and not (planned and not unit.name and SETTINGS.search(unit.path))
        ]

    def _of_caller(self, unit: Unit) -> Origin | None:
        """By itself or its file; None where its own callers have to tell."""
        declared = self._declared(unit)
        if declared is not None:
            return declared
        origin = self._origins.asking(unit.path)
        if origin is Origin.JOB:
            named = KNOWN_JOBS.search(unit.path) and not self._origins.beside_routes(unit.path)
            return origin if named or self._origins.works(unit.path) else None
        if origin is Origin.ADMIN:
            return origin if KNOWN_STAFF.search(unit.path) else None
        return None


def keeps_queries(unit: Unit) -> bool:
    """A method in Python of a class that keeps queries for others of the same repository to call."""
    place = f"{unit.path}#{unit.function.scope.rpartition('.')[0]}"
    return KEEPERS.search(place) is not None and not CALLED_BY_LIBRARIES.fullmatch(unit.name)
