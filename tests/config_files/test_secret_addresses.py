"""Of an entry of a Secret only the address is kept, and only where it is one."""

from __future__ import annotations

import base64

import pytest

from scaleaudit.config_files.secret_addresses import secret_address
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.values import Literal


@pytest.mark.parametrize(
    ("key", "text", "address"),
    [
        ("DATABASE_URL", "postgres://app:w0rd@db:5432/shop?sslmode=off", "postgres://db:5432/shop"),
        ("DATABASE_URL", "postgres://app:w0/r@d@db/shop", "postgres://db/shop"),
        ("DB", "jdbc:mysql://db:3306/shop?user=a&password=w0rd", "jdbc:mysql://db:3306/shop"),
        (
            "MONGO",
            "mongodb://a:w0rd@one:27017,two:27017/shop",
            "mongodb://one:27017,two:27017/shop",
        ),
        ("REDIS_URL", "redis://:w0rd@cache:6379", "redis://cache:6379"),
        ("HOOK", "https://hooks.example.com/services/w0rd", "https://hooks.example.com"),
        ("DB", "postgresql+asyncpg://a:w0rd@db/shop", "postgresql+asyncpg://db/shop"),
        ("NATS", "nats://nats:4222/w0rd", "nats://nats:4222"),
        ("DB_HOST", "db.shop", "db.shop"),
        ("KAFKA_BROKERS", "one:9092,two:9092", "one:9092,two:9092"),
    ],
)
def test_addresses(key: str, text: str, address: str) -> None:
    assert secret_address(key, text) == Literal(address)
    encoded = base64.b64encode(text.encode()).decode()
    assert secret_address(key, encoded, encoded=True) == Literal(address)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("DB_PASSWORD", "w0rd"),
        ("DB_USER", "app"),
        ("HOST_KEY", "w0rd"),
        ("DB_HOST", "w0rd and more"),
        ("TLS", "-----BEGIN KEY-----\nw0rd\n"),
        ("SEED_URL", "postgres://" + "x" * 5_000),
        ("OTHER", "://w0rd"),
        ("NOTIFY_URL", "gotify://push.shop/w0rd"),
        ("NOTIFY_URL", "ifttt://w0rd/?events=a"),
    ],
)
def test_all_else_stays_secret(key: str, text: str) -> None:
    assert secret_address(key, text) == SECRET


def test_what_is_no_base64() -> None:
    assert secret_address("DB_HOST", "not base64!", encoded=True) == SECRET
    assert secret_address("DB_HOST", "/////w==", encoded=True) == SECRET
