"""Names of tables and columns that stand in constants: `${OrderColumns.STATUS}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.facts import ConstantDefined
from scaleaudit.regex import regex
from scaleaudit.values import Join, Literal, Name

if TYPE_CHECKING:
    import re

    from scaleaudit.facts import ModelDefined
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.values import Value

NAMED = regex(r"\$\{([\w.]+)\}")
MAX_DEPTH = 8


class NameConstants:
    """The texts of constants by their class and name, and by the name alone."""

    def __init__(self, index: FactsIndex) -> None:
        self._index = index
        self._values: dict[str, list[tuple[str, Value]]] | None = None

    def applied(self, path: str, fact: ModelDefined) -> ModelDefined:
        """The model with all names spelled out; what is not known is as if it were not named."""

        def spelled(text: str) -> str:
            return self._spelled(path, text) if "${" in text else text

        return replace(
            fact,
            table=spelled(fact.table),
            fields=tuple(replace(each, column=spelled(each.column)) for each in fact.fields),
            relations=tuple(
                replace(
                    each,
                    column=spelled(each.column),
                    other_column=spelled(each.other_column),
                    through=spelled(each.through),
                    inverse=spelled(each.inverse),
                )
                for each in fact.relations
            ),
            indexes=tuple(
                replace(index, columns=columns)
                for index in fact.indexes
                if all(columns := tuple(spelled(each) for each in index.columns))
            ),
        )

    def _spelled(self, path: str, text: str) -> str:
        lost = False

        def known(match: re.Match[str]) -> str:
            nonlocal lost
            found = self._text(path, match[1], 0)
            lost = lost or not found
            return found

        spelled = NAMED.sub(known, text)
        return "" if lost else spelled

    def _text(self, path: str, name: str, depth: int) -> str:
        parts = name.split(".")
        for wanted in dict.fromkeys((name, ".".join(parts[-2:]), parts[-1])):
            several = self._all().get(wanted, [])
            own = [each for each in several if each[0] == path]
            values = {repr(value): (there, value) for there, value in own or several}
            if len(values) == 1:
                ((there, value),) = values.values()
                return self._read(there, value, depth)
        return ""

    def _read(self, path: str, value: Value, depth: int) -> str:
        if depth > MAX_DEPTH:
            return ""
        match value:
            case Literal(text=text):
                return text
            case Name(name=name):
                return self._text(path, name, depth + 1)
            case Join(parts=parts):
                inner = [self._read(path, part, depth + 1) for part in parts]
                return "".join(inner) if all(inner) else ""
            case _:
                return ""

    def _all(self) -> dict[str, list[tuple[str, Value]]]:
        if self._values is None:
            self._values = {}
            for path, constant in self._index.of(ConstantDefined):
                parts = constant.name.split(".")
                for name in {constant.name, ".".join(parts[-2:]), parts[-1]}:
                    self._values.setdefault(name, []).append((path, constant.value))
        return self._values


def names_constants(fact: ModelDefined) -> bool:
    """Whether anything of the model is named by a constant."""
    return (
        "${" in fact.table
        or any("${" in each.column for each in fact.fields)
        or any(
            "${" in text
            for each in fact.relations
            for text in (each.column, each.other_column, each.through, each.inverse)
        )
        or any("${" in column for index in fact.indexes for column in index.columns)
    )
