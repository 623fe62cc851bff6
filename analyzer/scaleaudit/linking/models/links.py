"""Relations between models, seen from both ends, with the columns that tie the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts.orm import OWN_NAME
from scaleaudit.linking.models.between_names import between_names
from scaleaudit.linking.models.columns import (
    key_column,
    own_column,
    owns,
    relation_column,
)
from scaleaudit.linking.models.composite_keys import Pairs, pairs_from_there, pairs_of, turned
from scaleaudit.linking.models.conventions import snake
from scaleaudit.linking.models.foreign_keys import referred_column
from scaleaudit.record import Gathering

if TYPE_CHECKING:
    from scaleaudit.facts import RelationFact
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

MAX_THROUGH = 4  # relations that lead over other relations


class Link(Gathering):
    """From `source` to `target`.

    `own` is the column on the source's side, `other` that on the target's. Where a table stands
    between, `between` names it: `own_between` refers to the source, `other_between` to the target.
    """

    name: str
    source: Model
    target: Model
    own: str
    other: str
    many: bool  # leads to several rows
    path: str
    fact: RelationFact
    between: str = ""
    own_between: str = ""
    other_between: str = ""
    # Polymorphic: the column that names the source's class, of the target or the table between.
    kind_column: str = ""
    target_kind: str = ""  # the same of the target, behind a table between
    declared: bool = True  # by the source itself, not only by the other end
    # By several columns at once: each of the source's side with that of the target's, `own` first.
    key: Pairs = ()

    @property
    def pairs(self) -> Pairs:
        return self.key or ((self.own, self.other),)


def kind_of_inverse(target: Model, relation: RelationFact) -> str:
    """Of the end that the relation is the inverse of, where that may lead to several classes."""
    back = target.relations.get(relation.inverse) if relation.inverse else None
    return back[1].discriminator if back is not None else ""


class Links:
    """`of(model)` gives its relations by name; `named(framework, name)` all of a name."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._links: dict[int, dict[str, Link]] = {id(model): {} for model in models.all}
        for model in models.all:
            for path, relation in model.relations.values():
                link = self._forward(model, path, relation)
                if link is not None:
                    self._links[id(model)].setdefault(relation.name, link)
        for model in models.all:
            for path, relation in model.relations.values():
                if not relation.through or relation.kind != "has-many":
                    continue
                through = self._through(model, path, relation, 0)
                if through is not None:
                    self._links[id(model)].setdefault(relation.name, through)
        for model in models.all:
            self._seen_from_there(model)
        self._by_name: dict[tuple[str, str], list[Link]] = {}
        for model in models.all:
            for name, link in self._links[id(model)].items():
                self._by_name.setdefault((model.framework, name), []).append(link)

    def of(self, model: Model) -> dict[str, Link]:
        return self._links.get(id(model), {})

    def find(self, model: Model, name: str) -> Link | None:
        """A relation of the model or of those it inherits from."""
        at: Model | None = model
        for _ in range(MAX_THROUGH):
            if at is None:
                return None
            link = self.of(at).get(name)
            if link is not None:
                return link
            at = at.base
        return None

    def named(self, framework: str, name: str) -> list[Link]:
        return self._by_name.get((framework, name), [])

    def _forward(self, model: Model, path: str, relation: RelationFact) -> Link | None:
        if not relation.target:
            return None
        target = self._models.find(path, relation.target, model.framework)
        if target is None:
            return None
        if owns(relation):
            key = pairs_of(self._models, model, target, relation)
            if key:
                return Link(relation.name, model, target, *key[0], False, path, relation, key=key)
            own = relation_column(self._models, model, relation)
            named = referred_column(model, relation.column or own)
            other = own_column(self._models, target, named) if named else ""
            return Link(
                relation.name,
                model,
                target,
                own,
                other or key_column(self._models, target),
                False,
                path,
                relation,
            )
        own = key_column(self._models, model)
        if relation.kind == "many-to-many":
            return self._over_table(model, target, own, path, relation)
        if relation.through:
            return None
        key = pairs_from_there(self._models, model, target, relation)
        if key:
            return Link(
                relation.name, model, target, *key[0], relation.kind == "has-many", path, relation,
                kind_column=relation.discriminator or kind_of_inverse(target, relation), key=key,
            )  # fmt: skip
        other = self._child_column(model, target, relation)
        if not other:
            return None
        return Link(
            relation.name, model, target, own, other, relation.kind == "has-many", path, relation,
            kind_column=relation.discriminator or kind_of_inverse(target, relation),
        )  # fmt: skip

    def _child_column(self, model: Model, target: Model, relation: RelationFact) -> str:
        if relation.inverse:
            back = target.relations.get(relation.inverse)
            if back is not None and owns(back[1]):
                return relation_column(self._models, target, back[1])
            found = own_column(self._models, target, relation.inverse)
            if found:
                return found
        if relation.column:
            found = own_column(self._models, target, relation.column)
            if found or not self._knows(target):
                return found or relation.column
        back_ways = [
            back
            for back_path, back in target.relations.values()
            if owns(back)
            and back.target
            and self._models.find(back_path, back.target, model.framework) is model
        ]
        if len(back_ways) == 1:
            return relation_column(self._models, target, back_ways[0])
        return own_column(self._models, target, f"{snake(model.name.rpartition('.')[2])}_id")

    def _knows(self, model: Model) -> bool:
        """Whether anything is known of its columns."""
        return bool(model.fields) or self._models.replayed_table(model) is not None

    def _over_table(
        self, model: Model, target: Model, own: str, path: str, relation: RelationFact
    ) -> Link:
        between, one, two = relation.through, relation.column, relation.other_column
        owned = bool(between) or model.framework == "django"
        between = "" if between == OWN_NAME else between
        holder = self._models.find(path, between, model.framework) if between else None
        if holder is not None:
            between = holder.table
            one = one or self._back(holder, model)
            two = two or self._back(holder, target)
        elif owned:  # what the source leaves unsaid is the mapper's to name
            far = key_column(self._models, target)
            named = between_names(model, target, relation.name, own, far)
            between, one, two = between or named[0], one or named[1], two or named[2]
        between = between.lower().rpartition(".")[2]
        return Link(
            relation.name, model, target, own, key_column(self._models, target), True, path, relation,
            between=between, own_between=one, other_between=two, kind_column=relation.discriminator,
        )  # fmt: skip

    def _back(self, holder: Model, target: Model) -> str:
        for path, relation in holder.relations.values():
            if (
                owns(relation)
                and self._models.find(path, relation.target, holder.framework) is target
            ):
                return relation_column(self._models, holder, relation)
        return ""

    def _through(self, model: Model, path: str, relation: RelationFact, depth: int) -> Link | None:
        """`has_many :readers, through: :subscriptions`."""
        first = self.of(model).get(relation.through)
        if first is None or depth > MAX_THROUGH:
            return None
        wanted = relation.inverse or relation.name
        for name in (wanted, wanted.removesuffix("s"), f"{wanted}s"):
            second = self.of(first.target).get(name)
            if second is not None:
                break
        else:
            return None
        if first.between or second.between:
            return None
        return Link(
            relation.name, model, second.target, first.own, second.other, True, path, relation,
            between=first.target.table, own_between=first.other, other_between=second.own,
            kind_column=first.kind_column, target_kind=second.kind_column,
        )  # fmt: skip

    def _seen_from_there(self, model: Model) -> None:
        """The other ends: `related_name`, `backref`, Django's names for what has none."""
        for link in [*self.of(model).values()]:
            if not link.declared:
                continue  # the other end of one, which stands there already
            relation = link.fact
            last = model.name.rpartition(".")[2].lower()
            # Django: `related_name` of an abstract class, for each class that inherits.
            inverse = relation.inverse.replace("%(class)s", last)
            names = [inverse] if inverse and "%" not in inverse else []
            unnamed = not relation.inverse and model.framework == "django"
            if unnamed and (owns(relation) or link.between):
                names = [last, f"{last}_set"]
            if relation.kind in ("has-many", "has-one"):
                self._made_there(link)
                continue
            for name in names:
                if name.endswith("+") or name in link.target.relations:
                    continue
                self._links[id(link.target)].setdefault(
                    name,
                    Link(
                        name, link.target, model, link.other, link.own, not relation.unique, link.path, relation,
                        link.between, link.other_between, link.own_between, declared=False, key=turned(link.key),
                    ),
                )  # fmt: skip

    def _made_there(self, link: Link) -> None:
        """SQLAlchemy's `backref`: the list of children gives each child its parent."""
        name, target = link.fact.inverse, link.target
        if link.source.framework != "sqlalchemy" or not name or name in target.relations:
            return
        back = Link(
            name, target, link.source, link.other, link.own, False, link.path, link.fact,
            declared=False,
        )  # fmt: skip
        self._links[id(target)].setdefault(name, back)
