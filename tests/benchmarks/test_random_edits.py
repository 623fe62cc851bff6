"""A scan after random edits comes out as one without a cache does."""

import random
import shutil
import sys
from pathlib import Path

import pytest

from scaleaudit import scan as scanning
from scaleaudit.architecture import NodeKind
from scaleaudit.cache import FactCache
from scaleaudit.config import Config
from scaleaudit.rules import load_rules
from scaleaudit.scan import list_files, scan_path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from random_edits import EDITS, edit  # noqa: E402

RULES = load_rules()
FEW = ["comment", "body", "function"]
LIBRARIES = ["comment", "import", "unimported", "version"]


def scanned(root: Path, cache: FactCache | None) -> tuple[object, ...]:
    result = scan_path(root, Config(), rules=RULES, cache=cache, jobs=1)
    system = result.architecture
    nodes = system.nodes(*(kind for kind in NodeKind if kind is not NodeKind.MODULE))
    known = {node.id for node in nodes}
    return (
        result.findings,
        result.roadmap,
        nodes,
        [edge for edge in system.edges() if edge.source in known],
        system.endpoints,
        system.unresolved,
        result.skipped,
        result.counts.lines,
        result.counts.languages,
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kinds", [list(EDITS), FEW, LIBRARIES])
@pytest.mark.parametrize("system", ["shop", "monolith"])
def test_all_is_as_without_a_cache(
    tmp_path: Path, system: str, kinds: list[str], seed: int
) -> None:
    root = tmp_path / system
    shutil.copytree(ROOT / "fixtures/systems" / system, root)
    rng = random.Random(f"{system} {seed}")
    cache = FactCache(tmp_path / "cache")
    scanned(root, cache)
    for _ in range(4):
        paths = [file.path for file in list_files(root, Config())[0]]
        done = edit(
            root,
            paths,
            rng,
            [rng.choice(kinds) for _ in range(2 if kinds in (FEW, LIBRARIES) else 5)],
        )
        assert done
        assert scanned(root, cache) == scanned(root, None), done
    cache.close()


def test_most_calls_are_not_linked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the edits above would compare a scan with itself."""
    links: list[str] = []
    work = scanning._find

    def counted(*given: object, **more: object) -> object:
        links.append("linked")
        return work(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(scanning, "_find", counted)
    root = tmp_path / "monolith"
    shutil.copytree(ROOT / "fixtures/systems/monolith", root)
    cache = FactCache(tmp_path / "cache")
    rng = random.Random(1)
    rounds = 8
    for _ in range(rounds):
        scanned(root, cache)
        edit(root, [file.path for file in list_files(root, Config())[0]], rng, FEW)
    cache.close()
    assert 1 <= len(links) < rounds
