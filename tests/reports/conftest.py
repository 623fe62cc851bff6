"""Results made by hand: a small shop, and one where every name is hostile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scaleaudit.architecture import (
    Architecture,
    Edge,
    EdgeKind,
    Endpoint,
    Node,
    NodeKind,
    Unresolved,
)
from scaleaudit.findings import (
    Confidence,
    Dimension,
    Evidence,
    Finding,
    Layer,
    Phase,
    Severity,
    fingerprint,
)
from scaleaudit.result import Counts, Rulebook, ScanResult
from scaleaudit.roadmap import plan
from scaleaudit.roadmap.fixes import FIXES, Fix
from scaleaudit.source import Location, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).parent / "golden"
NASTY = "a\x1b[31m\nb|`*<i>@x</i>`\"'%0A::error::](x) \u202e\udcff#1{}"


def finding(
    rule: str,
    subject: str,
    at: Location,
    *,
    message: str = "",
    title: str = "",
    severity: Severity = Severity.HIGH,
    confidence: Confidence = Confidence.HIGH,
    phase: Phase = Phase.TO_1K,
    fix: tuple[str, ...] = ("indexes",),
    related: tuple[Evidence, ...] = (),
    statements: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        rule=rule,
        title=title or f"Title of {rule}",
        message=message or f"{subject} is in the way.",
        severity=severity,
        confidence=confidence,
        dimension=Dimension.DATA,
        layer=Layer.ARCHITECTURE,
        phase=phase,
        fix=fix,
        subject=subject,
        location=at,
        related=related,
        data={"table": subject, "rows": 3, "known": True, "columns": ["a", "b"], "none": None},
        fingerprint=fingerprint(rule, subject),
        statements=statements,
    )


@pytest.fixture(autouse=True)
def some_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a better word in the catalogue changes no expected text here."""
    for fix, known in {
        "indexes": Fix("Index what is filtered", "S", "adds indexes, changes no query"),
        "config-env": Fix("Take addresses from the environment", "S", "same values"),
        "ext-session": Fix("Keep sessions in a shared store or a signed cookie", "M", "same calls"),
        "seams": Fix("Declare the module boundaries", "M", "contracts written, code stays"),
        "migration-tool": Fix(
            "Change the schema by migrations only", "S", "today's schema is first"
        ),
        "shared-kv": Fix("Add a shared key-value store", "S", "one more service"),
        "break-cycles": Fix("Break the cycle", "M", "same code"),
    }.items():
        monkeypatch.setitem(FIXES, fix, known)


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    return finding


