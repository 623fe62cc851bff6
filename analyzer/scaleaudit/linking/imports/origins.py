"""From where a file's code is reached: a request handler, a job, an administrator's script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Origin
from scaleaudit.facts import (
    EndpointServed,
    MessageReceived,
    QueryFound,
    ScheduleStarted,
    SettingRead,
    TypeDeclared,
)
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.imports.callers_known import KNOWN_JOBS
from scaleaudit.linking.imports.client_packages import client_packages, on_devices, scripts_of_pages
from scaleaudit.linking.imports.manual_runs import daemons, run_by_hand
from scaleaudit.linking.imports.modules import eager
from scaleaudit.linking.imports.named_classes import with_classes
from scaleaudit.linking.imports.parts_of_paths import innermost
from scaleaudit.linking.imports.told_by_paths import (
    ADMIN,
    ADMIN_PAGES,
    BROWSER_PARTS,
    BUILD_FILE,
    CHECKING,
    CONTROLLERS,
    CRON_ROUTE,
    CRON_WORD,
    DEV_TOOLS,
    GO_COMMAND,
    JOB,
    MIGRATING,
    ONE_ROUTE,
    PARTS_TOO,
    PHP_CONTROLLER,
    PROBES,
    SCRIPTS,
    SERVER_PARTS,
    handles_requests,
    job_class,
    migrating,
    one_time,
)
from scaleaudit.source import Role
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

NEAR = 2  # files from one with endpoints or a call: a controller, a service, a store
MAX_HOPS = 6  # imports followed from a file with endpoints
MAX_PACKAGES = 30  # and from the main package of a Go program


class Origins:
    """`of(path)`; worked out once, by the routes and messages that lead into the imports."""

    def __init__(self, index: FactsIndex, modules: Modules) -> None:
        self._index = index
        self._known: dict[str, Origin] = {}  # by path
        self._asking: dict[str, Origin] = {}
        serving = {path for path, _ in index.of(EndpointServed)}
        working = {path for path, _ in index.of(MessageReceived)}
        queued = self._tasks = working - serving
        self._clocked = {
            path
            for path, fact in index.of(SettingRead)
            if CRON_WORD.search(fact.key) and ONE_ROUTE.search(path)
        }
        self._scheduling = {path for path, _ in index.of(ScheduleStarted)}
        self._daemons = daemons(index)
        working |= self._scheduling | self._daemons
        imports: dict[str, list[str]] = {}
        for (source, target), fact in modules.imports.items():
            if eager(fact):
                imports.setdefault(source, []).append(target)
        self.imports = imports  # file -> the files that it loads, now or later
        reach = self._reach = with_classes(index, imports)  # and those whose classes it uses
        self._serving = serving
        self._serving_folders: set[str] | None = None
        self._migrating = {path for path, _ in index.importing(lambda m: m.startswith(MIGRATING))}
        checking = index.importing(lambda m: m.startswith(CHECKING[1:]) or m == CHECKING[0])
        self._checking = {path for path, _ in checking}
        # Go programs that write Go code are run by whoever builds the product.
        writing = index.importing(lambda module: module == "go/format")
        self._writing = {path for path, _ in writing} - serving
        self._busy = serving | working
        self._by_hand = run_by_hand(index, modules, self._daemons) - serving - working
        # Folders of Go programs that only run and end: whose they are.
        self._commands: dict[str, Origin | None] = {}
        self._querying = {
            folder_of(path) for path, _ in index.of(QueryFound) if path.endswith(".go")
        }
        self._go: dict[str, list[str]] = {}  # packages, by folder: what each imports
        for source, targets in imports.items():
            if source.endswith(".go"):
                self._go.setdefault(folder_of(source), []).extend(map(folder_of, targets))
        # A package that offers probes and profiles to all programs makes none of them a server.
        self._busy_folders = {folder_of(path) for path in working} | {
            folder_of(path)
            for path, fact in index.of(EndpointServed)
            if not PROBES.match(text_with_holes(fact.path))
        }
        self._client, self._drawn = client_packages(index)
        self._devices = on_devices(index)
        self._in_pages = scripts_of_pages(index, imports, self._busy)
        for path in self._busy:  # a package that serves is a server, whatever it is made of
            folder = self._package_of(path)
            if folder in self._client and index.kind(path) in SCRIPTS:
                self._client[folder] = False
        # A handler loads a file of tasks to enqueue them: what they use runs elsewhere.
        asked = serving | {path for path in imports if PHP_CONTROLLER.search(path)}
        asked |= {
            path
            for path, fact in index.of(TypeDeclared)
            if not CONTROLLERS.isdisjoint(fact.annotations)
        }
        self._near = reached(asked, reach, NEAR)
        # A file that does nothing but plan jobs is loaded to list them, or to start one by hand.
        planned = {path for path in self._scheduling - serving if KNOWN_JOBS.search(path)}
        later = queued | planned
        self._handled = reached(asked, {path: imports[path] for path in imports.keys() - later})
        self._named = reached(asked, {path: reach[path] for path in reach.keys() - later})
        self._worked = reached(working, reach)
        self._queued = reached(later, reach)

    def of(self, path: str) -> Origin:
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._of(path)
        return found

    def _of(self, path: str) -> Origin:
        role = self._index.role(path)
        if role is Role.TEST or path in self._checking:
            return Origin.TEST
        lowered = path.lower()
        if role is Role.MIGRATION or path in self._migrating or one_time(path, lowered):
            return Origin.MIGRATION
        if "tools/" in path and DEV_TOOLS.search(path):
            return Origin.ADMIN
        if path in self._daemons:
            return Origin.JOB
        if path in self._serving:
            clocked = path in self._clocked or CRON_ROUTE.search(path) is not None
            return Origin.JOB if clocked else Origin.HANDLER
        if migrating(path, lowered):
            return Origin.MIGRATION
        # A Go server starts from `cli` or `cmd` as well, and what ticks there ticks in the server.
        if path.endswith(".go") and path in self._scheduling:
            return Origin.JOB
        named = path.replace("/main/resources/", "/main/")  # Maven's folder, no resource of an API
        # Folders of PHP are written like its classes: `Console/Commands`, `Jobs`.
        named = named.lower() if self._index.kind(path) == "php" else named
        loaded = path in self._named or path in self._queued
        asked = PARTS_TOO.sub("", named) if loaded else named
        if ADMIN.search(f"/{asked}") or path in self._by_hand or path in self._writing:
            return Origin.ADMIN
        if self._at_users(path):
            return Origin.CLIENT
        command = self._of_a_command(path)
        if command is not None:
            return command
        # In PHP a file is one class, and one that a queue hands out is a job wherever it lies.
        queued = path in self._tasks and self._index.kind(path) == "php"
        if queued or JOB.search(f"/{named}") or job_class(path):
            return Origin.JOB
        if path in self._handled:
            return Origin.HANDLER
        # An import of Go names a package, for which one file stands: of that file it tells nothing.
        stands = path.endswith(".go") and path not in self._busy
        told = not stands and path not in self._named  # else the calls have to tell
        if path in self._queued and told:
            return Origin.JOB
        if handles_requests(innermost(named)):
            return Origin.HANDLER
        return Origin.JOB if path in self._worked and told else Origin.UNKNOWN

    def asking(self, path: str) -> Origin:
        """From where the queries of a file are asked: few people open the pages of administrators."""
        found = self._asking.get(path)
        if found is None:
            found = self.of(path)
            if found in (Origin.HANDLER, Origin.UNKNOWN) and ADMIN_PAGES.search(path) is not None:
                found = Origin.ADMIN
            self._asking[path] = found
        return found

    def may_be_asked(self, path: str) -> bool:
        """Its classes are named where requests come by, or imports of its language tell nothing."""
        return path in self._named or path.endswith(".go")

    def leads(self, source: str, target: str, hops: int = NEAR) -> bool:
        """The one file uses the other, or one that does, with so many steps from file to file."""
        return target in reached({source}, self._reach, hops)

    def near_routes(self, path: str) -> bool:
        """What answers requests uses it, or uses something that does."""
        return path in self._near

    def works(self, path: str) -> bool:
        """A file that says by itself that it runs beside the requests: a schedule, a queue."""
        return path in self._tasks or path in self._daemons or path in self._scheduling

    def beside_routes(self, path: str) -> bool:
        """In a folder of the product that also answers requests: `jobs`, where jobs are offered."""
        if self._serving_folders is None:
            served = (each for each in self._serving if not CRON_ROUTE.search(each))
            self._serving_folders = {folder_of(each) for each in served}
        return folder_of(path) in self._serving_folders

    def builds(self, path: str) -> bool:
        """Part of how the product is built: a build file in Go, a generator of Go code."""
        return path in self._writing or BUILD_FILE.search(path) is not None

    def _at_users(self, path: str) -> bool:
        """In a package that is made for browsers, devices or the command line."""
        if self._devices and path.startswith(self._devices):
            return True
        if path in self._busy or self._index.kind(path) not in SCRIPTS:
            return False
        if path in self._in_pages or BROWSER_PARTS.search(path) is not None:
            return True
        folder = self._package_of(path)
        if folder in self._drawn:
            return SERVER_PARTS.search(path.removeprefix(folder)) is None
        return self._client.get(folder, False)

    def _of_a_command(self, path: str) -> Origin | None:
        """In a Go program that neither serves, consumes nor keeps a schedule.

        One that queries tables by itself runs beside the database, not at a user's.
        """
        found = GO_COMMAND.match(path) if path.endswith(".go") else None
        if found is None:
            return None
        top = found[0]
        if top not in self._commands:
            own = {folder for folder in self._go if f"{folder}/".startswith(top)}
            busy = reached(own, self._go, MAX_PACKAGES) & self._busy_folders
            queries = any(f"{folder}/".startswith(top) for folder in self._querying)
            self._commands[top] = None if busy else Origin.ADMIN if queries else Origin.CLIENT
        return self._commands[top]

    def _package_of(self, path: str) -> str:
        """The folder of the nearest package around a file."""
        folder = folder_of(path)
        while folder not in self._client and folder:
            folder = folder_of(folder)
        return folder

    def also_in_jobs(self, path: str) -> bool:
        """What serves requests is used by jobs too, but for the files that hold the routes."""
        return path in self._worked and path not in self._serving


def reached(starts: set[str], imports: dict[str, list[str]], hops: int = MAX_HOPS) -> set[str]:
    found = set(starts)
    border = set(starts)
    for _ in range(hops):
        border = {target for path in border for target in imports.get(path, ())} - found
        if not border:
            break
        found |= border
    return found
