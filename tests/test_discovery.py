from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from scaleaudit.config import Config
from scaleaudit.discovery import Found, Unreadable, discover, read_bounded
from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_marks import digest_of
from scaleaudit.git_listing import git_listing
from scaleaudit.source import Role, Skipped

if TYPE_CHECKING:
    from pathlib import Path


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=root, check=True, capture_output=True,
    )  # fmt: skip


def find(root: Path, config: Config | None = None) -> Found:
    return discover(root, config or Config(), file_kinds())


def paths(found: Found) -> list[str]:
    return [file.path for file in found.files]


TREE = {
    ".gitignore": "ignored.py\nlocal/\n",
    "app/main.py": "x = 1\n",
    "app/.gitignore": "secret*.py\n!secret_not.py\n",
    "app/secret_a.py": "",
    "app/secret_not.py": "",
    "ignored.py": "",
    "local/settings.py": "",
    "node_modules/left-pad/index.js": "",
    "tests/test_main.py": "",
    "web/.env.test": "MONGO_URL=mongodb://mongo/test\n",
    "web/app.min.js": "",
    "docs/example.py": "",
    "services/orders/docs/example.py": "",
    "README.md": "",
}


def test_outside_git_gitignore_files_are_obeyed(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    found = find(tmp_path)
    assert found.listing is None
    assert paths(found) == ["app/main.py", "app/secret_not.py"]
    assert found.skipped == [
        Skipped("docs/example.py", "example or documentation"),
        Skipped("services/orders/docs/example.py", "example or documentation"),
        Skipped("tests/test_main.py", "test"),
        Skipped("web/.env.test", "test"),
        Skipped("web/app.min.js", "generated"),
    ]


def test_a_folder_of_demonstrations_is_left_out_beside_a_product(tmp_path: Path) -> None:
    write(tmp_path, {"acme-demo/login/main.py": "x = 1\n", "acme-demo/pay/main.py": "y = 1\n"})
    assert len(paths(find(tmp_path))) == 2  # there is nothing else
    write(tmp_path, {f"acme-{name}/main.py": "z = 1\n" for name in ("api", "jobs", "web")})
    found = find(tmp_path)
    assert paths(found) == ["acme-api/main.py", "acme-jobs/main.py", "acme-web/main.py"]
    assert Skipped("acme-demo/pay/main.py", "example or documentation") in found.skipped
    write(tmp_path, {"acme-demo/pay/fast.c": "int a;\n", "acme-api/fast.c": "int a;\n"})
    unread = {each.path for each in find(tmp_path).skipped if each.reason.startswith("in C")}
    assert unread == {"acme-api/fast.c"}


def test_inside_git_tracked_and_untracked_but_not_ignored(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-f", "app/main.py", "ignored.py", "node_modules")
    found = find(tmp_path)
    assert found.listing is not None
    assert paths(found) == ["app/main.py", "app/secret_not.py", "ignored.py"]
    assert Skipped("node_modules/left-pad/index.js", "vendored") in found.skipped


def test_a_tracked_file_is_known_by_its_blob_id_until_it_changes(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 1\n", "b.py": "y = 1\n"})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    assert [file.digest for file in find(tmp_path).files] == [
        digest_of(b"x = 1\n"),
        digest_of(b"y = 1\n"),
    ]
    (tmp_path / "b.py").write_text("y = 22\n")
    assert [bool(file.digest) for file in find(tmp_path).files] == [True, False]


def test_a_subfolder_and_a_worktree_of_a_repository(tmp_path: Path) -> None:
    main = tmp_path / "main"
    write(main, {"app/main.py": "", "lib/x.py": ""})
    git(main, "init", "-q")
    git(main, "add", ".")
    git(main, "commit", "-qm", "x")
    git(main, "worktree", "add", "-q", str(tmp_path / "other"))
    assert paths(find(main / "app")) == ["main.py"]
    assert paths(find(tmp_path / "other")) == ["app/main.py", "lib/x.py"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"secret.py": "PASSWORD = 'x'"})
    root = tmp_path / "root"
    write(root, {"app.py": ""})
    (root / "link.py").symlink_to(outside / "secret.py")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    found = find(root)
    assert paths(found) == ["app.py"]
    assert Skipped("link.py", "symbolic link") in found.skipped


def test_a_tracked_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, {"secret.py": "PASSWORD = 'x'"})
    root = tmp_path / "root"
    write(root, {"app.py": "", "folder/secret.py": ""})
    git(root, "init", "-q")
    git(root, "add", ".")
    (root / "folder" / "secret.py").unlink()
    (root / "folder").rmdir()
    (root / "folder").symlink_to(outside)
    found = find(root)
    assert paths(found) == ["app.py"]
    assert Skipped("folder/secret.py", "link out of the root") in found.skipped


