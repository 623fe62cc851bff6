"""Docker Compose files to facts."""

from __future__ import annotations

import msgspec
import pytest

from scaleaudit.config_files.compose import extract
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import (
    EnvEntry,
    Fact,
    FileFacts,
    FilesIncluded,
    NetworkName,
    WorkloadDeclared,
)
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting


def read(text: str) -> FileFacts:
    """What is extracted, which must survive being stored."""
    found = extract(text.encode())
    stored = msgspec.msgpack.encode(found)
    assert msgspec.msgpack.decode(stored, type=FileFacts) == found
    return found


def facts(text: str) -> tuple[Fact, ...]:
    found = read(text)
    assert found.problem == ""
    return found.facts


def service(text: str) -> WorkloadDeclared:
    """The only service, from the lines that stand below its key."""
    indented = "".join(f"    {line}\n" for line in text.strip().splitlines())
    (found,) = facts(f"services:\n  web:\n{indented}")
    assert isinstance(found, WorkloadDeclared)
    return found


def test_a_whole_service() -> None:
    text = """\
name: shop
x-common: &common
  restart: always
  environment: &env
    LOG_LEVEL: info
services:
  web:
    <<: *common
    image: ${REGISTRY:-docker.io}/shop/web:${TAG}
    build:
      context: ./web
      dockerfile: docker/Dockerfile
      target: production
    entrypoint: ["/usr/bin/tini", "--"]
    command: gunicorn shop.wsgi -w ${WORKERS:-2} --bind "0.0.0.0:8000"
    environment:
      <<: *env
      DATABASE_URL: postgres://shop:hunter2@db:5432/shop
      SECRET_KEY: hunter2
      STRIPE_TOKEN:
      PORT: 8000
    env_file:
      - .env
      - path: ./web.env
        required: false
    ports:
      - "127.0.0.1:${WEB_PORT:-80}:8000/tcp"
      - target: 9000
        published: 9001
    expose: ["7000", 7001/udp]
    depends_on:
      db:
        condition: service_healthy
      cache: {condition: service_started}
    links:
      - db:database
    external_links:
      - legacy_api_1:legacy
    container_name: shop-web
    hostname: web.local
    networks:
      front:
        aliases: [www, "${ALIAS:-app}"]
      back:
    deploy:
      replicas: 3
    volumes:
      - media:/app/media:ro
      - ./conf:/etc/conf
      - /var/cache
      - type: volume
        source: uploads
        target: /uploads
    labels:
      traefik.enable: "true"
    profiles: [all, web]
  db:
    image: postgres:16
volumes:
  media:
  uploads:
    driver_opts:
      type: nfs
"""
    assert facts(text) == (
        WorkloadDeclared(
            Span(7, 3),
            "web",
            "compose",
            image=Join(
                (
                    Setting("REGISTRY", Literal("docker.io")),
                    Literal("/shop/web:"),
                    Setting("TAG"),
                )
            ),
            build_context="./web",
            dockerfile="docker/Dockerfile",
            build_target="production",
            command=(
                Literal("/usr/bin/tini"),
                Literal("--"),
                Literal("gunicorn"),
                Literal("shop.wsgi"),
                Literal("-w"),
                Setting("WORKERS", Literal("2")),
                Literal("--bind"),
                Literal("0.0.0.0:8000"),
            ),
            environment=(
                EnvEntry(
                    "DATABASE_URL",
                    Literal("postgres://shop:***@db:5432/shop"),
                    Span(18, 7),
                ),
                EnvEntry("SECRET_KEY", SECRET, Span(19, 7)),
                EnvEntry("STRIPE_TOKEN", None, Span(20, 7)),
                EnvEntry("PORT", Literal("8000"), Span(21, 7)),
                EnvEntry("LOG_LEVEL", Literal("info"), Span(5, 5)),
            ),
            env_files=(".env", "./web.env"),
            ports=("8000", "9000", "7000", "7001"),
            host_ports=("80", "9001"),
            published=True,
            replicas=3,
            depends_on=("db", "cache", "legacy_api_1"),
            volumes=("media:/app/media", "./conf:/etc/conf", "/var/cache", "uploads:/uploads"),
            shared_volumes=True,
            aliases=("shop-web", "web.local", "www", "app"),
            labels=(("traefik.enable", "true"),),
            profiles=("all", "web"),
        ),
        NetworkName(Span(38, 9), "legacy", external_name="legacy_api_1"),
        WorkloadDeclared(
            Span(57, 3), "db", "compose", image=Literal("postgres:16"), aliases=("database",)
        ),
    )


