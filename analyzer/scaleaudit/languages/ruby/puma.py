"""The port of Puma's configuration: `port ENV.fetch("PORT", 4000)` in `config/puma.rb`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import ServerStarted
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.languages.ruby.reader import RubyReader

# What else such a file says: it is one of these, or the port alone.
BESIDE = frozenset({
    "threads", "workers", "environment", "pidfile", "plugin", "preload_app!", "log_requests", "rackup",
    "stdout_redirect", "state_path", "activate_control_app", "on_worker_boot", "worker_timeout",
    "tag", "directory", "before_fork", "quiet", "daemonize",
})  # fmt: skip


def server(reader: RubyReader) -> Iterator[ServerStarted]:
    calls = [
        call for call in reader.declared.top.calls if call.child_by_field_name("receiver") is None
    ]
    names = {reader.method_name(call) for call in calls}
    if names.isdisjoint(BESIDE) and names != {"port"}:
        return
    for call in calls:
        given = reader.positional(call)
        if reader.method_name(call) == "port" and given:
            value = reader.value(given[0])
            if not isinstance(value, Unknown):
                yield ServerStarted(reader.span(call), "puma", value)
