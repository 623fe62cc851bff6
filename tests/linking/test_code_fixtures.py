"""Small services whose code calls others and serves routes, one section of a text for each way.

A section begins with `=== name`, says what is expected (`want:`) and what its deployment hands to
it (`env:`), and holds its files behind `--- path`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scaleaudit.architecture import Architecture, EdgeKind
from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile

FIXTURES = Path(__file__).parents[2] / "fixtures"
CODE = (".py", ".js", ".mjs", ".ts", ".go", ".rb", ".php", ".kt")
Section = tuple[list[str], dict[str, str], dict[str, str]]  # wanted, environment, files


def sections(kind: str) -> list[tuple[str, Section]]:
    found: list[tuple[str, Section]] = []
    for path in sorted((FIXTURES / kind).glob("*.txt")):
        for text in path.read_text().split("\n=== ")[1:]:
            head, *files = f"\n{text}".split("\n--- ")
            name, *said = head.strip().splitlines()
            wanted = [line[6:] for line in said if line.startswith("want: ")]
            given = [w for line in said if line.startswith("env: ") for w in line[5:].split()]
            environment = dict(each.split("=", 1) for each in given)
            contents = {file.partition("\n")[0]: file.partition("\n")[2] for file in files}
            found.append((f"{path.stem}-{name}", (wanted, environment, contents)))
    return found


def system(environment: dict[str, str], files: dict[str, str]) -> Architecture:
    """A system of `caller`, which the files make, and two services that it may call."""
    entries = "".join(f"      {key}: {value}\n" for key, value in environment.items())
    compose = (
        "services:\n  caller:\n    build: ./caller\n"
        + (f"    environment:\n{entries}" if entries else "")
        + "  orders:\n    build: ./orders\n  billing:\n    build: ./billing\n"
    )
    texts = {
        "compose.yaml": compose,
        **{
            f"{name}/Dockerfile": "FROM scratch\nCOPY . .\n"
            for name in ("caller", "orders", "billing")
        },
        **{f"caller/{path}": text for path, text in files.items()},
    }
    sources = []
    for path, text in texts.items():
        kind = file_kinds()(path)
        if kind is not None:
            sources.append(SourceFile(path, kind, role_of(path)[0], content=text.encode()))
    return scan(sources, []).architecture


@pytest.mark.parametrize(
    "section", [pytest.param(each, id=name) for name, each in sections("calls")]
)
def test_the_code_of_a_service_tells_whom_it_calls(section: Section) -> None:
    wanted, environment, files = section
    found = system(environment, files)
    called = {
        edge.target.partition(":")[2]
        for edge in found.edges(EdgeKind.CALLS)
        if edge.source == "service:caller"
        and any(step.at.path.startswith("caller/") and step.at.path.endswith(CODE) for step in edge.evidence)
    }  # fmt: skip
    assert called == {name for line in wanted for name in line.split()}


@pytest.mark.parametrize(
    "section", [pytest.param(each, id=name) for name, each in sections("routes")]
)
def test_the_code_of_a_service_tells_what_it_serves(section: Section) -> None:
    wanted, environment, files = section
    found = system(environment, files)
    served = [f"{e.method} {e.path}" for e in found.endpoints if e.component == "service:caller"]
    assert sorted(served) == sorted(wanted)
