"""What stands beside programs in deployments: other programs' files, examples, pods to be entered."""

from __future__ import annotations

from tests.linking.system import architecture
from tests.linking.test_config_servers import SYSTEM, to_others
from tests.linking.test_starters import pom

from scaleaudit.architecture import NodeKind

DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {{name: {0}}}
    spec:
      template:
        spec:
          volumes: [{{name: kept, configMap: {{name: {0}-files}}}}]
          containers: [{{name: {0}, image: "acme/{0}"}}]
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {{name: {0}-files}}
    data:
      {1}: |
        spring:
          rabbitmq:
            host: broker
    """
PLAIN = """
    apiVersion: {api}
    kind: {kind}
    metadata: {{name: {name}}}
    spec: {spec}
    """
PROGRAM = {
    "orders/Dockerfile": "FROM eclipse-temurin\n",
    "orders/pom.xml": pom("orders", "spring-boot-starter-web"),
    "compose.yml": "services:\n  orders: {build: ./orders}\n",
}


def named(files: dict[str, str]) -> set[str]:
    return {node.name for node in architecture(files).nodes(NodeKind.SERVICE)}


def pod(name: str, container: str) -> str:
    return PLAIN.format(api="v1", kind="Pod", name=name, spec=f"{{containers: [{container}]}}")


def test_files_that_are_mounted_for_its_clients_are_not_the_servers_own() -> None:
    served = DEPLOYMENT.format("settings", "stock.yml")
    assert to_others(architecture({**SYSTEM, "k8s/settings.yaml": served})) == set()
    own = DEPLOYMENT.format("settings", "application.yml")
    assert "settings -> broker" in to_others(architecture({**SYSTEM, "k8s/settings.yaml": own}))
    assert "login -> broker" in to_others(
        architecture({**SYSTEM, "k8s/login.yaml": DEPLOYMENT.format("login", "stock.yml")})
    )


def test_a_program_that_its_first_word_finds_is_not_the_folder_that_packs_it() -> None:
    files = {
        "parcels-service/pom.xml": pom("parcels", "spring-boot-starter-web"),
        "parcels-service/package.json": '{"name": "parcels", "devDependencies": {"karma": "1"}}',
        "parcels-service/src/main/docker/Dockerfile": "FROM openjdk\nADD *.war /app.war\n",
        "compose.yml": "services:\n  parcels-app: {image: acme/parcels}\n",
    }
    (service,) = architecture(files).nodes(NodeKind.SERVICE)
    assert (service.name, service.path) == ("parcels-app", "parcels-service")


def test_an_image_that_only_the_example_of_an_env_file_names() -> None:
    compose = "services:\n  front: {image: '${FRONT_IMAGE}'}\n"
    files = {
        "shop-entry/Dockerfile": "FROM eclipse-temurin\n",
        "shop-entry/pom.xml": pom("shop-entry", "spring-boot-starter-web"),
        "deploy/compose.yml": compose,
    }
    example = {"deploy/.env.example": "FRONT_IMAGE=acme/shop-entry:1\n"}
    assert named({**files, **example}) == {"front"}
    assert named(files) == {"front", "shop-entry"}


def test_a_pod_of_a_system_that_waits_to_be_entered_is_no_program() -> None:
    waiting = '{name: box, image: "photon:3.0", command: [sh, -c, "while true; do sleep 30; done"]}'
    assert named({**PROGRAM, "k8s/box.yaml": pod("box", waiting)}) == {"orders"}
    at_work = '{name: box, image: "photon:3.0", command: [sh, -c, "serve --port 80"]}'
    assert named({**PROGRAM, "k8s/box.yaml": pod("box", at_work)}) == {"orders", "box"}


def test_a_server_of_pages_without_pages_is_no_program() -> None:
    empty = '{name: pages, image: "nginx:latest"}'
    assert named({**PROGRAM, "k8s/pages.yaml": pod("pages", empty)}) == {"orders"}
    given = '{name: pages, image: "nginx:latest", env: [{name: TO, value: "http://orders"}]}'
    assert named({**PROGRAM, "k8s/pages.yaml": pod("pages", given)}) == {"orders", "pages"}


def test_a_template_of_a_library_chart_names_nobody() -> None:
    template = """
        {{- define "common.deployment" -}}
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: "{{ .Values.name }}-deployment"
        spec:
          template:
            spec:
              containers:
              - name: "{{ .Values.name }}-container"
                image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        {{- end -}}
        """
    chart = {
        "charts/common/Chart.yaml": "apiVersion: v2\nname: common\nversion: 1.0.0\n",
        "charts/common/templates/deployment.yaml": template,
    }
    assert named({**PROGRAM, **chart}) == {"orders"}
