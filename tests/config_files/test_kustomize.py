"""Kustomize: bases, overlays, patches and generators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import kustomize, yaml_file
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import EnvEntry, FilesIncluded, SettingDefined, WorkloadPatched
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts


def test_a_kustomization(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
resources:
  - ../base
  - redis.yaml
components: [../components/tls]
namePrefix: prod-
patchesStrategicMerge:
  - replicas.yaml
  - |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 4
patches:
  - path: more.yaml
  - target: {kind: Deployment, name: orders}
    patch: |
      - op: replace
        path: /spec/replicas
        value: 7
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value: {name: STOCK_URL, value: "http://stock:3000"}
      - op: replace
        path: /spec/template/spec/containers/0/image
        value: shop/orders:2
  - target: {kind: Service, name: orders}
    patch: "- {op: remove, path: /spec/type}"
images:
  - name: shop/web
    newName: registry.io/web
    newTag: "1.2"
  - {name: redis, digest: sha256:abc}
replicas:
  - {name: cart, count: 3}
configMapGenerator:
  - name: common
    literals: [LOG=info, "API_TOKEN=hunter2", nothing]
    files: [app.properties]
secretGenerator:
  - name: keys
    literals: [db=hunter2]
"""
    found = stored(kustomize.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        FilesIncluded(Span(1), ("../base", "redis.yaml"), "kustomize"),
        FilesIncluded(Span(4), ("../components/tls",), "kustomize-component"),
        WorkloadPatched(Span(12), "web", replicas=4),
        WorkloadPatched(
            Span(18),
            "orders",
            replicas=7,
            image=Literal("shop/orders:2"),
            environment=(EnvEntry("STOCK_URL", Literal("http://stock:3000"), Span(22)),),
        ),
        FilesIncluded(Span(7, 5), ("replicas.yaml", "more.yaml"), "kustomize-patch"),
        WorkloadPatched(Span(31, 5), "shop/web", image=Literal("registry.io/web:1.2")),
        WorkloadPatched(Span(34, 5), "redis", image=Literal("redis@sha256:abc")),
        WorkloadPatched(Span(36, 5), "cart", replicas=3),
        SettingDefined(Span(39, 16), "LOG", Literal("info"), "configmap", group="common"),
        SettingDefined(Span(39, 26), "API_TOKEN", SECRET, "configmap", group="common"),
        SettingDefined(Span(43, 16), "db", SECRET, "secret", group="keys"),
    )


def test_an_old_one_with_bases(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
bases: [../../base, "https://github.com/a/b//c?ref=1"]
resources: {}
images: [text]
patches: none
"""
    found = stored(kustomize.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        FilesIncluded(Span(1), ("../../base", "https://github.com/a/b//c?ref=1"), "kustomize"),
    )


def test_what_is_no_kustomization_inside_other_yaml(
    stored: Callable[[FileFacts], FileFacts],
) -> None:
    text = """\
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec: {template: {spec: {containers: [{name: w, env: [{name: DB_HOST, value: db}, {name: OLD, $patch: delete}]}]}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux}
spec: {path: ./apps}
"""
    found = stored(yaml_file.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        FilesIncluded(Span(1), (), "kustomize-optional"),
        WorkloadPatched(Span(7), "web", environment=(EnvEntry("DB_HOST", Literal("db"), Span(8)),)),
    )
