"""Build units that are programs of the system, told apart from libraries and what is for the desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.package_json import RUN_AT_DESK
from scaleaudit.facts import (
    EndpointServed,
    ImageBuilt,
    MessageReceived,
    PackageDeclared,
    ServerStarted,
    StoreUsed,
)
from scaleaudit.linking.components.jvm_programs import (
    around_a_server,
    built_to_run,
    given_to_all,
)
from scaleaudit.linking.components.python_programs import python_folders
from scaleaudit.linking.deployments.build_targets import BuildTargets
from scaleaudit.linking.deployments.go_programs import go_programs
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import image_name, of_image
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.components.source_code import SourceCode
    from scaleaudit.linking.facts_index import FactsIndex

# Frameworks whose own command starts the server: the code only holds the routes.
STARTED_BY_FRAMEWORK = frozenset({
    "next", "nuxt", "@remix-run/node", "@remix-run/serve", "@react-router/node",
    "@react-router/serve", "@sveltejs/kit", "astro",
})  # fmt: skip
SERVERS = STARTED_BY_FRAMEWORK | {
    "express", "fastify", "koa", "@nestjs/core", "hono", "@hapi/hapi", "polka", "restify",
    "socket.io", "@apollo/server", "apollo-server", "graphql-yoga", "elysia", "bullmq", "kafkajs",
    "kafka-node", "node-rdkafka",
}  # fmt: skip
BROKERS = frozenset(
    {"amqplib", "kafkajs", "kafka-node", "node-rdkafka", "bullmq", "bull", "nats", "mqtt"}
)
COMMAND_LINES = frozenset({
    "commander", "yargs", "cac", "oclif", "@oclif/core", "clipanion", "meow", "inquirer", "prompts",
    "@clack/prompts", "enquirer", "clap", "structopt", "argh",
})  # fmt: skip
# Clients of brokers and schedulers of Go: a module with one works without being asked.
WORK = regex(
    r"^github\.com/(rabbitmq/amqp091-go|streadway/amqp|(IBM|Shopify)/sarama|segmentio/kafka-go"
    r"|confluentinc/confluent-kafka-go|twmb/franz-go|nats-io/nats\.go|hibiken/asynq|nsqio/go-nsq"
    r"|go-co-op/gocron|jasonlvhit/gocron|robfig/cron)(/|$)"
)
GO_COMMAND_LINES = regex(r"^github\.com/(spf13/cobra|urfave/cli|alecthomas/kong)(/|$)")
RUST_MAIN, RUST_BINARIES = "/src/main.rs", "/src/bin/"
# Folders of what serves its developers or readers.
FOR_DESK = regex(
    r"(dev|local|test|e2e|mock|fake)s?([-_.]?(env|environment|tools?|infra|server|app|kit|harness))?"
    r"|(mock|fake|stub|dummy|example|sample|demo)s?[-_.].*|.*[-_.](mock|playground|example|sample|demo|storybook)s?"
    r"|playground|storybook|docs?|documentation|api-reference",
    re.IGNORECASE,
)


def programs(index: FactsIndex) -> Iterator[tuple[str, PackageDeclared]]:
    """(path of its file, package) of what runs by itself, in order of paths.

    Scripts of npm and Python packages start many things: there some of their code must serve. So
    must that of a Go module with a main package of its own, and of a module of a JVM build whose
    parent's plugins make programs. A Go module may also work on messages or by a schedule, and a Rust
    package on what a store holds. A folder with Python's list of requirements is one where a program
    begins, and one with a package of Node's that has no scripts, where a file of it starts a server.
    """
    serving = {folder_of(path) for path, _ in index.of(ServerStarted)}
    mains = go_programs(index)
    started = {*mains, *(folder_of(place) for place in mains if folder_of(place).endswith("/cmd"))}
    inheriting = built_to_run(index, serving) | around_a_server(index, serving)
    routed = {folder_of(path) for path, _ in index.of(EndpointServed)}
    taking = {folder_of(path) for path, _ in index.of(MessageReceived)}
    given = given_to_all(index)
    of_cargo, of_pypi = _with_rust_main(index), python_folders(index)
    for path, package in index.of(PackageDeclared):
        folder = folder_of(path)
        if package.members or not folder:
            continue
        of_go = (
            package.ecosystem == "go"
            and any(path in started for path in (folder, f"{folder}/cmd"))
            and (
                any(is_below(place, folder) for place in serving | routed)
                or (folder in mains and _works(package, folder))
            )
        )
        of_python = (
            package.ecosystem == "pypi"
            and folder in of_pypi
            and not FOR_DESK.fullmatch(folder.rpartition("/")[2])
        )
        of_rust = (
            package.ecosystem == "cargo"
            and folder in of_cargo
            and _serves_or_stores(index, package, folder, serving | routed)
        )
        of_node = package.ecosystem == "npm" and (
            (folder in serving and _serves_alone(package))
            or (_runs_at_desk(package) and any(is_below(place, folder) for place in serving))
        )
        told = of_go or of_python or of_rust or of_node
        if not (package.runnable or folder in inheriting or told):
            continue
        if index.role(path) is not Role.SOURCE:
            continue
        if package.ecosystem == "gradle" and folder in given:
            continue
        if package.ecosystem == "cargo" and not of_rust:
            continue
        if package.ecosystem in ("npm", "pypi") and not of_python:
            names = {name for name, _ in package.dependencies}
            if package.ecosystem == "npm" and (
                FOR_DESK.fullmatch(folder.rpartition("/")[2])
                or (names & COMMAND_LINES and not names & SERVERS)
            ):
                continue
            holds = serving | routed if names & STARTED_BY_FRAMEWORK else serving
            if package.ecosystem == "npm" and names & BROKERS:
                holds = holds | taking
            if not any(is_below(place, folder) for place in holds):
                continue
        yield path, package


def _serves_alone(package: PackageDeclared) -> bool:
    """A Node package that nobody wrote a script for: its own file is started, nothing is built."""
    scripts = {name for name, _ in package.scripts}
    return bool({name for name, _ in package.dependencies} & SERVERS) and scripts <= {
        "test",
        "lint",
    }


def _runs_at_desk(package: PackageDeclared) -> bool:
    """A Node package that only its developers' script starts: the program's own file, with Node."""
    return any(name == "dev" and RUN_AT_DESK.match(script) for name, script in package.scripts)


def _works(package: PackageDeclared, folder: str) -> bool:
    """A Go module that is built with a broker's client or a scheduler, and not for the desk."""
    names = [name for name, _ in package.dependencies]
    return (
        any(WORK.search(name) for name in names)
        and not any(GO_COMMAND_LINES.search(name) for name in names)
        and not FOR_DESK.fullmatch(folder.rpartition("/")[2])
    )


