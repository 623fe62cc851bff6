"""Write what is generated: JSON schemas, a page for each built-in rule, output shown in pages.

    python docs/generate.py            write
    python docs/generate.py --check    fail when something is not as it would be written

Run it with the package installed, after a change to a rule, its page, or a report. Writing also
draws the picture of the README where Graphviz is installed; the check compares only the DOT text
that it is drawn from, because each version of Graphviz places things a little differently.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from transcripts import filled, output_of

from scaleaudit.cli.explain import facts_of
from scaleaudit.cli.init import COMMENTS
from scaleaudit.config import Config
from scaleaudit.reports import (
    as_graph_json,
    as_json,
    edge_as_json,
    queries_as_json,
    roadmap_as_json,
    schema_as_json,
)
from scaleaudit.reports.graphviz import draw, program
from scaleaudit.reports.rows import schema
from scaleaudit.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.rules import Rule

HERE = Path(__file__).resolve().parent
FOLDERS = ("schemas", "rules")  # nothing in them is written by hand
PAGES = ("../README.md", "guide.md")  # by hand, with blocks of output in them
DRAWING = "graph fixtures/systems/shop --format dot"
DRAWN, PICTURE = "images/shop.dot", "images/shop.svg"


def pages() -> Iterator[tuple[str, str]]:
    """Every generated file: its path below this folder and its text."""
    rules = load_rules()
    yield "schemas/report-v1.json", _json(as_json.json_schema())
    yield "schemas/graph-v1.json", _json(as_graph_json.json_schema())
    yield "schemas/edge-v1.json", _json(edge_as_json.json_schema())
    yield "schemas/roadmap-v1.json", _json(roadmap_as_json.json_schema())
    yield "schemas/schema-v1.json", _json(schema_as_json.json_schema())
    yield "schemas/queries-v1.json", _json(queries_as_json.json_schema())
    yield "schemas/config.json", _json(config_schema(rules))
    yield "rules/index.md", rule_index(rules)
    for rule in rules:
        yield f"rules/{rule.id}.md", rule_page(rule)
    with tempfile.TemporaryDirectory() as scratch:
        for page in PAGES:
            yield page, filled((HERE / page).read_text(encoding="utf-8"), Path(scratch))
        yield DRAWN, f"{output_of(DRAWING, Path(scratch))}\n"


def _json(document: dict[str, object]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def config_schema(rules: Sequence[Rule]) -> dict[str, object]:
    """The settings file; options of the built-in rules by name, of other packs by their form."""
    found: dict[str, Any] = schema(Config, "config.json", "Settings of scaleaudit")
    options: dict[str, Any] = {}
    for rule in rules:
        if msgspec.structs.fields(rule.options):
            (_, components) = msgspec.json.schema_components([rule.options])
            options[rule.id] = components[rule.options.__name__]
            options[rule.id]["title"] = f"Options of {rule.id}"
    found["properties"]["rules"]["properties"] = options
    for field in msgspec.structs.fields(Config):
        if field.name in COMMENTS:
            found["properties"][field.encode_name]["description"] = COMMENTS[field.name]
    return found


def rule_index(rules: Sequence[Rule]) -> str:
    """All rules by family."""
    lines = ["# Rules", "", f"{len(rules)} rules come with scaleaudit.", ""]
    for family in sorted({rule.family for rule in rules}):
        lines += [f"## {family}", "", "| rule | says | severity | due |", "|---|---|---|---|"]
        lines += [
            f"| [{rule.id}]({rule.id}.md) | {rule.title} | {rule.severity} | {rule.phase} |"
            for rule in rules
            if rule.family == family
        ]
        lines.append("")
    return "\n".join(lines)


def rule_page(rule: Rule) -> str:
    """The page that stands beside the rule, with its facts and options below the title."""
    title, _, rest = rule.page.partition("\n")
    lines = [title, "", "| | |", "|---|---|"]
    lines += [f"| {label} | {text} |" for label, text in facts_of(rule) if label != "page"]
    options = msgspec.to_builtins(rule.options())
    if options:
        lines += ["", f"Options, under `[rules.{rule.id}]`:", ""]
        lines += [f"- `{name}`, default `{json.dumps(value)}`" for name, value in options.items()]
    return "\n".join([*lines, "", rest.strip("\n"), ""])


def main(check: bool) -> int:
    """The exit code: 1 when `check` found a difference."""
    wanted = {(HERE / path).resolve(): text for path, text in pages()}
    there = {path for folder in FOLDERS for path in (HERE / folder).glob("*")}
    stale = sorted(there - set(wanted))
    changed = sorted(
        path
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    )
    for path in (*changed, *stale):
        print(f"{'differs' if check else 'written'}: {path.relative_to(HERE.parent)}")
    if check:
        return 1 if changed or stale else 0
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
    for path in stale:
        path.unlink()
    if HERE / DRAWN in changed and program():
        (HERE / PICTURE).write_bytes(draw(wanted[HERE / DRAWN], "svg"))
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
