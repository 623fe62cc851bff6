"""Files that are made to take long are read in time by their length, and hold no more than they say."""

from __future__ import annotations

import time

import msgspec
import pytest

from scaleaudit.asked_names import AskedNames, same_answers
from scaleaudit.config_files import container_scripts, github_actions, nomad, other_ci
from scaleaudit.facts import FileFacts, NamedFunction
from scaleaudit.languages import php, ruby
from scaleaudit.linking.facts_index import FactsIndex
from scaleaudit.linking.imports.barrels import _behind
from scaleaudit.linking.imports.go_files import GoFiles
from scaleaudit.schemas import fizz
from scaleaudit.source import SourceFile

SECONDS = 2.5
TEMPLATE = (
    'job "a" {{ group "g" {{ task "t" {{ template {{\nenv = true\ndata = <<EOH\n{}\nEOH\n}}}}}}}}\n'
)
DOUBLED = "".join(f"  A{n + 1}: ${{{{ env.A{n} }}}}${{{{ env.A{n} }}}}\n" for n in range(40))
CHOSEN = "case params[:x]\n" + "when 1 then s0\n" * 3_000 + "end\n"
FILES = {
    "braces of fizz": (fizz, 'create_table("a") { t.Column("a","b", {' + "[]" * 60 + ")"),
    "brackets of fizz": (fizz, ('create_table("a") { t.Column(' + "[" * 19_000 + "\n") * 10),
    "quotes of fizz": (fizz, ('x("' + '\\"' * 9_500 + "\n") * 10),
    "calls of fizz": (fizz, 't.Column("a","b")\n' * 40_000),
    "actions of Nomad": (nomad, TEMPLATE.format("{{" * 100_000)),
    "blocks of Nomad": (nomad, TEMPLATE.format("{{if a}}" * 20_000 + "{{.X}}" * 20_000)),
    "blanks of Nomad": (nomad, TEMPLATE.format("A=x" + " " * 60_000 + "x")),
    "variables of Nomad": (
        nomad,
        f'variable "a" {{ default = "{"x" * 100_000}" }}\njob "a" {{ group "g" {{ task "t" {{ env {{ A = "'
        + "${var.a}" * 2_000 + '" } } } }',
    ),
    "ports of Nomad": (
        nomad,
        'job "a" { group "g" { network {\n' + 'port "p" { static = 1 }\n' * 3_000 + "}\n"
        + 'task "t" { }\n' * 3_000 + "} }",
    ),
    "variables of GitHub": (
        github_actions,
        f"on: push\nenv:\n  A0: xxxxxxxxxx\n{DOUBLED}jobs:\n  a:\n    steps:\n"
        "      - run: docker build -t a${{ env.A40 }} .\n",
    ),
    "images of Jenkins": (other_ci, 'docker.build("a", "./b")\n' * 30_000),
    "blanks of Jenkins": (other_ci, ("sh" + " " * 1_990 + "\n docker build .\n") * 400),
    "routers of PHP": (php, "<?php\nfoo($" + "app" * 40_000 + ";\n"),
    "tables of PHP": (php, '<?php\n$db->query("CREATE TABLE a (id int) {$c}' + " " * 60_000 + 'x");'),
    "orders of Ruby": (
        ruby,
        "class Order < ApplicationRecord\nend\nclass A\ndef s0\n" + CHOSEN
        + 'end\ndef go\nOrder.order("#{s0} asc").to_a\nend\nend\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_takes_time_by_its_length(name: str) -> None:
    reader, text = FILES[name]
    begun = time.process_time()
    found = reader.extract(text.encode())
    assert time.process_time() - begun < SECONDS
    assert len(msgspec.msgpack.encode(found)) < 8 * len(text) + 10_000


def test_a_column_of_fizz_without_a_new_name_is_not_renamed() -> None:
    assert fizz.extract(b'rename_column("orders", "state", [])\n').facts == ()


def test_a_file_of_many_functions_is_compared_in_time_by_its_length() -> None:
    asked = AskedNames(whole=False, signs=frozenset({b"abcd"}))
    old = [NamedFunction(f"f{n}", b"abcd") for n in range(20_000)]
    begun = time.process_time()
    same_answers(asked, "a.py", old, old[:-1])
    assert time.process_time() - begun < SECONDS


def test_types_of_a_package_of_go_are_looked_through_once() -> None:
    def facts(n: int) -> FileFacts:
        return FileFacts(
            functions=tuple(NamedFunction(f"user{n}.m{k}", b"", method=True) for k in range(10))
        )

    paths = [f"shop/f{n}.go" for n in range(600)]
    files = {path: SourceFile(path, "go") for path in paths}
    index = FactsIndex({path: facts(n) for n, path in enumerate(paths)}, files)
    imports = {path: [paths[0]] for path in paths}
    begun = time.process_time()
    GoFiles(index, imports).used(paths[:1])
    assert time.process_time() - begun < SECONDS


def test_barrels_that_hand_on_each_other_are_each_looked_at_once() -> None:
    barrels = [f"p{n}/index.ts" for n in range(300)]
    imports = {each: [*barrels, f"{each[:-8]}orders.ts"] for each in barrels}
    begun = time.process_time()
    found = _behind(barrels[0], imports, set(barrels))
    assert time.process_time() - begun < SECONDS
    assert len(found["orders"]) == len(barrels)


def test_what_a_script_becomes_holds_no_secret() -> None:
    script = b'DB_PASSWORD="hunter2"\nexec serve --dsn=postgres://app:opensesame@db/shop --key $DB_PASSWORD\n'
    facts = str(container_scripts.extract(script))
    assert "serve" in facts
    assert "hunter2" not in facts
    assert "opensesame" not in facts


def test_a_command_of_nomad_holds_no_secret() -> None:
    job = b'job "a" { group "g" { task "orders" { config {\ncommand = "serve postgres://app:hunter2@db/shop"\nargs = ["--token", "hunter2"]\n} } } }'
    found = nomad.extract(job)
    assert "hunter2" not in str(found)
    assert "serve postgres://app:" in str(found)
