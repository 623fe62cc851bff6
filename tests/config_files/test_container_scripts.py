"""Containers that scripts start."""

from __future__ import annotations

from scaleaudit.config_files.container_scripts import extract
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import EnvEntry, WorkloadDeclared
from scaleaudit.source import Span
from scaleaudit.values import Literal


def containers(text: str) -> list[WorkloadDeclared]:
    return [f for f in extract(text.encode()).facts if isinstance(f, WorkloadDeclared)]


def test_a_container_over_several_lines() -> None:
    text = """#!/bin/bash
docker network create shop
sudo docker run -itd \\
    --name orders-db --network=shop \\
    -e POSTGRES_DB=orders -e POSTGRES_PASSWORD=hunter2 \\
    -p 5433:5432 \\
    --hostname=orders.local \\
    postgres:16 -c max_connections=50 && echo started
"""
    assert containers(text) == [
        WorkloadDeclared(
            Span(3),
            "orders-db",
            "script",
            image=Literal("postgres:16"),
            command=(Literal("-c"), Literal("max_connections=50")),
            environment=(
                EnvEntry("POSTGRES_DB", Literal("orders"), Span(3)),
                EnvEntry("POSTGRES_PASSWORD", SECRET, Span(3)),
            ),
            ports=("5432",),
            host_ports=("5433",),
            published=True,
            aliases=("orders-db", "orders.local"),
        )
    ]


def test_a_recipe_and_its_short_forms() -> None:
    text = "db:\n\t@docker run --rm -dp 127.0.0.1:6379:6379 redis:7-alpine; sleep 1\n"
    (made,) = containers(text)
    assert (made.name, made.ports, made.host_ports, made.command) == (
        "redis",
        ("6379",),
        ("6379",),
        (),
    )
    (other,) = containers("podman container run -p8080:80/tcp --detach nginx\n")
    assert (other.name, other.ports) == ("nginx", ("80",))


def test_what_ends_with_its_command_or_is_not_known() -> None:
    assert containers("docker run --rm -it -v $PWD:/app maven:3 mvn package\n") == []
    assert containers("docker run -d $REGISTRY/orders:$TAG\n") == []
    assert containers("# docker run -d postgres\necho docker run -d redis\n") == []
    assert containers("docker run -d\n") == []


def test_variables_that_the_script_sets_above() -> None:
    text = 'NAME="orders-db"\nTAG=$1\ndocker run -d --name $NAME -p 5433:5432 postgres:${TAG}\n'
    assert containers(text) == []  # which version, only its caller knows
    (made,) = containers(text.replace("${TAG}", "16"))
    assert (made.name, made.aliases) == ("orders-db", ("orders-db",))
    later = "docker run -d --name $NAME redis:7\nNAME=cache\n"
    assert [made.name for made in containers(later)] == ["redis"]
    (image,) = containers(
        "IMAGE='redis:7'\nexport NAME=cache # ours\ndocker run -d --name ${NAME} $IMAGE\n"
    )
    assert (image.name, image.image) == ("cache", Literal("redis:7"))
    for again in ('NAME="$1-db"', "NAME=$(name)", "NAME=", f"NAME={'a' * 300}"):
        (unknown,) = containers(f"NAME=cache\n{again}\ndocker run -d --name $NAME redis:7\n")
        assert unknown.name == "redis", again
    doubled = "A=" + "a" * 150 + "\n" + "docker run -d " + "-e $A " * 1_000 + "redis:7\n"
    assert [made.name for made in containers(doubled)] == ["redis"]
