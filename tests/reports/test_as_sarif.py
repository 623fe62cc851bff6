from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from scaleaudit.findings import Evidence, Severity
from scaleaudit.reports import as_sarif
from scaleaudit.reports.line_hash import LineHashes
from scaleaudit.reports.options import RenderOptions
from scaleaudit.result import Rulebook
from scaleaudit.source import Location, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.findings import Finding
    from scaleaudit.result import ScanResult

CONTENT = b"".join(b"line %d\r\n" % number for number in range(1, 60))


def run_of(result: ScanResult, **options: Any) -> dict[str, Any]:
    log = json.loads(as_sarif.render(result, RenderOptions(**options)))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return dict(run)


def test_the_whole_log(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    options = RenderOptions(prefix="systems/shop/", read=lambda path: CONTENT)
    golden(as_sarif.render(shop, options), "report.sarif")


def test_findings_of_one_rule_at_one_line_are_one_result(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    at = Location("compose.yml", 4, 3)
    findings = tuple(
        make_finding(
            "shared-database",
            f"subject {n}",
            at,
            severity=Severity.HIGH if n == 2 else Severity.MEDIUM,
            related=(Evidence(Location("compose.yml", 20), "same"), Evidence(Location("b.py", n))),
        )
        for n in range(1, 4)
    )
    elsewhere = make_finding("shared-database", "other", Location("compose.yml", 9))
    run = run_of(msgspec.structs.replace(shop, findings=(*findings, elsewhere)))
    assert [
        r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in run["results"]
    ] == [
        4,
        9,
    ]
    merged = run["results"][0]
    assert merged["level"] == "error"
    assert merged["message"]["text"] == (
        "subject 2 is in the way.\nsubject 1 is in the way.\nsubject 3 is in the way.\n"
        "Fix: Index what is filtered (up to 3 days)."
    )
    assert [
        (r["id"], r["physicalLocation"]["artifactLocation"]["uri"])
        for r in merged["relatedLocations"]
    ] == [(1, "compose.yml"), (2, "b.py"), (3, "b.py"), (4, "b.py")]
    assert merged["properties"]["fingerprints"] == [
        findings[1].fingerprint,
        findings[0].fingerprint,
        findings[2].fingerprint,
    ]


def test_github_finds_its_own_fingerprint(shop: ScanResult) -> None:
    run = run_of(shop, read=lambda path: CONTENT if path == "storefront/app.js" else None)
    by_rule = {each["ruleId"]: each["partialFingerprints"] for each in run["results"]}
    assert by_rule["in-memory-session"] == {
        "primaryLocationLineHash": LineHashes(CONTENT).of(20),
        "scaleaudit/v1": shop.findings[2].fingerprint,
    }
    assert by_rule["hub-service"] == {"scaleaudit/v1": shop.findings[3].fingerprint}


@pytest.mark.parametrize(
    ("line", "column", "content", "region"),
    [
        (1, 3, "ab😀c".encode(), (3, 6)),  # UTF-16 units, behind the last character
        (1, 9, b"abc", (3, 4)),  # a column behind the line's end
        (2, 1, b"abc\n\n", (1, 2)),  # an empty line
        (7, 4, b"abc", (4, 5)),  # the file is shorter by now
        (1, 4, None, (4, 5)),
    ],
)
def test_regions_lie_in_their_line(
    shop: ScanResult,
    make_finding: Callable[..., Finding],
    line: int,
    column: int,
    content: bytes | None,
    region: tuple[int, int],
) -> None:
    one = (make_finding("r", "s", Location("a.py", line, column, line + 30)),)
    run = run_of(msgspec.structs.replace(shop, findings=one), read=lambda path: content)
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": line,
        "startColumn": region[0],
        "endLine": line,
        "endColumn": region[1],
    }


def test_limits(
    shop: ScanResult, make_finding: Callable[..., Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_sarif, "MAX_RESULTS", 3)
    related = tuple(Evidence(Location("b.py", n)) for n in range(1, 200))
    many = tuple(
        make_finding("r", f"s{n}", Location("a.py", n), related=related) for n in range(1, 9)
    )
    skipped = (
        Skipped("z.yml", "not valid YAML"),
        *(Skipped(f"t{n}.py", "test") for n in range(150)),
    )
    page = f"# Title\n\n## Why it hurts\n\n{'word ' * 400}\n"
    run = run_of(
        msgspec.structs.replace(
            shop, findings=many, skipped=skipped, rules=(Rulebook("r", "Title", "data", page),)
        )
    )
    assert len(run["results"]) == 3
    assert len(run["results"][0]["relatedLocations"]) == 99
    (rule,) = run["tool"]["driver"]["rules"]
    assert len(rule["fullDescription"]["text"]) == 1024
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert len(notes) == 100
    assert (notes[0]["level"], notes[0]["message"]["text"]) == (
        "warning",
        "Skipped z.yml: not valid YAML.",
    )
    assert notes[99]["message"]["text"] == "52 more files were skipped."


def test_hostile_names(nasty: ScanResult) -> None:
    text = as_sarif.render(nasty, RenderOptions(read=lambda path: b"x\n"))
    assert "\x1b" not in text
    run = json.loads(text)["runs"][0]
    for place in (
        run["results"][0]["locations"][0],
        run["invocations"][0]["toolExecutionNotifications"][0]["locations"][0],
    ):
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.startswith("a%1B%5B31m%0Ab%7C")
        assert ":" not in uri
    assert "](" not in run["results"][0]["message"]["text"]
