"""What DevSpace builds and runs."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind, NodeKind
from scaleaudit.config_files import devspace

FILE = """
    version: v2beta1
    name: shop
    vars:
      IMAGE: registry.example.io/acme/storefront
    images:
      stock:
        image: ${IMAGE}
        dockerfile: ./build/Dockerfile
        context: ./
    deployments:
      db:
        helm:
          chart: {name: component-chart, repo: "https://charts.devspace.sh"}
          values:
            containers: [{image: "postgres:14"}]
            service: {ports: [{port: 5432}]}
      stock:
        helm:
          chart: {name: component-chart}
          values:
            labels: {app: stock}
            containers:
              - image: ${IMAGE}
                env: [{name: DATABASE_URL, value: "postgres://db:5432/stock"}]
              - image: acme/sidecar
      others:
        helm: {chart: {name: redis, repo: "https://charts.example.io"}}
      settings:
        kubectl: {manifests: [settings.yaml]}
    """


def test_workloads_of_its_chart_and_the_images_that_it_builds() -> None:
    files = {
        "stock/devspace.yaml": FILE,
        "stock/build/Dockerfile": "FROM node:22\nCOPY . .\n",
        "stock/package.json": '{"name": "web", "dependencies": {"express": "4"}}',
    }
    found = architecture(files)
    stock = found.node("service:stock")
    assert (stock.path, stock.first_party) == ("stock", True)
    assert [node.technology for node in found.nodes(NodeKind.DATABASE)] == ["postgresql"]
    edges = {(e.source, e.target) for e in found.edges(EdgeKind.USES)}
    assert edges == {("service:stock", "database:db")}
    assert len(found.nodes(NodeKind.SERVICE)) == 1


def test_a_file_that_is_none() -> None:
    for text in (
        b"",
        b"deployments: [1, 2]\n",
        b"vars: {A: '${A}'}\ndeployments: {x: {helm: 3}}\n",
    ):
        assert devspace.extract(text).facts == ()
