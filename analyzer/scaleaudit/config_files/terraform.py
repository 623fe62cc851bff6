"""Terraform: managed stores, what runs, and the variables and locals that addresses go through."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from scaleaudit.config_files.hcl import Scalar, read_hcl
from scaleaudit.config_files.reading import MAX_FACTS, lines_in
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.terraform_ecs import ecs_workloads
from scaleaudit.config_files.terraform_triggers import triggers
from scaleaudit.config_files.terraform_types import ENGINES, MODULES, STORES, WORKLOADS
from scaleaudit.config_files.terraform_workloads import network_name, workload
from scaleaudit.facts import FileFacts, SettingDefined, StoreDeclared
from scaleaudit.source import Span
from scaleaudit.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.hcl import Block, Expression
    from scaleaudit.config_files.terraform_types import Store
    from scaleaudit.facts import Fact


STATE_LOCK = "LockID"  # the key that Terraform's S3 backend asks of the table of its locks


def extract(content: bytes) -> FileFacts:
    top, problem = read_hcl(content)
    facts = tuple(islice(_facts(top), MAX_FACTS))
    if len(facts) == MAX_FACTS:
        problem = f"more than {MAX_FACTS} facts in one file"
    return FileFacts(facts, problem=problem, lines=lines_in(content))


def _facts(top: Block) -> Iterator[Fact]:
    """`.tfvars` files have attributes at the top, which set the variables."""
    yield from _settings("var", top.attributes)
    for block in top.blocks:
        if block.type == "variable" and block.labels and "default" in block.attributes:
            yield from _settings("var", {block.labels[0]: block.attributes["default"]})
        elif block.type == "locals":
            yield from _settings("local", block.attributes)
        elif block.type == "module" and block.labels:
            yield from _module(block)
        elif block.type == "resource" and len(block.labels) == 2 and block.text("count") != "0":
            yield from _resource(block)
    yield from ecs_workloads(top)


def _settings(root: str, attributes: dict[str, Expression]) -> Iterator[SettingDefined]:
    for name, found in attributes.items():
        if isinstance(found, Scalar) and not isinstance(found.value, Unknown):
            key = f"{root}.{name}"
            value = without_secrets(key, found.value)
            yield SettingDefined(Span(found.line), key, value, "terraform")


def _resource(block: Block) -> Iterator[Fact]:
    type_, label = block.labels
    address = f"{type_}.{label}"
    if type_ in STORES:
        yield from _store(block, STORES[type_], label, address)
    elif type_ in WORKLOADS:
        yield from workload(block, WORKLOADS[type_], address)
    elif type_ in ("kubernetes_service", "kubernetes_service_v1"):
        yield network_name(block)
    yield from triggers(block)


def _module(block: Block) -> Iterator[StoreDeclared]:
    """What a private module makes cannot be known here."""
    source = block.text("source").removeprefix("registry.terraform.io/")
    source = source.replace("GoogleCloudPlatform/", "terraform-google-modules/")
    for prefix, store in MODULES.items():
        if source == prefix or source.startswith((f"{prefix}//", f"{prefix}?")):
            yield from _store(block, store, block.labels[0], f"module.{block.labels[0]}")


def _store(block: Block, store: Store, label: str, address: str) -> Iterator[StoreDeclared]:
    if store.replica_of and store.replica_of in block.attributes:
        return
    if block.text("hash_key") == STATE_LOCK:
        return  # Terraform's own
    engines = [block.text(name).lower().replace("_", "-") for name in store.engine]
    technology = next((_technology(engine) for engine in engines if engine), "")
    yield StoreDeclared(
        at=Span(block.line),
        name=next(filter(None, (block.text(name) for name in store.names)), label),
        technology=technology or store.technology,
        kind=store.kind,
        size=next(filter(None, (block.text(*size.split(".")) for size in store.sizes)), ""),
        address=address,
    )


def _technology(engine: str) -> str:
    """The longest known beginning decides: `aurora-postgresql` is no `aurora`."""
    known = [name for name in ENGINES if engine.startswith(name)]
    return ENGINES[max(known, key=len)] if known else ""
