from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest

from scaleaudit.architecture import Architecture, Cause, Node, NodeKind, Unresolved
from scaleaudit.findings import Confidence, Severity
from scaleaudit.reports import as_concise, as_markdown, as_text, roadmap_as_text
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.style import Style, cells
from scaleaudit.roadmap import plan
from scaleaudit.source import Location, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.findings import Finding
    from scaleaudit.result import ScanResult


@pytest.mark.parametrize("width", [80, 120])
def test_the_whole_report(shop: ScanResult, golden: Callable[[str, str], None], width: int) -> None:
    text = as_text.render(shop, RenderOptions(style=Style(width=width)))
    golden(text, f"shop-{width}.txt")
    place = "ReportRepository.java:41"  # a path stays whole, whatever the width
    assert max(cells(line) for line in text.splitlines() if place not in line) <= width


def test_the_report_unfolded_with_details(
    shop: ScanResult, golden: Callable[[str, str], None]
) -> None:
    golden(as_text.render(shop, RenderOptions(unfold=True, details=True)), "shop-all.txt")


def test_jobs_stand_apart_from_services(shop: ScanResult) -> None:
    nodes = [
        Node("service:web", NodeKind.SERVICE, "web", "django"),
        Node("service:nightly", NodeKind.SERVICE, "nightly", "django", ends=True),
    ]
    result = msgspec.structs.replace(shop, architecture=Architecture(nodes, []))
    told = as_text.render(result)
    assert "\n  Services   1: web (django)\n  Jobs       1: nightly\n" in told
    assert "| Services | 1: web |\n| Jobs | 1: nightly |\n" in as_markdown.render(result)


def test_calls_without_a_target_are_counted_by_why(shop: ScanResult) -> None:
    at = Location("web/a.py", 3)
    found = [
        Unresolved("service:web", "http GET", "no reason", at, Cause.RUN_TIME),
        Unresolved("service:worker", "http GET", "no reason", at, Cause.RUN_TIME),  # the same call
        Unresolved("service:web", "http GET", "no reason", Location("web/b.py", 5), Cause.RUN_TIME),
        Unresolved("service:web", "http PUT", "not set", at, Cause.SETTING),
    ]
    result = msgspec.structs.replace(shop, architecture=Architecture([], [], unresolved=found))
    told = as_text.render(result, RenderOptions(style=Style(width=200)))
    assert (
        "3 calls with an unknown target: 2 with an address made at run time, "
        "1 by a setting that nothing here sets (--all lists them)\n"
    ) in told
    listed = as_text.render(result, RenderOptions(style=Style(width=200), unfold=True))
    places = re.findall(r"- (web/\w\.py:\d)  http", listed)
    assert places == ["web/a.py:3", "web/b.py:5", "web/a.py:3"]


@pytest.mark.parametrize(("groovy", "said"), [(40, True), (3, False)])
def test_a_system_of_which_a_part_is_in_languages_that_are_not_read(
    shop: ScanResult, groovy: int, said: bool
) -> None:
    reason = "in {}, which is not read"
    skipped = [Skipped(f"a/{n}.groovy", reason.format("Groovy")) for n in range(groovy)]
    skipped.append(Skipped("b.lua", reason.format("Lua")))
    told = as_text.render(msgspec.structs.replace(shop, skipped=tuple(skipped)))
    line = "  Not read   41 files, of which nothing is known: Groovy 40, Lua 1\n"
    assert (line in told) is said
    assert ("Not read" in told) is said
    assert f"left out: {groovy} in Groovy, which is not read, 1 in Lua" in " ".join(told.split())


def test_colours_and_links_change_no_character(
    shop: ScanResult, golden: Callable[[str, str], None]
) -> None:
    dressed = as_text.render(
        shop, RenderOptions(style=Style(color=True, links="file:///repo/", width=80))
    )
    golden(dressed, "shop-dressed.txt")
    bare = re.sub(r"\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[[\d;]*m", "", dressed)
    assert bare == as_text.render(shop)


def test_hostile_names_cannot_act(nasty: ScanResult, golden: Callable[[str, str], None]) -> None:
    text = as_text.render(nasty, RenderOptions(unfold=True))
    golden(text, "nasty.txt")
    lines = [*text.splitlines(), *as_concise.render(nasty).splitlines()]
    assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


