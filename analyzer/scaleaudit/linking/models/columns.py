"""In which column of which table an attribute of a model lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.linking.models.conventions import convention_of
from scaleaudit.linking.names import relaxed

if TYPE_CHECKING:
    from scaleaudit.facts import FieldFact, RelationFact
    from scaleaudit.linking.models.model import Model
    from scaleaudit.linking.models.models import Models

COMPUTED = "()"  # the column of an attribute that has none
KEY_WORDS = {"pk", "id"}
MAX_BASES = 12
AFTER_KEY = {"typeorm", "sequelize"}  # a relation's column is called after the target's key


def column_of(models: Models, model: Model, attribute: str) -> tuple[str, str] | None:
    """(table, column); None when neither the model nor the schema knows the attribute."""
    at: Model | None = model
    for _ in range(MAX_BASES):
        if at is None:
            return None
        found = own_column(models, at, attribute)
        if found:
            return at.table, found
        at = at.base
    return None


def own_column(models: Models, model: Model, attribute: str) -> str:
    field = model.fields.get(attribute)
    if field is not None:
        return "" if field[1].column == COMPUTED else field_column(models, model, field[1])
    relation = model.relations.get(attribute)
    if relation is not None:
        return relation_column(models, model, relation[1]) if owns(relation[1]) else ""
    for ending in ("_id", "Id", "ID", ".id", "_pk"):
        named = model.relations.get(attribute.removesuffix(ending))
        if attribute.endswith(ending) and named is not None and owns(named[1]):
            return relation_column(models, model, named[1])
    wanted = relaxed(attribute)
    for _, each in model.fields.values():
        if each.column and relaxed(each.column) == wanted:
            return each.column
    for _, other in model.relations.values():
        if owns(other) and not other.column and model.framework in AFTER_KEY:
            column = relation_column(models, model, other)
            if wanted == relaxed(column):
                return column
        elif owns(other) and wanted in (relaxed(other.column), relaxed(other.discriminator)):
            return other.column if wanted == relaxed(other.column) else other.discriminator
    spelled = spelled_column(models, model, attribute)
    if spelled:
        return spelled
    if attribute in KEY_WORDS and model.base is None:
        return key_column(models, model)
    return ""


def owns(relation: RelationFact) -> bool:
    """Its column lies in the model's own table."""
    return relation.kind == "belongs-to"


def key_column(models: Models, model: Model) -> str:
    table = models.replayed_table(model)
    if table is not None and table.primary_key:
        return table.primary_key[0]
    name = model.key
    if name in model.fields:
        return field_column(models, model, model.fields[name][1])
    if name in model.relations:
        return relation_column(models, model, model.relations[name][1])
    return name


def field_column(models: Models, model: Model, field: FieldFact) -> str:
    way = convention_of(model.framework)
    if field.column and way.respells:
        return spelled_column(models, model, field.column) or field.column
    return field.column or spelled_column(models, model, field.name) or way.column(field.name)


def relation_column(models: Models, model: Model, relation: RelationFact) -> str:
    """Of a relation whose column is the model's own."""
    if model.framework == "ef" and relation.column in model.fields:  # it names the property
        return field_column(models, model, model.fields[relation.column][1])
    usual = "" if relation.column else _after_key(models, model, relation)
    for name in (relation.column or usual, f"{relation.name}_id", relation.name):
        spelled = spelled_column(models, model, name) if name else ""
        if spelled:
            return spelled
    return relation.column or usual or convention_of(model.framework).column(f"{relation.name}_id")


def _after_key(models: Models, model: Model, relation: RelationFact) -> str:
    """TypeORM, Sequelize: the attribute and the target's key, `reader` and `code` to `readerCode`."""
    if model.framework not in AFTER_KEY:
        return ""
    target = models.find(model.path, relation.target, model.framework)
    key = target.key if target is not None and target is not model else "id"
    name = relation.name
    if model.framework == "sequelize":
        name = f"{name[:1].lower()}{name[1:]}"
    return f"{name}{key[:1].upper()}{key[1:]}"


def spelled_column(models: Models, model: Model, name: str) -> str:
    """As dumps and migrations spell it, without regard to case and underscores."""
    table = models.replayed_table(model)
    if table is None:
        return ""
    known = table.column(name)
    if known is not None:
        return known.name
    wanted = relaxed(name)
    return next((c.name for c in table.columns if relaxed(c.name) == wanted), "")
