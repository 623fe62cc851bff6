"""Which stores a deployment has, and which of its workloads connect to them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Edges = Callable[[dict[str, str]], set[str]]

STORE = """
    import os

    import psycopg

    if os.environ.get("ALLOY_NAME"):
        psycopg.connect(host=os.environ["ALLOY_HOST"], dbname=os.environ["ALLOY_NAME"])
    """
COMPOSE = """
    services:
      app:
        build: .
        environment:
          PORT: 80
    """


def test_a_store_that_the_deployment_does_not_choose_is_none(app_edges: Edges) -> None:
    files = {"main.py": dedent(STORE), "compose.yaml": dedent(COMPOSE)}
    assert app_edges(files) == set()


def test_a_variable_that_is_handed_through_chooses_it(app_edges: Edges) -> None:
    compose = COMPOSE.replace("PORT: 80", "PORT: 80\n          ALLOY_HOST:")
    files = {"main.py": dedent(STORE), "compose.yaml": dedent(compose)}
    assert app_edges(files) == {"uses database:postgresql"}


def test_variables_in_a_file_that_is_not_kept_may_choose_it(app_edges: Edges) -> None:
    compose = COMPOSE.replace("environment", "env_file: .env\n        environment")
    files = {"main.py": dedent(STORE), "compose.yaml": dedent(compose)}
    assert app_edges(files) == {"uses database:postgresql"}


def test_the_process_that_starts_a_file_receives(app_edges: Edges) -> None:
    compose = """
        services:
          web:
            build: .
            command: flask run
          app-listener:
            build: .
            command: python /src/shop/listener.py
          cache:
            image: redis:7
        """
    listener = """
        import redis

        client = redis.Redis(host="cache")
        channel = client.pubsub()
        channel.subscribe("orders")
        """
    found = app_edges(
        {
            "compose.yaml": dedent(compose),
            "src/shop/listener.py": dedent(listener),
            "Dockerfile": "FROM python:3",
        }
    )
    assert "consumes topic:orders" in found


def test_a_list_that_nobody_waits_for_keeps_data(app_edges: Edges) -> None:
    push = 'import redis\n\nclient = redis.Redis(host="cache")\nclient.rpush("orders", 1)\n'
    assert app_edges({"main.py": push}) == {"uses cache:cache"}


def test_queues_of_one_name_at_two_brokers_are_two(app_edges: Edges) -> None:
    code = """
        import boto3
        import redis

        client = redis.Redis(host="cache")
        client.publish("orders", 1)
        boto3.client("sqs").send_message(QueueUrl="http://aws:4566/000000000000/orders")
        """
    compose = """
        services:
          app:
            build: .
          aws:
            image: localstack/localstack
        """
    found = app_edges({"main.py": dedent(code), "compose.yaml": dedent(compose)})
    assert {each for each in found if "topic" in each} == {
        "publishes topic:orders",
        "publishes topic:aws/orders",
    }
    assert "publishes broker:aws" in found  # the container that stands for all of AWS


def test_the_driver_tells_the_database_where_the_address_does_not(app_edges: Edges) -> None:
    code = 'import os\n\nfrom sqlalchemy import create_engine\n\ncreate_engine(os.environ["URL"])\n'
    project = '[project]\nname = "app"\ndependencies = ["sqlalchemy", {}]\n'
    one = project.format('"asyncpg>=0.29"')
    assert app_edges({"main.py": code, "pyproject.toml": one}) == {"uses database:postgresql"}
    two = project.format('"psycopg2-binary", "pymysql"')
    assert app_edges({"main.py": code, "pyproject.toml": two}) == set()