def test_brief_is_the_findings_alone(shop: ScanResult) -> None:
    text = as_text.render(shop, RenderOptions(brief=True))
    whole = as_text.render(shop)
    assert text in whole
    assert text.startswith("NOW ")
    assert "Services" not in text
    assert "scaleaudit roadmap" not in text


def test_a_long_phase_is_folded_and_counted(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    many = tuple(
        make_finding("no-timeout", f"call {n:02}", Location("a.py", n), severity=severity)
        for n, severity in enumerate([Severity.LOW] * 12 + [Severity.HIGH] * 2, 1)
    )
    result = msgspec.structs.replace(shop, findings=many, roadmap=plan(many))
    folded = as_text.render(result, RenderOptions(brief=True))
    shown = re.findall(r"a\.py:(\d+)", folded)
    assert shown == ["13", "14"]
    assert folded.endswith("\n  12 of low severity: 12 no-timeout (--all shows them)\n\n")
    whole = as_text.render(result, RenderOptions(brief=True, unfold=True))
    assert len(re.findall(r"a\.py:(\d+)", whole)) == 14
    assert "--all" not in whole


def test_one_finding_alone_is_not_folded(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    many = tuple(make_finding("no-timeout", f"call {n}", Location("a.py", n)) for n in range(1, 12))
    result = msgspec.structs.replace(shop, findings=many, roadmap=plan(many))
    text = as_text.render(result, RenderOptions(brief=True))
    assert len(re.findall(r"a\.py:(\d+)", text)) == 11
    assert "--all" not in text


def test_reasons_that_begin_with_a_line_are_one_reason(shop: ScanResult) -> None:
    skipped = (
        *(Skipped(f"{n}.yml", f"line {n}: did not find expected key") for n in range(1, 4)),
        Skipped("a.lnk", "symbolic link"),
        Skipped("b.lnk", "symbolic link"),
    )
    text = as_text.render(msgspec.structs.replace(shop, skipped=skipped))
    assert "\n3 files not read or only in part: 3 with broken syntax (--all lists them)\n" in text
    assert "\n2 files left out: 2 symbolic links (--show-files lists them)\n" in text


def test_a_frequent_rule_does_not_hide_the_others(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    rules = ["no-timeout"] * 12 + ["hub-service"] * 2 + ["shared-database"]
    many = tuple(
        make_finding(rule, f"subject {n}", Location("a.py", n), severity=Severity.HIGH)
        for n, rule in enumerate(rules, 1)
    )
    result = msgspec.structs.replace(shop, findings=many, roadmap=plan(many))
    folded = as_text.render(result, RenderOptions(brief=True))
    shown = re.findall(r"(?m)^  high +(\S+) ", folded)
    assert shown == ["hub-service"] * 2 + ["no-timeout"] * 4 + ["shared-database"]
    assert re.findall(r"  - a\.py:(\d+)", folded) == ["4", "5", "6", "7"]
    assert "\n  5 more of high severity: 5 no-timeout (--all shows them)\n" in folded
    few = msgspec.structs.replace(shop, findings=many[:10], roadmap=plan(many[:10]))
    assert "more of" not in as_text.render(few, RenderOptions(brief=True))


def test_what_matters_little_is_counted_where_anything_else_is_found(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    grades = [Severity.HIGH, Severity.MEDIUM, Severity.MEDIUM, Severity.LOW, Severity.LOW]
    many = tuple(
        make_finding("no-timeout", f"call {n}", Location("a.py", n), severity=severity)
        for n, severity in enumerate(grades, 1)
    )

    def text(*findings: Finding) -> str:
        result = msgspec.structs.replace(shop, findings=findings, roadmap=plan(findings))
        return as_text.render(result, RenderOptions(brief=True))

    assert re.findall(r"a\.py:(\d+)", text(*many)) == ["1", "2", "3"]
    assert "\n  2 of low severity: 2 no-timeout (--all shows them)\n" in text(*many)
    assert "\n  1 of low severity: 1 no-timeout (--all shows it)\n" in text(*many[:4])
    assert re.findall(r"a\.py:(\d+)", text(*many[3:])) == ["4", "5"]


def test_what_repeats_takes_a_line_each(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    many = tuple(
        make_finding(
            "no-timeout",
            f"call {n}",
            Location("a.py", n),
            severity=Severity.HIGH,
            message=f"Call {n} of a, b and c, and nobody ends it: each request waits.",
        )
        for n in range(1, 6)
    )
    result = msgspec.structs.replace(shop, findings=many, roadmap=plan(many))
    text = as_text.render(result, RenderOptions(brief=True))
    assert (
        "\n  high      no-timeout  2 more like these\n"
        "            - a.py:4  Call 4 of a, b and c\n            - a.py:5  Call 5 of a, b and c\n\n"
    ) in text
    four = msgspec.structs.replace(shop, findings=many[:4], roadmap=plan(many[:4]))
    assert "more like" not in as_text.render(four, RenderOptions(brief=True))
    whole = as_text.render(result, RenderOptions(brief=True, unfold=True))
    assert "more like" not in whole


def test_what_is_less_grave_hides_nothing_that_is_more(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    rules = [("no-timeout", Severity.HIGH)] * 8 + [("hub-service", Severity.MEDIUM)] * 5
    many = tuple(
        make_finding(rule, f"subject {n}", Location("a.py", n), severity=severity)
        for n, (rule, severity) in enumerate(rules, 1)
    )
    result = msgspec.structs.replace(shop, findings=many, roadmap=plan(many))
    text = as_text.render(result, RenderOptions(brief=True))
    shown = re.findall(r"(?m)^  (?:high|medium) +(\S+) ", text)
    assert shown == ["no-timeout"] * 4 + ["hub-service"] * 2
    assert re.findall(r"a\.py:(\d+)", text) == [str(n) for n in range(1, 11)]
    assert "\n  3 more of medium severity: 3 hub-service (--all shows them)\n" in text
    low = make_finding("n-plus-one", "s", Location("b.py", 1), severity=Severity.LOW)
    result = msgspec.structs.replace(result, findings=(*many, low), roadmap=plan((*many, low)))
    text = as_text.render(result, RenderOptions(brief=True))
    assert (
        "\n  4 more, 3 of medium severity: 3 hub-service, 1 n-plus-one (--all shows them)" in text
    )


def test_the_same_fix_is_named_once_where_it_says_what_to_write(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    many = tuple(
        make_finding(
            "no-timeout", f"call {n}", Location("a.py", n), statements=(f"CREATE {n}", "DROP")
        )
        for n in (1, 2)
    )
    result = msgspec.structs.replace(shop, findings=many, roadmap=plan(many))
    text = as_text.render(result, RenderOptions(brief=True))
    assert text.count("Fix: Index what is filtered") == 1
    assert "\n            Fix: CREATE 2\n                 DROP\n" in text


def test_statistics(shop: ScanResult) -> None:
    text = as_text.render(shop, RenderOptions(brief=True, statistics=True))
    assert text == (
        "  Findings  Severity  Rule                 Title\n"
        "         1  medium    hard-coded-endpoint  Title of hard-coded-endpoint\n"
        "         1  low       hub-service          Title of hub-service\n"
        "         1  critical  in-memory-session    Title of in-memory-session\n"
        "         1  high      unindexed-query      Title of unindexed-query\n"
        "\n"
    )


def test_nothing_found(shop: ScanResult) -> None:
    result = msgspec.structs.replace(shop, findings=(), roadmap=plan(()), skipped=())
    text = as_text.render(result)
    assert "\nNo findings.\n" in text
    assert "explain" not in text
    assert "scaleaudit graph systems/shop -o graph.svg" in text
    empty = as_text.render(result, RenderOptions(brief=True, statistics=True))
    assert empty == ""


def test_doubt_is_said(shop: ScanResult, make_finding: Callable[..., Finding]) -> None:
    for confidence, said in (
        (Confidence.HIGH, ":3\n"),
        (Confidence.MEDIUM, ":3  (likely)\n"),
        (Confidence.LOW, ":3  (to check)\n"),
    ):
        one = (make_finding("r", "s", Location("a.py", 3), confidence=confidence),)
        result = msgspec.structs.replace(shop, findings=one)
        assert said in as_text.render(result, RenderOptions(brief=True))


def test_concise(shop: ScanResult) -> None:
    text = as_concise.render(shop, RenderOptions(prefix="services/"))
    assert text.splitlines()[1] == (
        "services/storefront/app.js:20:5: critical in-memory-session Sessions live in the "
        "memory of the process; a second replica does not see them. [1k]"
    )
    assert len(text.splitlines()) == 4


def test_roadmap(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(roadmap_as_text.render(shop), "roadmap.txt")


def test_wide_characters_count_twice() -> None:
    assert cells("a中") == 3
    assert cells("e\u0301") == 1