def test_a_hostile_git_configuration_runs_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 1\n"})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    proof = tmp_path / "proof"
    script = tmp_path / "hook.sh"
    script.write_text(f"#!/bin/sh\ntouch {proof}\n")
    script.chmod(0o755)
    with (tmp_path / ".git" / "config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {script}\n\thooksPath = {tmp_path}\n"
            f'[filter "x"]\n\tclean = {script}\n\tsmudge = {script}\n[alias]\n\tls-files = !{script}\n'
        )
    (tmp_path / ".gitattributes").write_text("*.py filter=x\n")
    (tmp_path / "a.py").write_text("x = 2\n")
    assert paths(find(tmp_path)) == ["a.py", "hook.sh"]
    assert not proof.exists()


def test_dumps_may_be_larger_unless_the_settings_say_less(tmp_path: Path) -> None:
    write(tmp_path, {"dump.sql": "-" * (2 << 20), "big.py": "#" * (2 << 20)})
    assert paths(find(tmp_path)) == ["dump.sql"]
    assert paths(find(tmp_path, Config(max_file_size=1000))) == []


def test_large_and_odd_files_are_skipped_with_a_reason(tmp_path: Path) -> None:
    write(tmp_path, {"big.py": "#" * 2000, "a.py": ""})
    os.mkfifo(tmp_path / "pipe.py")
    found = find(tmp_path, Config(max_file_size=1000))
    assert paths(found) == ["a.py"]
    assert found.skipped == [
        Skipped("big.py", "larger than 1000 bytes"),
        Skipped("pipe.py", "not a regular file"),
    ]


def test_names_with_newlines_and_escapes(tmp_path: Path) -> None:
    write(tmp_path, {"a\nb.py": "", "c\x1b[31m.py": ""})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    assert paths(find(tmp_path)) == ["a\nb.py", "c\x1b[31m.py"]