def test_the_first_format_without_services() -> None:
    text = """\
web:
  build: .
  dockerfile: Dockerfile.web
  links: [db]
  ports: [8000]
db:
  image: postgres
volumes:
  x: {image: no}
other: text
"""
    assert facts(text) == (
        WorkloadDeclared(
            Span(1, 1),
            "web",
            "compose",
            build_context=".",
            dockerfile="Dockerfile.web",
            ports=("8000",),
            published=True,
            depends_on=("db",),
        ),
        WorkloadDeclared(Span(6, 1), "db", "compose", image=Literal("postgres")),
    )


def test_includes_and_extends() -> None:
    text = """\
include:
  - ../common/compose.yaml
  - path: [a.yaml, "${DIR:-b}/c.yaml"]
    env_file: x.env
services:
  web:
    extends: base
  job:
    extends:
      file: common.yaml
      service: worker
    deploy: {mode: replicated-job}
"""
    assert facts(text) == (
        FilesIncluded(Span(2, 5), ("../common/compose.yaml",), "compose"),
        FilesIncluded(Span(3, 12), ("a.yaml", "b/c.yaml"), "compose"),
        WorkloadDeclared(Span(6, 3), "web", "compose", extends=("", "base")),
        WorkloadDeclared(
            Span(8, 3), "job", "compose", kind="job", extends=("common.yaml", "worker")
        ),
    )


def test_environment_as_a_list() -> None:
    found = service("""
environment:
  - A=b=c
  - PASSED
  - EMPTY=
  - REDIS_URL=redis://:${REDIS_PW:-hunter2}@cache:6379/${DB:-0}
  - A=last
  - COST=5$$
""")
    assert found.environment == (
        EnvEntry("A", Literal("last"), Span(8, 9)),
        EnvEntry("PASSED", None, Span(5, 9)),
        EnvEntry("EMPTY", Literal(""), Span(6, 9)),
        EnvEntry(
            "REDIS_URL",
            Join(
                (
                    Literal("redis://:"),
                    Setting("REDIS_PW", SECRET),
                    Literal("@cache:6379/"),
                    Setting("DB", Literal("0")),
                )
            ),
            Span(7, 9),
        ),
        EnvEntry("COST", Literal("5$"), Span(9, 9)),
    )


@pytest.mark.parametrize(
    ("written", "ports", "published"),
    [
        ("ports: ['80']", ("80",), True),
        ("ports: [3000-3005:3000-3005]", ("3000-3005",), True),
        ("ports: ['[::1]:8080:80']", ("80",), True),
        ("ports: [22:22]", ("22",), True),
        ("ports: ['${PORT}:${INNER}']", ("${INNER}",), True),
        ("expose: [80]", ("80",), False),
        ("network_mode: host", (), True),
        ("ports: !reset []", (), False),
        ("ports:", (), False),
    ],
)
def test_ports(written: str, ports: tuple[str, ...], published: bool) -> None:
    found = service(written)
    assert (found.ports, found.published) == (ports, published)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("build: ./api", ("./api", "", "")),
        ("build: {}", (".", "", "")),
        ("build: {target: x}", (".", "", "x")),
        (
            "build: 'https://github.com/a/b.git#main:api'",
            ("https://github.com/a/b.git#main:api", "", ""),
        ),
        ("build: '${DIR:-src}/api'", ("src/api", "", "")),
        ("build:", ("", "", "")),
        ("dockerfile: x", ("", "", "")),
    ],
)
def test_builds(written: str, expected: tuple[str, str, str]) -> None:
    found = service(written)
    assert (found.build_context, found.dockerfile, found.build_target) == expected


