"""Kubernetes manifests to facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaleaudit.config_files import dapr, yaml_file
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import (
    EnvEntry,
    NetworkName,
    SettingDefined,
    WorkloadDeclared,
    WorkloadPatched,
)
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts


def test_a_deployment_with_all_it_says(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  namespace: shop
spec:
  replicas: 3
  template:
    metadata:
      labels: {app: orders, tier: back}
    spec:
      containers:
        - name: orders
          image: registry.io/shop/orders:1.2
          command: ["gunicorn", "orders.wsgi"]
          args: ["--bind", "0.0.0.0:$(PORT)"]
          ports:
            - containerPort: 8000
            - containerPort: 9090
          envFrom:
            - configMapRef: {name: common}
            - secretRef: {name: keys}
          env:
            - name: PORT
              value: "8000"
            - name: DATABASE_URL
              value: postgres://app:hunter2@db:5432/orders
            - name: STRIPE_TOKEN
              value: hunter2
            - name: REDIS_HOST
              valueFrom: {configMapKeyRef: {name: common, key: redis}}
            - name: DB_PASSWORD
              valueFrom: {secretKeyRef: {name: keys, key: db}}
            - name: POD
              valueFrom: {fieldRef: {fieldPath: metadata.name}}
          volumeMounts:
            - {name: media, mountPath: /media}
            - {name: tmp, mountPath: /tmp}
            - {name: conf, mountPath: /conf}
        - name: sidecar
          image: envoy
      volumes:
        - name: media
          persistentVolumeClaim: {claimName: media}
        - name: tmp
          emptyDir: {}
        - name: conf
          configMap: {name: common}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: media}
spec:
  accessModes: [ReadWriteMany]
"""
    found = stored(yaml_file.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        WorkloadDeclared(
            Span(4, 3),
            "orders",
            "kubernetes",
            image=Literal("registry.io/shop/orders:1.2"),
            command=(
                Literal("gunicorn"),
                Literal("orders.wsgi"),
                Literal("--bind"),
                Join((Literal("0.0.0.0:"), Setting("PORT"))),
            ),
            environment=(
                EnvEntry("PORT", Literal("8000"), Span(24, 15)),
                EnvEntry(
                    "DATABASE_URL", Literal("postgres://app:***@db:5432/orders"), Span(26, 15)
                ),
                EnvEntry("STRIPE_TOKEN", SECRET, Span(28, 15)),
                EnvEntry("REDIS_HOST", Setting("configmap:common/redis"), Span(30, 15)),
                EnvEntry("DB_PASSWORD", Setting("secret:keys/db"), Span(32, 15)),
                EnvEntry("POD", Unknown("metadata.name"), Span(34, 15)),
            ),
            env_from=("common", "keys"),
            ports=("8000", "9090"),
            replicas=3,
            volumes=("media:/media", "/tmp"),
            shared_volumes=True,
            labels=(("app", "orders"), ("tier", "back")),
            namespace="shop",
            mounted=("common",),
        ),
    )


def test_services_and_routes(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
apiVersion: v1
kind: Service
metadata:
  name: orders-api
spec:
  type: LoadBalancer
  sessionAffinity: ClientIP
  selector: {app: orders}
  ports:
    - port: 80
      targetPort: 8000
---
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: old}
spec: {type: ExternalName, externalName: legacy.example.org}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules:
    - http:
        paths:
          - path: /
            backend: {service: {name: web, port: {number: 80}}}
"""
    found = stored(yaml_file.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        NetworkName(
            Span(4, 3),
            "orders-api",
            selector=(("app", "orders"),),
            ports=("80",),
            sticky=True,
            published=True,
        ),
        NetworkName(Span(15, 12), "legacy", external_name="legacy.example.org", namespace="old"),
        NetworkName(Span(26, 33), "web", ports=("80",), published=True, asked=(("", "/"),)),
    )


def test_a_headless_service_pins_nobody() -> None:
    text = b"""\
apiVersion: v1
kind: Service
metadata: {name: members}
spec: {clusterIP: None, sessionAffinity: ClientIP, selector: {app: members}}
"""
    (service,) = yaml_file.extract(text).facts
    assert isinstance(service, NetworkName)
    assert not service.sticky


@pytest.mark.parametrize(
    ("policy", "kind"), [("Never", "job"), ("OnFailure", "job"), ("Always", "service")]
)
def test_a_pod_that_ends_is_a_job(policy: str, kind: str) -> None:
    text = f"""\