def test_include_and_exclude(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.py": "", "a/y.py": "", "b/z.py": ""})
    found = find(tmp_path, Config(include=("a/",), exclude=("y.py",)))
    assert paths(found) == ["a/x.py"]
    assert found.skipped == [
        Skipped("a/y.py", "excluded by the configuration"),
        Skipped("b/z.py", "not included by the configuration"),
    ]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("packages/schemas/alterations/1.0.0-1678425761-add-tenants.ts", Role.MIGRATION),
        ("shop/.dredd/hooks/main.go", Role.TEST),
        ("docs-core/src/main/java/com/acme/docs/Page.java", Role.SOURCE),
        ("docs-core/src/main/resources/db/page.sql", Role.SOURCE),
        ("docs-next/page.js", Role.EXAMPLE),
        ("db/20240102030405_add_users.rb", Role.MIGRATION),
        ("lib/migrate_stripe_subscription.rb", Role.MIGRATION),
        ("scripts/backfill_order_totals.py", Role.MIGRATION),
        ("shop/migrate.py", Role.SOURCE),
        ("app/DoctrineMigrations/Version20190807.php", Role.MIGRATION),
        ("src/report-2024.ts", Role.SOURCE),
        ("exports/1678425761.json", Role.SOURCE),
        ("template/{{shop.name}}/settings.py", Role.EXAMPLE),
        ("src/orders/views.py", Role.SOURCE),
        ("src/orders/tests.py", Role.TEST),
        ("src/orders/tests/test_views.py", Role.TEST),
        ("priv/tests_e2e/tests.exs", Role.TEST),
        ("orders/shop_e2e/cart.ex", Role.TEST),
        ("shop/tests_e2e/e2e_order_page.py", Role.TEST),
        ("tests-of-large-shops/generate.py", Role.TEST),
        ("test-integration/orders.rb", Role.TEST),
        ("shop/test_results/views.py", Role.SOURCE),
        ("src/test/java/com/acme/OrderTest.java", Role.TEST),
        ("src/test/kotlin/com/acme/OrderSpec.kt", Role.TEST),
        ("src/integrationTest/resources/db/testmigration/V1__orders.sql", Role.TEST),
        ("shop/src/commonTest/kotlin/com/acme/Carts.kt", Role.TEST),
        ("src/testIntegration/java/com/acme/Carts.java", Role.TEST),
        ("src/speedTest/result.ts", Role.SOURCE),
        ("src/contest/java/com/acme/Entry.java", Role.SOURCE),
        ("src/main/java/com/acme/orders/OrderSpecs.java", Role.SOURCE),
        ("src/main/java/com/acme/orders/TestingSupportController.java", Role.TEST),
        ("src/main/kotlin/com/acme/orders/OrderSpec.kt", Role.SOURCE),
        ("src/main/java/com/acme/plans/TestCase.java", Role.SOURCE),  # of who manages tests
        ("src/main/java/com/acme/labs/BloodTest.java", Role.SOURCE),
        ("plans/TestCase.java", Role.TEST),
        ("src/main/java/com/acme/test/Order.java", Role.SOURCE),
        ("src/main/java/com/acme/build/Plan.java", Role.SOURCE),
        ("web/cart.spec.ts", Role.TEST),
        ("packages/dev-server/test-plugins/reviews/review.entity.ts", Role.TEST),
        (".devcontainer/docker-compose.yml", Role.TEST),
        (".github/assets/old.sql", Role.TEST),
        ("src/Shop/Behat/Context/CartContext.php", Role.TEST),
        ("features/bootstrap/CartContext.php", Role.TEST),
        (".github/workflows/tests.yml", Role.SOURCE),
        ("orders/cart_test.go", Role.TEST),
        ("spec/models/user_spec.rb", Role.TEST),
        ("orders/migrations/0001_initial.py", Role.MIGRATION),
        ("apps/shop/.migrations/02-05-24-fill-names.js", Role.MIGRATION),
        ("db/migrate/2024_users.rb", Role.MIGRATION),
        ("examples/shop/main.py", Role.EXAMPLE),
        ("_example/client/main.go", Role.EXAMPLE),
        ("store/_examples/main.go", Role.EXAMPLE),
        ("_demolition/main.go", Role.SOURCE),
        ("website/models.py", Role.SOURCE),
        ("website/migrations/0001_initial.py", Role.MIGRATION),
        ("website/tests/orders.py", Role.TEST),
        ("website/src/pages/index.js", Role.EXAMPLE),
        ("Website/src/main/resources/application.properties", Role.SOURCE),
        ("website/pom.xml", Role.SOURCE),
        ("shop-examples/shop-http/src/main/java/com/acme/Cart.java", Role.EXAMPLE),
        ("shop-integrated-test/shop-http/src/main/java/com/acme/Cart.java", Role.TEST),
        ("src/Shop.Core.Test/Carts.cs", Role.TEST),
        ("src/Shop.Test.Common/Carts.cs", Role.TEST),
        ("internal/testhelpers/schema.sql", Role.TEST),
        ("src/Shop.Testimonials/Page.cs", Role.SOURCE),
        ("plugin/example/echo/main.go", Role.EXAMPLE),
        ("db/migrations/sample_data/load.sql", Role.EXAMPLE),
        ("src/main/java/com/acme/example/Order.java", Role.SOURCE),
        ("tests/example/main.go", Role.TEST),
        ("shop/demo/views.py", Role.SOURCE),
        ("Shop.Benchmark/Program.cs", Role.TEST),
        ("store/migration/test-files/postgres.sql", Role.TEST),
        ("templates/test-detection.yaml", Role.TEST),
        ("templates/testimonials.yaml", Role.SOURCE),
        (".github/workflows/test-backend.yml", Role.SOURCE),
        ("test-all.yml", Role.SOURCE),
        ("Server/Migrations/Routines/MoveFiles.cs", Role.MIGRATION),
        ("popx/stub/migrations/1_users.up.sql", Role.TEST),
        ("latest.py", Role.SOURCE),
        ("app/Models/Test.php", Role.SOURCE),
        ("src/Entity/Test.php", Role.SOURCE),
        ("app/Models/CartTest.php", Role.TEST),
        ("tests/Models/Test.php", Role.TEST),
        ("contest.py", Role.SOURCE),
        ("orders/Repositories/TestDatabase/compose.yml", Role.TEST),
        ("ci/docker-compose.yml", Role.TEST),
        ("Procfile.test", Role.TEST),
        ("Procfile.web", Role.SOURCE),
        ("ci/k8s/orders.yaml", Role.SOURCE),
        ("ci/test_suites/orders/pod.yaml", Role.TEST),
        ("orders/Testing.Stack/compose.yml", Role.SOURCE),
        ("orders/TestDatabase/rows.go", Role.SOURCE),
        ("perf_scripts/respond_to.rb", Role.TEST),
        ("app/services/build/start.rb", Role.SOURCE),
        ("lib/shop/target/rows.py", Role.SOURCE),
        (".devtools/bin/seed.php", Role.TEST),
        ("not_for_release/testFramework/Support/Orders.php", Role.TEST),
        ("ml/data_generation/orders.py", Role.TEST),
    ],
)
def test_roles_by_path(path: str, role: Role) -> None:
    from scaleaudit.file_roles import role_of

    assert role_of(path) == (role, "")


