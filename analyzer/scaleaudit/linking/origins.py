"""From where a file's code is reached: a request handler, a job, an administrator's script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.architecture import Origin
from scaleaudit.facts import EndpointServed, MessageReceived, ScheduleStarted
from scaleaudit.linking.modules import eager
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.modules import Modules

ADMIN = re.compile(
    r"(^|/)(management/commands|scripts?|bin|tools?|dev-?tools|dev|hack|ops|devops|cli(?:\.py)?|cmd/(?:admin|tool)\S*|tasks?/[^/]*\.rake"
    r"|lib/tasks|seeds?|seeders?|console|admin_scripts|setup\.py|manage\.py|conf\.py|fabfile\.py|gulpfile\.js"
    r"|Gruntfile\.js|webpack[^/]*\.js|[^/]*\.config\.(js|ts|mjs|cjs))(/|$)"
)
JOB = re.compile(
    r"(^|/)(jobs?|workers?|tasks|consumers?|listeners?|crons?|sidekiq|celery|queues?|processors?)"
    r"(/|\.py$|\.rb$|\.[jt]s$|\.go$|\.java$)"
)
HANDLER = re.compile(
    r"(^|/)(controllers?|views?|handlers?|routes?|routers?|api|endpoints?|resources?|graphql|resolvers?|pages)(/|\.\w+$)"
)
MAX_HOPS = 6  # imports followed from a file with endpoints


class Origins:
    """`of(path)`; worked out once, by the routes and messages that lead into the imports."""

    def __init__(self, index: FactsIndex, modules: Modules) -> None:
        self._index = index
        serving = {path for path, _ in index.of(EndpointServed)}
        working = {path for path, _ in index.of(MessageReceived)}
        working |= {path for path, _ in index.of(ScheduleStarted)}
        imports: dict[str, list[str]] = {}
        for (source, target), fact in modules.imports.items():
            if eager(fact):
                imports.setdefault(source, []).append(target)
        self._serving = serving
        self._handled = reached(serving, imports)
        self._worked = reached(working, imports)

    def of(self, path: str) -> Origin:
        role = self._index.role(path)
        if role is Role.TEST:
            return Origin.TEST
        if role is Role.MIGRATION:
            return Origin.MIGRATION
        if path in self._serving:
            return Origin.HANDLER
        if ADMIN.search(path):
            return Origin.ADMIN
        if JOB.search(path):
            return Origin.JOB
        if path in self._handled or HANDLER.search(path):
            return Origin.HANDLER
        return Origin.JOB if path in self._worked else Origin.UNKNOWN


def reached(starts: set[str], imports: dict[str, list[str]]) -> set[str]:
    found = set(starts)
    border = set(starts)
    for _ in range(MAX_HOPS):
        border = {target for path in border for target in imports.get(path, ())} - found
        if not border:
            break
        found |= border
    return found
