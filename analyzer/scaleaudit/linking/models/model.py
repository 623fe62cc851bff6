"""One model: a class with its table; and which of several classes of one name is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scaleaudit.inflection import underscored
from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from scaleaudit.facts import FieldFact, IndexFact, ModelDefined, RelationFact


class Model(Gathering):
    """A class with its table. `fields` and `relations` are its own and those it inherits."""

    path: str
    fact: ModelDefined
    table: str = ""
    spelled: str = ""  # the table's name with its capitals, where it has some
    base: Model | None = None  # its table holds a part of this one's attributes
    fields: dict[str, tuple[str, FieldFact]] = msgspec.field(default_factory=dict)
    relations: dict[str, tuple[str, RelationFact]] = msgspec.field(default_factory=dict)
    indexes: list[tuple[str, IndexFact]] = msgspec.field(default_factory=list)
    ordering: tuple[str, ...] = ()
    template: str = ""  # how a base names the tables of those that inherit: `{snake}`, `{lower}`
    families: set[str] = msgspec.field(default_factory=set)  # names it answers to: bases, managers
    # Files and names of the classes that serve it: which of its managers brings them, and their order.
    served_by: dict[tuple[str, str], tuple[int, int]] = msgspec.field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.fact.name

    @property
    def framework(self) -> str:
        return self.fact.framework

    @property
    def key(self) -> str:
        """The attribute of the primary key, the first when there are several."""
        for name, (_, field) in self.fields.items():
            if field.primary:
                return name
        for name, (_, relation) in self.relations.items():
            if relation.primary:
                return name
        return convention_of(self.framework).key


def opened_again(several: list[Model]) -> Model | None:
    """Of one class that several files open, the part that says most; None when they are not one."""
    first = several[0]
    if not convention_of(first.framework).mixes_in or any(m.name != first.name for m in several):
        return None
    return max(several, key=lambda model: len(model.fact.relations))


def outermost(path: str, name: str, several: list[Model]) -> Model | None:
    """The class in no namespace, which a bare name means in files outside of those of the others."""
    if not convention_of(several[0].framework).mixes_in:
        return None
    outer = [m for m in several if m.name == name]
    folders = path.rpartition("/")[0].split("/")
    around = {
        underscored(part) for m in several if m.name != name for part in m.name.split(".")[:-1]
    }
    return outer[0] if len(outer) == 1 and around.isdisjoint(folders) else None


def packaged(path: str, several: list[Model]) -> list[Model]:
    """The class of the file's own package, which in Go is its folder."""
    folder = path.rpartition("/")[0]
    found = [m for m in several if m.path.rpartition("/")[0] == folder]
    return found if len(found) == 1 and convention_of(found[0].framework).in_folders else []


def placed(parts: list[str], several: list[Model]) -> list[Model]:
    """The class in the folder of its namespace: `Forum\\Thread` of `Forum/Thread.php`."""
    way = "/" + "/".join(parts)
    found = [m for m in several if f"/{m.path.rpartition('.')[0]}".endswith(way)]
    return found if len(found) == 1 else []


def parts_of_one(several: list[Model]) -> Model | None:
    """Of classes of one name that live in one table, any."""
    return several[0] if several[0].table and len({m.table for m in several}) == 1 else None


def labelled(label: str, several: list[Model]) -> list[Model]:
    """Those of an application: `"shop.Order"`."""
    return [
        each for each in several if each.fact.label == label or label in each.path.split("/")[:-1]
    ]
