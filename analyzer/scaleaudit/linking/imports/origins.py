"""From where a file's code is reached: a request handler, a job, an administrator's script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import Origin
from scaleaudit.facts import (
    EndpointServed,
    ImportFound,
    MessageReceived,
    QueryFound,
    ScheduleStarted,
    SettingRead,
    TypeDeclared,
)
from scaleaudit.linking.facts_index import folder_of
from scaleaudit.linking.imports.client_packages import client_packages
from scaleaudit.linking.imports.manual_runs import daemons, run_by_hand
from scaleaudit.linking.imports.modules import eager
from scaleaudit.linking.imports.named_classes import with_classes
from scaleaudit.regex import regex
from scaleaudit.source import Role
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules

ADMIN = regex(
    r"(^|/)(management/commands|(?:\w+-)?scripts?(?:-\w+)?|bin|tools?|dev-?tools|dev|hack|ops|devops|cli(?:\.py)?|cmd/(?:admin|tool)\S*|tasks?/[^/]*\.rake"
    r"|lib/tasks|seeds?|[Ss]eeders?|(?:db|prisma|database|repo)/seeds?\.\w+|database/factories|extras?|contrib|[\w-]+-examples?|[\w-]+[._-]seed(?:er|s)?\.[jt]s|console|admin_scripts|admin\.py|setup\.py|manage\.py|conf\.py|fabfile\.py|gulpfile\.js|magefile\.go"
    r"|Gruntfile\.js|webpack[^/]*\.js|[^/]*\.config\.(js|ts|mjs|cjs))(/|$)"
)
# Of these the names that parts of a product have too: what requests or tasks load is no script.
# What a mapper keeps beside its schema fills the tables, even where a page for developers calls it.
PARTS_TOO = regex(
    r"(?:^|(?<=/))(?:extras?|contrib|(?<!prisma/)(?<!drizzle/)(?<!database/)(?<!db/)seeds?|tools?)/"
)
JOB = regex(
    r"(^|/)(jobs?|clean_?up\w*|workers?|tasks|consumers?|listeners?|crons?|sidekiq|celery|queues?|processors?)"
    r"(/|\.py$|\.rb$|\.[jt]s$|\.go$|\.java$)"
)
HANDLER = regex(
    r"(^|/)(controllers?|views?|handlers?|routes?|routers?|api|endpoints?|resources?|graphql|resolvers?|pages)(/|\.\w+$)"
)
# Of a program that is drawn in the browser and on the server the part that only the server runs.
SERVER_PARTS = regex(r"(?i)(^|/)(server|server-?middleware|api|modules)/")
SCRIPTS = {"javascript", "typescript", "tsx"}
# Steps of a migration that are written in code: Liquibase's custom changes, Flyway's Java classes.
MIGRATING = ("liquibase.change.custom", "org.flywaydb.core.api.migration")
# Code that imports these checks other code, also where no name of a file says so.
CHECKING = (
    "testing", "testing/quick", "github.com/stretchr/testify/", "github.com/onsi/ginkgo",
    "github.com/onsi/gomega", "gopkg.in/check.v1", "org.junit.", "org.testng.", "io.kotest.",
    "github.com/ory/dockertest", "github.com/testcontainers/",
)  # fmt: skip
# In languages that name a file after its one class, and hold migrations in packages of the source.
JOB_CLASS = regex(
    r"(?:Job|Jobs|Tasklet|Worker|Cron|ScheduledTask|HostedService|BackgroundService)\.(?:java|kt|cs)$"
)
MIGRATING_FILE = regex(r"(?i)(?:^|[/_.-])migrations?\.(?:go|py|php|[jt]s)$")
MIGRATING_PACKAGE = regex(
    r"/(?:db|data)?(?:migrations?|backfills?)/[^/]+\.(?:java|kt|cs)$|/\w*Migrations?/[^/]+\.cs$"
    r"|/(?:Data|Database|Db|Schema)(?:Migrator|Migration)\.(?:java|kt|cs)$"
    # What a server runs through when it starts.
    r"|/\w*(?:Migration|Migrator)s?(?:Startup)?(?:Task|Runner|HostedService)\.(?:java|kt|cs)$"
)
# Steps that bring data of an older release into the form of a later one, whoever starts them.
ONE_TIME = regex(
    r"(?i)(?:^|/)(?:(?:db|data|database)/(?:fix(?:es|ups)?|repairs?|upgrades?|backfills?)|up(?:dat|grad)es?/v?\d[\w.]*)/"
)
# Pages of administrators, by the folders and names of Rails, Laravel, Nest, Express and Next.js.
ADMIN_PAGES = regex(
    r"(?:^|/)(?i:controllers?|handlers?|routes?|routers?|endpoints?|resolvers?|views|api|pages|http)"
    r"/(?:[\w.()-]+/){0,4}(?i:(?:super_?)?admin(?:s|istration|istrator)?)/"
    r"|(?:^|/)(?i:controllers?)/(?:\w+/){0,2}(?i:staff|back_?office)/"
    r"|(?:^|/)(?:super_?)?admins?/(?:[\w-]+/){0,2}[\w-]*[._-](?:controllers?|routes?|router|resolver|handlers?)\.\w+$"
    r"|(?:^|/)(?:super_?)?admins?(?:[._-][\w-]+)?[._-](?:controllers?|routes?|router|resolver)\.\w+$"
    r"|(?:^|/)(?:routers?|routes?|controllers?|resolvers?)/(?:[\w-]+/)?(?:super_?)?admin\.[jt]s$"
    # An application of a workspace that is theirs as a whole.
    r"|^apps/(?:[\w-]+-)?(?:admin|back-?office)(?:-(?:web|app|ui|panel|dashboard))?/"
    r"|(?:^|/)Admin(?:[A-Z]\w*)?Controller\.\w+$"
    # What Filament, Nova, Active Admin and Avo make such pages of.
    r"|(?:^|/)(?:app|src)/(?:Filament|Nova|MoonShine|Orchid)/|(?:^|/)app/(?:admin|avo)/(?:\w+/){0,3}\w+\.rb$"
    # The module `admin` of a Django application, in one or several files.
    r"|\w/admin\.py$|\w/admin/(?!(?:views?|urls|api|main|app|models|tasks|utils?)\.py$)\w+\.py$"
)
# Routes of PHP may name a controller in a text, which loads no file.
# And what a generator writes of an OpenAPI file serves through the class that implements it.
CONTROLLERS = frozenset({"RestController", "Controller", "GraphQLController"})
PHP_CONTROLLER = regex(r"(?:^|/)Controllers?/(?:\w+/){0,4}\w+\.php$")
# Routes that a scheduler asks for, where Vercel's documentation of cron jobs puts them, and upkeep.
CRON_ROUTE = regex(
    r"(?:^|/)(?:app|pages)/(?:\([^/]{1,80}\)/)*api/(?:\([^/]{1,80}\)/)*"
    r"(?:crons?|cron-?jobs?|house-?keeping|scheduled(?:-?(?:jobs|tasks))?)(?:/|\.[jt]sx?$)"
)
# A file of one route that checks the word which Vercel's scheduler sends along.
CRON_WORD = regex(r"(?:^|_)CRON_(?:SECRET|TOKEN|KEY)$|(?:^|_)CRON_?API_KEY$")
ONE_ROUTE = regex(r"(?:^|/)(?:route|\+server)\.[jt]s$|(?:^|/)pages/api/|(?:^|/)server/api/")
PROBES = regex(r"^/?(?:debug|metrics|health\w*|live\w*|ready\w*|status|version)(?:/|$)")
DEV_TOOLS = regex(
    r"(^|/)\.?dev-?tools/"
)  # servers too: they stand in for what the product talks to
BUILD_FILE = regex(r"(^|/)(magefile\.go|magefiles/[^/]+\.go)$")
GO_COMMAND = regex(r"^(?:.*/)?cmd/[^/]+/")  # the folder of one program, as Go modules lay them out
MAX_HOPS = 6  # imports followed from a file with endpoints
MAX_PACKAGES = 30  # and from the main package of a Go program


class Origins:
    """`of(path)`; worked out once, by the routes and messages that lead into the imports."""

    def __init__(self, index: FactsIndex, modules: Modules) -> None:
        self._index = index
        self._known: dict[str, Origin] = {}  # by path
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
        reach = with_classes(index, imports)  # and those whose classes it uses
        self._serving = serving
        self._serving_folders: set[str] | None = None
        self._migrating = {
            path for path, fact in index.of(ImportFound) if fact.module.startswith(MIGRATING)
        }
        self._checking = {
            path
            for path, fact in index.of(ImportFound)
            if fact.module.startswith(CHECKING[1:]) or fact.module == CHECKING[0]
        }
        # Go programs that write Go code are run by whoever builds the product.
        self._writing = {
            path
            for path, fact in index.of(ImportFound)
            if fact.module == "go/format" and path not in serving
        }
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
        self._handled = reached(asked, {path: reach[path] for path in reach.keys() - queued})
        self._worked = reached(working, reach)
        self._queued = reached(queued, reach)

    def of(self, path: str) -> Origin:
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._of(path)
        return found

    def _of(self, path: str) -> Origin:
        role = self._index.role(path)
        if role is Role.TEST or path in self._checking:
            return Origin.TEST
        if role is Role.MIGRATION or path in self._migrating or ONE_TIME.search(path):
            return Origin.MIGRATION
        if DEV_TOOLS.search(path):
            return Origin.ADMIN
        if path in self._daemons:
            return Origin.JOB
        if path in self._serving:
            clocked = path in self._clocked or CRON_ROUTE.search(path) is not None
            return Origin.JOB if clocked else Origin.HANDLER
        if MIGRATING_PACKAGE.search(path) or MIGRATING_FILE.search(path):
            return Origin.MIGRATION
        # A Go server starts from `cli` or `cmd` as well, and what ticks there ticks in the server.
        if path.endswith(".go") and path in self._scheduling:
            return Origin.JOB
        named = path.replace("/main/resources/", "/main/")  # Maven's folder, no resource of an API
        # Folders of PHP are written like its classes: `Console/Commands`, `Jobs`.
        named = named.lower() if self._index.kind(path) == "php" else named
        loaded = path in self._handled or path in self._queued
        asked = PARTS_TOO.sub("", named) if loaded else named
        if ADMIN.search(asked) or path in self._by_hand or path in self._writing:
            return Origin.ADMIN
        if self._at_users(path):
            return Origin.CLIENT
        command = self._of_a_command(path)
        if command is not None:
            return command
        # In PHP a file is one class, and one that a queue hands out is a job wherever it lies.
        queued = path in self._tasks and self._index.kind(path) == "php"
        if queued or JOB.search(named) or JOB_CLASS.search(path):
            return Origin.JOB
        if path in self._handled:
            return Origin.HANDLER
        # An import of Go names a package, for which one file stands: of that file it tells nothing.
        stands = path.endswith(".go") and path not in self._busy
        if path in self._queued and not stands:
            return Origin.JOB
        if HANDLER.search(named):
            return Origin.HANDLER
        return Origin.JOB if path in self._worked and not stands else Origin.UNKNOWN

    def asking(self, path: str) -> Origin:
        """From where the queries of a file are asked: few people open the pages of administrators."""
        origin = self.of(path)
        if origin in (Origin.HANDLER, Origin.UNKNOWN) and ADMIN_PAGES.search(path) is not None:
            return Origin.ADMIN
        return origin

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
        if path in self._busy or self._index.kind(path) not in SCRIPTS:
            return False
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
