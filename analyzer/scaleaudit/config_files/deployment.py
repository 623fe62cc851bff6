"""The formats that say what runs where. Special names come first, any YAML file last."""

from __future__ import annotations

from scaleaudit.extractor import Extractor

DEPLOYMENT: tuple[Extractor, ...] = (
    Extractor(
        "compose",
        (
            "docker-compose*.y*ml",
            "docker_compose*.y*ml",
            "compose.y*ml",
            "compose[-._]*.y*ml",
            "*[-._]compose.y*ml",
            "podman-compose*.y*ml",
        ),
        "scaleaudit.config_files.compose",
    ),
    Extractor(
        "dockerfile",
        (
            "Dockerfile",
            "Dockerfile[-._]*",
            "dockerfile",
            "*.Dockerfile",
            "*.dockerfile",
            "Containerfile",
            "Containerfile[-._]*",
        ),
        "scaleaudit.config_files.dockerfile",
    ),
    Extractor("procfile", ("Procfile", "Procfile.*"), "scaleaudit.config_files.procfile"),
    Extractor(
        "nginx",
        (
            "nginx.conf",
            "nginx*.conf",
            "*nginx.conf",
            "*.nginx",
            "nginx.conf.*",
            "default.conf",
            "default.conf.template",
            "nginx/*.conf",
            "nginx/*.template",
            "conf.d/*.conf",
            "conf.d/*.template",
            "sites-enabled/*",
            "sites-available/*",
        ),
        "scaleaudit.config_files.proxies",
        needs=(b"_pass",),
    ),
    Extractor(
        "caddy",
        ("Caddyfile", "Caddyfile.*", "*.Caddyfile", "*.caddyfile", "*.caddy"),
        "scaleaudit.config_files.proxies",
        needs=(b"reverse_proxy", b"php_fastcgi"),
    ),
    Extractor(
        "kustomize",
        ("kustomization.yaml", "kustomization.yml", "Kustomization"),
        "scaleaudit.config_files.kustomize",
    ),
    Extractor(
        "hasura",
        (
            "metadata/remote_schemas.yaml",
            "metadata/actions.yaml",
            "metadata/databases/*/tables/*.yaml",
        ),
        "scaleaudit.config_files.graphql_gateways",
        needs=(b"definition:", b"webhook"),
    ),
    Extractor("helm-chart", ("Chart.yaml",), "scaleaudit.config_files.helm_chart"),
    Extractor(
        "helm-values",
        ("values.yaml", "values.yml", "values[-._]*.y*ml", "*[-._]values.y*ml"),
        "scaleaudit.config_files.helm_values",
    ),
    Extractor(
        "helm",
        ("templates/*.yaml", "templates/*.yml", "templates/*.tpl"),
        "scaleaudit.config_files.helm",
        needs=(b"apiVersion", b"services:", b"define"),
    ),
    Extractor(
        "yaml",
        ("*.yaml", "*.yml"),
        "scaleaudit.config_files.yaml_file",
        needs=(
            b"apiVersion",
            b"services",
            b"scrape_configs",
            b"datasources",
            b"exporters",
            b"spring",
            b"eureka",
            b"zuul",
            b"subgraph",
            b"handler:",
        ),
    ),
)
