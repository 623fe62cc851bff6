"""What configuration says: workloads, images, settings, packages, stores, pipelines, owners."""

from __future__ import annotations

import msgspec

from scaleaudit.facts.base import FactBase, V
from scaleaudit.source import Span


class EnvEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One environment variable of a workload; `value` None when it is passed through."""

    name: str
    value: V | None
    at: Span


class WorkloadDeclared(FactBase, frozen=True, tag="workload"):
    """Something that runs: a compose service, a Deployment, a Procfile line, a task definition."""

    name: str
    source: str  # compose, kubernetes, helm, procfile, terraform, serverless, script
    kind: str = "service"  # service, job, cron, tool; step: ends before others start; BASE
    image: V | None = None
    build_context: str = ""  # as written, relative to the declaring file's folder
    dockerfile: str = ""
    build_target: str = ""
    command: tuple[V, ...] = ()  # entrypoint and arguments, words
    environment: tuple[EnvEntry, ...] = ()
    env_files: tuple[str, ...] = ()
    env_from: tuple[str, ...] = ()  # ConfigMaps and Secrets by name
    ports: tuple[str, ...] = ()  # container ports
    host_ports: tuple[str, ...] = ()  # of the machine, where the deployment fixes them
    published: bool = False  # reachable from outside the deployment
    replicas: int | None = None
    depends_on: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()  # "source:target" or "target"
    shared_volumes: bool = False  # some volume is read-write-many
    aliases: tuple[str, ...] = ()  # container name, host name, network aliases, links
    labels: tuple[tuple[str, str], ...] = ()
    profiles: tuple[str, ...] = ()
    extends: tuple[str, str] = ("", "")  # (file, service)
    namespace: str = ""
    build_args: tuple[EnvEntry, ...] = ()
    mounted: tuple[str, ...] = ()  # ConfigMaps and compose's configs that it sees as files
    workdir: str = ""  # the folder that its command runs in, where the declaration sets it
    logs_to: V | None = None  # where what runs it sends the lines that it writes


class NetworkName(FactBase, frozen=True, tag="network-name"):
    """A host name that leads to workloads: a Kubernetes Service, by label selector."""

    name: str
    selector: tuple[tuple[str, str], ...] = ()
    external_name: str = ""
    ports: tuple[str, ...] = ()
    sticky: bool = False  # sessionAffinity: ClientIP
    published: bool = False  # LoadBalancer, NodePort
    namespace: str = ""
    switch: str = ""  # of a chart: the value without which there is none
    through: tuple[str, ...] = ()  # of a route: the cluster's gateways that requests come through
    asked: tuple[tuple[str, str], ...] = ()  # of a route: (host or "", path), what leads there


# Sources of settings that both sides of the facts name.
DEV_PROXY = "dev-proxy"  # whom a development server passes requests on to
CONTRACT = "contract"  # the key is the generator of code, the value the document it reads
BASE = "base"  # the kind of a workload that only others are made of
TABLE = "*.Values."  # before the key of a table of a chart, all of whose entries are meant
GENERATED = "kustomize-generated "  # before the name of what is made of files of variables


class FilesIncluded(FactBase, frozen=True, tag="includes"):
    """Another deployment file becomes part of this one (compose `include`, kustomize resources)."""

    paths: tuple[str, ...]
    kind: str  # compose, kustomize, kustomize-component, helm-dependency, `GENERATED` and a name


class WorkloadPatched(FactBase, frozen=True, tag="patch"):
    """An overlay changes a workload: kustomize replicas, images, patches."""

    name: str
    replicas: int | None = None
    image: V | None = None
    environment: tuple[EnvEntry, ...] = ()


class ProgramBuilt(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a command of a Dockerfile builds: `go build ./cmd/api` in the folder `/src`.

    `tool`: go, dotnet, maven, gradle, npm; `target` as written, with the build's arguments as
    settings; `folder` is where the command runs in the image.
    """

    tool: str
    target: V
    folder: str = ""


class ImageBuilt(FactBase, frozen=True, tag="image"):
    """A Dockerfile's last (or named) stage."""

    base: str
    stage: str = ""
    command: tuple[str, ...] = ()  # ENTRYPOINT + CMD, words; shell form as one `sh -c` text split
    environment: tuple[EnvEntry, ...] = ()
    ports: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()  # COPY/ADD sources from the build context
    workdir: str = ""
    command_at: Span = Span(0)  # the instruction that sets the command; line 0: none does
    programs: tuple[ProgramBuilt, ...] = ()  # that this stage, or one it takes from, builds
    # What bundlers of front ends put into the pages, in this stage or one it takes from.
    built_with: tuple[EnvEntry, ...] = ()


