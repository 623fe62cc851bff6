"""What a file is for, told by its path: source, test, migration, example, or not ours."""

from __future__ import annotations

import re
from functools import lru_cache

from scaleaudit.regex import regex
from scaleaudit.source import Role

# Folders that hold other people's code, or what a build made.
VENDORED = {
    "node_modules", "vendor", "third_party", "thirdparty", "third-party", "bower_components",
    "jspm_packages", "site-packages", "Pods", "Godeps", ".venv", "venv", "virtualenv",
    ".tox", ".nox", "__pypackages__", ".bundle", "wwwroot/lib",
    ".mvn",
}  # fmt: skip
BUILT = {
    "dist", "build", "target", "out", ".next", ".nuxt", ".svelte-kit", "coverage", "htmlcov",
    "__pycache__", ".gradle", ".idea", ".vscode", ".terraform", "bin/Debug", "bin/Release", "obj",
    "storybook-static", "_build", ".elixir_ls", ".serverless", ".aws-sam", "DerivedData",
}  # fmt: skip
TESTS = {
    "test", "tests", "spec", "specs", "__tests__", "__mocks__", "testing", "testdata", "e2e",
    "integration-tests", "integration_tests", "integrationtests", "androidTest", "testFixtures",
    "it", "fixtures", "__fixtures__", "cypress", "playwright", "dredd", ".dredd", "test-utils", "testutil",
    "testutils", "test_utils", "mocks", "load-tests", "loadtest", "benchmarks", "benchmark",
    "stories", "storybook", "perf_scripts", "perf-scripts", "perf_tests", "perf-tests", ".storybook", ".semgrep", ".ci", ".devcontainer",
    "step_definitions", "stub", "stubs", "fuzz", "testhelpers", "testhelper", "test-helpers",
    "test_helpers", "test_suites", "test-suites", "Behat", "behat", "test-plugins", "test-apps", "test-app", "test-files", "test_files", "testfiles", "test-data", "test_data", "TestData",
    "test-framework", "test_framework", "testframework", "testFramework", "TestFramework", "not_for_release", "not-for-release",
    ".devtools", ".dev-tools", ".tools", ".scripts", ".husky", ".hooks", "data_generation", "data-generation",
}  # fmt: skip
# Deeper down this is as well a part of a product: what it measures.
TOP_TESTS = {"perf"}
EXAMPLES = {"docs", "doc", "documentation", "example", "examples", "samples", "demo", "demos",
            "tutorials", "tutorial", "website", "www-docs"}  # fmt: skip
# Also what applications that make web pages are called; documentation is not written in these.
WEBSITE, PROGRAMS = "website", (".py", ".rb", ".php", ".java", ".kt", ".cs", ".go", ".ex")
BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")
# These say so at any depth; the others may as well be what a product calls one of its parts.
NESTED_EXAMPLES = {"example", "examples", "sample_data", "sample-data", "sampledata", "demo_data",
                   "demo-data", "demodata"}  # fmt: skip
# What a module of a JVM build keeps of a program.
OF_MODULE = regex(r"src/main/(?:java|kotlin|scala|resources|webapp)(?:/|$)")
# Of a member of a workspace: `services/orders/docs/`.
WORKSPACES = {"services", "packages", "apps", "libs", "microservices", "projects"}
MEMBER_DOCS = {"docs", "doc", "documentation"}
OLD_DOCS = regex(r"[a-z]+[-_]docs|docs[-_][a-z]+")
MIGRATIONS = {"migrations", "migration", "migrate", "alembic", "versions", "flyway", "liquibase",
              "changelog", "db_migrations", "data_migration", "data_migrations"}  # fmt: skip