@pytest.mark.parametrize(
    ("written", "replicas"),
    [
        ("scale: 4", 4),
        ("deploy: {replicas: '${N:-2}'}", 2),
        ("deploy: {replicas: '${N}'}", None),
        ("deploy: {replicas: -1}", None),
        ("deploy: []", None),
    ],
)
def test_replicas(written: str, replicas: int | None) -> None:
    assert service(written).replicas == replicas


def test_shapes_that_are_not_what_the_format_says() -> None:
    text = """\
services:
  none:
  list: []
  number: 3
  odd:
    image: [a]
    build: [x]
    environment: text
    env_file: {a: b}
    ports: {a: 1}
    command: {a: b}
    volumes: text
    depends_on: [[a], b]
    deploy: []
    labels: [[1], plain]
    extends: []
    networks: [a]
    links: {}
    profiles: one
"""
    assert facts(text) == (
        WorkloadDeclared(Span(2, 3), "none", "compose"),
        WorkloadDeclared(
            Span(5, 3),
            "odd",
            "compose",
            environment=(EnvEntry("text", None, Span(8, 18)),),
            depends_on=("b",),
            labels=(("plain", ""),),
            profiles=("one",),
        ),
    )


def test_a_slip_of_indentation_makes_no_service() -> None:
    text = """\
services:
  web:
    image: x
  networks:
    front: {driver: bridge}
  note: text
"""
    assert facts(text) == (WorkloadDeclared(Span(2, 3), "web", "compose", image=Literal("x")),)


def test_arguments_of_a_build() -> None:
    found = service("build: {context: ., args: [BASE, 'TAG=1', 'NPM_TOKEN=hunter2']}")
    assert found.build_args == (
        EnvEntry("BASE", None, Span(3, 32)),
        EnvEntry("TAG", Literal("1"), Span(3, 38)),
        EnvEntry("NPM_TOKEN", SECRET, Span(3, 47)),
    )


@pytest.mark.parametrize(
    "text", ["", "services:\n", "services: []\n", "[1]\n", "text\n", "---\n---\n"]
)
def test_nothing_to_read(text: str) -> None:
    assert facts(text) == ()


def test_broken_lines_do_not_hide_the_rest() -> None:
    found = read('services:\n  a:\n    image: x\n\tbad\n  b:\n    image: "y\n  c:\n    image: z\n')
    assert [getattr(fact, "name", "") for fact in found.facts] == ["a", "b", "c"]
    assert found.facts[2] == WorkloadDeclared(Span(7, 3), "c", "compose", image=Literal("z"))
    assert found.problem == "line 4: found a tab character that violates indentation"


def test_templates_around_compose() -> None:
    text = "services:\n  {{ name }}_db:\n    image: postgres:{{ version }}\n    environment:\n      {{ a }}: b\n"
    (found,) = facts(text)
    assert isinstance(found, WorkloadDeclared)
    assert found.name == "{}_db"
    assert found.environment == (EnvEntry("{}", Literal("b"), Span(5, 7)),)


def test_an_alias_bomb_stays_small() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = read(f"{bomb}services:\n  web: {{image: x, environment: *i, ports: *i}}\n")
    assert found.facts[0].at == Span(11, 3)
    assert found.problem == "line 5: aliases repeat too much; they were left out"


def test_settings_that_a_variable_hands_to_the_program() -> None:
    found = service(
        "image: acme/shop\n"
        "environment:\n"
        "  PARAMS: >-\n"
        "    --spring.datasource.url=jdbc:mysql://db:3306/shop\n"
        "    --spring.datasource.password=hunter2 --verbose=true\n"
        "  JAVA_OPTS: -Xmx1g -Dapp.base-url=http://orders:${PORT}\n"
    )
    known = {entry.name: entry.value for entry in found.environment}
    assert known["SPRING_DATASOURCE_URL"] == Literal("jdbc:mysql://db:3306/shop")
    assert known["SPRING_DATASOURCE_PASSWORD"] == SECRET
    assert known["APP_BASEURL"] == Join((Literal("http://orders:"), Setting("PORT")))
    assert set(known) == {
        "PARAMS", "JAVA_OPTS", "SPRING_DATASOURCE_URL", "SPRING_DATASOURCE_PASSWORD", "APP_BASEURL",
    }  # fmt: skip
    assert "hunter2" not in str(found)
