"""Resources of Terraform that run code, as workloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.hcl import Entries, Items, Scalar
from scaleaudit.config_files.interpolation import spelled
from scaleaudit.config_files.secret_values import SECRET, without_secrets
from scaleaudit.facts import EnvEntry, NetworkName, WorkloadDeclared
from scaleaudit.source import Span
from scaleaudit.values import Literal, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.hcl import Block, Expression
    from scaleaudit.config_files.terraform_types import Path, Workload
    from scaleaudit.values import Value

_SAYS_NOTHING = {"this", "main", "default", "self", "service", "task", "app", "container"}


def workload(block: Block, shape: Workload, address: str) -> Iterator[WorkloadDeclared]:
    """One for each container; all but the first carry the container's own name."""
    for number, container in enumerate(block.inner(*shape.container)):
        own = container.text("name") if shape.container else ""
        name = named(block, *shape.names) if number == 0 or not own else own
        yield WorkloadDeclared(
            at=Span(container.line if number else block.line),
            name=name,
            source="terraform",
            kind=shape.kind,
            image=next((v for path in shape.image if (v := container.value(*path))), None),
            command=tuple(_words(container, shape.command)),
            environment=tuple(_environment(block, container, shape)),
            env_from=tuple(_env_from(container)),
            ports=tuple(_texts(container, block, shape.port)),
            published=any(_is_open(block, path) for path in shape.published),
            replicas=_replicas(block, shape),
            aliases=tuple(dict.fromkeys(n for n in (address, own) if n and n != name)),
            labels=_labels(block),
            namespace=block.text("metadata", "namespace"),
        )


def network_name(block: Block) -> NetworkName:
    """A Kubernetes Service."""
    selector = block.at("spec", "selector")
    ports = [port.text("port") for port in block.inner("spec", "port")]
    return NetworkName(
        at=Span(block.line),
        name=block.text("metadata", "name") or block.labels[1],
        selector=_pairs(selector),
        external_name=block.text("spec", "external_name"),
        ports=tuple(port for port in ports if port),
        sticky=block.text("spec", "session_affinity") == "ClientIP",
        published=block.text("spec", "type") in ("LoadBalancer", "NodePort"),
        namespace=block.text("metadata", "namespace"),
    )


def words_of(found: Expression | None) -> Iterator[Value]:
    """A command: a list of words, or one."""
    for item in found.items if isinstance(found, Items) else (found,):
        if isinstance(item, Scalar):
            yield without_secrets("", item.value)


def entry(name: str, value: Value | None, line: int) -> EnvEntry:
    return EnvEntry(name, None if value is None else without_secrets(name, value), Span(line))


def named(block: Block, *paths: Path) -> str:
    """The name of what a resource makes.

    The literal one, else the resource's label, which says what it is. A label that does not
    (`this`), and a name that callers of a module choose (`var.name`), leave the name with its
    references: `${var.name}-api`.
    """
    found = next((value for path in paths if (value := block.value(*path))), None)
    if found is None or isinstance(found, Literal):
        return found.text if found is not None and found.text else block.labels[1]
    chosen_elsewhere = isinstance(found, Setting) and found.key.startswith("var.")
    if block.labels[1].lower() not in _SAYS_NOTHING and not chosen_elsewhere:
        return block.labels[1]
    text = spelled(found)
    return text if "{}" not in text else block.labels[1]


def _words(container: Block, names: tuple[str, ...]) -> Iterator[Value]:
    for name in names:
        yield from words_of(container.at(name))


def _environment(block: Block, container: Block, shape: Workload) -> Iterator[EnvEntry]:
    if shape.env:
        for env in container.inner(shape.env):
            name = env.text("name")
            secret = "secret_name" in env.attributes or bool(env.blocks)
            value = env.value("value")
            if name:
                yield entry(name, SECRET if secret and value is None else value, env.line)
    if shape.variables:
        holder = container if shape.container else block
        variables = holder.at(*shape.variables)
        if isinstance(variables, Entries):
            for name, found in variables.entries.items():
                if isinstance(found, Scalar):
                    yield entry(name, found.value, found.line)


def _env_from(container: Block) -> Iterator[str]:
    for source in container.inner("env_from"):
        for ref in ("config_map_ref", "secret_ref"):
            if name := source.text(ref, "name"):
                yield name


def _texts(container: Block, block: Block, paths: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    for path in paths:
        text = container.text(*path) or block.text(*path)
        if text:
            yield text


def _is_open(block: Block, path: tuple[str, ...]) -> bool:
    return path == ("*",) or block.text(*path) == "true"


def _replicas(block: Block, shape: Workload) -> int | None:
    for path in shape.replicas:
        text = block.text(*path)
        if text.isascii() and text.isdigit() and len(text) < 7:
            return int(text)
    return None


def _labels(block: Block) -> tuple[tuple[str, str], ...]:
    """Labels of pods, which services select by."""
    found = block.at("spec", "template", "metadata", "labels") or block.at("metadata", "labels")
    return _pairs(found)


def _pairs(found: Expression | None) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, Entries):
        return ()
    return tuple(
        (key, item.value.text)
        for key, item in found.entries.items()
        if isinstance(item, Scalar) and isinstance(item.value, Literal)
    )
