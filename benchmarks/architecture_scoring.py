"""Counts what a recovered architecture has right: components, connections, endpoints.

The counting follows the published comparisons of recovery tools: every item is found, invented or
missed, and none weighs more than another. Names are compared strictly: equal without case, `-`,
`_` and blanks; equal to an alias; or equal without one ending such as `-service`. A component
named twice is one found and one invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ENDINGS = ("microservice", "service", "server", "svc")
SHORTEST = 3  # characters that must be left without the ending
PEOPLE = frozenset({"external", "user", "actor", "person"})  # kinds under which a human may go
PARAMETER = re.compile(r"\{.*\}|:[\w*?+()]+|<.*>|\*+|\[.*\]")

Pair = tuple[str, str]


class Direction(StrEnum):
    PUBLISHED = "published"  # arrows of the data set: the way that data flows
    INITIATOR = "initiator"  # from the side that opens the connection
    UNDIRECTED = "undirected"


@dataclass(frozen=True)
class Tally:
    """Items of one kind; precision, recall and F1 are 1 where nothing was asked or said."""

    found: int = 0
    invented: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.found + other.found, self.invented + other.invented, self.missed + other.missed
        )

    @property
    def precision(self) -> float:
        said = self.found + self.invented
        return self.found / said if said else float(not self.missed)

    @property
    def recall(self) -> float:
        asked = self.found + self.missed
        return self.found / asked if asked else 1.0

    @property
    def f1(self) -> float:
        weight = 2 * self.found + self.invented + self.missed
        return 2 * self.found / weight if weight else 1.0


@dataclass(frozen=True)
class Verdicts:
    """The items themselves, as lines for people."""

    found: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def tally(self) -> Tally:
        return Tally(len(self.found), len(self.invented), len(self.missed))


@dataclass(frozen=True)
class Score:
    components: Verdicts
    connections: Verdicts
    endpoints: Verdicts | None  # None: the truth lists none, or not all

    def parts(self) -> Iterator[tuple[str, Verdicts]]:
        yield "components", self.components
        yield "connections", self.connections
        if self.endpoints is not None:
            yield "endpoints", self.endpoints


def plain(name: object) -> str:
    return re.sub(r"[-_\s]+", "", str(name).strip().lower())


def without_ending(name: str) -> str:
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) >= len(ending) + SHORTEST:
            return name.removesuffix(ending)
    return name


def plain_path(path: object) -> str:
    """Without query, doubled or closing slashes; all parameters look alike; case counts."""
    bare = re.split(r"[?#]", str(path).strip().strip("\"'"), maxsplit=1)[0]
    segments = (part for part in bare.split("/") if part)
    return "/" + "/".join("{}" if PARAMETER.fullmatch(part) else part for part in segments)


class Names:
    """Finds the component of the truth that a name means."""

    def __init__(self, components: Iterable[Mapping[str, Any]]) -> None:
        self._people: dict[str, str] = {}
        self._tiers: tuple[dict[str, list[Mapping[str, Any]]], ...] = ({}, {}, {})
        exact, alias, ending = self._tiers
        for each in components:
            names = [plain(each["name"]), *map(plain, each.get("aliases", ()))]
            exact.setdefault(names[0], []).append(each)
            for name in dict.fromkeys(names[1:]):
                alias.setdefault(name, []).append(each)
            for name in dict.fromkeys(map(without_ending, names)):
                if len(name) >= SHORTEST:
                    ending.setdefault(name, []).append(each)
            if each.get("role") == "user":
                self._people.update(dict.fromkeys(names, each["name"]))

    def find(self, name: str, kind: str) -> str | None:
        wanted = plain(name)
        if kind in PEOPLE and wanted in self._people:
            return self._people[wanted]
        for tier, key in zip(self._tiers, (wanted, wanted, without_ending(wanted)), strict=True):
            fitting = [
                each
                for each in tier.get(key, ())
                if each.get("role") != "user" or not kind or kind in PEOPLE
            ]
            if len(fitting) > 1:  # the kind decides, or the name stays ambiguous
                fitting = [each for each in fitting if kind and each.get("kind") == kind]
            if len(fitting) == 1:
                return str(fitting[0]["name"])
        return None


class _Reading:
    """A prediction, read with the names of one truth."""

    OPTIONAL = "\0"  # meant something that is neither asked for nor counted against

    def __init__(self, truth: Mapping[str, Any], prediction: Mapping[str, Any]) -> None:
        self._wanted = Names(truth["components"])
        self._optional = Names(
            each if isinstance(each, dict) else {"name": each}
            for each in truth.get("optional_components", ())
        )
        self._any_external = bool(truth.get("ignore_other_external"))
        self.kinds: dict[str, str] = {}
        for each in prediction.get("components", ()):
            self.kinds.setdefault(str(each["name"]), str(each.get("kind") or "").lower())
        self._plain_kinds = {plain(name): kind for name, kind in reversed(self.kinds.items())}
        self._known: dict[str, str | None] = {}

    def meaning(self, name: str) -> str | None:
        if name not in self._known:
            self._known[name] = self._meaning(name)
        return self._known[name]

    def _meaning(self, name: str) -> str | None:
        kind = self.kinds.get(name, self._plain_kinds.get(plain(name), ""))
        found = self._wanted.find(name, kind)
        if found is None and (
            self._optional.find(name, kind) is not None
            or (self._any_external and kind == "external")
        ):
            return self.OPTIONAL
        return found


def score(
    truth: Mapping[str, Any],
    prediction: Mapping[str, Any],
    direction: Direction = Direction.INITIATOR,
) -> Score:
    """Both are dictionaries with `components`, `connections` and `endpoints`."""
    reading = _Reading(truth, prediction)
    return Score(
        _components(truth, reading),
        _connections(truth, prediction, reading, direction),
        _endpoints(truth, prediction, reading),
    )


def _components(truth: Mapping[str, Any], reading: _Reading) -> Verdicts:
    several = {each["name"] for each in truth["components"] if each.get("merge_ok")}
    found: dict[str, str] = {}
    invented: dict[str, str] = {}
    for name in reading.kinds:
        meant = reading.meaning(name)
        if meant == reading.OPTIONAL:
            continue
        if meant is None:
            invented.setdefault(plain(name), name)
        elif meant not in found:
            found[meant] = name
        elif plain(name) != plain(found[meant]) and meant not in several:
            invented[name] = f"{name} ({meant} again)"
    missed = {each["name"] for each in truth["components"]} - found.keys()
    return Verdicts(sorted(found), sorted(invented.values()), sorted(missed))


def _connections(
    truth: Mapping[str, Any],
    prediction: Mapping[str, Any],
    reading: _Reading,
    direction: Direction,
) -> Verdicts:
    people = {each["name"] for each in truth["components"] if each.get("role") == "user"}
    asked = _arrows(truth["connections"], direction)
    allowed = _arrows(truth.get("optional_connections", ()), direction)
    said: set[Pair] = set()
    nowhere: set[Pair] = set()
    for each in prediction.get("connections", ()):
        ends = [str(each["source"]), str(each["target"])]
        source, target = (reading.meaning(name) for name in ends)
        if reading.OPTIONAL in (source, target):
            continue
        if source is None or target is None:
            pair = (plain(source or ends[0]), plain(target or ends[1]))
            nowhere.add(_turned(pair, direction))
            continue
        if direction is Direction.INITIATOR and target in people and source != target:
            source, target = target, source  # an answer belongs to the request
        said.add(_turned((source, target), direction))
    return Verdicts(
        _lines(said & asked), _lines(said - asked - allowed) + _lines(nowhere), _lines(asked - said)
    )


def _arrows(connections: Iterable[Mapping[str, Any]], direction: Direction) -> set[Pair]:
    arrows = set()
    for each in connections:
        pair = (str(each["source"]), str(each["target"]))
        if direction is Direction.INITIATOR and each.get("initiator") == "target":
            pair = (pair[1], pair[0])
        arrows.add(_turned(pair, direction))
    return arrows


def _turned(pair: Pair, direction: Direction) -> Pair:
    return (min(pair), max(pair)) if direction is Direction.UNDIRECTED else pair


def _lines(pairs: set[Pair]) -> list[str]:
    return [f"{source} -> {target}" for source, target in sorted(pairs)]


def _endpoints(
    truth: Mapping[str, Any], prediction: Mapping[str, Any], reading: _Reading
) -> Verdicts | None:
    if not truth.get("endpoints") or not truth.get("endpoints_complete", True):
        return None
    asked = _served(truth["endpoints"])
    allowed = _served(truth.get("optional_endpoints", ()))
    scope = truth.get("endpoints_scope")
    said: set[Pair] = set()
    for each in prediction.get("endpoints", ()):
        component = str(each["component"])
        meant = reading.meaning(component)
        if meant == reading.OPTIONAL or (meant and scope is not None and meant not in scope):
            continue
        said.add((meant or "?" + plain(component), plain_path(each["path"])))
    invented = said - asked - allowed
    return Verdicts(
        *([f"{a}  {b}" for a, b in sorted(s)] for s in (said & asked, invented, asked - said))
    )


def _served(endpoints: Iterable[Mapping[str, Any]]) -> set[Pair]:
    return {(str(each["component"]), plain_path(each["path"])) for each in endpoints}


def totals(scores: Sequence[Score]) -> dict[str, Tally]:
    """Sums over systems (micro averages), with `overall` over all kinds of items."""
    sums: dict[str, Tally] = {}
    for each in scores:
        for part, verdicts in each.parts():
            sums[part] = sums.get(part, Tally()) + verdicts.tally
            sums["overall"] = sums.get("overall", Tally()) + verdicts.tally
    return sums
