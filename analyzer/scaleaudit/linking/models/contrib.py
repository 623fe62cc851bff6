"""Models that come with Django and packages around it: no file of the repository shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import (
    ConstantDefined,
    FieldFact,
    IndexFact,
    ModelDefined,
    OrmQuery,
    RelationFact,
)
from scaleaudit.linking.models.library_bases import BASE_PACKAGES, LIBRARY_BASES
from scaleaudit.source import Role, Span
from scaleaudit.values import literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scaleaudit.linking.facts_index import FactsIndex

DJANGO = "django"
OUTSIDE = ""  # the path of what lies in no file of the repository
USER_SETTING = "AUTH_USER_MODEL"
NOWHERE = Span(0)
PACKAGES = ("django.contrib.", "rest_framework.authtoken", *BASE_PACKAGES)
MAX_ROUNDS = 4  # of models that lead to others
USER_BASES = {"AbstractUser", "AbstractBaseUser"}


def _field(name: str, type_: str, *, unique: bool = False, indexed: bool = False) -> FieldFact:
    return FieldFact(name, "", type_, False, indexed, unique)


def _foreign(name: str, target: str, inverse: str = "") -> RelationFact:
    return RelationFact(name, target, "belongs-to", f"{name}_id", inverse, indexed=True)


def _many(name: str, target: str, inverse: str, through: str, own: str, other: str) -> RelationFact:
    return RelationFact(
        name, target, "many-to-many", own, inverse, through=through, other_column=other
    )


def _model(
    name: str,
    table: str,
    fields: Sequence[FieldFact],
    relations: Sequence[RelationFact] = (),
    indexes: Sequence[IndexFact] = (),
    bases: tuple[str, ...] = (),
) -> ModelDefined:
    return ModelDefined(
        NOWHERE,
        name,
        DJANGO,
        table=table,
        bases=bases,
        abstract=not table,
        fields=tuple(fields),
        relations=tuple(relations),
        indexes=tuple(indexes),
    )


# Source: the models of django.contrib and of the REST framework's tokens.
CONTRIB: tuple[ModelDefined, ...] = (
    _model(
        "AbstractBaseUser",
        "",
        [_field("password", "VARCHAR"), _field("last_login", "TIMESTAMP")],
    ),
    _model(
        "PermissionsMixin",
        "",
        [_field("is_superuser", "BOOLEAN")],
        [
            RelationFact("groups", "Group", "many-to-many", inverse="user_set"),
            RelationFact("user_permissions", "Permission", "many-to-many", inverse="user_set"),
        ],
    ),
    _model(
        "AbstractUser",
        "",
        [
            _field("username", "VARCHAR", unique=True),
            _field("first_name", "VARCHAR"),
            _field("last_name", "VARCHAR"),
            _field("email", "VARCHAR"),
            _field("is_staff", "BOOLEAN"),
            _field("is_active", "BOOLEAN"),
            _field("date_joined", "TIMESTAMP"),
        ],
        bases=("AbstractBaseUser", "PermissionsMixin"),
    ),
    _model("User", "auth_user", [], bases=("AbstractUser",)),
    _model(
        "Group",
        "auth_group",
        [_field("name", "VARCHAR", unique=True)],
        [
            _many(
                "permissions",
                "Permission",
                "group_set",
                "auth_group_permissions",
                "group_id",
                "permission_id",
            )
        ],
    ),
    _model(
        "Permission",
        "auth_permission",
        [_field("name", "VARCHAR"), _field("codename", "VARCHAR")],
        [_foreign("content_type", "ContentType")],
        [IndexFact(("content_type", "codename"), unique=True)],
    ),
    _model(
        "ContentType",
        "django_content_type",
        [_field("app_label", "VARCHAR"), _field("model", "VARCHAR")],
        (),
        [IndexFact(("app_label", "model"), unique=True)],
    ),
    _model(
        "Session",
        "django_session",
        [
            FieldFact("session_key", "", "VARCHAR", False, unique=True, primary=True),
            _field("session_data", "TEXT"),
            _field("expire_date", "TIMESTAMP", indexed=True),
        ],
    ),
    _model(
        "Site",
        "django_site",
        [_field("domain", "VARCHAR", unique=True), _field("name", "VARCHAR")],
    ),
    _model(
        "LogEntry",
        "django_admin_log",
        [
            _field("action_time", "TIMESTAMP"),
            _field("object_id", "TEXT"),
            _field("object_repr", "VARCHAR"),
            _field("action_flag", "SMALLINT"),
            _field("change_message", "TEXT"),
        ],
        [_foreign("user", USER_SETTING), _foreign("content_type", "ContentType")],
    ),
    _model(
        "Token",
        "authtoken_token",
        [
            FieldFact("key", "", "VARCHAR", False, unique=True, primary=True),
            _field("created", "TIMESTAMP"),
        ],
        [
            RelationFact(
                "user",
                USER_SETTING,
                "belongs-to",
                "user_id",
                "auth_token",
                indexed=True,
                unique=True,
            )
        ],
    ),
)


def contrib_models(
    index: FactsIndex, defined: Sequence[tuple[str, ModelDefined]], user: str
) -> Iterator[tuple[str, ModelDefined]]:
    """Those that the repository refers to, or imports by name."""
    own = {last(model.name) for _, model in defined if model.framework == DJANGO}
    if not own:
        return
    imported = set(contrib_imports(index).values())
    wanted = {last(query.model) for _, query in index.of(OrmQuery) if query.framework == DJANGO}
    for _, model in defined:
        if model.framework == DJANGO:
            wanted.update(last(base) for base in model.bases)
            wanted.update(last(relation.target) for relation in model.relations)
    if USER_SETTING in wanted:
        wanted.add(last(user))
    wanted = wanted - own | imported
    for _ in range(MAX_ROUNDS):
        for model in (*LIBRARY_BASES, *CONTRIB):
            if model.name in wanted:
                wanted.update(model.bases)
                wanted.update(last(relation.target) for relation in model.relations)
    for model in CONTRIB:
        if model.name in wanted:
            yield OUTSIDE, model
    for model in LIBRARY_BASES:
        if model.name in imported:
            yield OUTSIDE, model


def contrib_imports(index: FactsIndex) -> dict[tuple[str, str], str]:
    """(path, name there) -> class that the file takes from a package of Django's own."""
    return {
        (path, here): name
        for path, found in index.importing(lambda module: module.startswith(PACKAGES))
        for name, here in found.names
    }


def last(name: str) -> str:
    return name.rpartition(".")[2]


def user_class(index: FactsIndex, defined: Sequence[tuple[str, ModelDefined]]) -> str:
    """The class that `settings.AUTH_USER_MODEL` means; empty when that cannot be told."""
    named = {
        text
        for path, constant in index.of(ConstantDefined)
        if last(constant.name) == USER_SETTING
        and index.role(path) is Role.SOURCE
        and (text := literal_text(constant.value))
    }
    if len(named) == 1:
        return named.pop()
    users = [
        model.name
        for _, model in defined
        if not model.abstract and USER_BASES & set(map(last, model.bases))
    ]
    if not named and len(users) < 2:
        return users[0] if users else "User"
    return ""