# Modules that a build names after the product: `shop-examples`, beside `shop-core`.
EXAMPLE_ENDINGS = ("-examples", "-samples")
TEST_ENDINGS = (
    "-integration-test",
    "-integrated-test",
    ".test",
    "-tests",
    "_tests",
    ".tests",
    "-e2e",
    "_e2e",
    ".benchmark",
    ".benchmarks",
    "-microbench",
)
TEST_FOLDER = regex(
    r"tests[-_][\w-]+|test[-_](e2e|integration|unit|functional|acceptance|smoke|playwright|cypress)"
)
TEST_PROJECT = regex(r"[A-Z]\w*\.Tests?\.\w+")  # of .NET: `Shop.Test.Common`
# Gradle's and Kotlin's further sets of sources, each with a folder of its own: `src/integrationTest`.
TEST_SET = regex(
    r"(?:^|/)src/(?:[a-z]\w*[a-z0-9]Tests?|test[A-Z]\w*)/(?:java|kotlin|groovy|scala|resources)(?:/|$)"
)
TEST_NAME = regex(
    r"(^test_.*|.*_tests?|^conftest|.*_spec|.*[.-](test|tests|spec|e2e|mock|stories|cy)"
    r"|.*(Tests?|TestCase|IT|ITCase|Spec|Specs)|Test(ing)?Support[A-Z]\w*)$"
)
KEPT_THINGS = frozenset({"models", "model", "entity", "entities", "domain"})  # folders of models
# Tests have folders of their own beside this one: `OrderSpecs.java` here makes specifications, and
# `TestCase.java` is a row of who manages tests.
PRODUCT_CLASS = regex(
    r"(?:^|/)src/main/(?:java|kotlin|scala)/.*(?:[a-z0-9]Specs?|TestCases?|[a-z]Tests?)\.\w+$"
)
# One of these stands in each of the names, in lower case, or it ends in `IT`.
TEST_SIGNS = ("test", "spec", "mock", "stories", "e2e", ".cy", "-cy")
TEST_COMPOSE = regex(
    r"compose.*[._-](test|tests|testing|ci|e2e|integration|cypress|playwright|selenium|smoke)",
    re.IGNORECASE,
)
# What stands only there: `Repositories/TestDatabase/compose.yml`, `ci/compose.yml`.
TEST_STACK = regex(r"(?:^|/)(?:[Tt]ests?[A-Z]\w*|ci)(?:/|$)")
TEST_SETTINGS = regex(
    r"^\.env\.(?:test|testing|e2e)(?:\.local)?$|^Procfile[.-](?:tests?|testing|e2e)$"
)
# A moment in time or a running number that long in a file's name, or what is done to rows: what runs once.
MIGRATION_NAME = regex(
    r"(?:^|[-_.])[12]\d{9,16}[-_.]\w[^.]*$|^(?:backfill|migrate)_[a-z]\w*_[a-z]\w*$"
)
SCRIPTS = (".js", ".ts", ".mjs", ".cjs", ".py", ".rb", ".php", ".java", ".go", ".exs")
GENERATED_NAME = regex(
    r"(\.min\.(js|css)$|\.bundle\.js$|[.-]lock\.(json|ya?ml)$|_pb2(_grpc)?\.pyi?$|\.pb(\.gw)?\.go$"
    r"|_grpc\.pb\.go$|\.pb\.(cc|h|dart)$|\.g\.(cs|dart)$|\.generated\.\w+$|\.designer\.cs$"
    r"|^zz_generated|_generated\.go$|\.d\.ts$|_pb\.(js|ts|rb)$|Grpc\.java$|\.gen\.(go|ts|rs)$"
    r"|^\.pnp\.c?js$|^package-lock\.json$|^yarn\.lock$|^pnpm-lock\.yaml$|^composer\.lock$)",
    re.IGNORECASE,
)
# One of these stands in each of those names, in lower case.
GENERATED_SIGNS = (
    ".min.", ".bundle.", "lock.", ".lock", "_pb", ".pb.", ".g.", "generated", ".designer.", ".d.ts",
    "grpc.java", ".gen.", ".pnp.",
)  # fmt: skip
# A folder whose files are pipelines: `test-backend.yml` tells how the product is tested.
BUILD_OUTPUT = "build output"
# `build/` also holds how a product is packaged and deployed, as in the usual layout of Go projects.
PACKAGING = regex(
    r"(?i)^(?:(?!(?:dist|target|out|node_modules|vendor)/)[\w.-]+/)*build/(?:[\w.-]+/)*"
    r"(?:[\w.-]*Dockerfile[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml|[\w.-]+\.(?:tf|hcl))$"
)
# Folders of build output by their names. Tools write no Go there: packages are called so too.
ALSO_PACKAGES = {"build", "target", "out"}
# Nor these below sources: `src/build/queue.ts`, `app/services/build/` are of a product that builds things.
SOURCES = {"src", "lib", "app"}
WRITTEN_BY_HAND = (".ts", ".tsx", ".mts", ".py", ".rb", ".php")
PIPELINES = regex(r"(^|/)\.(github|gitlab|circleci|buildkite|forgejo|gitea|woodpecker)(/|$)")
TEST_YAML = regex(r"^tests?[._-].*\.ya?ml$", re.IGNORECASE)
# In the first lines of a file: "Code generated ... DO NOT EDIT" (the Go convention, taken over
# by many generators), "@generated" (Meta's), and the words of common generators.
# What EF Core and ent write of the schema as a whole is worth reading all the same, and so are structs
# with GORM's tags, which go-swagger, protoc and GORM itself write.
KEPT_MARKS = (b": ModelSnapshot", b"Columns = []*schema.Column{", b'gorm:"')
MAX_HEAD = 8_000  # bytes
# One of these stands in each of the marks, in lower case.
GENERATORS = (b"code generated", b"@generated", b"auto", b"protocol buffer")
GENERATED_MARKS = regex(
    rb"(?i)(code generated [^\n]{0,120}do not edit|@generated\b|<auto-generated|"
    rb"auto[- ]?generated (file|code|by)[^\n]{0,80}(do not|don't) (edit|modify)|"
    rb"generated by the protocol buffer compiler|this file was automatically generated)"
)


