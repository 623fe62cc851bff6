"""Gateways whose routes a template of the registry, a script or a template of OpenShift tells."""

from __future__ import annotations

from textwrap import dedent
from time import perf_counter

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import Architecture, EdgeKind
from scaleaudit.config_files import yaml_file
from scaleaudit.config_files.consul_templates import named_services
from scaleaudit.config_files.openshift_templates import MAX_VALUE

COMPOSE = """
    services:
      boats: {build: ./boats}
      crews: {build: ./crews}
      consul: {image: "hashicorp/consul:1.15"}
      door: %s
    """
SERVICE = {
    "package.json": '{"name": "NAME", "scripts": {"start": "node ."}, "dependencies": {"express": "4"}}',
    "index.js": "const app = require('express')();\napp.get('/NAME', show);\napp.listen(80);\n",
    "Dockerfile": "FROM node\nCOPY . .\n",
}
TWO = {
    f"{name}/{file}": text.replace("NAME", name)
    for name in ("boats", "crews")
    for file, text in SERVICE.items()
}


def reached(files: dict[str, str], door: str) -> set[str]:
    found = architecture({**TWO, "compose.yaml": COMPOSE % door, **files})
    return {target for source, target in connected(found) if source == "door"}


def connected(found: Architecture) -> set[tuple[str, str]]:
    kinds = (EdgeKind.CALLS, EdgeKind.USES)
    return {(found.node(e.source).name, found.node(e.target).name) for e in found.edges(*kinds)}


NGINX = """
    upstream one {
      {{range service "boats"}}server {{.Address}}:{{.Port}} max_fails=3;
      {{else}}server crews:65535;{{end}}
    }
    upstream other { {{ range $i, $each := service "blue.crews@north|any" }}server {{$each.Address}}:{{ $each.Port }};{{ end }} }
    server {
      location /boats { proxy_pass http://one; }
      location /crews { proxy_pass http://other; }
    }
    """


def test_servers_that_a_registry_names() -> None:
    image = (
        "FROM nginx\nCOPY site.ctmpl /etc/site.ctmpl\n"
        'CMD consul-template -consul consul:8500 -template "/etc/site.ctmpl:/etc/nginx/conf.d/site.conf"\n'
    )
    files = {"door/Dockerfile": image, "door/site.ctmpl": NGINX}
    assert reached(files, "{build: ./door}") == {"boats", "crews", "consul"}
    only = NGINX.replace("location /crews { proxy_pass http://other; }", "")
    files["door/site.ctmpl"] = only.replace("upstream other", "#")
    assert reached(files, "{build: ./door}") == {"boats", "consul"}


def test_a_template_for_each_service_that_is_registered() -> None:
    template = """
        {{range services}}
        <Proxy balancer://{{.Name}}>
          {{range service .Name}}BalancerMember http://{{.Address}}:{{.Port}}
          {{end}}
        </Proxy>
        ProxyPass /{{.Name}} balancer://{{.Name}}
        {{end}}
        """
    pom = """
        <project><artifactId>ships</artifactId><dependencies>
          <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
          <dependency><groupId>org.springframework.cloud</groupId><artifactId>spring-cloud-starter-consul-discovery</artifactId></dependency>
        </dependencies></project>
        """
    files = {
        "door/Dockerfile": "FROM httpd\nCOPY site.ctmpl /etc/site.ctmpl\n",
        "door/site.ctmpl": template,
        "ships/pom.xml": pom,
        "ships/Dockerfile": "FROM eclipse-temurin\nCOPY . .\n",
        "ships/src/main/resources/application.yml": "spring: {cloud: {consul: {host: consul}}}\n",
        "more.compose.yaml": "services:\n  ships: {build: ./ships}\n",
    }
    assert reached(files, "{build: ./door}") == {"ships"}  # the others register nowhere


def test_templates_with_blocks_that_do_not_end() -> None:
    lines = [
        '{{range service "a"}}' * 3,
        "server {{.Address}}:{{.Port}};",
        "{{end}}" * 9,
        "{{ .x }}",
    ]
    assert [*named_services(lines)] == ["", "server a;", "", "{{ .x }}"]


APISIX = """
    #!/bin/sh
    curl http://127.0.0.1:9180/apisix/admin/routes/1 -X PUT -d '
    {"uri": "/boats/*", "upstream": {"type": "roundrobin", "nodes": {"boats:3001": 1}}}'
    curl "http://127.0.0.1:9180/apisix/admin/upstreams/2" -X PUT -d '{"nodes": [{"host": "crews", "port": 1, "weight": 1}]}'
    """
