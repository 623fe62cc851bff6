"""SARIF 2.1.0 for code scanning, inside GitHub's limits.

GitHub annotates only the first location of a result and follows it by the hash of its line, so
findings of one rule at one line become one result; the others stand in its message and its
related locations. Limits: docs.github.com, "SARIF support for code scanning".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit import __version__
from scaleaudit.findings import Confidence, Severity
from scaleaudit.reports import rows
from scaleaudit.reports import sarif_model as sarif
from scaleaudit.reports.escaping import uri_path, visible
from scaleaudit.reports.line_hash import LineHashes
from scaleaudit.reports.options import RenderOptions
from scaleaudit.reports.overview import is_left_out, rule_page, usual_fix

if TYPE_CHECKING:
    from scaleaudit.findings import Finding
    from scaleaudit.result import Rulebook, ScanResult
    from scaleaudit.source import Location, Skipped

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
MAX_RESULTS = 25_000
MAX_RELATED = 99  # GitHub keeps 100 locations of a result
MAX_JOINED = 10  # messages of findings that share an anchor
MAX_STATEMENTS = 5
MAX_NOTIFICATIONS = 100
MAX_DESCRIPTION = 1_024  # characters
MAX_FILES_HELD = 64  # contents, for line ends and hashes

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}


def render(result: ScanResult, options: RenderOptions | None = None) -> str:
    options = options or RenderOptions()
    findings = sorted(result.findings, key=lambda finding: finding.order)
    rules = _rules(result, findings)
    index = {rule.id: position for position, rule in enumerate(rules)}
    groups: dict[tuple[str, str, int], list[Finding]] = {}
    for finding in findings:
        anchor = (finding.rule, finding.location.path, finding.location.line)
        groups.setdefault(anchor, []).append(finding)
    writer = _Writer(options)
    run = sarif.Run(
        tool=sarif.Tool(
            driver=sarif.Driver(
                name="scaleaudit",
                full_name=f"scaleaudit {__version__}",
                version=__version__,
                semantic_version=__version__,
                information_uri="https://scaleaudit.dev/",
                rules=rules,
            )
        ),
        automation_details=sarif.AutomationDetails(id="scaleaudit/"),
        column_kind="utf16CodeUnits",
        original_uri_base_ids={
            ROOT: sarif.ArtifactLocation(description=sarif.Text(text="The root of the repository."))
        },
        invocations=[_invocation(result.skipped, options)],
        results=[
            writer.result(group, index[rule])
            for (rule, _, _), group in list(groups.items())[:MAX_RESULTS]
        ],
    )
    return rows.encode(sarif.Log(schema=SCHEMA, version="2.1.0", runs=[run]))


# -- rules -----------------------------------------------------------------------------------


def _rules(result: ScanResult, findings: list[Finding]) -> list[sarif.RuleDescriptor]:
    """The rules that found something, by id."""
    first: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda f: -f.severity.rank):
        first.setdefault(finding.rule, finding)
    return [_rule(first[rule], result.rule(rule)) for rule in sorted(first)]


def _rule(finding: Finding, book: Rulebook | None) -> sarif.RuleDescriptor:
    level = LEVELS[(book and book.severity) or finding.severity]
    confidence = (book and book.confidence) or finding.confidence
    page = book.page if book else finding.title
    family = [book.family] if book and book.family else []
    tags = dict.fromkeys(["scalability", *family, finding.dimension.value, finding.layer.value])
    return sarif.RuleDescriptor(
        id=finding.rule,
        name="".join(word.capitalize() for word in finding.rule.split("-")),
        short_description=sarif.Text(text=_sentence(visible(finding.title))),
        full_description=sarif.Text(text=_reason(page) or _sentence(visible(finding.title))),
        help=sarif.Text(text=page, markdown=page),
        help_uri=rule_page(finding.rule),
        default_configuration=sarif.Configuration(level=level),
        properties={
            "tags": list(tags),
            "precision": PRECISION[confidence],
            "problem.severity": PROBLEM[level],
        },
    )


def _reason(page: str) -> str:
    """What the page says under its title and first under its first subheading, as one line."""
    lead, _, after = page.partition("\n## ")
    said = lead.partition("\n")[2], after.partition("\n")[2].strip().partition("\n\n")[0]
    text = " ".join(" ".join(said).split())
    return text if len(text) <= MAX_DESCRIPTION else text[: MAX_DESCRIPTION - 1] + "…"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


# -- results ---------------------------------------------------------------------------------


class _Writer:
    """Makes results; holds the contents of the files that results stand in."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._contents: dict[str, tuple[list[str], LineHashes] | None] = {}

    def result(self, group: list[Finding], rule_index: int) -> sarif.Result:
        """One result for the findings of one rule at one line."""
        first = group[0]
        worst = max((finding.severity for finding in group), key=lambda s: s.rank)
        fingerprints = {"scaleaudit/v1": first.fingerprint}
        known = self._content(first.location.path)
        line_hash = known[1].of(first.location.line) if known else None
        if line_hash:
            fingerprints["primaryLocationLineHash"] = line_hash
        return sarif.Result(
            rule_id=first.rule,
            rule_index=rule_index,
            level=LEVELS[worst],
            message=sarif.Text(text=self._message(group)),
            locations=[self._location(first.location)],
            related_locations=self._related(group),
            partial_fingerprints=fingerprints,
            properties={
                "severity": worst.value,
                "confidence": first.confidence.value,
                "phase": first.phase.value,
                "dimension": first.dimension.value,
                "layer": first.layer.value,
                "fix": list(first.fix),
                "subjects": [visible(finding.subject) for finding in group],
                "fingerprints": [finding.fingerprint for finding in group],
            },
        )

    def _message(self, group: list[Finding]) -> str:
        lines = [_sentence(_plain(finding.message)) for finding in group[:MAX_JOINED]]
        if len(group) > MAX_JOINED:
            lines.append(f"And {len(group) - MAX_JOINED} more at this line.")
        fix = usual_fix(group[0])
        if fix is not None:
            lines.append(f"Fix: {_plain(fix.text)}.")
            told = [each for finding in group[:MAX_JOINED] for each in finding.statements]
            lines += [_plain(each) for each in told[:MAX_STATEMENTS]]
        return "\n".join(dict.fromkeys(lines))

    def _related(self, group: list[Finding]) -> list[sarif.SarifLocation]:
        seen: dict[tuple[Location, str], None] = {}
        for finding in group:
            for each in finding.related:
                seen.setdefault((each.at, each.note))
        return [
            self._location(at, note, number)
            for number, (at, note) in enumerate(list(seen)[:MAX_RELATED], 1)
        ]

    def _location(
        self, at: Location, note: str = "", number: int | None = None
    ) -> sarif.SarifLocation:
        return sarif.SarifLocation(
            id=number,
            physical_location=sarif.PhysicalLocation(
                artifact_location=artifact(at.path, self._options), region=self._region(at)
            ),
            message=sarif.Text(text=_plain(note)) if note else None,
        )

    def _region(self, at: Location) -> sarif.Region:
        """The declaring line alone: GitHub shows an alert when all its lines are in the diff."""
        line, column = max(at.line, 1), max(at.column, 1)
        known = self._content(at.path)
        width = (
            len(known[0][line - 1].encode("utf-16-le", "replace")) // 2
            if (known and line <= len(known[0]))
            else column
        )
        column = min(column, max(width, 1))
        return sarif.Region(
            start_line=line, start_column=column, end_line=line, end_column=max(width, column) + 1
        )

    def _content(self, path: str) -> tuple[list[str], LineHashes] | None:
        if path not in self._contents:
            if len(self._contents) >= MAX_FILES_HELD:
                self._contents.pop(next(iter(self._contents)))
            content = self._options.read(path)
            if content is None:
                self._contents[path] = None
            else:
                text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
                self._contents[path] = (text.split("\n"), LineHashes(content))
        return self._contents[path]


