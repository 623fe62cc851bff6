"""What the path of a file, or a word in it, tells of who runs its code."""

from __future__ import annotations

from scaleaudit.regex import regex

# Of paths behind a slash: an expression that begins with one is tried there alone.
ADMIN = regex(
    r"/(management/commands|(?:\w+-)?scripts?(?:-\w+)?|bin|tools?|dev-?tools|dev|hack|ops|devops|cli(?:\.py)?|cmd/(?:admin|tool)\S*|tasks?/[^/]*\.rake"
    r"|lib/tasks|seeds?|[Ss]eeders?|(?:db|prisma|database|repo)/seeds?\.\w+|database/factories|extras?|contrib|[\w-]+-examples?|[\w-]+[._-]seed(?:er|s)?\.[jt]s|seed-[\w-]+\.[jt]s|console|admin_scripts|admin\.py|setup\.py|manage\.py|conf\.py|fabfile\.py|gulpfile\.js|magefile\.go"
    r"|Gruntfile\.js|webpack[^/]*\.js|[^/]*\.config\.(js|ts|mjs|cjs))(/|$)"
)
# Of these the names that parts of a product have too: what requests or tasks load is no script.
# What a mapper keeps beside its schema fills the tables, even where a page for developers calls it.
PARTS_TOO = regex(
    r"(?:^|(?<=/))(?:extras?|contrib|(?<!prisma/)(?<!drizzle/)(?<!database/)(?<!db/)seeds?|tools?)/"
)
JOB = regex(
    r"/(jobs?|clean_?up\w*|workers?|tasks|consumers?|listeners?|crons?|sidekiq|celery|queues?|processors?)"
    r"(/|\.py$|\.rb$|\.[jt]s$|\.go$|\.java$)"
    r"|/routes/console\.php$"  # of Laravel: commands and their times, no routes
)
HANDLER = regex(
    r"/(controllers?|views?|handlers?|routes?|routers?|api|endpoints?|resources?|graphql|resolvers?|pages)(/|\.\w+$)"
)
# A program's folder may be called `api`: what keeps its data there is asked by others, who count.
OF_STORES = regex(
    r"/api/(?:[^/]+/){0,6}?(?:(?:stores?|repositor(?:y|ies)|repos?|daos?|dal|persistence|storage)/"
    r"|[\w-]*(?:[._-](?:store|repository|repo|dao)|[a-z]Repository|[a-z]Dao)\.\w+$)"
)
# Of a program that is drawn in the browser and on the server the part that only the server runs.
SERVER_PARTS = regex(r"(?i)(^|/)(server|server-?middleware|api|modules)/")
# Where Rails and Laravel keep what they build for browsers.
BROWSER_PARTS = regex(r"(?:^|/)(?:app/(?:javascript|assets/javascripts)|resources/(?:assets/)?js)/")
SCRIPTS = {"javascript", "typescript", "tsx", "vue", "svelte"}
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
MIGRATING_FILE = regex(
    r"(?i)(?:^|[/_.-])migrations?\.(?:go|py|php|[jt]s)$"
    # What fills new columns of old rows, once: from a console, or by a task of its own.
    r"|(?:^|/)(?:data_?)?backfills/(?:[\w-]+/)*[\w.-]+$|[/_.-]backfill\.(?:rb|go|py|php|exs?|[jt]s)$"
)
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
# Endings and words without which none of the longer expressions above can fit, in lower case.
OF_CLASSES = (".java", ".kt", ".cs")
SIGNS_OF_MIGRATING = ("migrat", "backfill")
SIGNS_OF_ONE_TIME = ("fix", "repair", "grade", "date", "backfill")


def one_time(path: str, lowered: str) -> bool:
    return any(each in lowered for each in SIGNS_OF_ONE_TIME) and bool(ONE_TIME.search(path))


def migrating(path: str, lowered: str) -> bool:
    if not any(each in lowered for each in SIGNS_OF_MIGRATING):
        return False
    packaged = path.endswith(OF_CLASSES) and MIGRATING_PACKAGE.search(path) is not None
    return packaged or MIGRATING_FILE.search(path) is not None


def job_class(path: str) -> bool:
    return path.endswith(OF_CLASSES) and JOB_CLASS.search(path) is not None


def handles_requests(path: str) -> bool:
    """By a folder or a file called for it; `api` alone says nothing of what keeps data below it."""
    text = f"/{path}"
    found = HANDLER.search(text)
    alone = found is not None
    while found is not None:
        if found[1] != "api":
            return True
        found = HANDLER.search(text, found.end(1))
    return alone and OF_STORES.search(text) is None


# Pages of administrators, by the folders and names of Rails, Laravel, Nest, Express and Next.js.
ADMIN_PAGES = regex(
    r"(?:^|/)(?i:controllers?|handlers?|routes?|routers?|endpoints?|resolvers?|views|api|pages|http)"
    r"/(?:[\w.()-]+/){0,4}(?i:(?:super_?)?admin(?:s|istration|istrator)?)/"
    r"|(?:^|/)(?i:controllers?)/(?:\w+/){0,2}(?i:staff|back_?office)/"
    r"|(?:^|/)(?:super_?)?admins?/(?:[\w-]+/){0,2}[\w-]*[._-](?:controllers?|routes?|router|resolver|handlers?)\.\w+$"
    r"|(?:^|/)(?:super_?)?admins?(?:[._-][\w-]+)?[._-](?:controllers?|routes?|router|resolver)\.\w+$"
    r"|(?:^|/)(?:routers?|routes?|controllers?|resolvers?)/(?:[\w-]+/)?(?:super_?)?admin\.[jt]s$"
    # An area of ASP.NET.
    r"|(?:^|/)Areas/\w*Admin\w*/"
    # And a project of .NET that is theirs as a whole: `Shop.Admin`, `Shop.Admin.Web`.
    r"|(?:^|/)(?:\w+\.){1,6}(?:Admin|Back[Oo]ffice)(?:\.\w+)?/(?:[\w.-]+/)*[\w.]+\.cs$"
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
