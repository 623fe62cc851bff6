"""What a scan reports: problems as rules see them, findings as the engine stamps them."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec

from scaleaudit.source import Location


class _Ranked(StrEnum):
    """A scale of words; the later member is the greater one."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)


class Severity(_Ranked):
    """The impact once the threshold is passed; urgency is the phase."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Confidence(_Ranked):
    """How sure the evidence makes us: about 0.5, 0.8, 0.95 of such findings are true."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Dimension(StrEnum):
    """Which growth breaks it."""

    TRAFFIC = "traffic"
    DATA = "data"
    TEAM = "team"
    COST = "cost"
    RELIABILITY = "reliability"


class Layer(StrEnum):
    ARCHITECTURE = "architecture"
    ENGINEERING = "engineering"
    TEAM = "team"


class Phase(_Ranked):
    """By which number of users a fix is due."""

    NOW = "now"
    TO_1K = "1k"
    TO_10K = "10k"
    TO_100K = "100k"
    DEFER = "defer"


class Step(StrEnum):
    """What a place is on the way from a piece of code to the component that it reaches."""

    CALL = "call"  # the code that opens the connection
    CONSTANT = "constant"  # a name that the code gives to a text
    ARGUMENT = "argument"  # where a function or a constructor is given it
    SETTING = "setting"  # an entry of a settings file
    ENVIRONMENT = "environment"  # what a deployment hands to its workload
    ROUTE = "route"  # the rule of a proxy or of what watches others
    DEPENDENCY = "dependency"  # a library that connects by itself
    TARGET = "target"  # where the component that is reached is declared


class Evidence(msgspec.Struct, frozen=True):
    at: Location
    note: str = ""
    step: Step | None = None


class Trail(msgspec.Struct, frozen=True):
    """One way that led to a connection, from its first step, and how sure this way is."""

    steps: tuple[Evidence, ...]
    confidence: Confidence = Confidence.HIGH


class Problem(msgspec.Struct, frozen=True):
    """What a rule yields; the engine adds who said so and how much it matters.

    `subject` is what the problem is about, stable when lines move (`orders.customer_id`,
    `catalog -> pricing`): with the rule's id it makes the fingerprint. The first piece of
    evidence is the primary one. `severity`, `confidence` and `phase` override the rule's own. `weight`
    orders what is as grave and as sure among the findings of one rule: more comes first.
    `statements`: lines that do what the fix asks for, as the repository's own tool takes them.
    """

    subject: str
    message: str
    evidence: tuple[Evidence, ...]
    data: dict[str, str | int | float | bool | list[str] | None] = {}
    severity: Severity | None = None
    confidence: Confidence | None = None
    weight: int = 0
    statements: tuple[str, ...] = ()
    phase: Phase | None = None


class Finding(msgspec.Struct, frozen=True):
    rule: str
    title: str
    message: str
    severity: Severity
    confidence: Confidence
    dimension: Dimension
    layer: Layer
    phase: Phase
    fix: tuple[str, ...]  # ids of the fix catalogue, the usual one first
    subject: str
    location: Location
    related: tuple[Evidence, ...]
    data: dict[str, str | int | float | bool | list[str] | None]
    fingerprint: str
    weight: int = 0
    statements: tuple[str, ...] = ()  # that do what the fix asks for

    @property
    def order(self) -> tuple[int, int, int, str, int, Location, str]:
        """Sort key: by phase, then the gravest, surest and weightiest first, then by place."""
        return (
            self.phase.rank,
            -self.severity.rank,
            -self.confidence.rank,
            self.rule,
            -self.weight,
            self.location,
            self.subject,
        )


def fingerprint(rule: str, subject: str) -> str:
    """Stable when lines move or words change: only the rule and its subject go in."""
    return hashlib.sha256(f"{rule}\0{subject}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
