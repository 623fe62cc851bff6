"""GraphQL: fields that ask the database once for each object of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.api import Evidence, FieldResolved, Growth, Origin, Problem, QueryFound
from scaleaudit_rules._telling import MANY, MAX_EVIDENCE, called, named
from scaleaudit_rules.data._lookups import looks_up

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scaleaudit.api import Architecture, Site

Asked = tuple["Site[FieldResolved]", "Site[QueryFound]"]
REQUESTS = (Origin.HANDLER, Origin.UNKNOWN)


def field_queries(architecture: Architecture, ignored: Collection[str]) -> Iterator[Problem]:
    """Queries by a key inside functions that answer a field."""
    fields: dict[str, list[Site[FieldResolved]]] = {}
    for field in architecture.sites(FieldResolved):
        if field.origin in REQUESTS:
            fields.setdefault(field.at.path, []).append(field)
    found: dict[str, dict[Site[FieldResolved], Site[QueryFound]]] = {}
    for site in architecture.sites(QueryFound) if fields else ():
        query = site.fact
        if query.in_loop or not looks_up(query) or query.reads[0] in ignored:
            continue  # a loop is told by itself
        if query.gathered:
            continue
        table = architecture.schema.table(query.reads[0])
        if table is not None and table.growth is Growth.STATIC:
            continue
        around = field_around(fields.get(site.at.path, ()), site)
        if around is not None:
            found.setdefault(around.application, {}).setdefault(around, site)
    for application, places in sorted(found.items()):
        asked = sorted(places.items(), key=lambda each: each[1].at)
        if len(asked) < MANY:
            yield from (told([each], "") for each in asked)
        else:
            yield told(asked, called(application))


def field_around(
    fields: Collection[Site[FieldResolved]], site: Site[QueryFound]
) -> Site[FieldResolved] | None:
    line = site.at.line
    return next((f for f in fields if f.at.line <= line <= (f.at.end_line or f.at.line)), None)


def told(asked: list[Asked], application: str) -> Problem:
    names = [f"{field.fact.parent}.{field.fact.field}" for field, _ in asked]
    tables = sorted({site.fact.reads[0] for _, site in asked})
    who = f"{len(asked)} fields of {application}, {named(names)}, ask" if application else names[0]
    what = "the database" if application else tables[0]
    return Problem(
        subject=f"fields of {application}" if application else names[0],
        message=(
            f"{who}{'' if application else ' asks'} {what} once for each object that an answer holds: a list of a "
            "hundred takes a hundred round trips. Gather the keys of one answer and ask once, with "
            "a data loader."
        ),
        evidence=tuple(
            Evidence(site.at, f"{name}: {site.fact.text}" if application else site.fact.text)
            for name, (_, site) in zip(names[:MAX_EVIDENCE], asked, strict=False)
        ),
        data={"tables": tables, "places": len(asked), "fields": names[:MAX_EVIDENCE]},
    )
