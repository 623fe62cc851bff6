"""Whether a scan after edits prints what a scan without a cache prints.

    python benchmarks/random_edits.py CHECKOUT [CHECKOUT ...] [--rounds 10] [--edits 5] [--seed 1]

Each round makes some random edits in a copy of the checkout: a comment, a function that calls
others, a query, an import of a neighbour, an import less, another version of a dependency, a renamed
route, a deleted file. The copy is scanned
with the cache of all rounds before and without any; both must print the same.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

HASHED, SLASHED = "# {0}\n", "// {0}\n"
COMMENTS = {
    **dict.fromkeys(("py", "rb", "ex", "yml", "yaml", "toml", "sh"), HASHED),
    **dict.fromkeys(("js", "ts", "go", "php", "java", "kt", "cs", "rs"), SLASHED),
}
# A function that calls two others, at the end of a file.
FUNCTIONS = {
    "py": "\n\ndef {0}(given):\n    return {1}(given) or given.{2}()\n",
    "rb": "\ndef {0}(given)\n  {1}(given) || given.{2}\nend\n",
    "js": "\nexport function {0}(given) {{\n  return {1}(given) || given.{2}();\n}}\n",
    "ts": "\nexport function {0}(given: any) {{\n  return {1}(given) || given.{2}();\n}}\n",
    "go": "\nfunc {0}(given Thing) error {{\n\treturn {1}(given.{2}())\n}}\n",
    "php": "\nfunction {0}($given) {{\n    return {1}($given) ?: $given->{2}();\n}}\n",
    "java": "\n    Object {0}(Thing given) {{\n        return {1}(given.{2}());\n    }}\n",
    "kt": "\nfun {0}(given: Thing): Any {{\n    return {1}(given.{2}())\n}}\n",
    "cs": "\n    object {0}(Thing given) {{\n        return {1}(given.{2}());\n    }}\n",
    "ex": "\n  def {0}(given), do: {1}({2}(given))\n",
}
INSIDE = {"java": "}", "cs": "}", "ex": "end"}  # where a function stands in a class, and its end
SAME_AS = {"tsx": "ts", "jsx": "js", "mjs": "js", "cjs": "js", "mts": "ts", "rake": "rb"}
STATEMENT = 'db.execute("SELECT * FROM {0} WHERE {1} = 1 ORDER BY {2}")'
IMPORTS = {
    "py": re.compile(r"^(?:from|import) .*$", re.M),
    "js": re.compile(r"^import .*;$|^const .*= require\(.*$", re.M),
    "ts": re.compile(r"^import .*;$", re.M),
    "rb": re.compile(r"^require.*$", re.M),
    "java": re.compile(r"^import .*;$", re.M),
    "kt": re.compile(r"^import .*$", re.M),
    "go": re.compile(r'^\t(?:\w+ )?"[\w./-]+"$', re.M),
    "php": re.compile(r"^use .*;$", re.M),
    "cs": re.compile(r"^using .*;$", re.M),
}
UNIT = re.compile(
    r"^(?:package\.json|pyproject\.toml|requirements.*\.txt|Gemfile.*|pom\.xml|.*\.gradle|go\.mod)$"
)
VERSION = re.compile(r"(?<=[.=^~v \">])\d+(?=\.\d)")
ROUTE = re.compile(r"""(["'])/([\w/:{}-]+)\1""")
NAME = re.compile(r"(?:def|function|func|fun|public \w+|private \w+) (?:self\.)?(\w{3,40})\s*\(")

Edit = Callable[[Path, Sequence[Path], random.Random], bool]


def ending(path: Path) -> str:
    written = path.suffix.removeprefix(".")
    return SAME_AS.get(written, written)


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def write(path: Path, text: str) -> bool:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return True


def comment(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    """At any line; where that is inside of something, more than a comment changes."""
    form = COMMENTS.get(ending(path))
    if form is None:
        return False
    lines = text_of(path).splitlines(keepends=True)
    at = rng.randrange(len(lines) + 1)
    lines.insert(at, form.format(f"note {rng.randrange(1000)}"))
    return write(path, "".join(lines))


def names_in(files: Sequence[Path], rng: random.Random, count: int) -> list[str]:
    """Names of functions of the repository, filled up with others."""
    found = [
        name
        for path in rng.sample(list(files), min(len(files), 8))
        for name in NAME.findall(text_of(path))
    ]
    found += [f"unknownWord{rng.randrange(1000)}" for _ in range(count)]
    return [rng.choice(found) for _ in range(count)]


def put(path: Path, added: str) -> bool:
    """At the end of the file, or of the class that ends there."""
    text = text_of(path)
    end = INSIDE.get(ending(path), "")
    at = text.rfind(end) if end else len(text)
    return at >= 0 and write(path, text[:at] + added + text[at:])


def function(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    form = FUNCTIONS.get(ending(path))
    if form is None:
        return False
    called = names_in(files, rng, 2)
    return put(path, form.format(f"added_{rng.randrange(1000)}", *called))


def body(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    """One more call inside of an existing function, before what it returns."""
    text = text_of(path)
    ends = [match.start() for match in re.finditer(r"^[ \t]+return\b", text, re.M)]
    if not ends or ending(path) not in FUNCTIONS:
        return False
    at = rng.choice(ends)
    indent = re.match(r"[ \t]+", text[at:])
    assert indent is not None
    stop = ";" if ending(path) not in ("py", "rb", "go", "kt", "ex") else ""
    call = f"{indent[0]}{names_in(files, rng, 1)[0]}(){stop}\n"
    return write(path, text[:at] + call + text[at:])


def query(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    form = FUNCTIONS.get(ending(path))
    tables = [
        table
        for each in rng.sample(list(files), min(len(files), 30))
        for table in re.findall(
            r"(?i)\b(?:from|into|table|join)\s+[`\"']?(\w{3,40})", text_of(each)
        )
    ]
    if form is None:
        return False
    table = rng.choice(tables or ["orders"])
    added = form.format(f"asked_{rng.randrange(1000)}", "load", "ask")
    statement = STATEMENT.format(
        table, rng.choice(["id", "name"]), rng.choice(["id", "created_at"])
    )
    return put(path, added.replace("load(given)", statement, 1))


def imported(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    """An import as another file of the same language has it."""
    pattern = IMPORTS.get(ending(path))
    same = [each for each in files if ending(each) == ending(path)]
    if pattern is None:
        return False
    lines = [
        line
        for each in rng.sample(same, min(len(same), 5))
        for line in pattern.findall(text_of(each))
    ]
    text = text_of(path)
    first = pattern.search(text)
    if not lines or first is None:
        return False
    return write(path, text[: first.start()] + rng.choice(lines) + "\n" + text[first.start() :])


def unimported(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    pattern = IMPORTS.get(ending(path))
    text = text_of(path)
    found = list(pattern.finditer(text)) if pattern is not None else []
    if not found:
        return False
    each = rng.choice(found)
    return write(path, text[: each.start()] + text[each.end() + 1 :])


def version(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    """Of a dependency, in whichever file says what is built of what."""
    declared = [each for each in files if UNIT.search(each.name)]
    if not declared:
        return False
    chosen = rng.choice(declared)
    text = text_of(chosen)
    found = list(VERSION.finditer(text))
    if not found:
        return False
    each = rng.choice(found)
    return write(chosen, f"{text[: each.start()]}{rng.randrange(1, 30)}{text[each.end() :]}")


def route(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    text = text_of(path)
    found = list(ROUTE.finditer(text))
    if not found:
        return False
    each = rng.choice(found)
    return write(path, f"{text[: each.start(2)]}renamed/{text[each.start(2) :]}")


def deleted(path: Path, files: Sequence[Path], rng: random.Random) -> bool:
    path.unlink()
    return True


EDITS: dict[str, Edit] = {
    "comment": comment,
    "function": function,
    "body": body,
    "query": query,
    "import": imported,
    "unimported": unimported,
    "version": version,
    "route": route,
    "deleted": deleted,
}


def edit(root: Path, paths: Sequence[str], rng: random.Random, kinds: Sequence[str]) -> list[str]:
    """One edit of each kind given, in files that take it; what was done."""
    done = []
    for kind in kinds:
        files = [path for each in paths if (path := root / each).is_file()]
        for path in rng.sample(files, min(len(files), 40)):
            if EDITS[kind](path, files, rng):
                done.append(f"{kind} {path.relative_to(root)}")
                break
    return done


def scanned(root: Path, *options: str) -> bytes:
    command = [sys.executable, "-m", "scaleaudit", "scan", str(root), "--exit-zero", "--quiet"]
    more = ["--output-format", "json", "--jobs", "1", *options]
    return subprocess.run([*command, *more], check=True, capture_output=True).stdout


def compare(checkout: Path, rounds: int, edits: int, rng: random.Random, kinds: list[str]) -> int:
    """How many rounds differ."""
    from scaleaudit.config import Config
    from scaleaudit.scan import list_files

    different = 0
    with tempfile.TemporaryDirectory() as scratch:
        root, cache = Path(scratch) / checkout.name, Path(scratch) / "cache"
        shutil.copytree(checkout, root, symlinks=True)
        cached = ("--cache-dir", str(cache))
        scanned(root, *cached)
        for number in range(rounds):
            paths = [file.path for file in list_files(root, Config())[0]]
            chosen = [rng.choice(kinds) for _ in range(edits)]
            done = edit(root, paths, rng, chosen)
            same = scanned(root, *cached) == scanned(root, "--no-cache")
            different += not same
            sys.stdout.write(
                f"{checkout.name} {number}: {'same' if same else 'DIFFERENT'}: {', '.join(done)}\n"
            )
            sys.stdout.flush()
    return different


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--edits", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(EDITS), help="which edits, a,b")
    chosen = parser.parse_args()
    rng = random.Random(chosen.seed)
    kinds = chosen.kinds.split(",")
    found = sum(
        compare(each.resolve(), chosen.rounds, chosen.edits, rng, kinds)
        for each in chosen.checkouts
    )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
