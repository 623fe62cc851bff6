"""What a rule is, how packs of rules are found, how rules are run."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, cast

import msgspec

from scaleaudit.findings import (
    Confidence,
    Dimension,
    Finding,
    Layer,
    Phase,
    Problem,
    Severity,
    fingerprint,
)
from scaleaudit.record import Record
from scaleaudit.rule_packs import installed_packs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

    from scaleaudit.architecture import Architecture
    from scaleaudit.findings import Evidence

    Check: TypeAlias = "Callable[[Architecture, Any], Iterator[Problem]]"

LOCAL_PACK = "scaleaudit_local_rules"


Count: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]
"""For options: a number of things, at least one."""


class Options(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """Thresholds of a rule that a repository may set under `[rules.<id>]`; none by default."""


class Rule(Record, frozen=True):
    id: str
    title: str
    family: str
    page: str
    dimensions: tuple[Dimension, ...]
    layer: Layer
    severity: Severity
    confidence: Confidence
    phase: Phase
    fixes: tuple[str, ...]
    options: type[Options]
    check: Check
    later: tuple[Phase, ...] = ()  # phases that its findings may have beside `phase`


class RulePackError(Exception):
    """A rule pack is not of the agreed form; the message names the module and the mend."""


class RuleCrash(Exception):
    """A rule raised something; it is reported, never swallowed."""


def rule(
    *,
    dimensions: tuple[Dimension, ...],
    layer: Layer,
    severity: Severity,
    confidence: Confidence,
    phase: Phase,
    fixes: tuple[str, ...],
    options: type[Options] = Options,
    later: tuple[Phase, ...] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of a check function.

    The id comes from the function's name, the family from the folder, title and page from the
    Markdown file beside the module. `dimensions` and `fixes` name the usual one first; `later` are
    the other phases that its problems may name.
    """

    def make(check: Check) -> Rule:
        module = sys.modules[check.__module__]
        source = Path(cast("str", module.__file__))
        try:
            page = source.with_suffix(".md").read_text(encoding="utf-8")
        except OSError as error:
            raise RulePackError(f"{module.__name__}: no page {source.stem}.md beside it") from error
        title = page.partition("\n")[0].removeprefix("#").strip()
        return Rule(
            id=check.__name__.replace("_", "-"),
            title=title,
            family=module.__name__.rpartition(".")[0].rpartition(".")[2].replace("_", "-"),
            page=page,
            dimensions=dimensions,
            layer=layer,
            severity=severity,
            confidence=confidence,
            phase=phase,
            fixes=fixes,
            options=options,
            check=check,
            later=later,
        )

    return make


def load_rules(local: Path | None = None) -> list[Rule]:
    """Every rule of every installed pack, and of a folder of rules, sorted by id.

    Raises `RulePackError` for a pack of the wrong form or two rules of one id.
    """
    packs = installed_packs()
    if local is not None:
        packs.append(local_pack(local))
    found: dict[str, Rule] = {}
    with _no_bytecode(local is not None):
        for each in (each for pack in packs for each in rules_in(pack)):
            if each.id in found:
                raise RulePackError(f"two rules are named {each.id}")
            found[each.id] = each
    return [found[key] for key in sorted(found)]


def local_pack(folder: Path) -> ModuleType:
    """A folder of rule files that nobody installs."""
    spec = ModuleSpec(LOCAL_PACK, loader=None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    pack = module_from_spec(spec)
    sys.modules[spec.name] = pack
    return pack


@contextmanager
def _no_bytecode(wanted: bool) -> Iterator[None]:
    """A scan writes nothing into the repository, so no `__pycache__` beside its rules."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = before or wanted
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def rules_in(pack: ModuleType) -> Iterator[Rule]:
    """One rule for each module of the pack and its family packages, named as its file."""
    for info in pkgutil.walk_packages(pack.__path__, f"{pack.__name__}."):
        name = info.name.rpartition(".")[2]
        if info.ispkg or name.startswith("_"):
            continue
        try:
            module = importlib.import_module(info.name)
        except RulePackError:
            raise
        except Exception as error:
            raise RulePackError(f"{info.name}: {type(error).__name__}: {error}") from error
        found = getattr(module, name, None)
        if not isinstance(found, Rule):
            raise RulePackError(f"{info.name} must define a rule named {name}")
        yield found


def run_rules(
    architecture: Architecture,
    rules: Iterable[Rule],
    options: Mapping[str, Options] | None = None,
) -> list[Finding]:
    """All findings in report order; raises `RuleCrash` naming the rule that failed."""
    findings: dict[str, Finding] = {}
    for each in rules:
        chosen = (options or {}).get(each.id) or each.options()
        try:
            for problem in each.check(architecture, chosen):
                finding = stamp(each, problem)
                findings.setdefault(finding.fingerprint, finding)
        except Exception as error:
            raise RuleCrash(f"rule {each.id}: {type(error).__name__}: {error}") from error
    return sorted(findings.values(), key=lambda finding: finding.order)


def line_of(evidence: Evidence) -> tuple[str, int, str]:
    return evidence.at.path, evidence.at.line, evidence.note


def stamp(by: Rule, problem: Problem) -> Finding:
    """What the rule said, with who said it and how much it matters."""
    first, *others = problem.evidence
    told = {
        line_of(each): each for each in reversed(others)
    }  # what says the same of one line is told once
    return Finding(
        rule=by.id,
        title=by.title,
        message=problem.message,
        severity=problem.severity or by.severity,
        confidence=problem.confidence or by.confidence,
        dimension=by.dimensions[0],
        layer=by.layer,
        phase=problem.phase or by.phase,
        fix=by.fixes,
        subject=problem.subject,
        location=first.at,
        related=tuple(each for each in others if told.get(line_of(each)) is each),
        data=problem.data,
        fingerprint=fingerprint(by.id, problem.subject),
        weight=problem.weight,
        statements=problem.statements,
    )
