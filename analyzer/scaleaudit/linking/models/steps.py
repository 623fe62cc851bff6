"""The attributes that a dotted path leads over, where what is written leaves their ends open.

Values inside a row (`address.street`) are attributes of the row itself; the names of repository
methods run several attributes together (`customerEmail` for `customer.email`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.inflection import WORD
from scaleaudit.linking.models.columns import column_of
from scaleaudit.linking.models.conventions import convention_of

if TYPE_CHECKING:
    from scaleaudit.linking.models.links import Links
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

MAX_STEPS = 10
MAX_BASES = 12


def steps(models: Models, links: Links, model: Model | None, path: str) -> list[str]:
    """The path's attributes, one a step."""
    waiting = path.split(".")
    done: list[str] = []
    at = model
    while waiting and at is not None and len(done) < MAX_STEPS:
        part = waiting.pop(0)
        for _ in range(MAX_STEPS):
            if not waiting or not inside(at, part):
                break
            part = f"{part}.{waiting.pop(0)}"
        if convention_of(at.framework).runs_together and not known(models, links, at, part):
            part, rest = apart(links, at, part)
            if rest:
                waiting.insert(0, rest)
                if inside(at, part):
                    waiting.insert(0, part)
                    continue
        done.append(part)
        link = links.find(at, part)
        at = link.target if link is not None else None
    return done + waiting


def known(models: Models, links: Links, model: Model, part: str) -> bool:
    return links.find(model, part) is not None or column_of(models, model, part) is not None


def inside(model: Model, name: str) -> bool:
    """Whether the model has attributes below this name."""
    at: Model | None = model
    for _ in range(MAX_BASES):
        if at is None:
            return False
        if any(each.startswith(f"{name}.") for each in (*at.fields, *at.relations)):
            return True
        at = at.base
    return False


def apart(links: Links, model: Model, name: str) -> tuple[str, str]:
    """The longest beginning that is a relation or holds values, and the rest; else the name alone."""
    for match in reversed(list(WORD.finditer(name))):
        head, rest = name[: match.start()], name[match.start() :]
        if links.find(model, head) is not None or inside(model, head):
            return head, rest if rest[:2].isupper() else rest[0].lower() + rest[1:]
    return name, ""
