"""Systems that job files of Nomad deploy."""

from __future__ import annotations

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind
from scaleaudit.config_files.nomad import extract
from scaleaudit.facts import WorkloadDeclared
from scaleaudit.values import text_with_holes

JOB = """
    variable "tag" {{ default = "1" }}
    job "shop" {{
      group "api" {{
        count = 3
        network {{ port "http" {{ static = 8080 }} }}
        service {{
          name = "api"
          port = "http"
          connect {{ sidecar_service {{ proxy {{ upstreams {{
            destination_name = "bill-ing"
            local_bind_port = 9001
          }} }} }} }}
        }}
        task "server" {{
          driver = "docker"
          config {{ image = "acme/api:${{var.tag}}" }}
          {environment}
        }}
        task "wait" {{
          lifecycle {{ hook = "prestart" }}
          config {{ image = "busybox" }}
        }}
      }}
      group "billing" {{
        service {{ name = "bill-ing" }}
        task "billing" {{ config {{ image = "acme/billing:1" }} }}
      }}
      group "data" {{
        task "redis" {{
          config {{ image = "redis:7" }}
          service {{ name = "cache" }}
        }}
      }}
    }}
    """
CODE = """
    const app = require('express')()
    app.get('/x', () => fetch(process.env.BILLS + '/bills'))
    app.listen(8080)
    """
TEMPLATE = 'template {{\n data = <<EOF\n{}\nEOF\n destination = "local/env"\n env = true\n}}'


def found(environment: str) -> set[tuple[str, str]]:
    files = {
        "nomad/shop.nomad": JOB.format(environment=environment),
        "api/Dockerfile": "FROM node:22\nCMD node i.js\n",
        "api/package.json": '{"name": "api", "dependencies": {"express": "4"}}',
        "api/i.js": CODE,
    }
    made = architecture(files)
    assert [node.id for node in made.nodes() if node.entered] == ["service:api"]
    return {
        (e.source.partition(":")[2], e.target.partition(":")[2])
        for e in made.edges(EdgeKind.CALLS, EdgeKind.USES)
    }


@pytest.mark.parametrize(
    "environment",
    [
        'env { BILLS = "http://localhost:9001" }',
        'env = { BILLS = "http://${NOMAD_UPSTREAM_ADDR_bill_ing}" }',
        'env { BILLS = "http://bill-ing.service.consul:8080" }',
        'env { BILLS = "http://bill-ing.virtual.consul" }',
        'env { BILLS = "http://bill-ing.service.nomad" }',
        TEMPLATE.format(
            '{{ range service "bill-ing" }}\nBILLS=http://{{ .Address }}:{{ .Port }}\n{{ end }}'
        ),
        'template {\n data = "BILLS=http://bill-ing.service.consul:80"\n env = true\n}',
        TEMPLATE.format(
            'BILLS="http://{{ with nomadService "bill-ing" }}{{ .Address }}:{{ .Port }}{{ end }}"'
        ),
    ],
)
def test_services_that_tasks_ask(environment: str) -> None:
    assert found(environment) == {("api", "billing")}


def test_stores_and_secrets_of_a_template() -> None:
    text = 'REDIS_URL=redis://cache.service.consul:6379\nBILLS=http://{{ key "bills" }}'
    assert found(TEMPLATE.format(text)) == {("api", "redis")}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('export HOST="cache.service.consul"', "cache.service.consul"),
        ("HOST = 'cache' ", "cache"),
        ('HOST={{ with service "stock" }}{{ .Address }}:{{ .Port }}{{ end }}', "stock"),
        ('URL=http://{{ with service "stock" }}{{ .Address }}{{ end }}:{{ key "port" }}', "http://stock:{}"),
        ('URL=http://{{ with service "stock" }}{{ else }}{{ .Address }}{{ end }}/x', "http://stock/x"),
        ('{{ range service "a.stock|any" }}URL={{ .Address }}/x{{ end }}', "stock/x"),
        ("URL=http://{{ .Address }}:{{ .Port }}", "http://{}:{}"),
    ],
)  # fmt: skip
def test_what_a_template_puts_into_a_variable(line: str, value: str) -> None:
    api, *_ = workloads(JOB.format(environment=TEMPLATE.format(line)))
    (told,) = [each.value for each in api.environment]
    assert told is not None
    assert text_with_holes(told) == value


def workloads(text: str) -> list[WorkloadDeclared]:
    return [f for f in extract(text.encode()).facts if isinstance(f, WorkloadDeclared)]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("", "service"),
        ('type = "batch"', "job"),
        ('type = "batch" \n periodic { crons = ["@daily"] }', "cron"),
    ],
)
def test_what_ends_is_no_service(head: str, kind: str) -> None:
    text = f'job "bills" {{\n {head}\n group "all" {{\n task "bills" {{ }}\n }}\n}}'
    assert [each.kind for each in workloads(text)] == [kind]


def test_how_many_a_group_runs() -> None:
    assert [each.replicas for each in workloads(JOB.format(environment=""))] == [3, 3, None, None]
