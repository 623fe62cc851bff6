"""All facts of a repository, by kind, by path, by what they name."""

import itertools

import pytest

from scaleaudit.facts import FileFacts, ImportFound, NamedFunction, name_sign, signs_in
from scaleaudit.linking.facts_index import FactsIndex, resolve_path
from scaleaudit.linking.imports.modules import Modules
from scaleaudit.linking.imports.told_by_paths import (
    JOB_CLASS,
    MIGRATING_FILE,
    MIGRATING_PACKAGE,
    ONE_TIME,
    job_class,
    migrating,
    one_time,
)
from scaleaudit.source import SourceFile, Span

SPAN = Span(1)


def index_of(imports: dict[str, list[ImportFound]], kind: str = "python") -> FactsIndex:
    facts = {path: FileFacts(tuple(found)) for path, found in imports.items()}
    return FactsIndex(facts, {path: SourceFile(path, kind) for path in facts})


def imported(module: str, *names: str) -> ImportFound:
    return ImportFound(SPAN, module, tuple((name, name) for name in names))


def test_imports_of_wanted_modules_in_the_order_of_files() -> None:
    index = index_of(
        {
            "b.py": [imported("shop.orders"), imported("json"), imported("shop")],
            "a.py": [imported("json"), imported("shop.orders")],
        }
    )
    asked: list[str] = []

    def of_shop(module: str) -> bool:
        asked.append(module)
        return module.startswith("shop")

    found = [(path, fact.module) for path, fact in index.importing(of_shop)]
    assert found == [("a.py", "shop.orders"), ("b.py", "shop.orders"), ("b.py", "shop")]
    assert sorted(asked) == ["json", "shop", "shop.orders"]  # each once
    assert index.importing(lambda _: False) == []


def test_signs_of_a_file_are_those_of_all_its_functions() -> None:
    signs = [name_sign(name) for name in (b"send_mail", b"pay_order", b"send_mail")]
    functions = (NamedFunction("a", b"".join(signs)), NamedFunction("b", name_sign(b"ship_order")))
    index = FactsIndex({"a.rb": FileFacts(functions=functions)}, {})
    names = ("send_mail", "ship_order", "pay_order", "bill_order")
    assert list(index.mentions.of(names)) == [("a.rb", set(names) - {"bill_order"})]
    assert [name for name in names if index.mentions.stands(name)] == list(names[:3])
    assert index.asking.names == set(names)
    assert list(signs_in(b"".join(signs) + b"x")) == [(each,) for each in signs]  # a damaged cache


PARTS = ("a", "b.c", ".", "..", "", ".d")


def test_paths_are_resolved_part_by_part() -> None:
    """The short way of plain paths comes to what taking each part apart comes to."""
    for size in range(1, 4):
        for way in itertools.product(PARTS, repeat=size):
            for folder in ("", "a", "a/b", ".d/a", "a/b/", "a//b", "/a"):
                assert resolve_path(folder, "/".join(way)) == step_by_step(folder, way)


def step_by_step(folder: str, way: tuple[str, ...]) -> str | None:
    parts = [] if "/".join(way).startswith("/") else [part for part in folder.split("/") if part]
    for part in way:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


@pytest.mark.parametrize(
    ("imports", "target"),
    [
        (imported(".orders", "Order"), ("shop/orders.py", "Order")),
        (imported(".", "orders"), ("shop/orders.py", "")),
        (imported("..shop.orders", "*"), ("shop/orders.py", "*")),
        (imported("..", "top"), ("top.py", "")),
        (imported("...", "top"), None),  # above the root
        (imported("shop", "orders"), ("shop/orders.py", "")),
        (imported("shop", "VERSION"), ("shop/__init__.py", "VERSION")),
        (imported("shop.both", "inner"), ("shop/both/inner.py", "")),
        (imported("shop.both", "x"), ("shop/both/__init__.py", "x")),  # it hides the file
        (imported(".both", "x"), ("shop/both/__init__.py", "x")),
        (imported("django.db", "models"), None),
        (imported("orders", "Order"), None),  # of a package, which runs as none
    ],
)
def test_names_of_python(imports: ImportFound, target: tuple[str, str] | None) -> None:
    files = [
        "shop/__init__.py", "shop/orders.py", "top.py", "shop/both.py", "shop/both/__init__.py",
        "shop/both/inner.py", "main.py",
    ]  # fmt: skip
    known = {path: [imported("shop.orders", "Order")] for path in files}
    modules = Modules(index_of({**known, "shop/asking.py": [imports]}))
    found = modules.names.get("shop/asking.py", {})
    assert list(found.values()) == ([target] if target is not None else [])


def test_scripts_are_found_by_the_first_of_their_endings() -> None:
    files = ["a/x.js", "a/x.ts", "a/y.jsx", "a/y/index.ts", "a/z/index.js", "a/w.js.ts"]
    modules = Modules(index_of({path: [] for path in files}, "typescript"))
    asked = ["./x", "./x.js", "./x.mjs", "./y", "./z", "./w.js", "./v"]
    assert [modules.script("a/from.ts", each) for each in asked] == [
        "a/x.ts", "a/x.js", "a/x.ts", "a/y.jsx", "a/z/index.js", "a/w.js.ts", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "db/fixes/a.rb", "data/fixups/x.py", "database/repairs/x.go", "db/upgrades/x.sql",
        "Updates/v2.1/a.py", "upgrade/3/a.rb", "DB/Backfill/x.py", "app/migrations.py",
        "app/x-migration.ts", "app/backfills/orders/a.py", "lib/orders_backfill.rb",
        "src/main/java/db/migration/V1.java", "a/dbmigrations/X.kt", "a/OrderMigrations/x.cs",
        "a/DataMigrator.kt", "a/SchemaMigration.java", "a/MigrationStartupTask.cs",
        "a/OrdersMigratorRunner.kt", "a/OrderJob.java", "a/MailWorker.cs", "a/Orders.java", "x.py",
    ],
)  # fmt: skip
def test_quick_looks_at_paths_leave_nothing_out(path: str) -> None:
    lowered = path.lower()
    assert one_time(path, lowered) == (ONE_TIME.search(path) is not None)
    packaged = MIGRATING_PACKAGE.search(path) or MIGRATING_FILE.search(path)
    assert migrating(path, lowered) == (packaged is not None)
    assert job_class(path) == (JOB_CLASS.search(path) is not None)