apiVersion: v1
kind: Pod
metadata: {{name: wait-for-cache, annotations: {{"helm.sh/hook": post-install}}}}
spec: {{restartPolicy: {policy}, containers: [{{name: w, image: python}}]}}
"""
    (pod,) = yaml_file.extract(text.encode()).facts
    assert isinstance(pod, WorkloadDeclared)
    assert pod.kind == kind


def test_jobs_and_autoscalers(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          containers: [{name: n, image: shop/nightly}]
---
apiVersion: batch/v1
kind: Job
metadata: {generateName: migrate-}
spec: {template: {spec: {containers: [{image: shop/web, args: [migrate]}]}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: orders}
spec:
  scaleTargetRef: {kind: Deployment, name: orders}
  minReplicas: 2
  maxReplicas: 9
"""
    found = stored(yaml_file.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        WorkloadDeclared(
            Span(3, 12), "nightly", "kubernetes", kind="cron", image=Literal("shop/nightly")
        ),
        WorkloadDeclared(
            Span(13),
            "migrate",
            "kubernetes",
            kind="job",
            image=Literal("shop/web"),
            command=(Literal("migrate"),),
        ),
        WorkloadPatched(Span(23, 3), "orders", replicas=9),
    )


def test_config_maps_and_secrets(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: common}
data:
  redis: cache:6379
  API_TOKEN: hunter2
  app.properties: |
    stock.url=http://stock:3000
    db.password=hunter2
  application.yml: |
    spring:
      datasource:
        url: jdbc:postgresql://db/shop
  nginx.conf: |
    worker_processes 1;
    events {}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {db: hunter2}
data: {token: aHVudGVyMg==}
"""
    found = stored(yaml_file.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        SettingDefined(Span(5, 3), "redis", Literal("cache:6379"), "configmap", group="common"),
        SettingDefined(Span(6, 3), "API_TOKEN", SECRET, "configmap", group="common"),
        SettingDefined(
            Span(8),
            "stock.url",
            Literal("http://stock:3000"),
            "configmap",
            "common",
            "app.properties",
        ),
        SettingDefined(Span(9), "db.password", SECRET, "configmap", "common", "app.properties"),
        SettingDefined(
            Span(13),
            "spring.datasource.url",
            Literal("jdbc:postgresql://db/shop"),
            "configmap",
            group="common",
            file="application.yml",
        ),
        SettingDefined(
            Span(14, 15), "nginx.conf", Unknown("a file of 2 lines"), "configmap", group="common"
        ),
        SettingDefined(Span(22, 8), "token", SECRET, "secret", group="keys"),
        SettingDefined(Span(21, 14), "db", SECRET, "secret", group="keys"),
    )


def test_a_list_of_manifests_and_what_is_no_manifest(
    stored: Callable[[FileFacts], FileFacts],
) -> None:
    text = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: one}
    spec: {hostNetwork: true, containers: [{image: redis}]}
  - kind: Pod
  - text
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: patch-only}
spec: {replicas: 5}
---
just: settings
"""
    found = stored(yaml_file.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        WorkloadDeclared(Span(6, 16), "one", "kubernetes", image=Literal("redis"), published=True),
        WorkloadPatched(Span(13, 12), "patch-only", replicas=5),
    )


def test_a_broken_line_costs_one_line(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  bad: "unclosed
spec:
  replicas: 2
  template:
    spec:
      containers:
        - image: shop/web
"""
    found = stored(yaml_file.extract(text.encode()))
    assert found.problem == "line 5: found unexpected end of stream"
    assert found.facts == (
        WorkloadDeclared(Span(4, 3), "web", "kubernetes", image=Literal("shop/web"), replicas=2),
    )


def test_what_dapr_opens_for_whom_is_bounded_and_may_be_anything() -> None:
    component = (
        "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: bus}\nspec:\n"
        "  type: pubsub.redis\n  metadata: [{name: redisHost, value: 'redis:6379'}]\nscopes:"
    )
    many = component + "".join(f"\n- app{number}" for number in range(1_000))
    assert len(yaml_file.extract(many.encode()).facts) == dapr.MAX_SCOPES + 1
    for scopes in ("{a: b}", "[[a], {b: c}, 1]", "&a [*a]", "a"):
        found = yaml_file.extract(f"{component} {scopes}".encode())
        assert len(found.facts) <= 2
    for tracing in ("[1]", "{zipkin: [1], otel: {endpointAddress: {a: b}}}", "text", "{zipkin: }"):
        text = f"apiVersion: dapr.io/v1\nkind: Configuration\nmetadata: {{name: a}}\nspec: {{tracing: {tracing}}}"
        assert not yaml_file.extract(text.encode()).facts
