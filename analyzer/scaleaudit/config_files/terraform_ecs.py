"""Amazon ECS in Terraform: a service and its task definition are one workload.

The containers stand in a JSON text, by `jsonencode([...])` or as a heredoc. A service whose task
definition stands in another file extends it by its address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.hcl import Entries, Items, Scalar
from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.placeholders import reference_value
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.config_files.terraform_workloads import entry, named, words_of
from scaleaudit.facts import EnvEntry, WorkloadDeclared
from scaleaudit.source import Span
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.hcl import Block, Expression
    from scaleaudit.values import Value

TASK = "aws_ecs_task_definition"
SERVICE = "aws_ecs_service"


def ecs_workloads(top: Block) -> Iterator[WorkloadDeclared]:
    resources = [b for b in top.blocks if b.type == "resource" and len(b.labels) == 2]
    tasks = {f"{TASK}.{b.labels[1]}": b for b in resources if b.labels[0] == TASK}
    used: set[str] = set()
    for service in resources:
        if service.labels[0] == SERVICE and service.text("count") != "0":
            address = _task_address(service)
            used.add(address)
            yield from _service(service, address, tasks.get(address))
    for address, task in tasks.items():
        if address not in used:
            yield from _containers(task, address, named(task, ("family",)))


def _task_address(service: Block) -> str:
    value = service.value("task_definition")
    return ".".join(value.key.split(".")[:2]) if isinstance(value, Setting) else ""


def _service(service: Block, address: str, task: Block | None) -> Iterator[WorkloadDeclared]:
    name = named(service, ("name",))
    own = f"{SERVICE}.{service.labels[1]}"
    published = next(service.inner("load_balancer"), None) is not None
    replicas = _number(service.text("desired_count"))
    declared = list(_containers(task, address, name)) if task is not None else []
    for number, found in enumerate(declared):
        yield WorkloadDeclared(
            at=Span(service.line) if number == 0 else found.at,
            name=found.name,
            source="terraform",
            image=found.image,
            command=found.command,
            environment=found.environment,
            ports=found.ports,
            published=published and number == 0,
            replicas=replicas,
            depends_on=found.depends_on,
            aliases=found.aliases if number else tuple(dict.fromkeys((*found.aliases, own))),
        )
    if not declared:
        yield WorkloadDeclared(
            at=Span(service.line),
            name=name,
            source="terraform",
            published=published,
            replicas=replicas,
            aliases=(own,),
            extends=("", address),
        )


def _containers(task: Block, address: str, name: str) -> Iterator[WorkloadDeclared]:
    """The first container goes by the name of the service; the others by their own."""
    found = task.at("container_definitions")
    line = task.line
    if isinstance(found, Scalar) and found.heredoc:
        found = _from_json(found)
    for number, item in enumerate(found.items if isinstance(found, Items) else ()):
        if not isinstance(item, Entries):
            continue
        own = _text(item, "name")
        called = own if number and own else name
        yield WorkloadDeclared(
            at=Span(item.line if number else line),
            name=called,
            source="terraform",
            image=_value(item, "image"),
            command=tuple(
                v for key in ("entryPoint", "command") for v in words_of(item.entries.get(key))
            ),
            environment=tuple(_environment(item)),
            ports=tuple(_texts(item, "portMappings", "containerPort")),
            depends_on=tuple(_texts(item, "dependsOn", "containerName")),
            aliases=tuple(
                dict.fromkeys(a for a in (own, "" if number else address) if a and a != called)
            ),
        )


def _environment(container: Entries) -> Iterator[EnvEntry]:
    for item in _entries(container, "environment"):
        if name := _text(item, "name"):
            yield entry(name, _value(item, "value"), item.line)
    for item in _entries(container, "secrets"):
        if name := _text(item, "name"):
            yield entry(name, SECRET, item.line)


def _texts(container: Entries, key: str, inner: str) -> Iterator[str]:
    for item in _entries(container, key):
        if text := _text(item, inner):
            yield text


def _entries(container: Entries, key: str) -> Iterator[Entries]:
    found = container.entries.get(key)
    for item in found.items if isinstance(found, Items) else ():
        if isinstance(item, Entries):
            yield item


def _value(item: Entries, key: str) -> Value | None:
    found = item.entries.get(key)
    return found.value if isinstance(found, Scalar) else None


def _text(item: Entries, key: str) -> str:
    value = _value(item, key)
    return value.text if isinstance(value, Literal) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _from_json(found: Scalar) -> Expression:
    """The JSON of a heredoc in the form of HCL expressions, with its references."""
    top = Items([], found.line)
    open_values: dict[tuple[str, ...], Items | Entries] = {}
    for json_entry in read_json(found.heredoc)[0]:
        line = found.line + json_entry.line - 1
        made: Expression
        if json_entry.opens == "[":
            made = open_values[json_entry.path] = Items([], line)
        elif json_entry.opens:
            made = open_values[json_entry.path] = Entries({}, line)
        else:
            made = Scalar(reference_value(json_entry.value or ""), line)
        above = open_values.get(json_entry.path[:-1]) if json_entry.path else None
        if isinstance(above, Items):
            above.items.append(made)
        elif isinstance(above, Entries):
            above.entries[json_entry.path[-1]] = made
        elif isinstance(made, Items):
            top = made
    return top
