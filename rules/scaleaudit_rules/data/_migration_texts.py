"""What is said of each danger of a migration, and what to do in its place."""

# What stands where `{}` does is the table, or the table with the column.
MESSAGES = {
    "index": "builds an index on {}: nothing can write to the table until it is done",
    "unique": "adds a unique key on {}: nothing can write to the table while its index is built",
    "foreign-key": "adds a foreign key on {} and checks all rows at once: nothing can write to "
    "either table meanwhile",
    "copying-key": "adds a foreign key on {}, which copies the table: nothing can write to it meanwhile",
    "check": "adds a check on {} and tests all rows at once: nothing can read or write the table "
    "meanwhile",
    "copying-check": "adds a check on {}, which copies the table: nothing can write to it meanwhile",
    "alter-type": "changes the type of {}, which writes every row anew: nothing can write to the "
    "table meanwhile",
    "set-not-null": "forbids NULL in {} and reads all rows to be sure: nothing can read or write "
    "the table meanwhile",
    "add-column": "adds {} with a value worked out for each row, which writes every row anew: "
    "nothing can read or write the table meanwhile",
    "rename-column": "renames {}: the version that still runs asks for the old name and fails",
    "rename-table": "renames {}: the version that still runs asks for the old name and fails",
    "drop": "drops {}, which queries still name",
    "drop-column": "drops {}, which queries still name",
    "backfill": "writes every row of {} in one transaction: each stays locked until the last is done",
}
HABITS = {
    "index": "build an index under a write lock",
    "unique": "add a unique key under a write lock",
    "foreign-key": "check a foreign key under a lock",
    "copying-key": "copy a table for a foreign key",
    "check": "test a check under a lock",
    "copying-check": "copy a table for a check",
    "alter-type": "rewrite a table for a type",
    "set-not-null": "forbid NULL under a lock",
    "add-column": "rewrite a table for a column",
    "rename-column": "rename a column",
    "rename-table": "rename a table",
    "drop": "drop what is used",
    "drop-column": "drop what is used",
    "backfill": "write a whole table at once",
}
HOW = {
    "index": "CREATE INDEX CONCURRENTLY, outside a transaction",
    "unique": "build the unique index CONCURRENTLY first, then ADD CONSTRAINT ... USING INDEX",
    "foreign-key": "add it NOT VALID, then VALIDATE CONSTRAINT in a migration of its own",
    "check": "add it NOT VALID, then VALIDATE CONSTRAINT in a migration of its own",
    "set-not-null": "add CHECK (... IS NOT NULL) NOT VALID, validate it, then set NOT NULL",
    "alter-type": "add a column of the new type, fill it in batches, then swap",
    "add-column": "add the column empty, set the default, fill it in batches",
    "rename-column": "add the new name, write both, move the readers, drop the old one later",
    "rename-table": "give the old name to a view, or keep the table's name and rename the class",
    "drop": "drop it one release after the last code that names it",
    "drop-column": "drop it one release after the last code that names it",
    "copying-key": "use gh-ost or pt-online-schema-change, or do without the key",
    "copying-check": "use gh-ost or pt-online-schema-change, or check in the application",
    "backfill": "fill it in batches, each with its own transaction, outside the schema migration",
}