KONG = """
    #!/bin/sh
    curl -i -X POST http://localhost:8001/services \\
      --data name=boats \\
      --data url='http://boats:3001'
    curl http://localhost:8001/services -d "name=crews" -d "url=http://crews:80"
    curl http://localhost:9000/hooks -d "url=http://consul:80"
    """


@pytest.mark.parametrize(
    ("image", "files"),
    [
        ("apache/apisix:3.8.0", {"setup/routes.sh": APISIX}),
        (
            "apache/apisix:3.8.0",
            {
                "apisix/routes/a.json": '{"uri": "/a", "upstream": {"nodes": {"boats:3001": 1}}}',
                "apisix/routes/b.json": '{"uris": ["/b"], "upstream": {"nodes": [{"host": "crews", "port": 1}]}}',
            },
        ),
        ("kong:3.4", {"setup/services.sh": KONG}),
    ],
)
def test_gateways_that_are_told_while_they_run(image: str, files: dict[str, str]) -> None:
    assert reached(files, f'{{image: "{image}"}}') == {"boats", "crews"}


OPENSHIFT = """
    apiVersion: template.openshift.io/v1
    kind: Template
    metadata: {name: harbour}
    parameters:
      - {name: NAME, value: boats}
      - {name: OTHER, value: crews}
      - {name: TOKEN}
    objects:
      - apiVersion: apps.openshift.io/v1
        kind: DeploymentConfig
        metadata: {name: "${NAME}"}
        spec:
          replicas: "${{COUNT}}"
          template:
            spec:
              containers:
                - name: app
                  image: "acme/${NAME}"
                  env: [{name: CREWS_URL, value: "http://${OTHER}:80"}, {name: TOKEN, value: "${TOKEN}"}]
      - apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "${OTHER}"}
        spec: {template: {metadata: {labels: {app: "${OTHER}"}}, spec: {containers: [{name: app, image: acme/crews}]}}}
      - apiVersion: v1
        kind: Service
        metadata: {name: "${OTHER}"}
        spec: {selector: {app: "${OTHER}"}, ports: [{port: 80}]}
    """


def test_a_template_of_openshift() -> None:
    found = architecture({**TWO, "openshift/all.yaml": OPENSHIFT})
    assert connected(found) == {("boats", "crews")}
    assert {n.name: n.path for n in found.nodes()} == {"boats": "boats", "crews": "crews"}


SECRETS = """
    apiVersion: template.openshift.io/v1
    kind: Template
    metadata: {name: harbour}
    parameters:
      - {name: ADMIN_TOKEN, value: albatross}
      - {name: LONG, value: "%s"}
      - {name: PLACE}
      - {name: OTHER, value: crews}
    objects:
      - apiVersion: apps/v1
        kind: Deployment
        metadata: {name: boats}
        spec:
          template:
            spec:
              containers:
                - name: app
                  image: acme/boats
                  args: ["${ADMIN_TOKEN}", "${OTHER}", "${PLACE}"]
                  env: [{name: LINE, value: "${ADMIN_TOKEN}"}, {name: TEXT, value: "%s"}]
    """


def test_defaults_that_are_secrets_or_endless_are_not_put_in() -> None:
    written = dedent(SECRETS) % ("x" * (MAX_VALUE + 1), "${LONG}")
    facts = yaml_file.extract(written.encode()).facts
    assert "crews" in str(facts)
    assert "PLACE" in str(facts)
    assert "albatross" not in str(facts)
    assert "xxx" not in str(facts)


def test_actions_that_never_end_take_no_time() -> None:
    started = perf_counter()
    lines = ["{{" + " " * 1_990, "{{- with service " + " " * 1_900, "{{" * 990]
    assert [*named_services(lines)] == lines
    assert perf_counter() - started < 1


def test_what_stands_there_when_nothing_is_registered_is_left_out() -> None:
    lines = ['{{range service "boats"}}server {{.Address}};{{else}}server none;{{end}}']
    assert [*named_services(lines)] == ["server boats;"]
    lines = ["{{if .x}}listen 1;{{else}}listen 2;{{end}}"]
    assert [*named_services(lines)] == ["listen 1;listen 2;"]
    lines = ["{{range service .Name}}server {{.Address}};{{end}}"]  # of whom is not known
    assert [*named_services(lines)] == ["server {{.Address}};"]


def test_an_action_is_read_without_the_signs_that_trim() -> None:
    lines = ['{{- range service "boats" -}}server {{- .Address -}};{{- end -}}']
    assert [*named_services(lines)] == ["server boats;"]
