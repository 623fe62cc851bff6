"""How each mapper names what the source does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.inflection import plural, underscored
from scaleaudit.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import ModelDefined


def same(name: str) -> str:
    return name


def snake(name: str) -> str:
    return underscored(name).rpartition("/")[2]


def snake_plural(name: str) -> str:
    return plural(snake(name))


class Convention(Record, frozen=True):
    """`shares_table`: a class that inherits from one with a table lives in that table."""

    table: Callable[[str], str] = same  # of the class's last name
    column: Callable[[str], str] = same  # of an attribute
    key: str = "id"  # of a model that declares none
    key_type: str = (
        "BIGINT"  # of that key; empty: the mapper makes none, it is declared out of sight
    )
    shares_table: bool = True
    joins_base: bool = False  # a class that inherits has a table of its own, joined by the key
    # With neither: a class that inherits has a table of its own with all that its base declares.
    # Every reference has an index, if no other index begins with it.
    shares_indexes: bool = False
    indexes_between: bool = False  # a table between two models has an index of each reference
    keys_as_written: bool = False  # a key of attributes and references has the order of the class
    embeds: bool = False  # what a class is built on has its columns in the class's own table
    any_case: bool = False  # code spells the model otherwise than the schema
    declares_columns: bool = True  # else dumps and migrations alone tell of tables
    nests: bool = False  # a class inside another, or a module, may have their names in its table's
    marks_class: bool = False  # rows of classes that share a table are told apart by `type`
    # Models declare every column and index, and migrations may have begun after the tables.
    outlives_migrations: bool = False
    may_keep_class_name: bool = False  # settings may call every table after its class
    may_be_plural: bool = False  # a naming strategy of the project's own may do that
    runs_together: bool = False  # names of methods run attributes together: `findByCustomerEmail`
    both_sides: bool = False  # relations stand on both sides, whether or not they are used
    # Relations are no attributes of the table: they name the attribute that holds the key.
    relations_apart: bool = False
    # Names go to the engine without quotes, which PostgreSQL takes in lower case.
    unquoted: bool = False
    # What stands in front of the engine puts underscores into names that are written, too.
    respells: bool = False
    names_loads: bool = False  # children are read only where a query names the relation to them
    in_folders: bool = False  # a name without a package is that of the file's own folder
    mixes_in: bool = False  # a module may declare what each class that includes it asks for
    bare_columns: bool = False  # a column without its table may be that of a joined one
    # What a class without a table asks of those that inherit from it is told of so many tables.
    heirs: int = 0


# Sources: the documentation of each on names of tables and columns, and on inheritance.
CONVENTIONS: dict[str, Convention] = {
    "django": Convention(table=str.lower, shares_table=False, joins_base=True, heirs=16),
    "sqlalchemy": Convention(table=snake, key_type="", outlives_migrations=True),
    "sqlmodel": Convention(table=str.lower, key_type=""),
    "peewee": Convention(
        table=str.lower, key_type="INT", shares_table=False, outlives_migrations=True
    ),
    "tortoise": Convention(
        table=str.lower, key_type="INT", shares_table=False, outlives_migrations=True
    ),
    "activerecord": Convention(
        table=snake_plural,
        declares_columns=False,
        nests=True,
        marks_class=True,
        may_keep_class_name=True,  # `pluralize_table_names = false`, Sequel's singular_table_names
        mixes_in=True,
        bare_columns=True,
        heirs=3,
    ),
    "sequel": Convention(table=snake_plural, declares_columns=False),
    "jpa": Convention(
        table=snake, column=snake, key_type="", runs_together=True, unquoted=True, respells=True
    ),
    "exposed": Convention(key_type="", shares_table=False),
    "prisma": Convention(key_type="", any_case=True, both_sides=True),
    "drizzle": Convention(key_type="", any_case=True, both_sides=True, relations_apart=True),
    "typeorm": Convention(
        table=snake, key_type="", names_loads=True, indexes_between=True, may_be_plural=True
    ),
    "mikroorm": Convention(table=snake, column=snake, key_type=""),
    "sequelize": Convention(
        names_loads=True,
        table=plural,
        key_type="INT",
        any_case=True,
        may_keep_class_name=True,  # `define: {freezeTableName: true}` in the settings
    ),
    "objection": Convention(key_type="", declares_columns=False),
    "bookshelf": Convention(declares_columns=False),
    "mongoose": Convention(table=lambda name: plural(name.lower()), key="_id", key_type="OBJECTID"),
    "eloquent": Convention(table=snake_plural, shares_table=False, declares_columns=False),
    "doctrine": Convention(
        table=snake, column=snake, key_type="", shares_indexes=True, keys_as_written=True
    ),
    "gorm": Convention(
        in_folders=True, embeds=True, table=snake_plural, column=snake, may_keep_class_name=True
    ),
    "xorm": Convention(
        in_folders=True, embeds=True, table=snake, column=snake, may_keep_class_name=True
    ),
    "ent": Convention(in_folders=True, embeds=True, table=snake_plural, any_case=True),
    "bun": Convention(in_folders=True, embeds=True, table=snake_plural, column=snake),
    "go-pg": Convention(in_folders=True, embeds=True, table=snake_plural, column=snake),
    # Its schemas name every table and no index; nothing is read but where a query names it.
    "ecto": Convention(declares_columns=False, shares_table=False, both_sides=True),
    "ef": Convention(key="Id", key_type="", may_keep_class_name=True, shares_indexes=True),
}
UNKNOWN_MAPPER = Convention()


def convention_of(framework: str) -> Convention:
    return CONVENTIONS.get(framework, UNKNOWN_MAPPER)


def nested_tables(name: str) -> list[str]:
    """`Shop.Order.Line` to `order_lines`, `shop_order_lines`."""
    *outer, last = name.split(".")
    parts = [snake(each) for each in outer]
    return ["_".join([*parts[at:], snake_plural(last)]) for at in range(len(parts) - 1, -1, -1)]


def conventional_table(model: ModelDefined, label: str, template: str = "") -> str:
    """The table of a class whose source names none; `label` is Django's name of the application.

    `template` is how a base of the class names tables.
    """
    if template:
        last = model.name.rpartition(".")[2]
        return template.replace("{lower}", last.lower()).replace("{snake}", snake(last))
    name = model.default_table or convention_of(model.framework).table(
        model.name.rpartition(".")[2]
    )
    return f"{label}_{name}" if label and not model.default_table else name