def artifact(path: str, options: RenderOptions) -> sarif.ArtifactLocation:
    return sarif.ArtifactLocation(uri=uri_path(options.located(path)), uri_base_id=ROOT)


def _plain(text: str) -> str:
    """Message text in which SARIF sees no `[link](target)`."""
    return visible(text).replace("](", "] (")


def _invocation(skipped: tuple[Skipped, ...], options: RenderOptions) -> sarif.Invocation:
    """The scan succeeded; files that it could not read are told before those it left out."""
    ranked = sorted(skipped, key=lambda each: (is_left_out(each), each))
    told = [_notification(each, options) for each in ranked[:MAX_NOTIFICATIONS]]
    if len(ranked) > MAX_NOTIFICATIONS:
        rest = len(ranked) - (MAX_NOTIFICATIONS - 1)
        told[-1] = sarif.Notification(
            level="note", message=sarif.Text(text=f"{rest:,} more files were skipped.")
        )
    return sarif.Invocation(execution_successful=True, tool_execution_notifications=told)


def _notification(each: Skipped, options: RenderOptions) -> sarif.Notification:
    place = sarif.PhysicalLocation(artifact_location=artifact(each.path, options))
    return sarif.Notification(
        level="note" if is_left_out(each) else "warning",
        message=sarif.Text(text=f"Skipped {_plain(each.path)}: {_sentence(_plain(each.reason))}"),
        locations=[sarif.SarifLocation(physical_location=place)],
    )
