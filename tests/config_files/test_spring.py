"""Spring's settings, YAML and properties: flat keys, nested defaults, profiles."""

import pytest

from scaleaudit.config_files import spring, spring_properties
from scaleaudit.facts import FileFacts, SettingDefined, WorkloadDeclared
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, Unknown, Value


def defined(at: tuple[int, int], key: str, value: Value, group: str = "") -> SettingDefined:
    return SettingDefined(Span(*at), key, value, "spring", group)


YAML = b"""\
spring:
  application.name: orders
  datasource:
    url: jdbc:postgresql://${DB_HOST:${db.host:localhost}}:5432/orders
    password: ${DB_PASSWORD:hunter2}
  version: @project.version@
billing:
  urls:
    - http://billing-1:8080
    - http://billing-2:8080
  "[a.b]": x
  empty:
---
spring.config.activate.on-profile: docker
server.port: 80
---
spring:
  profiles: [dev, test]
security.token: abc
"""


def test_documents_are_flattened_with_the_lines_of_their_values() -> None:
    host = Setting("DB_HOST", Setting("db.host", Literal("localhost")))
    url = Join((Literal("jdbc:postgresql://"), host, Literal(":5432/orders")))
    assert spring.extract(YAML) == FileFacts(
        (
            defined((2, 3), "spring.application.name", Literal("orders")),
            defined((4, 5), "spring.datasource.url", url),
            defined(
                (5, 5), "spring.datasource.password", Setting("DB_PASSWORD", Unknown("secret"))
            ),
            defined((6, 3), "spring.version", Unknown("@project.version@")),
            defined((9, 7), "billing.urls[0]", Literal("http://billing-1:8080")),
            defined((10, 7), "billing.urls[1]", Literal("http://billing-2:8080")),
            defined((11, 3), "billing[a.b]", Literal("x")),
            defined((12, 3), "billing.empty", Literal("")),
            defined((14, 1), "spring.config.activate.on-profile", Literal("docker"), "docker"),
            defined((15, 1), "server.port", Literal("80"), "docker"),
            defined((18, 14), "spring.profiles[0]", Literal("dev"), "dev,test"),
            defined((18, 19), "spring.profiles[1]", Literal("test"), "dev,test"),
            defined((19, 1), "security.token", Unknown("secret"), "dev,test"),
        ),
        lines=19,
    )


PROPERTIES = b"""\
# the shop
spring.application.name = orders
orders.text: one \\
    two
%dev.quarkus.datasource.jdbc.url=jdbc:postgresql://localhost/orders
#---
spring.config.activate.on-profile=prod
billing.url=${BILLING_URL:http://billing}/v1
umlaut=\\u00fc
"""


def test_properties_with_documents_and_profiled_keys() -> None:
    billing = Setting("BILLING_URL", Literal("http://billing"))
    local = Literal("jdbc:postgresql://localhost/orders")
    assert spring_properties.extract(PROPERTIES) == FileFacts(
        (
            defined((2, 1), "spring.application.name", Literal("orders")),
            defined((3, 1), "orders.text", Literal("one two")),
            defined((5, 1), "quarkus.datasource.jdbc.url", local, "dev"),
            defined((7, 1), "spring.config.activate.on-profile", Literal("prod"), "prod"),
            defined((8, 1), "billing.url", Join((billing, Literal("/v1"))), "prod"),
            defined((9, 1), "umlaut", Literal("ü"), "prod"),
        ),
        lines=9,
    )


def test_a_bad_escape_ends_the_properties_with_a_word() -> None:
    assert spring_properties.extract(b"a=1\nb=\\uZZZZ\nc=3\n") == FileFacts(
        (defined((1, 1), "a", Literal("1")),), problem="line 2: no valid \\u escape", lines=3
    )


def test_lines_that_go_on_for_ever_are_not_followed() -> None:
    facts = spring_properties.extract(b"a\\\n" * 1_000)
    assert facts == FileFacts(problem="more than 500 lines that continue each other", lines=1_000)


def test_other_yaml_of_the_same_name_or_folder() -> None:
    manifest = b"""\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: web:1}]
"""
    (workload,) = spring.extract(manifest).facts
    assert isinstance(workload, WorkloadDeclared)
    assert (workload.name, workload.source) == ("web", "kubernetes")
    assert spring.extract(b"databaseChangeLog:\n- changeSet: {id: 1}\n") == FileFacts(lines=2)
    assert spring.extract(b"openapi: 3.0.0\npaths: {}\n") == FileFacts(lines=2)


def test_broken_yaml_keeps_what_can_be_read() -> None:
    facts = spring.extract(b"server:\n  port: 80\n  bad: [\nspring:\n  application.name: orders\n")
    keys = [fact.key for fact in facts.facts if isinstance(fact, SettingDefined)]
    assert "server.port" in keys
    assert facts.problem.startswith("line ")


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(20)
)


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff\xfe\0", b"a: ${" * 2_000, BOMB])
def test_hostile_bytes_never_raise(content: bytes) -> None:
    for module in (spring, spring_properties):
        facts = module.extract(content)
        assert isinstance(facts, FileFacts)
        assert len(facts.facts) <= 20_000


def test_a_section_of_swagger_is_no_description_of_an_api() -> None:
    settings = b"spring: {data: {mongodb: {host: stock}}}\nswagger: {package: shop}\n"
    keys = [f.key for f in spring.extract(settings).facts if isinstance(f, SettingDefined)]
    assert keys == ["spring.data.mongodb.host", "swagger.package"]
    assert spring.extract(b"swagger: '2.0'\ninfo: {title: shop}\n").facts == ()
