from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.findings import Severity
from scaleaudit.reports import as_github, as_markdown
from scaleaudit.reports.options import RenderOptions
from scaleaudit.roadmap import plan
from scaleaudit.source import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.findings import Finding
    from scaleaudit.result import ScanResult


def test_commands(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(as_github.render(shop, RenderOptions(prefix="systems/shop/")), "github.txt")


def test_ten_of_each_and_the_rest_is_counted(
    shop: ScanResult, make_finding: Callable[..., Finding]
) -> None:
    severities = [Severity.HIGH] * 14 + [Severity.CRITICAL] + [Severity.LOW] * 12
    many = tuple(
        make_finding("r", f"s{n}", Location("a.py", n), severity=severity)
        for n, severity in enumerate(severities, 1)
    )
    lines = as_github.render(msgspec.structs.replace(shop, findings=many)).splitlines()
    commands = [line.split(" ")[0] for line in lines]
    assert commands == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    assert lines[0].startswith(
        "::error file=a.py,line=15,endLine=15,title=r (critical%2C due 1k)::"
    )
    assert lines[-1] == (
        "::notice title=scaleaudit::27 findings (1 critical, 14 high, 12 low); "
        "7 not annotated, see the report"
    )


def test_hostile_names_stay_inside_their_command(nasty: ScanResult) -> None:
    lines = as_github.render(nasty).splitlines()
    assert len(lines) == 2
    properties, _, message = lines[0].removeprefix("::error ").partition("::")
    assert properties.count(",") == 3
    assert "%0A" not in properties
    assert message.count("%0A") == 1  # in front of the one statement
    assert "%250A" in message


def test_markdown(shop: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(as_markdown.render(shop), "summary.md")


def test_markdown_of_hostile_names(nasty: ScanResult, golden: Callable[[str, str], None]) -> None:
    golden(as_markdown.render(nasty), "nasty.md")


def test_markdown_folds_and_fits(shop: ScanResult, make_finding: Callable[..., Finding]) -> None:
    many = tuple(make_finding("r", f"s{n}", Location("a.py", n)) for n in range(1, 501))
    result = msgspec.structs.replace(shop, findings=many, roadmap=plan(many))
    whole = as_markdown.render(result)
    before, fold, after = whole.partition("<details><summary>490 more findings</summary>\n\n")
    assert before.count("`a.py:") == 10
    assert after.count("`a.py:") == 490
    assert fold
    assert whole.endswith("</details>\n\n")
    for limit in (1_000, 5_000, 20_000):
        cut = as_markdown.render(result, max_bytes=limit)
        shown = cut.count("`a.py:")
        assert len(cut.encode()) <= limit
        assert cut.count("<details>") == cut.count("</details>")
        assert cut.endswith(
            f"**{500 - shown} findings did not fit here**; the JSON report has all.\n"
        )
    assert "No findings" in as_markdown.render(msgspec.structs.replace(shop, findings=()))