def _with_rust_main(index: FactsIndex) -> set[str]:
    """The folders of packages with a `main` of their own."""
    found = {path.removesuffix(RUST_MAIN) for path in index.files if path.endswith(RUST_MAIN)}
    return found | {
        path.partition(RUST_BINARIES)[0] for path in index.files if RUST_BINARIES in path
    }


def _serves_or_stores(
    index: FactsIndex, package: PackageDeclared, folder: str, serving: set[str]
) -> bool:
    """The code of a Rust package serves, or works on what a store holds, and not for the desk."""
    if FOR_DESK.fullmatch(folder.rpartition("/")[2]):
        return False
    names = {name for name, _ in package.dependencies}
    if any(is_below(place, folder) for place in serving):
        return True
    if not names.isdisjoint(COMMAND_LINES) or _is_library(index, package, folder):
        return False
    return any(is_below(path, folder) for path, _ in index.of(StoreUsed))


def _is_library(index: FactsIndex, package: PackageDeclared, folder: str) -> bool:
    """Another Rust package is built with it; its own `main` is for whoever works on it."""
    return f"{folder}/src/lib.rs" in index.files and any(
        unit.ecosystem == "cargo" and any(name == package.name for name, _ in unit.dependencies)
        for _, unit in index.of(PackageDeclared)
    )


def with_own_image(
    index: FactsIndex, components: list[Component], names: set[str]
) -> list[Component]:
    """The programs of a repository are what the image of the repository's name holds.

    `names`: what the repository is called. Where the Dockerfile of the whole repository builds it,
    all programs without an image of their own; else the one program that is without a workload, of
    several the one that an image starts in. The rest stays as it is.
    """
    wanted = {plain(name) for name in names if name}
    unplaced = [
        c
        for c in components
        if c.root is None and c.workloads
        and any(plain(image_name(w.image)) in wanted and of_image(w.image) is None for w in c.workloads)
    ]  # fmt: skip
    images = [(path, image) for path, image in index.of(ImageBuilt) if not image.stage]
    built = {folder_of(path) for path, _ in images}
    left = [c for c in components if c.root and not c.workloads]
    if unplaced and "" in built and len({image_name(c.workloads[0].image) for c in unplaced}) == 1:
        inside = [c for c in left if c.root not in built]  # all programs without an image of theirs
        for component in unplaced:
            component.root = ""
            if len(inside) == 1:
                component.technology = inside[0].technology
        if len(unplaced) == 1:
            unplaced[0].aliases |= {name for c in inside for name in c.names}
        return [c for c in components if c not in inside]
    if len(left) > 1:
        folders = [image.workdir for _, image in images]
        left = [c for c in left if any(f.endswith(f"/{c.root}") for f in folders)]
    if len({image_name(c.workloads[0].image) for c in unplaced}) != 1 or len(left) != 1:
        return components
    program = left[0]
    for each in unplaced:
        each.root, each.technology, each.kind = program.root, program.technology, program.kind
    unplaced[0].aliases |= program.names
    return [c for c in components if c is not program]


def with_packed_programs(components: list[Component], code: SourceCode) -> list[Component]:
    """Without the containers that hold several programs of the repository and are none themselves:
    their script starts these, which nothing else deploys."""
    targets = BuildTargets(code.index, code.packages)
    without = {c.root: c for c in components if c.root and not c.workloads}
    gone: set[int] = set()
    for component in components:
        if component.root is None or component.root in code.packages:
            continue
        images = [w.image_fact for w in component.workloads if w.image_fact is not None]
        inside = {f for image in images for f in targets.all_of_image(component.root, image)}
        if len(inside) < 2 or not inside <= set(without):
            continue
        for folder in inside:
            without[folder].workloads += component.workloads
        gone.add(id(component))
    return [c for c in components if id(c) not in gone]
