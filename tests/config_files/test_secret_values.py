"""Secrets never reach the facts; references and plain addresses do."""

import pytest

from scaleaudit.config_files.secret_values import SECRET, is_secret_key, masked, without_secrets
from scaleaudit.values import Join, Literal, Name, Setting, Unknown, join


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("DB_PASSWORD", True),
        ("spring.datasource.password", True),
        ("security.oauth2.client.clientSecret", True),
        ("jwt.secret.key", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("api-key", True),
        ("DB_PASS", True),
        ("PRIVATE_KEY", True),
        ("PASSWORD_SALT", True),
        ("security.oauth2.client.accessTokenUri", False),
        ("POSTGRES_PASSWORD_FILE", False),
        ("TOKEN_TTL", False),
        ("SECRET_NAME", False),
        ("TOKENIZERS_PARALLELISM", False),
        ("COMPASS", False),
        ("SECRET_ACCOUNT", True),  # ends like "count", which is no word of its own here
        ("credentials.service.url", False),
        ("", False),
    ],
)
def test_the_key_tells(key: str, secret: bool) -> None:
    assert is_secret_key(key) is secret


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://app:s3cret@db:5432/shop", "postgres://app:***@db:5432/shop"),
        ("redis://:s3cret@cache:6379/0", "redis://:***@cache:6379/0"),
        ("https://example.org:8080/path@2x.png", "https://example.org:8080/path@2x.png"),
        (
            "Server=db;User Id=sa;Password=with a blank;Encrypt=true",
            "Server=db;User Id=sa;Password=***;Encrypt=true",
        ),
        ("jdbc:mysql://db/shop?user=app&password=s3cret", "jdbc:mysql://db/shop?user=app&password=***"),
        ("cache:6379,password=s3cret,ssl=true", "cache:6379,password=***,ssl=true"),
        ("nothing here", "nothing here"),
        ("app:s3cret@tcp(db:3306)/shop", "app:***@tcp(db:3306)/shop"),
        ("app:s3@cret@tcp(db:3306)/shop", "app:***@tcp(db:3306)/shop"),
        ("%s:s3cret@tcp(%s:3306)/shop", "%s:***@tcp(%s:3306)/shop"),
        ("{}:s3cret@tcp({}:3306)/shop", "{}:***@tcp({}:3306)/shop"),
        ("jdbc:oracle:thin:app/s3@cret@//db:1521/shop", "jdbc:oracle:thin:app/***@//db:1521/shop"),
        ("jdbc:oracle:thin:app/s3cret@//db:1521/shop", "jdbc:oracle:thin:app/***@//db:1521/shop"),
        ("mail to ops@example.org (at night)", "mail to ops@example.org (at night)"),
        ("https://hooks.slack.com/services/T0/B0/s3cret", "https://hooks.slack.com/services/***"),
        ("hooks.slack.com/triggers/T0/1/s3cret", "hooks.slack.com/triggers/***"),
        ("https://discord.com/api/v10/webhooks/12/s3cret", "https://discord.com/api/v10/webhooks/***"),
        ("https://outlook.office.com/webhook/s3cret@12/x", "https://outlook.office.com/webhook/***"),
        ("https://api.telegram.org/bot12:s3cret/send", "https://api.telegram.org/bot***"),
        ("https://example.org/services/orders", "https://example.org/services/orders"),
    ],
)  # fmt: skip
def test_passwords_inside_addresses_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_values_by_key_and_by_shape() -> None:
    assert without_secrets("DB_PASSWORD", Literal("hunter2")) == SECRET
    assert without_secrets("DB_PASSWORD", Literal("")) == Literal("")
    assert without_secrets("USE_TOKEN", Literal("true")) == Literal("true")
    assert without_secrets("DB_PASSWORD", Setting("PW")) == Setting("PW")
    assert without_secrets("DB_PASSWORD", Setting("PW", Literal("x"))) == Setting("PW", SECRET)
    assert without_secrets("STRIPE", Literal("sk_live_abc")) == SECRET
    assert without_secrets("PEM", Literal("-----BEGIN RSA PRIVATE KEY-----\nx")) == SECRET
    assert without_secrets("ID", Literal("AKIAABCDEFGHIJKLMNOP")) == SECRET
    assert without_secrets("PASSWORD", Name("settings.PW")) == Name("settings.PW")
    assert without_secrets("URL", Unknown("${A:+redis://u:pw@h}")) == Unknown(
        "${A:+redis://u:***@h}"
    )
    assert without_secrets("PASSWORD", Unknown("${A:+pw}")) == SECRET
    assert without_secrets("TOKEN_SERVER", Literal("http://auth:80/x")) == Literal(
        "http://auth:80/x"
    )


def test_a_password_may_span_literal_and_symbolic_parts() -> None:
    url = join(Literal("postgres://u:p"), Setting("X", Literal("q")), Literal("z@db/shop"))
    assert without_secrets("DATABASE_URL", url) == Join(
        (Literal("postgres://u:***"), Setting("X", SECRET), Literal("***@db/shop"))
    )
    reference = join(Literal("postgres://u:"), Setting("PW"), Literal("@"), Setting("HOST"))
    assert without_secrets("DATABASE_URL", reference) == reference
    assert without_secrets("API_TOKEN", join(Literal("abc"), Setting("X"))) == SECRET
