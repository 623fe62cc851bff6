"""Migrations that cannot run as they are: each is said, with why."""

from __future__ import annotations

from scaleaudit.languages import python
from scaleaudit.schemas.misordered import misordered


def said(files: dict[str, str]) -> list[str]:
    facts = {path: python.extract(text.encode()) for path, text in files.items()}
    return [f"{each.path}: {each.reason}" for each in misordered(facts)]


def django(after: str, more: str = "") -> str:
    return (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f"    dependencies = [{after}]\n{more}    operations = []\n"
    )


def alembic(revision: str, after: str) -> str:
    return (
        f"from alembic import op\n\nrevision = '{revision}'\ndown_revision = {after}\n\n\n"
        "def upgrade():\n    op.drop_table('orders')\n"
    )


def test_a_revision_that_nobody_wrote_and_two_that_wait_for_each_other() -> None:
    files = {
        "versions/a.py": alembic("aaaa1", "None"),
        "versions/b.py": alembic("bbbb2", "'gone9'"),
        "versions/c.py": alembic("cccc3", "('dddd4', 'aaaa1')"),
        "versions/d.py": alembic("dddd4", "'cccc3'"),
        "versions/e.py": alembic("eeee5", "'dddd4'"),
    }
    assert said(files) == [
        "versions/b.py: comes after a migration that is not there: gone9",
        "versions/c.py: migrations that wait for each other: versions/d.py",
        "versions/d.py: migrations that wait for each other: versions/c.py",
    ]


def test_django_s_are_known_by_folder_and_file() -> None:
    files = {
        "web/shop/migrations/0001_initial.py": django('("billing", "0001_initial")'),
        "web/billing/migrations/0001_initial.py": django('("shop", "0001_initial")'),
        "web/billing/migrations/0002_more.py": django(
            '("billing", "0001_start"), ("auth", "0001_x")'
        ),
    }
    assert said(files) == [
        "web/billing/migrations/0002_more.py: comes after a migration that is not there: billing.0001_start",
        "web/billing/migrations/0001_initial.py: migrations that wait for each other: web/shop/migrations/0001_initial.py",
        "web/shop/migrations/0001_initial.py: migrations that wait for each other: web/billing/migrations/0001_initial.py",
    ]


def test_each_file_is_said_once() -> None:
    files = {
        "shop/migrations/0001_initial.py": django('("shop", "0000_a"), ("shop", "0000_b")'),
    }
    assert said(files) == [
        "shop/migrations/0001_initial.py: comes after a migration that is not there: shop.0000_a"
    ]


def test_what_was_squashed_and_what_starts_or_ends_a_history_is_no_gap() -> None:
    squashed = '    replaces = [("shop", "0001_initial"), ("shop", "0002_code")]\n'
    files = {
        "shop/migrations/0001_squashed_0002_code.py": django("", squashed),
        "shop/migrations/0003_note.py": django('("shop", "0002_code"), ("shop", "__first__")'),
        "versions/a.py": alembic("aaaa1", "'base'"),
        "versions/b.py": alembic("bbbb2", "'main@aaaa'"),
    }
    assert said(files) == []


def test_places_that_are_told_by_steps_from_another() -> None:
    files = {
        f"versions/{n}.py": alembic(f"aaaa{n}", f"'{place}'")
        for n, place in enumerate(("heads", "HEAD", "aa", "aaaa1-1", "shop@head+2"))
    }
    assert said(files) == []


def test_of_a_long_circle_three_are_named() -> None:
    files = {f"versions/{n}.py": alembic(f"aaaa{n}", f"'aaaa{(n + 1) % 6}'") for n in range(6)}
    files["versions/all.py"] = alembic("bbbb1", "('aaaa1', 'aaaa2', 'aaaa3', 'aaaa4', 'cccc1')")
    files["versions/back.py"] = alembic("cccc1", "'bbbb1'")
    found = dict(line.split(": ", 1) for line in said(files))
    waits = "migrations that wait for each other: "
    assert found["versions/0.py"] == f"{waits}versions/1.py"
    assert found["versions/all.py"] == f"{waits}versions/1.py, versions/2.py, versions/3.py"


def test_which_files_are_migrations_of_an_application() -> None:
    gone = django('("shop", "0001_gone")')
    known = {"shop/migrations/0001_initial.py": django("")}
    assert said(known | {"shop/migrations/0002_more.py": gone}) == [
        "shop/migrations/0002_more.py: comes after a migration that is not there: shop.0001_gone"
    ]
    assert said({"web/shop/steps/0001_initial.py": django(""), "web/shop/steps/2.py": gone}) == []
    # A name that is worked out may be any.
    worked_out = django('("shop", f"{first}_gone")')
    assert said(known | {"shop/migrations/0002_more.py": worked_out}) == []


def test_a_long_history_costs_little() -> None:
    files = {
        f"shop/migrations/{n:04}_x.py": django(f'("shop", "{n - 1:04}_x")' if n else "")
        for n in range(1500)
    }
    assert said(files) == []


def test_sql_that_is_worked_out_is_said() -> None:
    text = django("").replace("[]\n", "[migrations.RunSQL(open('index.sql').read())]\n")
    text = text.replace(
        "dependencies = [migrations.RunSQL(open('index.sql').read())]", "dependencies = []"
    )
    assert python.extract(text.encode()).problem.startswith("a migration's step is known only")
    plain = text.replace("open('index.sql').read()", "'CREATE INDEX i ON shop_order (a)'")
    assert python.extract(plain.encode()).problem == ""
