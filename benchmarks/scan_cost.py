"""What a scan costs, as ratios to reading and parsing the same files once with tree-sitter.

    python benchmarks/scan_cost.py CHECKOUT [CHECKOUT ...] [--runs 3] [--changed 5]

Every figure is the CPU time (user + system, children included) of a whole process, the median
of the runs; the floor is measured in the same run, because machines drift. `phases` are CPU
seconds inside one cold process. Nothing is written into the checkout: for the `changed` column
the cache entries of some files are dropped, so that all is linked anew; for `moved` a copy of the
checkout gets an empty line in some files, which changes nothing but places, and for `edited` a
function that calls what the repository does not define. A scan that is not measured comes first, by
which what Python compiles, modules and expressions, is kept as after any installation.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
GRAMMARS = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "java": ("tree_sitter_java", "language"),
    "go": ("tree_sitter_go", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "kotlin": ("tree_sitter_kotlin", "language"),
    "elixir": ("tree_sitter_elixir", "language"),
    "rust": ("tree_sitter_rust", "language"),
}


def floor(root: Path) -> None:
    """Read every file that a scan reads, parse what has a grammar; nothing else."""
    from importlib import import_module

    from tree_sitter import Language, Parser

    parsers: dict[str, Parser] = {}
    for line in sys.stdin.read().split("\0"):
        kind, _, path = line.partition("\t")
        content = (root / path).read_bytes()
        if kind in GRAMMARS:
            if kind not in parsers:
                module, function = GRAMMARS[kind]
                parsers[kind] = Parser(Language(getattr(import_module(module), function)()))
            parsers[kind].parse(content)


def phases(root: Path) -> None:
    """CPU seconds of each step of one cold scan in one process."""
    from scaleaudit.config import Config
    from scaleaudit.discovery import discover
    from scaleaudit.extraction import extract_all
    from scaleaudit.file_kinds import file_kinds
    from scaleaudit.linking import link
    from scaleaudit.roadmap import plan
    from scaleaudit.rules import load_rules, run_rules

    marks = [("start", time.process_time())]

    def mark(name: str) -> None:
        marks.append((name, time.process_time()))

    found = discover(root, Config(), file_kinds())
    mark("discover")
    extracted = extract_all(found.files, root, jobs=1)
    mark("extract")
    architecture = link(extracted.facts, extracted.roles)
    mark("link")
    findings = run_rules(architecture, load_rules())
    mark("check")
    plan(findings)
    mark("plan")
    steps = [f"{name} {now - before:.2f}" for (_, before), (name, now) in itertools.pairwise(marks)]
    nodes, edges = len(architecture.nodes()), len(architecture.edges())
    sys.stdout.write(
        f"{', '.join(steps)} s; {nodes} nodes, {edges} edges, {len(findings)} findings\n"
    )


def measured(command: list[str], stdin: bytes = b"") -> tuple[float, int]:
    """CPU seconds and peak memory (MiB, of the largest process) of a command."""
    child = subprocess.Popen(
        [sys.executable, str(HERE / "measured_child.py"), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, said = child.communicate(stdin)
    cpu, peak, code = said.decode().rpartition("\n")[2].split()
    if int(code) not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: exit {code}\n{said.decode()}")
    return float(cpu), int(peak)


def forget(cache: Path, root: Path, count: int) -> None:
    """Drop the cached facts of some files, as if they had changed."""
    import sqlite3

    from scaleaudit.answers import FOLDER
    from scaleaudit.cache import FILE_NAME
    from scaleaudit.config import Config
    from scaleaudit.extraction import key
    from scaleaudit.scan import list_files

    files, _ = list_files(root, Config())
    step = max(1, len(files) // count)
    with sqlite3.connect(cache / FILE_NAME) as db:
        for file in files[::step][:count]:
            db.execute("DELETE FROM facts WHERE key = ?", (key(file),))
        db.execute("DELETE FROM results WHERE key NOT LIKE 'names:%'")
    db.close()
    shutil.rmtree(cache / FOLDER)


def move(root: Path, count: int) -> None:
    """Give some files one more of the empty lines that they have."""
    from scaleaudit.config import Config
    from scaleaudit.scan import list_files

    spaced = [
        path
        for file in list_files(root, Config())[0]
        if file.kind in GRAMMARS and b"\n\n" in (path := root / file.path).read_bytes()
    ]
    for path in spaced[:: max(1, len(spaced) // count)][:count]:
        path.write_bytes(path.read_bytes().replace(b"\n\n", b"\n\n\n", 1))


def extend(root: Path, count: int) -> None:
    """Give some files one more function, which calls what nobody defines."""
    import random

    from random_edits import FUNCTIONS, ending, function

    from scaleaudit.config import Config
    from scaleaudit.scan import list_files

    files = [
        root / file.path
        for file in list_files(root, Config())[0]
        if ending(root / file.path) in FUNCTIONS
    ]
    for path in files[:: max(1, len(files) // count)][:count]:
        function(path, (), random.Random(str(path.relative_to(root))))


def bench(root: Path, runs: int, changed: int) -> None:
    from scaleaudit.config import Config
    from scaleaudit.scan import list_files

    files, _ = list_files(root, Config())
    listing = "\0".join(f"{file.kind}\t{file.path}" for file in files).encode()
    size = sum((root / file.path).stat().st_size for file in files)
    scan = [sys.executable, "-m", "scaleaudit", "scan", str(root), "--exit-zero", "--quiet",
            "--output-format", "json", "--jobs", "1"]  # fmt: skip
    rows: dict[str, list[tuple[float, int]]] = {
        "floor": [], "cold": [], "warm": [], "changed": [],
        "moved": [], "edited": [],
    }  # fmt: skip
    writing = {name: at for name, at in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([*scan, "--no-cache"], env=writing, stdout=subprocess.DEVNULL, check=True)
    for _ in range(runs):
        cache = Path(tempfile.mkdtemp())
        cached = [*scan, "--cache-dir", str(cache)]
        rows["floor"].append(measured([sys.executable, __file__, "--floor", str(root)], listing))
        rows["cold"].append(measured(cached))
        rows["warm"].append(measured(cached))
        forget(cache, root, changed)
        rows["changed"].append(measured(cached))
        shutil.rmtree(cache)
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / root.name
            shutil.copytree(root, copy, symlinks=True)
            again = [str(copy) if word == str(root) else word for word in cached]
            measured(again)
            move(copy, changed)
            rows["moved"].append(measured(again))
            extend(copy, changed)
            rows["edited"].append(measured(again))
        shutil.rmtree(cache)
    medians = {name: statistics.median(cpu for cpu, _ in found) for name, found in rows.items()}
    ratios = {
        name: statistics.median(c / f for (c, _), (f, _) in zip(found, rows["floor"], strict=True))
        for name, found in rows.items()
    }
    peak = max(peak for _, peak in rows["cold"])
    sys.stdout.write(
        f"{root.name}: {len(files)} files, {size / 1e6:.1f} MB; floor {medians['floor']:.2f} s; "
        f"cold {ratios['cold']:.2f}x, warm {ratios['warm']:.3f}x, "
        f"{changed} changed {ratios['changed']:.3f}x, {changed} moved {ratios['moved']:.3f}x, "
        f"{changed} edited {ratios['edited']:.3f}x; "
        f"peak {peak} MiB\n"
    )
    done = subprocess.run(
        [sys.executable, __file__, "--phases", str(root)],
        capture_output=True,
        text=True,
        check=True,
    )
    sys.stdout.write(f"  {done.stdout}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--changed", type=int, default=5)
    parser.add_argument("--floor", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--phases", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    for root in chosen.checkouts:
        if chosen.floor:
            floor(root)
        elif chosen.phases:
            phases(root)
        else:
            bench(root.resolve(), chosen.runs, chosen.changed)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main()