def role_of(path: str) -> tuple[Role, str]:
    """The role of a file, and the reason to leave it out when its folder is not ours."""
    folder, _, name = path.rpartition("/")
    role, reason = folder_role(folder)
    if reason == BUILD_OUTPUT and (name.endswith(".go") or _below_sources(folder, name)):
        role, reason = folder_role("/".join(f for f in folder.split("/") if f not in ALSO_PACKAGES))
    if reason == BUILD_OUTPUT and PACKAGING.search(path):
        reason = ""
    if reason:
        return role, reason
    of_program = name.endswith(PROGRAMS) or name in BUILDS or "/src/main/" in path
    if role is Role.EXAMPLE and of_program and path.lower().startswith(f"{WEBSITE}/"):
        role = folder_role(folder[len(WEBSITE) + 1 :])[0]
    first, _, below = folder.partition("/")
    if role is Role.EXAMPLE and OF_MODULE.match(below) and OLD_DOCS.fullmatch(first.lower()):
        role = folder_role(below)[0]  # a product that is about documents: `docs-core/src/main/`
    stem = name.partition(".")[0] if name.endswith(".d.ts") else name.rpartition(".")[0]
    if name.endswith((".sql", *SCRIPTS)) and PIPELINES.search(folder):
        role = Role.TEST  # what pipelines run and load, beside what they are
    elif _is_test(folder, name, stem) and not PRODUCT_CLASS.search(path):
        role = Role.TEST
    elif role is Role.SOURCE and name.endswith(SCRIPTS) and MIGRATION_NAME.search(stem):
        role = Role.MIGRATION
    return role, ""


def _below_sources(folder: str, name: str) -> bool:
    """Whether people write a file although it stands in a folder called `build`."""
    above = next((f for f in folder.split("/") if f in SOURCES or f in BUILT), "")
    return above in SOURCES and name.endswith(WRITTEN_BY_HAND) and not name.endswith(".d.ts")


