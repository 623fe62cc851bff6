"""How an index is written down: for the tool that migrates the table, or in SQL.

The forms are those of each tool's own documentation on adding an index to a table in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.identifiers import quoted
from scaleaudit.record import Record
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaleaudit.schema import Table

# MySQL indexes only the beginning of what has no length: "Column Prefix Key Parts" in its manual;
# 191 signs of four bytes fit into the 767 bytes that every row format allows.
PART_OF_DATE = regex(r"\b(year|month|day)\((\w+)\)")
NEEDS_LENGTH = ("TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "BLOB", "LONGBLOB")
MYSQL_PREFIX = 191
MAX_NAME = 59  # with what is put before or behind it 63, the most that PostgreSQL keeps


class Form(Record, frozen=True):
    """How one tool has an index written, with names to fill in: see `in_form`."""

    line: str
    online: str = ""  # on PostgreSQL without blocking writes, where the tool can
    before: tuple[str, ...] = ()  # what a migration says once for that


# By what migrations are written with (`MigrationTool`), or by the framework of models that have none.
WRITERS = {
    "alembic": Form(
        'op.create_index("ix_{name}", "{table}", [{texts}])',
        "with op.get_context().autocommit_block(): "
        'op.create_index("ix_{name}", "{table}", [{texts}], postgresql_concurrently=True)',
    ),
    "django": Form("models.Index(fields=[{attributes}])  # in Meta.indexes of {model}"),
    "doctrine": Form("#[ORM\\Index(columns: [{singles}])]  // on class {model}"),
    "doctrine-migrations": Form(
        "$this->addSql('CREATE INDEX idx_{name} ON {table} ({plain})');",
    ),
    "drizzle": Form("index('{name}_idx').on({members})  // in the table {table}"),
    "ecto": Form(
        "create index(:{table}, [{symbols}])",
        "create index(:{table}, [{symbols}], concurrently: true)",
        ("@disable_ddl_transaction true", "@disable_migration_lock true"),
    ),
    "ef": Form("modelBuilder.Entity<{model}>().HasIndex(row => new {{ {of_row} }});"),
    "ent": Form("index.Fields({attributes})  // in Indexes() of {model}"),
    "gorm": Form('`gorm:"index:idx_{name}"`  // on {fields} of {model}'),
    "jpa": Form('@Table(indexes = @Index(columnList = "{plain}"))  // on class {model}'),
    "knex": Form(
        "await knex.schema.alterTable('{table}', (table) => table.index([{singles}]));",
    ),
    "kysely-migrations": Form(
        "await db.schema.createIndex('{name}_idx').on('{table}').columns([{singles}]).execute();",
    ),
    "laravel": Form(
        "Schema::table('{table}', fn (Blueprint $table) => $table->index([{singles}]));",
    ),
    "liquibase-xml": Form(
        '<createIndex indexName="{name}_idx" tableName="{table}">{elements}</createIndex>',
    ),
    "liquibase-yaml": Form(
        "- createIndex: {{indexName: {name}_idx, tableName: {table}, columns: [{mappings}]}}",
    ),
    "mikroorm": Form("@Index({{ properties: [{own_singles}] }})  // on class {model}"),
    "mongoose": Form("schema.index({{ {ascending} }});  // of {model}"),
    "node-pg-migrate": Form(
        "pgm.createIndex('{table}', [{singles}]);",
        "pgm.createIndex('{table}', [{singles}], {{ concurrently: true }});",
        ("pgm.noTransaction();",),
    ),
    "peewee": Form("indexes = ((({attributes},), False),)  # in Meta of {model}"),
    "peewee-migrations": Form("migrate(migrator.add_index('{table}', ({singles},), False))"),
    "phinx": Form("$this->table('{table}')->addIndex([{singles}])->update();"),
    "prisma": Form("@@index([{fields}])  // in model {model}"),
    "rails": Form(
        "add_index :{table}, {one_or_more}",
        "add_index :{table}, {one_or_more}, algorithm: :concurrently",
        ("disable_ddl_transaction!",),
    ),
    "sequel": Form(
        "add_index :{table}, {one_or_more}",
        "add_index :{table}, {one_or_more}, concurrently: true",
        ("no_transaction",),
    ),
    "sequelize": Form("indexes: [{{ fields: [{singles}] }}]  // in the options of {model}"),
    "sequelize-migrations": Form(
        "await queryInterface.addIndex('{table}', [{singles}]);",
        "await queryInterface.addIndex('{table}', [{singles}], {{ concurrently: true }});",
    ),
    "sqlalchemy": Form('Index("ix_{name}", {texts})  # in __table_args__ of {model}'),
    "sqlmodel": Form('Index("ix_{name}", {texts})  # in __table_args__ of {model}'),
    "tortoise": Form("indexes = [({attributes},)]  # in Meta of {model}"),
    "typeorm": Form("@Index([{own_singles}])  // on class {model}"),
    "typeorm-migrations": Form(
        "await queryRunner.createIndex('{table}', new TableIndex({{ columnNames: [{singles}] }}));",
    ),
}


def add_indexes(wanted: Iterable[tuple[Table, tuple[str, ...]]]) -> tuple[str, ...]:
    """Lines that make the indexes, each for the tool that its table is migrated with."""
    before: dict[str, None] = {}
    lines: dict[str, None] = {}
    for table, columns in wanted:
        form = WRITERS.get(table.tool)
        line = in_form(form, table, columns) if form is not None else ""
        if form is not None and line and is_online(form, table):
            before.update(dict.fromkeys(form.before))
        lines[line or f"{create_index(table, columns)};"] = None
    return (*before, *lines)


def is_online(form: Form, table: Table) -> bool:
    """Whether the tool can build the index of this table without blocking writes."""
    return bool(form.online) and table.dialect == "postgres"


def in_form(form: Form, table: Table, columns: tuple[str, ...]) -> str:
    """Empty for an expression, a name with signs in it, a part of a text, or a class of somebody else."""
    known = [table.column(column) for column in columns]
    plain = [each.name if each else column for each, column in zip(known, columns, strict=True)]
    own = [
        (each.attribute if each else "") or name for each, name in zip(known, plain, strict=True)
    ]
    named = table.spelled or table.name
    line = form.online if is_online(form, table) else form.line
    if not all(is_name(name, table) for name in (named, *plain, *own)) or any(
        length_of(table, column) for column in columns
    ):
        return ""
    if "{model}" in line and (table.at is None or not table.model.isidentifier()):
        return ""
    symbols = ", ".join(f":{name}" for name in plain)
    return line.format(
        table=named,
        model=table.model,
        name="_".join((table.name, *plain))[:MAX_NAME],
        plain=", ".join(plain),
        texts=", ".join(f'"{name}"' for name in plain),
        singles=", ".join(f"'{name}'" for name in plain),
        symbols=symbols,
        one_or_more=symbols if len(plain) == 1 else f"[{symbols}]",
        elements="".join(f'<column name="{name}"/>' for name in plain),
        mappings=", ".join(f"{{column: {{name: {name}}}}}" for name in plain),
        fields=", ".join(own),
        attributes=", ".join(f'"{name}"' for name in own),
        own_singles=", ".join(f"'{name}'" for name in own),
        members=", ".join(f"table.{name}" for name in own),
        of_row=", ".join(f"row.{name}" for name in own),
        ascending=", ".join(f'"{name}": 1' if "." in name else f"{name}: 1" for name in own),
    )


def is_name(text: str, table: Table) -> bool:
    """Also, of documents, the way to what stands inside: `address.city`."""
    parts = text.split(".") if table.tool == "mongoose" else [text]
    return all(part.isidentifier() for part in parts)


def create_index(table: Table, columns: tuple[str, ...]) -> str:
    """The statement in SQL; on PostgreSQL without blocking writes."""
    engine = table.dialect
    words = ("".join(c if c.isalnum() else "_" for c in each.lower()) for each in columns)
    name = "_".join((table.name, *(each.strip("_") for each in words)))
    how = "CREATE INDEX CONCURRENTLY" if engine == "postgres" else "CREATE INDEX"
    known = ((table.column(column), column) for column in columns)
    spelled = (column.name if column is not None else given for column, given in known)
    # Expressions stay as they are; of an unknown engine it is not known how it quotes.
    indexed = ", ".join(
        (quoted(column, engine) if engine and column.isidentifier() else spoken(column, engine))
        + length_of(table, column)
        for column in spelled
    )
    named = table.spelled or table.name
    target = quoted(named, engine) if engine and named.isidentifier() else named
    return f"{how} {name[:MAX_NAME]}_idx ON {target} ({indexed})"


def spoken(expression: str, engine: str) -> str:
    """An expression as the engine has it: PostgreSQL knows no `year(sold_at)`."""
    return (
        PART_OF_DATE.sub(r"EXTRACT(\1 FROM \2)", expression) if engine == "postgres" else expression
    )


def length_of(table: Table, column: str) -> str:
    """How much of a text MySQL is to index; empty where it takes the whole."""
    known = table.column(column)
    needed = table.dialect == "mysql" and known is not None and known.type in NEEDS_LENGTH
    return f"({MYSQL_PREFIX})" if needed else ""
