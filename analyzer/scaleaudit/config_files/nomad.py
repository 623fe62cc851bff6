"""Job files of HashiCorp's Nomad: tasks as workloads, known by the services that they offer.

What Consul or Nomad put in at run time stands for the service it comes from: `{{ range service
"stock" }}{{ .Address }}`, `localhost:9001` of an upstream, `${NOMAD_UPSTREAM_ADDR_stock}`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.hcl import Entries, Items, Scalar, read_hcl
from scaleaudit.config_files.interpolation import without_secret_options
from scaleaudit.config_files.reading import MAX_FACTS, lines_in
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.facts import EnvEntry, FileFacts, WorkloadDeclared
from scaleaudit.record import Gathering
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, Unknown, join, text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scaleaudit.config_files.hcl import Block
    from scaleaudit.values import Value

KINDS = {"batch": "job", "sysbatch": "job"}
# Names of tasks that say nothing: the group's says more.
VAGUE = frozenset({"task", "app", "server", "service", "main", "container", "web-task", "docker"})
OF_CONSUL = (".service.consul", ".virtual.consul", ".service.nomad")  # behind a service's name
UPSTREAM = regex(r"NOMAD_UPSTREAM_(ADDR|IP|PORT)_(\w+)")
LOCAL = regex(r"(?:localhost|127\.0\.0\.1):(\d{2,5})\b")
ACTION = regex(r"\{\{-?([^{}]{0,400})\}\}")
SERVICE = regex(r"\b(?:nomadService|service|connect)\s+[\"'`](?:[\w-]+\.)?([\w-]+)(?:\|\w+)?[\"'`]")
VARIABLE = regex(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)")
MAX_LINES = 500  # of one template
MAX_LINE = 4_000  # characters
MAX_SHARED = 50  # ports, services, upstreams of one group
# Of a variable that is put in where it is named, and the parts of a text in which it is.
MAX_DEFAULT = 200
MAX_PARTS = 64


class Shared(Gathering):
    """What a group says for all of its tasks."""

    job: Block
    group: Block
    services: list[Block]
    ports: list[Block]
    upstreams: dict[str, str]


def extract(content: bytes) -> FileFacts:
    top, problem = read_hcl(content)
    known = {
        f"var.{block.labels[0]}": default
        for block in top.inner("variable")
        if block.labels
        and (default := block.value("default")) is not None
        and len(text_with_holes(default)) <= MAX_DEFAULT
    }
    facts = tuple(islice(_jobs(top, known), MAX_FACTS))
    return FileFacts(facts, problem=problem, lines=lines_in(content))


def _jobs(top: Block, known: Mapping[str, Value]) -> Iterator[WorkloadDeclared]:
    for job in top.inner("job"):
        kind = "cron" if next(job.inner("periodic"), None) is not None else ""
        kind = kind or KINDS.get(job.text("type"), "service")
        for group in job.inner("group"):
            tasks = list(group.inner("task"))
            main = next((t for t in tasks if next(t.inner("lifecycle"), None) is None), None)
            shared = Shared(
                job,
                group,
                list(islice(group.inner("service"), MAX_SHARED)),
                list(islice(group.inner("network", "port"), MAX_SHARED)),
                _upstreams(group),
            )
            for task in tasks:
                if task.labels:
                    offered = list(islice(task.inner("service"), MAX_SHARED))
                    offered += shared.services if task is main else ()
                    yield _task(shared, task, offered, kind, known)


def _task(
    shared: Shared, task: Block, offered: list[Block], kind: str, known: Mapping[str, Value]
) -> WorkloadDeclared:
    job, group = shared.job, shared.group
    names = [name for each in offered if (name := _service(each, job, group))]
    around = (group.labels or job.labels or ("",))[0]
    own = task.labels[0]
    name = own if own.lower() not in VAGUE else next(iter(names), around) or own
    image = task.value("config", "image")
    own_ports = islice(task.inner("resources", "network", "port"), MAX_SHARED)
    ports = [*shared.ports, *own_ports]
    fixed = tuple(dict.fromkeys(port for each in ports if (port := each.text("static"))))
    inside = (each.text("to") or each.text("static") for each in ports)
    count = group.text("count")
    aliases = [f"{each}{end}" for each in names for end in ("", *OF_CONSUL)]
    return WorkloadDeclared(
        Span(task.line),
        name,
        "nomad",
        kind=kind,
        image=_filled(image, known, {}) if image is not None else None,
        command=_words(task, known),
        environment=tuple(_environment(task, known, shared.upstreams)),
        ports=tuple(dict.fromkeys(port for port in inside if port)),
        host_ports=fixed,
        published=bool(fixed),
        replicas=int(count) if count.isdecimal() and len(count) < 6 else None,
        aliases=tuple(dict.fromkeys((own, *aliases))),
    )


def _service(block: Block, job: Block, group: Block) -> str:
    """The name that a service is found by; one that the file does not tell is left out."""
    value = block.value("name")
    if isinstance(value, Literal):
        return value.text
    return "" if value is not None else "-".join((*job.labels[:1], *group.labels[:1]))


def _words(task: Block, known: Mapping[str, Value]) -> tuple[Value, ...]:
    """Command and arguments."""
    command, listed = task.value("config", "command"), task.at("config", "args")
    given = [command] if command is not None else []
    given += [
        _filled(item.value, known, {})
        for item in (listed.items if isinstance(listed, Items) else ())
        if isinstance(item, Scalar)
    ]
    return without_secret_options(given)


def _environment(
    task: Block, known: Mapping[str, Value], listening: Mapping[str, str]
) -> Iterator[EnvEntry]:
    for holder in task.inner("env"):
        for name, found in holder.attributes.items():
            if isinstance(found, Scalar):
                yield _entry(name, _filled(found.value, known, listening), found.line)
    map_of = task.attributes.get("env")
    for name, found in map_of.entries.items() if isinstance(map_of, Entries) else ():
        if isinstance(found, Scalar):
            yield _entry(name, _filled(found.value, known, listening), found.line)
    for template in task.inner("template"):
        data = template.at("data")
        if isinstance(data, Scalar) and template.text("env") == "true":
            text = data.heredoc or (data.value.text if isinstance(data.value, Literal) else "")
            yield from _template(text, data.line, listening)


def _entry(name: str, value: Value, line: int) -> EnvEntry:
    return EnvEntry(name, without_secrets(name, value), Span(line))


def _upstreams(group: Block) -> dict[str, str]:
    """The port of the machine's own that leads to each service, and the name that variables have."""
    found: dict[str, str] = {}
    told = group.inner("service", "connect", "sidecar_service", "proxy", "upstreams")
    for each in islice(told, MAX_SHARED):
        name, port = each.text("destination_name"), each.text("local_bind_port")
        if name:
            found[name.replace("-", "_")] = name
            found[port] = name
    return found