def _is_test(folder: str, name: str, stem: str) -> bool:
    """By its name; the expressions are tried where one of their words stands."""
    if stem in ("Test", "Spec") and folder.rpartition("/")[2].lower() in KEPT_THINGS:
        return False  # what the product keeps: a laboratory's tests, a specification
    lowered = name.lower()
    if any(word in lowered for word in TEST_SIGNS) or stem.endswith(("IT", "ITCase")):
        if TEST_NAME.match(stem) or TEST_SETTINGS.match(name) or name == "tests.py":
            return True
        if folder and TEST_YAML.match(name) and not PIPELINES.search(folder):
            return True
    return "compose" in lowered and (
        TEST_COMPOSE.search(name) is not None or TEST_STACK.search(folder) is not None
    )


@lru_cache(maxsize=20_000)
def folder_role(path: str) -> tuple[Role, str]:
    """The same for a folder: what all its files have in common."""
    folders = path.split("/") if path else []
    role = Role.SOURCE
    packaged = "main" in folders
    for position, folder in enumerate(folders):
        if folder in VENDORED:
            return role, "vendored"
        in_package = packaged and _java_package(folders, position)
        if folder in BUILT and not in_package:
            return role, BUILD_OUTPUT
        if in_package:
            break
        lowered = folder.lower()
        if (
            folder in TESTS
            or (folder in TOP_TESTS and (not position or folders[0] in WORKSPACES))
            or lowered.endswith(TEST_ENDINGS)
            or (lowered.startswith("test") and TEST_FOLDER.fullmatch(lowered))
            or (".Test" in folder and TEST_PROJECT.fullmatch(folder))
        ):
            role = Role.TEST
        elif role is not Role.TEST and (
            "{{" in folder  # of a template, out of which other people make their projects
            # Go leaves out folders that begin with `_`: its `_examples` are for people.
            or lowered.lstrip("_") in (NESTED_EXAMPLES if position else EXAMPLES)
            or (position == 2 and folders[0] in WORKSPACES and lowered in MEMBER_DOCS)
            or (position == 0 and OLD_DOCS.fullmatch(lowered))
            or (position == 0 and lowered.endswith(EXAMPLE_ENDINGS))
        ):
            role = Role.EXAMPLE
        elif role is Role.SOURCE and (
            lowered.lstrip(".") in MIGRATIONS
            or lowered.endswith(("_migrate", "migrations"))  # `DoctrineMigrations`
        ):
            role = Role.MIGRATION
        # Cucumber, Behat
        elif folder in ("support", "bootstrap") and folders[position - 1 : position] == [
            "features"
        ]:
            role = Role.TEST
    if (
        f"/{path}/".find("/src/test/") >= 0
        or f"/{path}/".find("/src/it/") >= 0
        or ("src/" in path and TEST_SET.search(path))
    ):
        role = Role.TEST
    return role, ""


def _java_package(folders: list[str], position: int) -> bool:
    """Below `src/main/java` folders are packages: `com.acme.build` is no build output."""
    return "main" in folders and any(
        folders[at] == "main" and folders[at + 1] in ("java", "kotlin", "scala")
        for at in range(max(0, position - 12), position - 1)
    )


def skipped_name(path: str) -> str:
    """The reason to leave a file out by its name; empty when there is none."""
    name = path.rpartition("/")[2]
    lowered = name.lower()
    for sign in GENERATED_SIGNS:
        if sign in lowered:
            return "generated" if GENERATED_NAME.search(name) else ""
    return ""


# Frameworks that are handed out to be copied into a product, by what each of their files says.
COPIED_IN = (b"CodeIgniter\n *\n * An open source application development framework for PHP",)


def is_copied_in(content: bytes) -> bool:
    head = content[:600].replace(b"\r", b"")
    return any(mark in head for mark in COPIED_IN)


def is_generated(content: bytes) -> bool:
    """Whether the first lines of a file say that a program wrote it."""
    head = content[:600]
    lowered = head.lower()
    if b"generated" not in lowered or not any(word in lowered for word in GENERATORS):
        return False
    if GENERATED_MARKS.search(head) is None:
        return False
    return not any(mark in content[:MAX_HEAD] for mark in KEPT_MARKS)
