"""Placeholders in one pass: nested, unclosed, with braces of their own."""

import pytest

from scaleaudit.config_files.placeholders import reference, reference_value, spring_value
from scaleaudit.values import Join, Literal, Setting, Unknown, Value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", Literal("plain")),
        ("${a.b}", Setting("a.b")),
        ("${a.b:}", Setting("a.b", Literal(""))),
        ("${a:http://x:80/}", Setting("a", Literal("http://x:80/"))),
        ("${a:{x}}", Setting("a", Literal("{x}"))),
        ("${a:${b:c}}d", Join((Setting("a", Setting("b", Literal("c"))), Literal("d")))),
        ("{${a}}", Join((Literal("{"), Setting("a"), Literal("}")))),
        ("\\${a}", Literal("${a}")),
        ("#{systemProperties}", Literal("#{systemProperties}")),
        ("${a", Literal("${a")),
        ("$a}", Literal("$a}")),
        ("${${a}}", Unknown("")),
        ("@project.version@", Unknown("@project.version@")),
        ("${" * 50, Unknown("${" * 40)),
        ("$" + "x" * 20_000, Unknown("$" + "x" * 79)),
    ],
)
def test_spring(text: str, value: Value) -> None:
    assert spring_value(text) == value


def test_a_default_between_backticks() -> None:
    assert spring_value("${JDBC_URL:`jdbc:h2:mem:a`}") == Setting(
        "JDBC_URL", Literal("jdbc:h2:mem:a")
    )
    assert spring_value("${MARK:`}") == Setting("MARK", Literal("`"))


def test_references_lose_their_indexes_and_computations_are_unknown() -> None:
    assert reference("aws_db_instance.main[0].address") == Setting("aws_db_instance.main.address")
    assert reference("resource.aws_sqs_queue.jobs[*].url") == Setting("aws_sqs_queue.jobs.url")
    assert reference("each.value") == Unknown("each.value")
    assert reference("1 + 2") == Unknown("1 + 2")
    assert reference_value("redis://${~ local.host ~}:6379") == Join(
        (Literal("redis://"), Setting("local.host"), Literal(":6379"))
    )
    assert reference_value('${upper("a")}') == Unknown('upper("a")')
