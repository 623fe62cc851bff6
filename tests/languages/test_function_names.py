"""Functions of a file, and the names in each that may be those of other functions."""

from __future__ import annotations

from textwrap import dedent

import pytest

from scaleaudit.facts import SIGN, NamedFunction, name_sign
from scaleaudit.file_kinds import EXTRACTORS

BY_KIND = {extractor.kind: extractor for extractor in EXTRACTORS}


def functions(kind: str, text: str) -> dict[str, NamedFunction]:
    found = BY_KIND[kind].extract(dedent(text).encode())
    return {each.scope: each for each in found.functions}


def calls(function: NamedFunction, *names: str) -> list[str]:
    """Those of the names that may be called in it."""
    signs = {function.names[at : at + SIGN] for at in range(0, len(function.names), SIGN)}
    return [name for name in names if name_sign(name.encode()) in signs]


def test_commands_that_a_factory_declares_inside() -> None:
    found = functions(
        "python",
        """
        def register_commands(app):
            prepare_all(app)

            @app.cli.command("expire")
            def expire_all():
                drop_old()

            @app.route("/")
            def front_page(): show_all()

            finish_all(app)
        """,
    )
    assert {scope: each.root for scope, each in found.items()} == {
        "register_commands": "",
        "register_commands.expire_all": "staff",
    }
    names = ("prepare_all", "finish_all", "drop_old", "show_all")
    assert calls(found["register_commands"], *names) == ["prepare_all", "finish_all", "show_all"]
    assert calls(found["register_commands.expire_all"], *names) == ["drop_old"]


def test_python() -> None:
    found = functions(
        "python",
        """
        from shop import open_orders

        class Orders(Base):
            kept = property(read_kept)

            @shared_task(name="x")
            def stale_rows(self, row_id):
                def inner():
                    drop_row(row_id)
                return inner

            @route("/x")
            def page_rows(self): pass

        if DEBUG:
            def early_check(): run_check()

        @cached_property
        def plain_one(): again(plain_one)
        START = begin_all
        """,
    )
    assert {scope: (each.root, each.method) for scope, each in found.items()} == {
        "Orders.": ("", False),
        "Orders.stale_rows": ("job", True),
        "Orders.page_rows": ("framework", True),
        "early_check": ("", False),
        "plain_one": ("", False),
        "": ("", False),
    }
    assert calls(found["Orders.stale_rows"], "drop_row", "stale_rows", "run_check") == ["drop_row"]
    assert calls(found["Orders."], "read_kept", "drop_row") == ["read_kept"]
    assert calls(found["plain_one"], "plain_one") == ["plain_one"]
    assert calls(found[""], "begin_all", "open_orders") == ["begin_all"]  # no import is a call


def test_ruby() -> None:
    found = functions(
        "ruby",
        """
        module Shop
          class Order < Base
            after_save :mark_rows
            class << self
              def open_rows! = find_rows(@kept_rows)
            end
            included do
              def late_rows; end
            end
          end
        end
        """,
    )
    assert set(found) == {"Shop.Order.", "Shop.Order.open_rows!", "Shop.Order.late_rows"}
    assert calls(found["Shop.Order."], "mark_rows") == ["mark_rows"]
    assert calls(found["Shop.Order.open_rows!"], "find_rows", "kept_rows") == ["find_rows"]


def test_typescript() -> None:
    found = functions(
        "typescript",
        """
        import { openRows } from './rows';
        export interface Rows { staleRows(): void }
        export class Orders {
          @Cron('x')
          async sweepRows() { await this.staleRows(); }
          keepRows = async () => readRows();
        }
        export const findRows = cached(async (id: number) => loadRows(id));
        export const Query = { async allRows() { return findRows(1); } };
        export { findRows, otherRows as laterRows };
        """,
    )
    assert found["Orders.sweepRows"].root == "job"
    assert calls(found["Orders.sweepRows"], "staleRows") == ["staleRows"]
    assert calls(found["Orders.keepRows"], "readRows") == ["readRows"]
    assert calls(found["findRows"], "loadRows", "findRows") == ["loadRows"]
    assert calls(found["allRows"], "findRows") == ["findRows"]
    names = ("findRows", "openRows", "staleRows", "otherRows")
    assert calls(found[""], *names) == ["findRows", "otherRows"]


def test_names_that_a_module_gives_to_others_are_no_calls() -> None:
    text = "function findRows() { loadRows(); }\nmodule.exports = { findRows };\n"
    assert set(functions("javascript", text)) == {"findRows"}
    text = text.replace("{ findRows }", "{ find: findRows }")
    assert calls(functions("javascript", text)[""], "findRows") == ["findRows"]


