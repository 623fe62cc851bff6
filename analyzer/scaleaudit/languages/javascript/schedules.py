"""Jobs that the process starts: what `setInterval` and the schedulers are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.facts import ScheduleStarted
from scaleaudit.languages.javascript.job_locks import body_of, job_is_locked
from scaleaudit.languages.patterns import Schedule
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

# Functions that run once, when the process starts.
STARTS = regex(
    r"(?i)^(start|init|bootstrap|main|run|listen|setup|launch|boot|constructor$|onModuleInit"
    r"|onApplicationBootstrap|schedule)"
)
REACHES_OUT = regex(
    r"(?i)\b(await|fetch|axios|query|knex|prisma|transaction|save|insert\w*|update(One|Many)?"
    r"|delete(One|Many|From)|send\w*|publish|emit|post|upload|sync\w*|import\w*|charge\w*|notify\w*)\b\s*\(?"
)
UPKEEP = regex(
    r"(?i)refresh|heart_?beat|ping|keep_?alive|poll|metric|stats|gauge|health|prune|evict|expire|sweep"
    r"|clean_?up|clear|flush|gc\b|rotate|reload|watch"
)
PRODUCT = regex(r"^[\d_\s*.e]+$")
# Words of a page's own globals: the file runs in a browser.
IN_BROWSER = regex(
    rb"(?<![\w$.'\"`])(?:window|document)\s*\.\s*(?:addEventListener|getElementById|querySelector)\s*\("
    rb"|(?<![\w$.'\"`])navigator\s*\.\s*serviceWorker\b"
    rb"|(?:from|require\()\s*['\"]jquery['\"]|(?<![\w$.])(?:\$|jQuery)\(\s*(?:document|window)\s*\)"
)
FUNCTIONS = {"arrow_function", "function_expression"}
MIN_PERIOD = 10_000  # milliseconds; shorter ones are timers, not schedules


class Interval(Record, frozen=True, kw_only=True):
    """`setInterval(job, period)` at module level or in a function that starts the process.

    Reported when the job is known to reach out of the process; as `refresh` when it is seen to
    touch memory alone or is upkeep by its name.
    """

    callees: tuple[str, ...]
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        scope = reader.scope(site.node)
        if len(site.args) < 2 or (scope and not STARTS.match(scope.rpartition(".")[2])):
            return
        job, every = site.args[0], period(site.args[1], reader)
        if every is None or every < MIN_PERIOD or IN_BROWSER.search(reader.content):
            return
        body = body_of(job, reader)
        name = reader.text(job)[:80].partition("\n")[0]
        upkeep = bool(UPKEEP.search(name if body is None else body))
        if body is None and not upkeep:
            return
        reaches = body is not None and bool(REACHES_OUT.search(body))
        yield ScheduleStarted(
            at=reader.span(site.node),
            library="setInterval",
            what=name,
            locked=job_is_locked(site, reader),
            refresh=upkeep or not reaches,
            scope=scope,
        )


def period(node: Node, reader: Reader) -> float | None:
    """Milliseconds of a number, a product of numbers, or a name for them."""
    text = reader.text(node)
    for _ in range(4):
        if PRODUCT.match(text) and len(text) < 60:
            product = 1.0
            for factor in text.replace("_", "").split("*"):
                try:
                    product *= float(factor)
                except ValueError:
                    return None
            return product
        found = reader.declared.get(text) if hasattr(reader, "declared") else None
        found = reader.local(text, node) or found
        if found is None:
            return None
        text = reader.text(found)
    return None


class CronJob(Schedule, frozen=True, kw_only=True):
    """A scheduler that takes options before or after the job: the function is the job.

    `asks`: without a job it only tells the times of a pattern.
    """

    asks: bool = False

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        job = next((arg for arg in reversed(site.args) if arg.type in FUNCTIONS), None)
        named = [arg for arg in site.args[1:] if arg.type in ("identifier", "member_expression")]
        job = job or (named[-1] if named else None)
        if job is None and self.asks:
            return
        body = job.child_by_field_name("body") if job is not None else None
        if body is not None and body.type == "statement_block" and not body.named_children:
            return  # made to look at a pattern of times
        for fact in Schedule.facts(self, site, reader):
            what = reader.text(job)[:80].partition("\n")[0] if job is not None else ""
            yield msgspec.structs.replace(fact, what=what) if job is not None else fact
