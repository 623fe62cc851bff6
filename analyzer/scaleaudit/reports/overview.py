"""The figures of a scan that several formats show."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from scaleaudit.architecture import Cause
from scaleaudit.findings import Phase, Severity
from scaleaudit.record import Record
from scaleaudit.roadmap.fixes import FIXES
from scaleaudit.unread_languages import REASON, unread_languages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.architecture import Node, Unresolved
    from scaleaudit.findings import Finding
    from scaleaudit.result import ScanResult
    from scaleaudit.roadmap import PhasePlan
    from scaleaudit.source import Skipped

RULE_PAGES = "https://scaleaudit.dev/rules/"

# From how many sources on, and which part of all, it is worth saying that nobody looked at them.
UNREAD_FILES, UNREAD_SHARE = 5, 0.1
UNREAD_NAMES = 3
EFFORTS = {"S": "up to 3 days", "M": "up to 3 weeks", "L": "more than 3 weeks"}
"""One engineer; the classes of the fix catalogue."""

KIND_NAMES = {
    "codeowners": "CODEOWNERS",
    "container-script": "Scripts",
    "blade": "Blade",
    "csharp": "C#",
    "django-template": "Django templates",
    "dotenv": ".env",
    "dotnet-framework-settings": ".NET Framework settings",
    "dotnet-project": ".NET projects",
    "dotnet-settings": ".NET settings",
    "served-properties": "Served properties",
    "served-yaml": "Served YAML",
    "erb": "ERB",
    "github-actions": "GitHub Actions",
    "gitlab-ci": "GitLab CI",
    "go-module": "Go modules",
    "haml": "HAML and Slim",
    "javascript": "JavaScript",
    "jbuilder": "Jbuilder",
    "npm-package": "npm",
    "npm-workspace": "npm workspaces",
    "other-ci": "other CI",
    "php": "PHP",
    "sql": "SQL",
    "symfony": "Symfony settings",
    "tsx": "TSX",
    "vue": "Vue",
    "svelte": "Svelte",
    "typescript": "TypeScript",
    "typescript-app": "TypeScript applications",
    "typescript-declarations": "TypeScript declarations",
    "typescript-paths": "TypeScript paths",
    "yaml": "YAML",
    "openapi-json": "OpenAPI",
    "dotenv-example": ".env examples",
    "kept-properties": "Settings kept apart",
    "own-settings": "Other settings",
    "page": "Pages",
    "dotnet-launch": ".NET launch settings",
    "liquibase-yaml": "Liquibase YAML",
    "traefik-toml": "Traefik TOML",
    "mybatis": "MyBatis",
    "sql-in-xml": "SQL in XML",
    "xml": "XML",
    "graphql": "GraphQL",
    "gemfile-lock": "Gemfile.lock",
}

LEFT_OUT = (
    "test",
    "example or documentation",
    "vendored",
    "build output",
    "generated",
    "minified",
    "binary",
    "not a text file",
    "not a regular file",
    "symbolic link",
    "link out of the root",
    "larger than",
    "not included by the configuration",
    "excluded by the configuration",
)
"""How the reasons begin that say nothing went wrong."""

SYNTAX = re.compile(r"line \d")
"""How the reasons begin that say where a file could not be parsed."""


CAUSES = {
    Cause.SETTING: "by a setting that nothing here sets",
    Cause.INPUT: "with an address out of a request or a record",
    Cause.RUN_TIME: "with an address made at run time",
    Cause.NAME: "by a name whose value was not found",
    Cause.RELATIVE: "with a path alone",
    Cause.OWN_HOST: "to the caller's own host",
    Cause.AMBIGUOUS: "that several components may take",
    Cause.UNSAID: "without an address",
}
"""What a call has whose target is not known: `7 calls with an address made at run time`."""


class FixShown(Record, frozen=True):
    id: str
    title: str
    effort: str = ""  # S, M, L or empty when it is not known

    @property
    def needs(self) -> str:
        """`(up to 3 days)`, empty when it is not known"""
        needs = EFFORTS.get(self.effort)
        return f"({needs})" if needs else ""

    @property
    def text(self) -> str:
        """`Add the missing indexes (up to 3 days)`"""
        return f"{self.title} {self.needs}".rstrip()


def rule_page(rule: str) -> str:
    return f"{RULE_PAGES}{rule}/"


def kind_name(kind: str, beside: frozenset[str] = frozenset({"python"})) -> str:
    """`python` -> `Python`; without Python beside them, what may be templates are pages."""
    if kind == "django-template" and "python" not in beside:
        return "HTML"
    return KIND_NAMES.get(kind) or (kind[:1].upper() + kind[1:]).replace("-", " ")


def is_left_out(skipped: Skipped) -> bool:
    """Left out on purpose, not for what went wrong."""
    return skipped.reason.startswith(LEFT_OUT) or skipped.reason.endswith(REASON[1])


def usual_fix(finding: Finding) -> FixShown | None:
    """The first of its fixes; None for a rule that names none."""
    return fix_shown(finding.fix[0]) if finding.fix else None


def by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """The gravest first; only severities that occur."""
    counted = Counter(finding.severity for finding in findings)
    return {s.value: counted[s] for s in reversed(Severity) if counted[s]}


def by_phase(findings: Iterable[Finding]) -> dict[str, int]:
    counted = Counter(finding.phase for finding in findings)
    return {p.value: counted[p] for p in Phase if counted[p]}


def by_rule(findings: Iterable[Finding]) -> dict[str, int]:
    """The most frequent first."""
    counted = Counter(finding.rule for finding in findings)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def phases_with_findings(result: ScanResult) -> list[tuple[Phase, str, str, list[Finding]]]:
    """Phase, its title, its theme and its findings in report order; phases without any left out."""
    plans: dict[Phase, PhasePlan] = {plan.phase: plan for plan in result.roadmap.phases}
    shown = []
    for phase in Phase:
        found = sorted((f for f in result.findings if f.phase is phase), key=lambda f: f.order)
        if found:
            plan = plans.get(phase)
            shown.append(
                (phase, plan.title if plan else phase.value, plan.theme if plan else "", found)
            )
    return shown


class SystemShown(Record, frozen=True):
    """The nodes of the service level, sorted by name."""

    services: tuple[Node, ...] = ()
    jobs: tuple[Node, ...] = ()  # services that are started for one piece of work
    stores: tuple[Node, ...] = ()
    messaging: tuple[Node, ...] = ()
    externals: tuple[Node, ...] = ()
    tables: int = 0
    topics: int = 0


def system(result: ScanResult) -> SystemShown:
    from scaleaudit.architecture import NodeKind

    def of(*kinds: NodeKind) -> tuple[Node, ...]:
        nodes = result.architecture.nodes(*kinds)
        return tuple(sorted(nodes, key=lambda n: (not n.first_party, n.name.lower(), n.id)))

    return SystemShown(
        services=tuple(each for each in of(NodeKind.SERVICE) if not each.ends),
        jobs=tuple(each for each in of(NodeKind.SERVICE) if each.ends),
        stores=of(NodeKind.DATABASE, NodeKind.CACHE, NodeKind.STORAGE),
        messaging=of(NodeKind.BROKER),
        externals=of(NodeKind.EXTERNAL),
        tables=len(result.architecture.nodes(NodeKind.TABLE)),
        topics=len(result.architecture.nodes(NodeKind.TOPIC)),
    )


def languages(result: ScanResult) -> list[tuple[str, int]]:
    """Kinds of files by number, the most frequent first."""
    return sorted(result.counts.languages.items(), key=lambda item: (-item[1], item[0]))


def not_read(result: ScanResult) -> str:
    """Languages of this system that are not read; empty where they are a small part of it."""
    found = unread_languages(result.skipped)
    files = sum(count for _, count in found)
    if files < UNREAD_FILES or files < UNREAD_SHARE * (files + result.counts.files):
        return ""
    names = [f"{name} {count:,}" for name, count in found[:UNREAD_NAMES]]
    others = sum(count for _, count in found[UNREAD_NAMES:])
    if others:
        names.append(f"other {others:,}")
    return f"{number(files, 'file')}, of which nothing is known: {', '.join(names)}"


def number(count: int, one: str, many: str = "") -> str:
    """`1 finding`, `12 findings`, `2,310 lines`"""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def skip_reasons(skipped: Iterable[Skipped]) -> dict[str, int]:
    """Skipped files by the first words of the reason, the most frequent first."""
    counted = Counter(
        "broken syntax" if SYNTAX.match(each.reason) else each.reason.partition(":")[0]
        for each in skipped
    )
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def by_cause(unresolved: Iterable[Unresolved]) -> dict[Cause, int]:
    """Calls without a known target by why it is not known, the most frequent first."""
    counted = Counter(each.cause for each in unresolved)
    return {
        c: counted[c] for c in sorted(counted, key=lambda c: (-counted[c], list(Cause).index(c)))
    }


def fix_shown(fix: str) -> FixShown:
    """A fix by its id, as the catalogue knows it."""
    known = FIXES.get(fix)
    return FixShown(fix, known.title, known.effort) if known else FixShown(fix, fix)
