"""Whether a scan finds the missing indexes that maintainers added later.

    python benchmarks/indexes.py --checkouts DIR --cases FILE --out PREDICTIONS.jsonl

`DIR` holds a folder `OWNER+NAME@COMMIT12` for each tree that the cases (and `--labels FILE`: queries
judged by hand) speak of. Each is scanned as a user would scan it; one line for each finding and place
goes to `--out` (`repo`, `commit`, `table`, `columns`, `file`, `line`, `rule`, `confidence`). Printed are
recall by stack, false alarms and detection on the labels, and pairs of table and column for a tree;
`--show` lists what was missed and the false alarms. `--stack` leaves out the other stacks.
`index_scoring.py` tells how is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from index_scoring import (
    Row,
    is_case_found,
    kind_of,
    label_hit,
    pairs,
    recall_rows,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

RULES = (
    "unindexed-state",
    "unindexed-query",
    "unindexed-foreign-key",
    "missing-composite-index",
    "non-sargable-predicate",
)
SECONDS = 900  # for one scan


def rows_of(report: dict[str, Any], repo: str, commit: str) -> list[Row]:
    """One row for each finding and place; a folded finding gives one for each of its columns.

    `columns` are those that no index serves, before those of an index that ends too early.
    """
    rows: list[Row] = []
    for finding in report["findings"]:
        data = finding["data"]
        if finding["rule"] not in RULES or not data.get("columns"):
            continue
        places = [finding["location"], *finding["related"]]
        table, columns = data.get("table"), data["columns"]
        unserved = data.get("unserved", columns)
        if table is None:  # the first places are those of the columns, in order, as far as they go
            told = [
                (places[min(number, len(places) - 1)], name, column.split(","), first.split(","))
                for number, (each, lacking) in enumerate(zip(columns, unserved, strict=True))
                for name, _, column in (each.partition("."),)
                for first in (lacking.partition(".")[2],)
            ]
        else:
            told = [(place, table, columns, unserved) for place in places]
        rows += [
            {
                "repo": repo, "commit": commit, "table": of, "columns": in_order(given, first),
                "file": place["path"], "line": place["line"], "rule": finding["rule"],
                "confidence": finding["confidence"],
            }
            for place, of, given, first in told
        ]  # fmt: skip
    return rows


def in_order(columns: Sequence[str], unserved: Sequence[str]) -> list[str]:
    return [*unserved, *(column for column in columns if column not in unserved)]


def scanned(checkout: Path, repo: str, commit: str) -> list[Row]:
    """What a scan in a process of its own found; nothing, with the reason said, when it failed."""
    if not checkout.is_dir():
        print(f"no such checkout: {checkout}", file=sys.stderr)
        return []
    words = [
        "scan",
        str(checkout),
        "--output-format",
        "json",
        "--exit-zero",
        "--quiet",
        "--jobs",
        "1",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "scaleaudit", *words],
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"ended with {done.returncode}"]
        print(f"{checkout.name}: {last[0]}", file=sys.stderr)
        return []
    return rows_of(json.loads(done.stdout), repo, commit)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkouts", type=Path, required=True, metavar="DIR")
    parser.add_argument("--cases", type=Path, required=True, metavar="FILE")
    parser.add_argument("--labels", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, required=True, metavar="PREDICTIONS.jsonl")
    parser.add_argument("--stack", action="append", help="only this one; may be given again")
    parser.add_argument("--show", action="store_true", help="list misses and false alarms")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="scans at a time")
    chosen = parser.parse_args()
    for path in (chosen.checkouts, chosen.cases, chosen.labels):
        if path is not None and not path.exists():
            parser.error(f"no such file or folder: {path}")
    cases = read(chosen.cases, chosen.stack)
    labels = read(chosen.labels, chosen.stack) if chosen.labels is not None else []
    trees = sorted(
        {(c["repo"], c["parent"]) for c in cases} | {(c["repo"], c["commit"]) for c in labels}
    )
    if not trees:
        parser.error("no case of these stacks")
    with ThreadPoolExecutor(chosen.jobs) as pool:
        found = list(
            pool.map(
                lambda tree: scanned(
                    chosen.checkouts / f"{tree[0].replace('/', '+')}@{tree[1][:12]}", *tree
                ),
                trees,
            )
        )  # fmt: skip
    by_tree = dict(zip(trees, found, strict=True))
    with chosen.out.open("w", encoding="utf-8") as out:
        for rows in found:
            out.writelines(json.dumps(row) + "\n" for row in rows)
    tell_recall(cases, by_tree, show=chosen.show)
    if labels:
        tell_labels(labels, by_tree, show=chosen.show)
    return 0


def read(path: Path, stacks: Sequence[str] | None) -> list[Row]:
    rows: list[Row] = json.loads(path.read_text(encoding="utf-8"))
    return [row for row in rows if not stacks or row["stack"] in stacks]


def tell_recall(
    cases: Sequence[Row], by_tree: dict[tuple[str, str], list[Row]], *, show: bool
) -> None:
    found = {c["id"]: is_case_found(c, by_tree[c["repo"], c["parent"]]) for c in cases}
    for key in ("stack", "clause"):
        print(f"\n| {key} | found | widened |\n|---|---|---|")
        for row in recall_rows(found, cases, key):
            print(f"| {' | '.join(row)} |")
    composite = [c for c in cases if len(c["columns"]) > 1]
    print(
        f"\nfound: {share(found, cases, 'lead_unindexed')}; composite "
        f"{share(found, composite, 'lead_unindexed')}, widened {share(found, cases, 'lead_indexed')}"
    )
    counts = [pairs(by_tree[tree]) for tree in {(c["repo"], c["parent"]) for c in cases}]
    if counts:
        print(
            f"pairs of table and column in a tree: median {statistics.median(counts):.0f}, "
            f"most {max(counts)}"
        )
    if show:
        for case in cases:
            if case["query_visible"] and not found[case["id"]]:
                place = case["evidence_query"]
                print(
                    f"missed {case['repo']}@{case['parent'][:12]} {case['table']}({', '.join(case['columns'])})"
                    f" {case['gap']} {case['clause']} {case['origin']}  {place['file']}:{place['line']}"
                    f"  {place.get('snippet', '')[:120]!r}"
                )


def tell_labels(
    labels: Sequence[Row], by_tree: dict[tuple[str, str], list[Row]], *, show: bool
) -> None:
    of_tree: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for label in labels:
        of_tree[label["repo"], label["commit"]].append(label)
    hits: dict[tuple[str, str], tuple[int, int]] = {}  # (stack, kind) -> hit, all
    for tree, known in of_tree.items():
        hit: dict[int, Row] = {}
        for row in by_tree[tree]:
            number = label_hit(row, known)
            if number is not None:
                hit.setdefault(number, row)
        for number, label in enumerate(known):
            key = label["stack"], kind_of(label)
            some, every = hits.get(key, (0, 0))
            hits[key] = some + (number in hit), every + 1
            if show and (number in hit) != (key[1] == "unindexed"):
                by = f" by {hit[number]['rule']} {hit[number]['columns']}" if number in hit else ""
                print(
                    f"{'hit' if number in hit else 'missed'} {key[1]}: {label['repo']} {label['table']}"
                    f"({', '.join(label['columns'])}) {label['file']}:{label['line']} {label['trap']}{by}"
                    f"  {label['snippet'][:100]!r}"
                )
    print(
        "\n| stack | indexed: false alarms | unindexed: found | benign: reported |\n|---|---|---|---|"
    )
    for stack in [*sorted({stack for stack, _ in hits}), "all"]:
        cells = []
        for kind in ("indexed", "unindexed", "benign"):
            own = [v for (s, k), v in hits.items() if k == kind and stack in (s, "all")]
            some, every = sum(a for a, _ in own), sum(b for _, b in own)
            cells.append(f"{some}/{every}" + (f" ({some / every:.0%})" if every else ""))
        print(f"| {stack} | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