@pytest.fixture
def nasty_name() -> str:
    """Terminal escapes, newlines, markup, mentions, commands, quotes, a byte that is no UTF-8."""
    return NASTY


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with the file of that name; UPDATE_GOLDEN=1 writes the files anew."""

    def compare(text: str, name: str) -> None:
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8")

    return compare


def shop_architecture() -> Architecture:
    compose = Location("compose.yml", 4, 3)
    note = Evidence(Location("catalog/src/db.js", 7, 12), "DATABASE_URL from compose.yml:9")
    return Architecture(
        [
            Node(
                "service:catalog",
                NodeKind.SERVICE,
                "catalog",
                technology="javascript",
                path="catalog",
                aliases=("shop/catalog", "catalog.internal"),
                application="catalog",
                first_party=True,
                replicas=3,
                at=compose,
            ),
            Node(
                "service:catalog-worker",
                NodeKind.SERVICE,
                "catalog-worker",
                path="catalog",
                application="catalog",
                first_party=True,
            ),
            Node("service:gateway", NodeKind.SERVICE, "gateway", "nginx", published=True),
            Node("database:shop", NodeKind.DATABASE, "shop", "postgresql"),
            Node("table:shop.orders", NodeKind.TABLE, "orders"),
            Node("cache:sessions", NodeKind.CACHE, "sessions", "redis"),
            Node("broker:kafka", NodeKind.BROKER, "kafka", "kafka"),
            Node("topic:order-paid", NodeKind.TOPIC, "order-paid", "kafka"),
            Node("external:api.carrier.example", NodeKind.EXTERNAL, "api.carrier.example"),
            Node(
                "module:catalog/src/a.js",
                NodeKind.MODULE,
                "catalog/src/a.js",
                path="catalog/src/a.js",
            ),
            Node(
                "module:catalog/src/b.js",
                NodeKind.MODULE,
                "catalog/src/b.js",
                path="catalog/src/b.js",
            ),
        ],
        [
            Edge("service:gateway", "service:catalog", EdgeKind.CALLS, (Evidence(compose),)),
            Edge("service:catalog", "database:shop", EdgeKind.USES, (note,)),
            Edge("service:catalog", "table:shop.orders", EdgeKind.READS, (note, note)),
            Edge("service:catalog", "table:shop.orders", EdgeKind.WRITES, (note,)),
            Edge("database:shop", "table:shop.orders", EdgeKind.CONTAINS),
            Edge("broker:kafka", "topic:order-paid", EdgeKind.CONTAINS),
            Edge("service:catalog", "topic:order-paid", EdgeKind.PUBLISHES, (note,)),
            Edge(
                "service:catalog-worker",
                "external:api.carrier.example",
                EdgeKind.CALLS,
                (note,),
                Confidence.LOW,
            ),
            Edge("module:catalog/src/a.js", "module:catalog/src/b.js", EdgeKind.IMPORTS, (note,)),
        ],
        endpoints=[
            Endpoint(
                "service:catalog", "GET", "/products/{id}", Location("catalog/src/a.js", 9, 1)
            ),
            Endpoint("", "POST", "/lost", Location("lost.py", 2, 1), handler="lost"),
        ],
        unresolved=[
            Unresolved(
                "service:catalog", "HTTP call", "no service is named $HOST", Location("x.js", 3)
            )
        ],
    )


@pytest.fixture
def shop() -> ScanResult:
    findings = (
        finding(
            "hard-coded-endpoint",
            "catalog -> pricing",
            Location("catalog/src/pricing.js", 14, 9),
            message="The address of pricing stands in the code of catalog, so that it cannot move "
            "without a new release of both.",
            severity=Severity.MEDIUM,
            phase=Phase.NOW,
            fix=("config-env",),
        ),
        finding(
            "unindexed-query",
            "orders.placed_at",
            Location(
                "storefront/src/main/java/com/example/orders/reports/ReportRepository.java", 41
            ),
            message="orders is filtered by placed_at, which no index serves: each call reads the "
            "whole table.",
            related=(
                Evidence(Location("db/schema.sql", 12), "orders, 5 columns, 1 index"),
                Evidence(Location("catalog/src/db.js", 88)),
            ),
            statements=tuple(
                f"CREATE INDEX CONCURRENTLY orders_{column}_idx ON orders ({column});"
                for column in (
                    "placed_at",
                    "code",
                    "state",
                    "customer_of_the_wholesale_partner",
                    "e",
                    "f",
                )
            ),
        ),
        finding(
            "in-memory-session",
            "storefront",
            Location("storefront/app.js", 20, 5),
            message="Sessions live in the memory of the process; a second replica does not see them.",
            severity=Severity.CRITICAL,
            confidence=Confidence.MEDIUM,
            fix=("ext-session",),
            related=tuple(
                Evidence(Location("storefront/app.js", line), f"use {line}")
                for line in range(21, 26)
            ),
        ),
        finding(
            "hub-service",
            "catalog",
            Location("compose.yml", 4, 3),
            message="Is catalog meant to be in the way of every request?",
            severity=Severity.LOW,
            confidence=Confidence.LOW,
            phase=Phase.TO_10K,
            fix=("seams",),
        ),
    )
    return ScanResult(
        root="systems/shop",
        architecture=shop_architecture(),
        findings=findings,
        skipped=(
            Skipped("catalog/test/a.test.js", "test"),
            Skipped("docs/x.yml", "not valid YAML: line 3"),
        ),
        roadmap=plan(findings),
        counts=Counts(
            files=43,
            parsed=2,
            lines=2310,
            languages={"python": 12, "javascript": 8, "java": 7, "go": 4, "compose": 1},
            hidden=2,
            seconds=0.4,
        ),
        rules=(
            Rulebook(
                "unindexed-query",
                "Query without an index",
                "data",
                "# Query without an index\n\n## Why it hurts\n\nReads\ngrow with rows.\n\nMore.\n",
                Severity.MEDIUM,
                Confidence.MEDIUM,
            ),
        ),
    )


@pytest.fixture
def nasty() -> ScanResult:
    at = Location(f"{NASTY}/{NASTY}.py", 1, 1)
    findings = (
        finding(
            "no-timeout",
            NASTY,
            at,
            message=f"::error::{NASTY}\n::error::{NASTY}",
            title=NASTY,
            statements=(f"::error::{NASTY}\n::error::{NASTY}",),
            related=(Evidence(at, NASTY), Evidence(Location("::error file=x::y", 2), "##[error]x")),
        ),
    )
    return ScanResult(
        root=NASTY,
        architecture=Architecture(
            [
                Node(f"service:{NASTY}", NodeKind.SERVICE, NASTY, NASTY, NASTY, (NASTY,), NASTY),
                Node(f"service:{NASTY}2", NodeKind.SERVICE, NASTY, application=NASTY),
            ],
            [
                Edge(
                    f"service:{NASTY}",
                    f"service:{NASTY}2",
                    EdgeKind.CALLS,
                    (Evidence(at, NASTY),),
                )
            ],
            endpoints=[Endpoint("", NASTY, NASTY, at, NASTY, NASTY)],
            unresolved=[Unresolved(NASTY, NASTY, NASTY, at)],
        ),
        findings=findings,
        skipped=(Skipped(NASTY, NASTY),),
        roadmap=plan(findings),
        counts=Counts(files=1, lines=1, languages={NASTY: 1}),
        rules=(Rulebook("no-timeout", NASTY, "resilience", f"# {NASTY}\n"),),
    )
