"""Helm charts: the chart, its values, its templates and what they define."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import helm, helm_chart, helm_values
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import (
    EnvEntry,
    FilesIncluded,
    NetworkName,
    PackageDeclared,
    SettingDefined,
    WorkloadDeclared,
)
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts


def test_the_chart(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
apiVersion: v2
name: shop
dependencies:
  - name: postgresql
    version: 12.1.0
    repository: https://charts.bitnami.com/bitnami
  - name: common
    repository: file://../common
  - version: 1
"""
    found = stored(helm_chart.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PackageDeclared(
            Span(2), "shop", "helm", dependencies=(("postgresql", "12.1.0"), ("common", ""))
        ),
        FilesIncluded(Span(8, 5), ("../common",), "helm-dependency"),
    )


def test_no_chart(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
nothing: here
dependencies: text
"""
    found = stored(helm_chart.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == ()


def test_values_are_flat(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
image:
  repository: shop/web
  tag: ""
env:
  - name: STOCK_URL
    value: http://stock
db:
  password: hunter2
  existingSecret:
url: "http://{{ .Release.Name }}-api"
"""
    found = stored(helm_values.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        SettingDefined(Span(2, 3), ".Values.image.repository", Literal("shop/web"), "helm-values"),
        SettingDefined(Span(3, 3), ".Values.image.tag", Literal(""), "helm-values"),
        SettingDefined(Span(5, 5), ".Values.env[0].name", Literal("STOCK_URL"), "helm-values"),
        SettingDefined(Span(6, 5), ".Values.env[0].value", Literal("http://stock"), "helm-values"),
        SettingDefined(Span(8, 3), ".Values.db.password", SECRET, "helm-values"),
        SettingDefined(Span(9, 3), ".Values.db.existingSecret", Literal(""), "helm-values"),
        SettingDefined(
            Span(10),
            ".Values.url",
            Join((Literal("http://"), Setting(".Release.Name"), Literal("-api"))),
            "helm-values",
        ),
    )


def test_a_template(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}-web
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  template:
    metadata:
      labels:
        app: {{ .Chart.Name }}
    spec:
      containers:
        - name: web
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          envFrom:
            - configMapRef:
                name: {{ .Release.Name }}-env
          env:
            - name: REDIS_HOST
              value: {{ template "shop.redis.host" . }}
            - name: ADMIN_PASSWORD
              value: {{ .Values.admin.password | default "hunter2" | quote }}
            {{- range $key, $value := .Values.extra }}
            - name: {{ $key }}
              value: {{ $value }}
            {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .Values.service.name | default "web" }}
spec:
  type: {{ .Values.service.type }}
  selector:
    app: {{ .Chart.Name }}
{{- end }}
"""
    found = stored(helm.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        WorkloadDeclared(
            Span(5, 3),
            '{{include "shop.fullname"|shop}}-web',
            "helm",
            image=Join(
                (
                    Setting(".Values.image.repository"),
                    Literal(":"),
                    Setting(".Values.image.tag", Setting(".Chart.AppVersion")),
                )
            ),
            environment=(
                EnvEntry("REDIS_HOST", Setting('include "shop.redis.host"'), Span(24, 15)),
                EnvEntry("ADMIN_PASSWORD", Setting(".Values.admin.password", SECRET), Span(26, 15)),
                EnvEntry("*.Values.extra", Unknown(), Span(28, 15)),
                EnvEntry("{}", Unknown("$value"), Span(29, 15)),
            ),
            env_from=("{{.Release.Name}}-env",),
            labels=(("app", "{{.Chart.Name}}"),),
        ),
        NetworkName(
            Span(36, 3), "{{.Values.service.name|web}}", selector=(("app", "{{.Chart.Name}}"),)
        ),
    )


def test_definitions(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
{{/* helpers */}}
{{- define "shop.redis.fullname" -}}
{{- printf "%s-%s" .Release.Name "redis" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "shop.redis.host" -}}
{{- if .Values.redis.enabled }}
{{- printf "%s-master" (include "shop.redis.fullname" .) -}}
{{- else }}
{{- required "say where" .Values.redis.hostname -}}
{{- end }}
{{- end }}
{{- define "shop.off" }}{{ if not .Values.on }}off{{ end }}{{ end }}
{{- define "shop.labels" -}}
app: {{ .Chart.Name }}
tier: back
{{- end }}
{{- define "shop.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name }}
{{- end }}
{{- end }}
{{- end }}
{{- define "shop.password" }}hunter2{{ end }}
{{- define "shop.many" }}{{ if .Values.a }}a{{ else if .Values.b }}b{{ else }}c{{ end }}{{ end }}
{{- define "shop.open" }}never ends
"""
    found = stored(helm.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        SettingDefined(
            Span(2),
            'include "shop.redis.fullname"',
            Join((Setting(".Release.Name"), Literal("-redis"))),
            "helm-template",
        ),
        SettingDefined(
            Span(6),
            'include "shop.redis.host"',
            Join(
                (
                    Setting('include "shop.redis.fullname"', Literal("shop-redis")),
                    Literal("-master"),
                )
            ),
            "helm-template",
            group=".Values.redis.enabled",
        ),
        SettingDefined(
            Span(6),
            'include "shop.redis.host"',
            Setting(".Values.redis.hostname"),
            "helm-template",
            group="!.Values.redis.enabled",
        ),
        SettingDefined(
            Span(13), 'include "shop.off"', Literal("off"), "helm-template", group="!.Values.on"
        ),
        SettingDefined(
            Span(18),
            'include "shop.fullname"',
            Setting(".Values.fullnameOverride"),
            "helm-template",
            group=".Values.fullnameOverride",
        ),
        SettingDefined(Span(30), 'include "shop.password"', SECRET, "helm-template"),
        SettingDefined(
            Span(31), 'include "shop.many"', Literal("a"), "helm-template", group=".Values.a"
        ),
    )


def test_templates_of_other_tools(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
services:
  {{ name }}:
    image: "{{ image }}"
"""
    found = stored(helm.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == ()
