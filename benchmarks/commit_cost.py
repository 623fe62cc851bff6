"""What scans cost after one commit and the other, as a hook would pay for them.

    python benchmarks/commit_cost.py CHECKOUT [CHECKOUT ...] [--commits 50] [--compare 5]

The checkout's last commits (of its first parents) are checked out one after the other in a clone, and
each is scanned with the cache of those before; every fifth is scanned without a cache too, and both
must print the same. The figures are CPU seconds of whole processes. Nothing is written into the checkout.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from random_edits import scanned
from scan_cost import measured


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode()


def bench(root: Path, count: int, every: int) -> int:
    """How many scans printed something else than one without a cache."""
    rows, different = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        copy, cache = Path(scratch) / root.name, Path(scratch) / "cache"
        git(root, "clone", "--quiet", "--shared", "--no-checkout", str(root), str(copy))
        commits = git(root, "log", "--first-parent", "--format=%H", f"-n{count + 1}").split()
        cached = ("--cache-dir", str(cache))
        for number, commit in enumerate(reversed(commits)):
            git(copy, "checkout", "--quiet", "--force", commit)
            scan = [sys.executable, "-m", "scaleaudit", "scan", str(copy), "--exit-zero", "--quiet"]
            cpu, _ = measured([*scan, "--output-format", "json", "--jobs", "1", *cached])
            if number:
                rows.append(cpu)
            if number % every == every - 1 and scanned(copy, *cached) != scanned(
                copy, "--no-cache"
            ):
                different += 1
                sys.stdout.write(f"{root.name}: DIFFERENT at {commit}\n")
    low, middle, high = statistics.quantiles(rows, n=4)
    sys.stdout.write(
        f"{root.name}: {len(rows)} commits; CPU seconds of a scan: mean {statistics.mean(rows):.2f}, "
        f"a quarter below {low:.2f}, half below {middle:.2f}, three quarters below {high:.2f}\n"
    )
    return different


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=50)
    parser.add_argument(
        "--compare", type=int, default=5, help="each such commit without a cache too"
    )
    chosen = parser.parse_args()
    found = sum(bench(each.resolve(), chosen.commits, chosen.compare) for each in chosen.checkouts)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
