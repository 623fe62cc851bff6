"""How much of a system's real architecture a scan recovers.

    python benchmarks/architecture.py --checkouts DIR --truth DIR --out PREDICTIONS

For each `<system>.json` of the truth, `DIR/<system>` is scanned as a user would scan it, what was
found is written to `PREDICTIONS/<system>.json`, and is scored; the table and the comparison with
published figures are printed. `--config-repos DIR` gives each scan the configuration repository
`DIR/<system>` where there is one: a condition of its own. `--show` lists every invented and missed
item.

A truth and a prediction hold `components[] {name, kind}`, `connections[] {source, target}` and
`endpoints[] {component, path}`; `architecture_scoring.py` tells how they are counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from architecture_scoring import Direction, Score, Tally, score, totals
from architecture_tables import comparison, items, table

# What the others call the kinds of the graph; parts of a system (modules, tables, topics, teams)
# are no components.
KINDS = {
    "service": "service",
    "library": "other",
    "database": "database",
    "cache": "cache",
    "broker": "broker",
    "storage": "database",
    "external": "external",
}
# The same for services of a known technology: it tells two of one name apart.
ROLES = {
    "gateway": ("nginx", "traefik", "haproxy", "envoy", "caddy", "apache", "kong", "krakend",
                "apisix", "spring-gateway", "yarp", "ocelot", "express-gateway"),
    "registry": ("eureka", "consul", "nacos", "zookeeper"),
    "config": ("config-server",),
    "monitoring": ("prometheus", "grafana", "zipkin", "jaeger", "kibana", "logstash", "turbine",
                   "hystrix-dashboard", "spring-boot-admin", "opentelemetry"),
}  # fmt: skip
ROLE_OF = {technology: role for role, names in ROLES.items() for technology in names}
PERSON = "end-user"
SECONDS = 600  # for one scan


class ScanFailedError(Exception):
    """The message is one line."""


def neutral(graph: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """The graph of `scaleaudit graph --format json` in the format that tools are compared in.

    People stand before every component that is entered from outside. Only endpoints of HTTP are
    compared, and only those of a component.
    """
    names: dict[str, str] = {}
    components = []
    for node in graph["nodes"]:
        if node["kind"] in KINDS:
            taken = node["name"] in names.values()
            names[node["id"]] = node["id"] if taken else node["name"]
            kind = ROLE_OF.get(node["technology"], KINDS[node["kind"]])
            components.append({"name": names[node["id"]], "kind": kind})
    connections = [
        {"source": names[edge["source"]], "target": names[edge["target"]]}
        for edge in graph["edges"]
        if edge["source"] in names and edge["target"] in names and edge.get("kind") != "imports"
    ]
    entries = [names[node["id"]] for node in graph["nodes"] if node["entry_point"]]
    if entries:
        components.append({"name": PERSON, "kind": "user"})
        connections += [{"source": PERSON, "target": name} for name in entries]
    endpoints = [
        {"component": names[each["component"]], "path": each["path"]}
        for each in graph["endpoints"]
        if each["component"] in names and each["protocol"] == "http"
    ]
    return {"components": components, "connections": connections, "endpoints": endpoints}


def scanned(checkout: Path, config_repo: Path | None) -> dict[str, Any]:
    """The graph of a checkout, by a scan in a process of its own; raises `ScanFailedError`."""
    if not checkout.is_dir():
        raise ScanFailedError(f"no such checkout: {checkout}")
    words = ["graph", str(checkout), "--format", "json", "--no-cache"]
    if config_repo is not None:
        words += ["--config-repo", str(config_repo)]
    done = subprocess.run(
        [sys.executable, "-m", "scaleaudit", *words],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"ended with {done.returncode}"]
        raise ScanFailedError(f"{checkout}: {last[0]}")
    graph: dict[str, Any] = json.loads(done.stdout)
    return graph


def predicted(
    truth: dict[str, Any], name: str, checkouts: Path, repos: Path | None, out: Path
) -> dict[str, Any]:
    """One system's prediction, written to `out`; empty, with the reason said, when it failed."""
    repo = repos / name if repos is not None and (repos / name).is_dir() else None
    try:
        prediction = neutral(scanned(checkouts / name / truth.get("subdir", ""), repo))
    except (ScanFailedError, subprocess.TimeoutExpired) as error:
        print(f"{name}: {error}", file=sys.stderr)
        prediction = {"components": [], "connections": [], "endpoints": []}
    text = json.dumps(prediction, indent=1, ensure_ascii=False)
    (out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return prediction


def group_of(truth: dict[str, Any]) -> str:
    """The published data set holds Java systems; the systems that were added are of many languages."""
    return "java" if str(truth.get("origin", "")).startswith("published") else "polyglot"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkouts", type=Path, required=True, metavar="DIR")
    parser.add_argument("--truth", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="PREDICTIONS")
    parser.add_argument("--config-repos", type=Path, metavar="DIR")
    parser.add_argument(
        "--direction",
        choices=list(Direction),
        action="append",
        help="of connections; may be given again (default: initiator and undirected)",
    )
    parser.add_argument("--show", action="store_true", help="list what was invented and missed")
    chosen = parser.parse_args()
    for path in (chosen.checkouts, chosen.truth, chosen.config_repos):
        if path is not None and not path.is_dir():
            parser.error(f"no such folder: {path}")
    truths = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(chosen.truth.glob("*.json"))
    }
    if not truths:
        parser.error(f"no truth in {chosen.truth}")
    chosen.out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        predictions = dict(
            pool.map(
                lambda name: (
                    name,
                    predicted(
                        truths[name], name, chosen.checkouts, chosen.config_repos, chosen.out
                    ),
                ),
                truths,
            )
        )
    directions = [Direction(each) for each in chosen.direction or ("initiator", "undirected")]
    groups: dict[Direction, dict[str, dict[str, Tally]]] = {}
    for direction in directions:
        scores = {name: score(truths[name], predictions[name], direction) for name in truths}
        groups[direction] = _by_group(truths, scores)
        condition = "with configuration repositories" if chosen.config_repos else "repository alone"
        print(f"\n{direction}, {condition}\n")
        print(table(scores, groups[direction]))
        if chosen.show and direction is directions[0]:
            print(items(scores))
    if Direction.UNDIRECTED in groups:
        print("\n" + comparison(groups[Direction.UNDIRECTED]))
    return 0


def _by_group(
    truths: dict[str, dict[str, Any]], scores: dict[str, Score]
) -> dict[str, dict[str, Tally]]:
    found: dict[str, list[Score]] = {}
    for name, truth in truths.items():
        found.setdefault(group_of(truth), []).append(scores[name])
    return {
        name: totals(each) for name, each in [*sorted(found.items()), ("all", [*scores.values()])]
    }


if __name__ == "__main__":
    sys.exit(main())
