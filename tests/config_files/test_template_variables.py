"""Variables of chart templates."""

from __future__ import annotations

import pytest

from scaleaudit.config_files import helm
from scaleaudit.config_files.template_variables import with_variables
from scaleaudit.facts import NetworkName

INGRESS = """\
{{- $fullName := include "shop.fullname" . -}}
{{- $port := .Values.service.port -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ $fullName }}
spec:
  rules:
    {{- range .Values.ingress.hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          {{- range .paths }}
          - path: {{ .path }}
            backend:
              service:
                name: {{ $fullName }}-web
                port:
                  number: {{ $port }}
          {{- end }}
    {{- end }}
"""


def test_the_ingress_that_helm_makes_names_its_service() -> None:
    names = [f for f in helm.extract(INGRESS.encode()).facts if isinstance(f, NetworkName)]
    assert [(f.name, f.at.line) for f in names] == [('{{include "shop.fullname"|shop}}-web', 17)]


def test_variables_of_variables() -> None:
    text = '{{ $a := "x" }}{{ $b := printf "%s-y" $a }}{{ $b }}'
    assert with_variables(text).endswith('{{ (printf "%s-y" ("x")) }}')


def test_what_changes_is_not_put_in() -> None:
    text = '{{ $a := "x" }}{{ $a = "y" }}{{ $a }}{{ range $i, $e := .Values.x }}{{ $e }}{{ end }}'
    assert with_variables(text) == text
    fields = "{{ $s := .Values.shop }}{{ $s.name }}{{ $sum }}"
    assert with_variables(fields) == fields


@pytest.mark.parametrize(
    "text",
    [
        "{{ $a := $a }}{{ $a }}" * 100,
        "{{ $a := $b $b }}{{ $b := $a $a }}" + "{{ $a $b }}" * 5_000,
        '{{ $a := "' * 20_000,
        "{{" * 50_000 + ":=",
        "".join(f"{{{{ $v{n} := 1 }}}}" for n in range(10_000)),
    ],
)
def test_hostile_templates_end(text: str) -> None:
    assert len(with_variables(text)) <= 4 * len(text)
