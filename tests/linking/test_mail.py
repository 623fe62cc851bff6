"""Servers for mails that only the deployment knows."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

PYTHON = {
    "shop/Dockerfile": "FROM python:3.13\n",
    "shop/requirements.txt": "flask\n",
    "shop/app.py": """
        import os, smtplib
        def send(text):
            with smtplib.SMTP(os.environ["OUTGOING"], 25) as server:
                server.send_message(text)
        """,
}
RUST = {
    "shop/Dockerfile": "FROM rust\n",
    "shop/Cargo.toml": '[package]\nname = "shop"\n[dependencies]\nlettre = "0.11"\n',
    "shop/src/main.rs": """
        use lettre::Message;
        type Mailer = lettre::AsyncSmtpTransport<lettre::Tokio1Executor>;
        type AsyncSmtpTransport = lettre::AsyncSmtpTransport<lettre::Tokio1Executor>;
        async fn main() {
            let mailer = AsyncSmtpTransport::from_url(&settings.connection).unwrap().build();
        }
        """,
}
COMPOSE = "services:\n  shop: {build: shop}\n"


def reached(files: dict[str, str]) -> set[str]:
    found = architecture(files)
    return {e.target for e in found.edges(EdgeKind.CALLS) if e.source == "service:shop"}


@pytest.mark.parametrize("files", [PYTHON, RUST])
def test_an_address_that_is_given_at_run_time(files: dict[str, str]) -> None:
    assert reached(files | {"compose.yaml": COMPOSE}) == {"external:mail"}


def test_the_one_that_is_deployed() -> None:
    beside = f"{COMPOSE}  post: {{image: axllent/mailpit}}\n"
    assert reached(PYTHON | {"compose.yaml": beside}) == {"service:post"}


def test_an_address_that_is_known() -> None:
    told = "services:\n  shop: {build: shop, environment: {OUTGOING: smtp.parcel.io}}\n"
    assert reached(PYTHON | {"compose.yaml": told}) == {"external:smtp.parcel.io"}