def test_reading_is_bounded_and_never_follows(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x" * 100, "gen.go": "// Code generated by x. DO NOT EDIT.\n"})
    copied = "<?php\n/**\n * CodeIgniter\n *\n * An open source application development framework for PHP\n"
    write(tmp_path, {"core.php": copied})
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    assert read_bounded(tmp_path, "a.py", 100) == b"x" * 100
    for path, reason in (
        ("a.py", "larger than 99 bytes"),
        ("link.py", "unreadable"),
        ("gone.py", "unreadable: No such file or directory"),
        ("gen.go", "generated"),
        ("core.php", "vendored"),
    ):
        with pytest.raises(Unreadable, match=reason):
            read_bounded(tmp_path, path, 99)


def test_sources_of_languages_that_are_not_read_are_said(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/Order.groovy": "class Order {}\n",
            "app/order.py": "a = 1\n",
            "app/logo.svg": "<svg/>\n",
            "node_modules/zlib/zlib.c": "int a;\n",
            "tests/order_test.scala": "class A\n",
        },
    )
    found = find(tmp_path)
    assert paths(found) == ["app/order.py"]
    assert found.skipped == [Skipped("app/Order.groovy", "in Groovy, which is not read")]


def test_git_is_started_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"app.py": "", "more.py": "", "odd\nname.py": "", "? .py": ""})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "app.py", "odd\nname.py")
    starts: list[str] = []
    start = os.posix_spawnp

    def counted(program: str, *given: Any, **more: Any) -> int:
        starts.append(program)
        return start(program, *given, **more)

    monkeypatch.setattr(os, "posix_spawnp", counted)
    found = find(tmp_path)
    assert [file.path for file in found.files] == ["? .py", "app.py", "more.py", "odd\nname.py"]
    assert [bool(file.digest) for file in found.files] == [False, True, False, True]
    assert starts == ["git"]


def test_without_that_call_git_is_run_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"app.py": "", "more.py": ""})
    assert git_listing(str(tmp_path)) is None
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "app.py")
    known = git_listing(str(tmp_path))
    assert known is not None
    monkeypatch.delattr(os, "posix_spawnp")
    assert git_listing(str(tmp_path)) == known
    monkeypatch.setattr("scaleaudit.git_listing.TIMEOUT", 0)
    assert git_listing(str(tmp_path)) is None


def test_what_packs_a_product_is_found_without_git(tmp_path: Path) -> None:
    """A folder of build output by its name: most of what is in it is left out, not all."""
    write(tmp_path, {
        "build/orders.Dockerfile": "FROM node\n", "build/package/compose.yml": "services: {}\n",
        "build/plan.go": "package build\n", "build/index.js": "run()\n", "dist/index.js": "run()\n",
    })  # fmt: skip
    assert paths(find(tmp_path)) == [
        "build/orders.Dockerfile",
        "build/package/compose.yml",
        "build/plan.go",
    ]