def _filled(value: Value, known: Mapping[str, Value], listening: Mapping[str, str]) -> Value:
    """With the file's variables put in, and addresses of upstreams by their services."""
    match value:
        case Join(parts=parts) if len(parts) <= MAX_PARTS:
            return join(*(_filled(part, known, listening) for part in parts))
        case Setting(key=key) | Unknown(hint=key):
            told = UPSTREAM.fullmatch(key)
            if told is not None:
                service = listening.get(told[2], told[2].replace("_", "-"))
                return Literal("80" if told[1] == "PORT" else service)
            return known.get(key, value)
        case Literal(text=text) if listening:
            return Literal(LOCAL.sub(lambda at: listening.get(at[1], at[0]), text))
        case _:
            return value


def _template(text: str, line: int, listening: Mapping[str, str]) -> Iterator[EnvEntry]:
    """`NAME=value` lines; an address inside of `range service "stock"` is that service."""
    around: list[str] = []
    for number, written in enumerate(text.split("\n")[:MAX_LINES]):
        parts: list[Value] = []
        position = 0
        if len(written) > MAX_LINE:
            continue
        for action in ACTION.finditer(written):
            parts.append(Literal(written[position : action.start()]))
            position = action.end()
            parts += _acted(action[1].strip().removesuffix("-").strip(), around)
        parts.append(Literal(written[position:]))
        whole = join(*parts)
        first, *rest = whole.parts if isinstance(whole, Join) else (whole,)
        if not isinstance(first, Literal) or (named := VARIABLE.match(first.text)) is None:
            continue
        begun = first.text[named.start(2) :] if rest else named[2].rstrip()
        start = Literal(begun.lstrip("\"' "))
        value = _filled(join(start, *rest), {}, listening)
        if isinstance(value, Literal):
            value = Literal(value.text.strip("\"' ").rstrip(":"))
        yield _entry(named[1], value, line + number)


def _acted(action: str, around: list[str]) -> list[Value]:
    """What an action writes; `around` grows and shrinks with the blocks that it opens and ends, and
    holds the innermost service of each."""
    service_around = around[-1] if around else ""
    word = action.partition(" ")[0]
    if word in ("range", "with", "if"):
        service = SERVICE.search(action)
        around.append(service[1] if service is not None else service_around)
        return []
    if word == "end":
        del around[-1:]
        return []
    if word == "else":
        return []
    if action in (".Address", ".NodeAddress") and service_around:
        return [Literal(service_around)]
    return [] if action == ".Port" and service_around else [Unknown("template")]
