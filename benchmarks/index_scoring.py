"""How predicted missing indexes are counted against those that maintainers added later.

A case names a table, its columns in order and the tree before the index was added; a prediction
names a table, the columns that no index serves, most important first, and a place. Names are
compared without regard to case, separators, plural and a trailing `_id`.

A case whose leading column had no index (`lead_unindexed`) is found by a prediction whose first
column is the leading one, or whose columns are the case's in any order. One whose leading column
had an index already (`lead_indexed`) is found by a prediction with that column and one other of the
case. A label is a query known to be `indexed`, `unindexed` or benign (unindexed and not worth an
index): a prediction hits it by place (same file, at most six lines away, a shared column), or by
table and column where the label has one column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Row: TypeAlias = dict[str, Any]

NEAR = 6  # lines between a prediction and the label it may hit


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def table_names(name: str | None) -> set[str]:
    """The table's name without schema, and its possible singulars."""
    if not name:
        return set()
    last = squeezed(re.split(r"::|\\|\.", name.strip().strip("`\"'[]"))[-1])
    found = {last}
    if last.endswith("ies"):
        found.add(last[:-3] + "y")
    if last.endswith("es"):
        found.add(last[:-2])
    if last.endswith("s"):
        found.add(last[:-1])
    return found - {""}


def column_names(name: str) -> set[str]:
    """A column, or an expression with the columns in it; with and without `_id`."""
    bare = name.strip().lstrip("-").strip("`\"'")
    inside = re.findall(r"[A-Za-z_]\w*", bare)[1:] if "(" in bare else []
    found: set[str] = set()
    for each in (bare, *inside):
        last = each if "(" in each else each.rpartition(".")[2]
        found.add(squeezed(last))
        if re.search(r"_id$|[a-z0-9]Id$|[a-z]ID$", last):
            found.add(squeezed(last)[:-2])
    return found - {""}


def same_column(one: str, other: str) -> bool:
    return bool(column_names(one) & column_names(other))


def same_table(predicted: str, known: Row) -> bool:
    names = table_names(known["table"]) | table_names(known.get("model"))
    return bool(table_names(predicted) & names)


def is_case_found(case: Row, predictions: Iterable[Row]) -> bool:
    return any(_finds(case, each) for each in predictions if same_table(each["table"], case))


def _finds(case: Row, prediction: Row) -> bool:
    columns, given = case["columns"], prediction["columns"]
    if not given:
        return False
    aliases = _aliases(case)

    def same(column: str, name: str) -> bool:
        return any(same_column(each, name) for each in (column, *aliases.get(column, ())))

    def named(column: str) -> bool:
        return any(same(column, name) for name in given)

    if case["gap"] == "lead_indexed":
        return named(columns[0]) and any(named(column) for column in columns[1:])
    if same(columns[0], given[0]):
        return True
    return all(named(column) for column in columns) and all(
        any(same(column, name) for column in columns) for name in given
    )


def _aliases(case: Row) -> dict[str, list[str]]:
    """Other names of columns; a plain list is about the leading one."""
    given = case.get("column_aliases") or []
    if isinstance(given, dict):
        return {key: [each] if isinstance(each, str) else each for key, each in given.items()}
    return {case["columns"][0]: list(given)}


def label_hit(prediction: Row, labels: Sequence[Row]) -> int | None:
    """The number of the label that a prediction of the same tree speaks of."""
    near: list[tuple[int, bool, int]] = []
    for number, label in enumerate(labels):
        if prediction.get("file") != label["file"] or not same_table(prediction["table"], label):
            continue
        away = abs(int(prediction["line"]) - label["line"])
        shared = [c for c in label["columns"] if _names(prediction, c)]
        leads = label["columns"][0]
        if away > NEAR or not shared:
            continue
        if label["label"] == "unindexed" and not _names(prediction, leads):
            continue
        near.append((away, not same_column(leads, prediction["columns"][0]), number))
    if near:
        return min(near)[2]
    for number, label in enumerate(labels):
        if (
            len(label["columns"]) == 1
            and same_table(prediction["table"], label)
            and same_column(label["columns"][0], prediction["columns"][0])
        ):
            return number
    return None


def _names(prediction: Row, column: str) -> bool:
    return any(same_column(column, each) for each in prediction["columns"])


def kind_of(label: Row) -> str:
    """`indexed`, `unindexed` or `benign`."""
    return "benign" if label.get("benign") and label["label"] == "unindexed" else label["label"]


def pairs(predictions: Iterable[Row]) -> int:
    """Distinct pairs of table and first column."""
    return len(
        {(squeezed(p["table"]), squeezed(p["columns"][0])) for p in predictions if p["columns"]}
    )


def recall_rows(found: Mapping[str, bool], cases: Sequence[Row], key: str) -> list[list[str]]:
    """For each value of `key`: cases whose leading column had no index, widened ones."""
    rows = []
    for value in sorted({str(case.get(key)) for case in cases}):
        of_value = [case for case in cases if str(case.get(key)) == value]
        rows.append(
            [value, *(share(found, of_value, gap) for gap in ("lead_unindexed", "lead_indexed"))]
        )
    return rows


def share(found: Mapping[str, bool], cases: Sequence[Row], gap: str) -> str:
    asked = [case for case in cases if case["gap"] == gap and case["query_visible"]]
    if not asked:
        return "-"
    hits = sum(found[case["id"]] for case in asked)
    return f"{hits}/{len(asked)} ({hits / len(asked):.0%})"
