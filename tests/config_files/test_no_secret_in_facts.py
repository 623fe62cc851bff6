"""What a file keeps secret stays out of the facts, whatever the format.

In the texts below `S` stands for the secret.
"""

from __future__ import annotations

import re
from importlib import import_module

import msgspec
import pytest

SECRET = "hunter2-is-secret"
FILES = {
    "compose": """
        services:
          web:
            image: https://user:S@registry.example.org/web
            build: {context: ., args: {NPM_TOKEN: S}}
            command: serve --password S --api-key=S
            environment: {DB_PASSWORD: S, API_TOKEN: "${T:-S}", URL: "amqp://u:S@mq", D: "Password=S;"}
            labels: {auth.secret: S}
          list:
            image: x
            environment: [SECRET_KEY=S, "DSN=postgres://u:S@db/x"]
        """,
    "dockerfile": """
        FROM https://u:S@registry/x
        ARG API_TOKEN=S
        ENV DB_PASSWORD=S DSN=redis://:S@cache
        ENV TOKEN S
        CMD ["run", "--token", "S", "--url=amqp://u:S@mq"]
        """,
    "dotenv_file": "DB_PASSWORD=S\nAPI_KEY='S'\nDATABASE_URL=postgres://u:S@db/x\nX=a;pwd=S;b\n",
    "dotenv_example": "DB_PASSWORD=S\nDATABASE_URL=postgres://u:S@db/x\n",
    "spring": """
        spring:
          datasource: {url: "jdbc:mysql://db/x?password=S", password: S}
          rabbitmq.password: ${P:S}
        jwt.secret: S
        """,
    "spring_properties": "spring.datasource.password=S\njwt.secret.key: S\nu=http://u:S@x/\n",
    "rails_config": "production:\n  password: S\n  url: postgres://u:S@db/x\n  secret_key_base: S\n",
    "appsettings": '{"Jwt": {"Key": {"ApiKey": "S"}}, "ConnectionStrings": {"D": "Host=d;Password=S"}}',
    "yaml_file": """
        apiVersion: v1
        kind: Secret
        metadata: {name: a}
        stringData: {any: S}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          api-token: S
          x.properties: "db.password=S"
          x.yml: "db: {password: S, url: 'postgres://u:S@db/x'}"
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec: {containers: [{image: x, args: [--token, S], env: [{name: API_KEY, value: S}]}]}
        """,
    "kustomize": """
        secretGenerator: [{name: a, literals: [any=S]}]
        configMapGenerator: [{name: b, literals: [DB_PASSWORD=S, "U=redis://:S@c"]}]
        """,
    "helm": """
        {{ define "x.password" }}S{{ end }}
        {{ define "x.url" }}postgres://u:S@db/{{ .Values.a }}{{ end }}
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          containers:
            - image: x
              env:
                - {name: API_KEY, value: '{{ .Values.key | default "S" }}'}
        """,
    "helm_values": "auth:\n  password: S\n  url: amqp://u:S@mq\n",
    "procfile": "web: DB_PASSWORD=S serve --secret S\nworker: run --dsn redis://:S@c\n",
    "package_json": '{"name": "a", "scripts": {"x": "API_TOKEN=S ./go", "y": "curl https://u:S@x"}}',
    "python_requirements": "--index-url https://u:S@pypi.example.org\na @ https://u:S@x/a.whl\ndjango\n",
    "terraform": """
        variable "db_password" { default = "S" }
        locals { api_token = "S", url = "postgres://u:S@db/x" }
        resource "aws_db_instance" "a" {
          engine = "postgres"
          password = "S"
        }
        resource "aws_lambda_function" "b" {
          environment { variables = { SIGNING_KEY = "S", DSN = "redis://:S@c" } }
        }
        resource "aws_ecs_task_definition" "c" {
          container_definitions = jsonencode([{
            name = "c", command = ["--password=S"], environment = [{ name = "TOKEN", value = "S" }]
          }])
        }
        """,
    "github_actions": "on: push\njobs:\n  a:\n    env: {TOKEN: S}\n    steps: [{run: deploy --token S}]\n",
    "gitlab_ci": "a:\n  variables: {TOKEN: S}\n  script: deploy --token S\n",
    "other_ci": "steps:\n  - run: deploy --token S\n",
    "gemfile": 'source "https://u:S@gems.example.org"\ngem "a", git: "https://u:S@x/a.git"\n',
    "composer": '{"name": "a", "config": {"token": "S"}, "repositories": [{"url": "https://u:S@x"}]}',
    "maven": "<project><artifactId>a</artifactId><properties><db.password>S</db.password></properties></project>",
    "gradle": "def token = 'S'\nplugins { id 'java' }\nrepositories { maven { password 'S' } }\n",
}  # fmt: skip


@pytest.mark.parametrize("reader", FILES)
def test_no_secret_in_facts(reader: str) -> None:
    text = "\n".join(line.removeprefix(" " * 8) for line in FILES[reader].splitlines())
    written = re.sub(r"\bS\b", SECRET, text)
    assert SECRET in written
    found = import_module(f"scaleaudit.config_files.{reader}").extract(written.encode())
    assert found.facts
    assert SECRET not in msgspec.json.encode(found).decode()
