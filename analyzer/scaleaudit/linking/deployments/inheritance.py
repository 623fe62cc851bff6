"""Services of compose files that extend others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from scaleaudit.facts import BASE
from scaleaudit.linking.facts_index import folder_of, resolve_path
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaleaudit.facts import WorkloadDeclared

MAX_PARENTS = 8
# What compose lays over the file beside it, which it is read with.
LAID_OVER = regex(r"(?:^|[/.])override\.ya?ml$")
BASES = ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml")
MANY_HEIRS = 2


def without_left_overs(
    declared: Sequence[tuple[str, WorkloadDeclared]],
) -> list[tuple[str, WorkloadDeclared]]:
    """Without files that compose reads only with one beside them, which is not there: what is
    deployed from elsewhere (`symfony/flex` writes them) has no use for them."""
    paths = {path for path, _ in declared}
    folders = {folder_of(path) for path in paths if path.endswith(BASES)}
    alone = {
        path
        for path, fact in declared
        if fact.source == "compose"
        and LAID_OVER.search(path)
        and folder_of(path) not in folders
        and paths.isdisjoint(_below(path))
    }
    left = [(path, fact) for path, fact in declared if path not in alone]
    return left if any(fact.source == "compose" for _, fact in left) else list(declared)


def _below(path: str) -> list[str]:
    """The files that an override may lie over: `compose-shop.override.yml` over `compose-shop.yml`."""
    folder = folder_of(path)
    usual = [f"{folder}/{name}".lstrip("/") for name in BASES]
    named = LAID_OVER.sub("", path)
    own = [f"{named}.{ending}" for ending in ("yml", "yaml")]
    return [*(own if named.rpartition("/")[2] else ()), *usual]


def extended(
    path: str, fact: WorkloadDeclared, declared: Mapping[tuple[str, str], WorkloadDeclared]
) -> tuple[WorkloadDeclared, str]:
    """With what `extends` brings; the second is the file whose folder a build context is in."""
    origin = path
    seen = {(path, fact.name)}
    for _ in range(MAX_PARENTS):
        file, service = fact.extends
        if not service:
            break
        parent_path = resolve_path(folder_of(path), file) if file else path
        parent = declared.get((parent_path or "", service))
        if parent is None or parent_path is None or (parent_path, service) in seen:
            break
        seen.add((parent_path, service))
        own = {entry.name for entry in fact.environment}
        if not fact.build_context and parent.build_context:
            origin = parent_path
        fact = structs.replace(
            fact,
            image=fact.image or parent.image,
            build_context=fact.build_context or parent.build_context,
            dockerfile=fact.dockerfile or parent.dockerfile,
            build_target=fact.build_target or parent.build_target,
            command=fact.command or parent.command,
            environment=(
                *(entry for entry in parent.environment if entry.name not in own),
                *fact.environment,
            ),
            env_files=(*parent.env_files, *fact.env_files),
            ports=fact.ports or parent.ports,
            volumes=(*parent.volumes, *fact.volumes),
            extends=parent.extends,
        )
        path = parent_path
    return fact, origin


def laid_over(
    path: str, fact: WorkloadDeclared, declared: Mapping[tuple[str, str], WorkloadDeclared]
) -> WorkloadDeclared:
    """A service of an override with what the service below builds of: the folder, the file, the
    arguments that choose one of several programs."""
    own = fact.dockerfile or fact.build_context not in ("", ".") or fact.extends[1]
    if fact.source != "compose" or own or LAID_OVER.search(path) is None:
        return fact
    if fact.image is not None and not fact.build_context:
        return fact
    below = (declared.get((each, fact.name)) for each in _below(path))
    base = next((each for each in below if each is not None and each.build_context), None)
    if base is None:
        return fact
    own_args = {arg.name for arg in fact.build_args}
    return structs.replace(
        fact,
        build_context=base.build_context,
        dockerfile=base.dockerfile,
        build_args=(
            *(arg for arg in base.build_args if arg.name not in own_args),
            *fact.build_args,
        ),
    )


def without_bases(
    declared: list[tuple[str, WorkloadDeclared]],
    whole: Mapping[tuple[str, str], WorkloadDeclared],
) -> list[tuple[str, WorkloadDeclared]]:
    """All but services that are there to be extended.

    They have neither an image nor a build, whatever they extend themselves; or several of the
    file make the image of what they extend theirs by an argument of the build, without which it
    holds no program.
    """
    heirs: dict[tuple[str, str], list[WorkloadDeclared]] = {}
    extended_ones: set[tuple[str | None, str]] = set()
    for path, fact in declared:
        file, service = fact.extends
        if service and not file:
            heirs.setdefault((path, service), []).append(fact)
        if service:
            extended_ones.add((resolve_path(folder_of(path), file) if file else path, service))
    return [
        (path, fact)
        for path, fact in declared
        if fact.kind != BASE
        and not ((path, fact.name) in extended_ones and _is_bare(extended(path, fact, whole)[0]))
        and (
            fact.ports
            or fact.build_args
            or len(below := heirs.get((path, fact.name), [])) < MANY_HEIRS
            or not all(each.build_args for each in below)
        )
    ]


def _is_bare(fact: WorkloadDeclared) -> bool:
    return fact.source == "compose" and fact.image is None and not fact.build_context
