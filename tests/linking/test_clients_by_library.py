"""Whom a library calls by itself, where the requests are not seen."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind


def calls(found: Architecture) -> set[tuple[str, str]]:
    return {(e.source, e.target) for e in found.edges(EdgeKind.CALLS)}


COMPOSE = """
    services:
      page: {build: page}
      login: {image: "quay.io/keycloak/keycloak:24", ports: ["8180:8080"]}
    """


@pytest.mark.parametrize(
    "code",
    [
        "import Keycloak from 'keycloak-js';\nnew Keycloak({ url: '%s', realm: 'shop' });\n",
        "import { UserManager } from 'oidc-client-ts';\nnew UserManager({ authority: '%s/realms/a' });\n",
    ],
)
def test_who_signs_people_in(code: str) -> None:
    for address in ("http://localhost:8180", "http://login:8080"):
        found = architecture(
            {
                "compose.yaml": COMPOSE,
                "page/package.json": '{"dependencies": {"vue": "3"}}',
                "page/Dockerfile": "FROM node\nCOPY . .\n",
                "page/src/login.ts": code % address,
            }
        )
        assert calls(found) == {("service:page", "service:login")}


POM = """
    <project>
      <artifactId>tales</artifactId>
      <dependencies>%s</dependencies>
      <build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>
    </project>
    """
LIBRARY = "<dependency><groupId>x</groupId><artifactId>%s</artifactId></dependency>"


def asked(*artifacts: str, settings: str = "") -> set[tuple[str, str]]:
    found = architecture(
        {
            "tales/pom.xml": POM % "".join(LIBRARY % each for each in artifacts),
            "tales/src/main/java/A.java": "class A {}\n",
            "tales/src/main/resources/application.properties": f"server.port=80\n{settings}",
        }
    )
    return calls(found)


def test_models_that_a_starter_asks() -> None:
    openai = {("service:tales", "external:openai")}
    assert asked("spring-ai-starter-model-openai") == openai
    assert asked("quarkus-langchain4j-openai") == openai
    assert asked("langchain4j-open-ai-spring-boot-starter") == openai
    assert asked("langchain4j-core") == set()


def test_one_of_several_vendors_is_chosen_later() -> None:
    assert asked("spring-ai-starter-model-openai", "spring-ai-starter-model-anthropic") == set()


def test_a_server_of_ones_own_with_the_same_interface() -> None:
    local = "spring.ai.openai.base-url=http://models.internal.net:11434\n"
    assert ("service:tales", "external:openai") not in asked(
        "spring-ai-starter-model-openai", settings=local
    )


def test_axios_by_its_default_export() -> None:
    code = "const axios = require('axios');\nexports.go = () => axios.default.post('http://login:8080/x');\n"
    found = architecture(
        {
            "compose.yaml": COMPOSE,
            "page/package.json": '{"dependencies": {"axios": "1"}}',
            "page/Dockerfile": "FROM node\nCOPY . .\n",
            "page/index.js": code,
        }
    )
    assert calls(found) == {("service:page", "service:login")}


@pytest.mark.parametrize(
    ("options", "host"),
    [
        ("service: 'gmail'", "smtp.gmail.com"),
        ("service: 'Outlook365'", "smtp.office365.com"),
        ("host: 'smtp.acme.dev'", "smtp.acme.dev"),
    ],
)
def test_the_server_of_a_mail_provider_by_its_name(options: str, host: str) -> None:
    code = f"""
        const nodemailer = require('nodemailer');
        const mailer = nodemailer.createTransport({{ {options} }});
        exports.send = (text) => mailer.sendMail({{ to: 'a@example.org', text }});
        """
    found = architecture({"package.json": '{"name": "shop"}', "mail.js": code}, name="shop")
    assert [target for _, target in calls(found)] == [f"external:{host}"]
