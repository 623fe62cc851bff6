"""The patterns for jobs, whose topic is the class that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import MessageSent
from scaleaudit.languages.ruby.names import NameReader
from scaleaudit.record import Record
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.patterns import Condition
    from scaleaudit.languages.reader import Reader

SETTERS = frozenset({"set", "perform_in", "wait"})


class JobSent(Record, frozen=True, kw_only=True):
    """`NotifyJob.perform_later(id)`, `HardWorker.set(queue: "low").perform_async`."""

    callees: tuple[str, ...]
    library: str
    technology: str = ""
    argument: bool = False  # the class is the first argument: `Resque.enqueue(Mail, id)`
    fixed: str = ""  # the job class that the library itself enqueues
    annotation: bool = False
    when: Condition | None = None

    def facts(self, site: CallSite, reader: Reader) -> Iterator[Fact]:
        name = self.fixed or job_class(site, reader, argument=self.argument)
        if name:
            yield MessageSent(
                reader.span(site.node),
                self.technology or self.library,
                Literal(name),
                self.library,
                reader.scope(site.node),
            )


def job_class(site: CallSite, reader: Reader, *, argument: bool) -> str:
    if not isinstance(reader, NameReader):
        return ""
    if argument:
        return reader.constant_name(site.args[0]) if site.args else ""
    name = site.callee.rpartition(".")[0]
    parts = name.split(".")
    while parts and parts[-1] in SETTERS:
        parts.pop()
    if parts in ([], ["self"], ["self", "class"]):
        holder = reader.holder_around(site.node)
        return holder.name if holder is not None else ""
    return ".".join(parts) if all(part[:1].isupper() for part in parts) else ""