class ImageNamed(FactBase, frozen=True, tag="image-named"):
    """What a command or a file of a build tool calls the image that it makes of a folder.

    `context` and `dockerfile` as written, from the folder of the file, or from the root.
    """

    image: str  # without registry and tag
    context: str
    dockerfile: str = ""
    target: str = ""  # the stage, where one is asked for


class ProgramStarted(FactBase, frozen=True, tag="program-started"):
    """What a script becomes in the end: `exec python -m shop.orders "$@"`."""

    command: str


class SettingDefined(FactBase, frozen=True, tag="setting"):
    """A key with a value in a settings file: .env, application.yml, ConfigMap, values.yaml.

    `group` names what the entry belongs to: the ConfigMap's name, the Spring profile, "". `file` is
    the settings file inside of a ConfigMap that the entry stands in.
    """

    key: str
    value: V
    source: (
        str  # dotenv, spring, configmap, secret, helm-values, python, rails, node, dotnet, proxy
    )
    group: str = ""
    file: str = ""


class PackageDeclared(FactBase, frozen=True, tag="package"):
    """A build unit: package.json, pyproject.toml, pom.xml, build.gradle, go.mod, Gemfile, *.csproj,
    mix.exs, Cargo.toml.

    The file's folder is the unit's root. Versions as written, "" when none.
    """

    name: str
    ecosystem: str  # npm, pypi, maven, gradle, go, gem, composer, nuget, hex, cargo
    dependencies: tuple[tuple[str, str], ...] = ()
    members: tuple[str, ...] = ()  # globs or folders of workspace members / modules
    scripts: tuple[tuple[str, str], ...] = ()
    runnable: bool = False  # builds something that runs (has a main, a start script, a plugin)
    parent: str = ""
    modules_run: bool = False  # what it sets up for its modules makes programs of them
    image: str = ""  # as the build itself names the image that it makes
    # npm: a path below the package ("" for itself, perhaps with `*`), and the file that it stands for
    entries: tuple[tuple[str, str], ...] = ()
    for_modules: tuple[tuple[str, str], ...] = ()  # dependencies of all modules below it
    # (a dependency, `group:artifact` that it is not to bring along; either part may be empty)
    left_out: tuple[tuple[str, str], ...] = ()
    by_choice: tuple[
        str, ...
    ] = ()  # dependencies of builds that somebody asks for: Maven's profiles


def without_versions(package: PackageDeclared) -> PackageDeclared:
    """The unit with the names of what it needs alone."""
    needs, for_modules = package.dependencies, package.for_modules
    if not any(version for _, version in (*needs, *for_modules)):
        return package
    return msgspec.structs.replace(
        package,
        dependencies=tuple((name, "") for name, _ in needs),
        for_modules=tuple((name, "") for name, _ in for_modules),
    )


class VersionLocked(FactBase, frozen=True, tag="version-locked"):
    """The version of a library that a lock file says is installed: Gemfile.lock.

    Only of libraries whose versions make a difference to what is read.
    """

    library: str
    version: str


class StoreDeclared(FactBase, frozen=True, tag="store"):
    """A managed database, cache, queue or bucket that infrastructure code creates."""

    name: str
    technology: str
    kind: str  # database, cache, broker, topic, bucket
    size: str = ""
    address: str = ""  # the reference others use: `aws_db_instance.main`
    aliases: tuple[str, ...] = ()  # host names that lead to it


class TriggerDeclared(FactBase, frozen=True, tag="trigger"):
    """The platform hands messages or events to a workload: event sources, subscriptions.

    `workload` is its name or address; empty for the one workload of the same file.
    """

    workload: str
    technology: str  # sqs, sns, kinesis, dynamodb, s3, eventbridge, pubsub, kafka ...
    source: V  # the queue, topic, stream, table or bucket


class PipelineDefined(FactBase, frozen=True, tag="pipeline"):
    """A CI job; `purposes` out of test, lint, build, deploy, migrate, scan."""

    name: str
    system: str  # github, gitlab
    triggers: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()


class OwnerDeclared(FactBase, frozen=True, tag="owner"):
    pattern: str
    owners: tuple[str, ...]
