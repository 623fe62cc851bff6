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
CASE = regex(r"\((upper|lower)\((\w+)\)\)")
DAY = regex(r"\bdate\((\w+)\)")
NEEDS_LENGTH = ("TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "BLOB", "LONGBLOB")
MYSQL_PREFIX = 191
DJANGO_NAME = 26  # with what is put behind it
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

# The same of expressions, which a migration's words take as they are.
EXPRESSED = {
    "alembic": Form(
        "op.execute('{sql}')",
        "with op.get_context().autocommit_block(): op.execute('{sql}')",
    ),
    "ecto": Form(
        'create index(:{table}, ["{expressions}"], name: :{name}_idx)',
        'create index(:{table}, ["{expressions}"], name: :{name}_idx, concurrently: true)',
        ("@disable_ddl_transaction true", "@disable_migration_lock true"),
    ),
    "rails": Form(
        'add_index :{table}, "{expressions}", name: "{name}_idx"',
        'add_index :{table}, "{expressions}", name: "{name}_idx", algorithm: :concurrently',
        ("disable_ddl_transaction!",),
    ),
}


def add_indexes(wanted: Iterable[tuple[Table, tuple[str, ...]]]) -> tuple[str, ...]:
    """Lines that make the indexes, each for the tool that its table is migrated with."""
    before: dict[str, None] = {}
    lines: dict[str, None] = {}
    for table, columns in wanted:
        form = WRITERS.get(table.tool)
        line = in_form(form, table, columns) if form is not None else ""
        if not line and any(column.startswith("(") for column in columns):
            form = EXPRESSED.get(table.tool)
            line = in_django(table, columns) if table.tool == "django" else ""
            line = expressed(form, table, columns) if form is not None else line
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
    if "{members}" in line and not all(each is not None and each.attribute for each in known):
        return ""  # the property is declared out of sight, and may be called otherwise
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


def expressed(form: Form, table: Table, columns: tuple[str, ...]) -> str:
    """Empty for what would end the text that it stands in, and for a name with signs in it."""
    named = table.spelled or table.name
    inside = ", ".join(spoken(column, table) for column in columns)
    if not is_name(named, table) or not {"'", '"', "#", "\\"}.isdisjoint(inside):
        return ""
    return (form.online if is_online(form, table) else form.line).format(
        table=named,
        name=index_name(table, columns),
        expressions=inside[1:-1] if len(columns) == 1 else inside,
        sql=create_index(table, columns),
    )


def in_django(table: Table, columns: tuple[str, ...]) -> str:
    """Of a text in capitals or without, whose index must have a name of at most thirty signs."""
    found = CASE.fullmatch(columns[0]) if len(columns) == 1 else None
    if found is None or table.at is None or not table.model.isidentifier():
        return ""
    column = table.column(found[2])
    own = (column.attribute if column is not None else "") or found[2]
    name = f"{index_name(table, columns)[:DJANGO_NAME]}_idx"
    how = found[1].capitalize()
    return f'models.Index({how}("{own}"), name="{name}")  # in Meta.indexes of {table.model}'


def is_name(text: str, table: Table) -> bool:
    """Also, of documents, the way to what stands inside: `address.city`."""
    parts = text.split(".") if table.tool == "mongoose" else [text]
    return all(part.isidentifier() for part in parts)


def create_index(table: Table, columns: tuple[str, ...]) -> str:
    """The statement in SQL; on PostgreSQL without blocking writes."""
    engine = table.dialect
    how = "CREATE INDEX CONCURRENTLY" if engine == "postgres" else "CREATE INDEX"
    known = ((table.column(column), column) for column in columns)
    spelled = (column.name if column is not None else given for column, given in known)
    # Expressions stay as they are; of an unknown engine it is not known how it quotes.
    indexed = ", ".join(
        (quoted(column, engine) if engine and column.isidentifier() else spoken(column, table))
        + length_of(table, column)
        for column in spelled
    )
    named = table.spelled or table.name
    target = quoted(named, engine) if engine and named.isidentifier() else named
    return f"{how} {index_name(table, columns)}_idx ON {target} ({indexed})"


def index_name(table: Table, columns: tuple[str, ...]) -> str:
    """Without what is put behind it."""
    words = ("".join(c if c.isalnum() else "_" for c in each.lower()) for each in columns)
    return "_".join((table.name, *(each.strip("_") for each in words)))[:MAX_NAME]


def spoken(expression: str, table: Table) -> str:
    """An expression as the engine has it: PostgreSQL knows no `year(sold_at)`.

    It indexes no day or year of a moment but in a given zone: Django asks in that of the
    connection, which is UTC.
    """
    if table.dialect != "postgres":
        return expression

    def moment(name: str) -> str:
        column = table.column(name)
        kind = column.type if column is not None else ""
        zoned = kind.startswith("TIMESTAMPTZ") or (table.tool == "django" and kind == "TIMESTAMP")
        return f"{name} AT TIME ZONE 'UTC'" if zoned else name

    found = PART_OF_DATE.sub(lambda m: f"EXTRACT({m[1]} FROM {moment(m[2])})", expression)
    return DAY.sub(lambda m: f"date({moment(m[1])})", found)


def length_of(table: Table, column: str) -> str:
    """How much of a text MySQL is to index; empty where it takes the whole."""
    known = table.column(column)
    needed = table.dialect == "mysql" and known is not None and known.type in NEEDS_LENGTH
    return f"({MYSQL_PREFIX})" if needed else ""