@pytest.mark.parametrize(
    ("kind", "text", "scope", "root"),
    [
        ("java", "class A {{ @Scheduled(cron = {0}) void b() {{ readRows(); }} }}", "A.b", "job"),
        ("java", "class A implements Tasklet {{ void b() {{ readRows(); }} }}", "A.b", "job"),
        ("java", "class A {{ @GetMapping({0}) void b() {{ readRows(); }} }}", "A.b", "framework"),
        ("java", "class A {{ @Transactional void b() {{ readRows(); }} }}", "A.b", ""),
        ("kotlin", "class A {{\n  @KafkaListener\n  fun b() {{ readRows() }}\n}}\n", "A.b", "job"),
        ("php", "<?php class A implements ShouldQueue {{ function b() {{ readRows(); }} }}", "A.b", "job"),
        ("php", "<?php class A {{ function prunable() {{ return readRows(); }} }}", "A.prunable", "job"),
        ("php", "<?php class A {{ #[Route({0})] function b() {{ readRows(); }} }}", "A.b", "framework"),
        ("php", "<?php class A {{ function b(Request $r) {{ readRows(); }} }}", "A.b", "framework"),
        ("csharp", "class A : BackgroundService {{ void B() {{ ReadRows(); }} }}", "A.B", "job"),
        ("csharp", "class A {{ [HttpGet] void B() {{ ReadRows(); }} }}", "A.B", "framework"),
        ("go", "package a\nfunc b() {{\n t := time.NewTicker(1)\n readRows(t)\n}}\n", "b", "job"),
        ("go", "package a\nfunc (j *J) b() {{\n for range j.ticker.C {{\n  readRows()\n }}\n}}\n", "J.b", "job"),
        ("go", "package a\nfunc (j *J) b() {{\n select {{\n case <-j.timer.C:\n }}\n readRows()\n}}\n", "J.b", ""),
        ("go", "package a\nfunc b(c *gin.Context) {{ time.Tick(1); readRows() }}\n", "b", "framework"),
        ("go", "package a\nfunc (s *S) b() {{ readRows() }}\n", "S.b", ""),
    ],
)  # fmt: skip
def test_what_a_declaration_says(kind: str, text: str, scope: str, root: str) -> None:
    found = functions(kind, text.format('"0"'))
    assert found[scope].root == root
    assert calls(found[scope], "readRows", "ReadRows")


def test_files_that_check_others_and_parts_of_pages_say_nothing() -> None:
    assert not functions("python", "import pytest\n\n\ndef test_it():\n    read_rows()\n")
    assert functions("python", "def test_it():\n    read_rows()\n")
    assert not functions("tsx", "const [a] = useState(1); const b = () => readRows();")


def test_a_template_is_one_list_of_names() -> None:
    found = functions("haml", "%p= @order.open_rows\n")
    assert calls(found[""], "open_rows") == ["open_rows"]


@pytest.mark.parametrize("kind", ["python", "ruby", "javascript", "java", "php", "go", "csharp"])
def test_hostile_bytes(kind: str) -> None:
    deep = b"class A_b {" * 300 + b"def a_b\xff(" * 300 + b"\0" + b"{" * 500
    assert isinstance(BY_KIND[kind].extract(deep).functions, tuple)


@pytest.mark.parametrize(
    "queued",
    [
        "RecurringJob.AddOrUpdate<IRows>(Id, rows => rows.DropRows(Old(1)), Cron.Daily);",
        "_backgroundJobs.Enqueue(() => _rows.DropRows());",
        "this.jobClient.Schedule<IRows>(each => each.DropRows(), TimeSpan.FromDays(1));",
    ],
)
def test_what_is_handed_to_a_queue_stands_apart_as_a_job(queued: str) -> None:
    text = f"class A {{ void B() {{ ReadRows(); {queued} WriteRows(); }} }}"
    parts = [each for each in BY_KIND["csharp"].extract(text.encode()).functions if each.root]
    assert [(each.scope, each.root) for each in parts] == [("A.B", "job")]
    names = ("ReadRows", "DropRows", "WriteRows")
    assert calls(parts[0], *names) == ["DropRows"]
    whole = BY_KIND["csharp"].extract(text.encode()).functions
    plain = next(each for each in whole if each.scope == "A.B" and not each.root)
    assert calls(plain, *names) == ["ReadRows", "WriteRows"]


def test_kotlin_labels_and_marks_inside_of_a_function_are_none_of_its_own() -> None:
    found = functions(
        "kotlin",
        """
        class Orders(private val session: Session) {
          fun openOrders() = session.list { row ->
            @Language("PostgreSQL")
            val query = "SELECT 1"
            return@list readRow(query)
          }
          fun staleOrders() {
            @Special val a = 1
            readRows(this@Orders)
          }
          @Mapped
          fun allOrders() { readRows() }
        }
        """,
    )
    roots = {scope: each.root for scope, each in found.items() if scope != "Orders."}
    assert roots == {
        "Orders.openOrders": "",
        "Orders.staleOrders": "",
        "Orders.allOrders": "framework",
    }


@pytest.mark.parametrize(
    ("language", "source", "root"),
    [
        ("java", "class A {{ @Bean CommandLineRunner b(Rows r) {{ return a -> readRows(); }} }}", "job"),
        ("java", "class A {{ @Bean RowReader b(Rows r) {{ return readRows(); }} }}", "framework"),
        ("java", "class A implements ApplicationRunner {{ public void b(Args a) {{ readRows(); }} }}", "job"),
        ("java", 'class A {{ @Incoming("rows") void b(Row r) {{ readRows(); }} }}', "job"),
        ("java", 'class A {{ @WithSpan("rows") void b(Row r) {{ readRows(); }} }}', ""),
        ("kotlin", "class A : CommandLineRunner {{ override fun b(vararg a: String) {{ readRows() }} }}", "job"),
    ],
)  # fmt: skip
def test_what_spring_starts_is_no_request(language: str, source: str, root: str) -> None:
    assert functions(language, source.format())["A.b"].root == root
