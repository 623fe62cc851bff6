"""The formats that say what runs where. Special names come first, any YAML file last."""

from __future__ import annotations

from scaleaudit.extractor import Extractor

_HERE = "scaleaudit.config_files"
_TEMPLATES = ("template", "tmpl", "tpl", "ctmpl", "erb", "j2", "jinja2", "in", "envsubst")

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
            "Dockerfile[-._A-Z]*",
            "dockerfile",
            "dockerfile[-._]*",
            "*.Dockerfile",
            "*.dockerfile",
            "Containerfile",
            "Containerfile[-._]*",
        ),
        "scaleaudit.config_files.dockerfile",
    ),
    Extractor(
        "serverless",
        ("serverless.yml", "serverless.yaml", "serverless[-._]*.y*ml"),
        "scaleaudit.config_files.serverless",
        needs=(b"functions", b"service"),
    ),
    Extractor("render", ("render.yaml", "render.yml"), "scaleaudit.config_files.render"),
    Extractor("heroku-app", ("app.json",), f"{_HERE}.heroku_app", needs=(b'"addons"',)),
    Extractor("procfile", ("Procfile", "Procfile.*"), "scaleaudit.config_files.procfile"),
    Extractor(
        "container-script",
        ("*.sh", "*.bash", "Makefile", "makefile", "*.mk", "justfile", "*.bat", "*.cmd", "*.ps1"),
        f"{_HERE}.container_scripts",
        needs=(
            b"docker run", b"podman run", b"container run", b"docker build", b"podman build",
            b"image build", b"--from-env-file",
            b"exec ", b"/apisix/admin/", b":8001/services", b":8001/upstreams",
        ),
    ),
    Extractor(
        "log-pipeline",
        (
            "logstash*.conf",
            "logstash*.config",
            "*logstash*/*.conf",
            "*logstash*/*.config",
            "pipeline/*.conf",
            "pipelines/*.conf",
            "fluent*.conf",
            "td-agent*.conf",
            "*fluent*/*.conf",
            "*.alloy",
            "*.river",
            "*alloy*.conf",
            "*alloy*.hcl",
            "alloy/*.hcl",
        ),
        "scaleaudit.config_files.log_shippers",
        needs=(b"=>", b"<match", b"[OUTPUT]", b"[output]", b"url", b"endpoint", b"__address__"),
    ),
    Extractor(
        "telegraf",
        ("telegraf*.conf", "telegraf*.toml", "*telegraf*/*.conf"),
        "scaleaudit.config_files.telegraf",
        needs=(b"[inputs.", b"[[inputs.", b"[[outputs.", b"[outputs."),
    ),
    Extractor(
        "openapi-json",
        ("openapi*.json", "swagger*.json", "*[-_.]openapi.json", "*/openapi/*.json"),
        "scaleaudit.config_files.openapi",
        needs=(b'"openapi"', b'"swagger"'),
    ),
    Extractor(
        "kafka-connector",
        (
            "*connector*.json", "*debezium*.json", "*debezium*/*.json", "*connectors*/*.json",
            "register-*.json", "*[-_]source.json", "*[-_]sink.json",
        ),
        "scaleaudit.config_files.kafka_connect",
        needs=(b"connector.class",),
    ),
    Extractor(
        "log-appenders",
        ("*logback*.xml", "*Logback*.xml", "*log4j*.xml"),
        "scaleaudit.config_files.log_appenders",
        needs=(b"ppender",),
    ),
    Extractor(
        "proxy",
        (
            *(f"*.conf{end}" for end in ("", *(f".{each}" for each in _TEMPLATES))),
            "*.ctmpl", "nginx.conf.*", "nginx.template", "nginx.tmpl", "*.nginx", "*.vhost",
            "haproxy*.cfg", "*haproxy.cfg", "haproxy/*.cfg", "haproxy*.cfg.*", ".htaccess", "sites-enabled/*", "sites-available/*",
            "nginx/*.template", "nginx/*.inc", "conf.d/*.template", "templates/*.conf.template",
            "nginx/*.", "proxy/*.", "conf.d/*.", "conf", "snippets/*.", "apache2/*.", "httpd/*.",
        ),
        f"{_HERE}.proxies",
        needs=(b"_pass", b"upstream", b"Proxy", b"proxy:", b"RewriteRule", b"Balancer", b"backend",
               b"listen ", b"forward_to"),
        others=((b"forward_to", f"{_HERE}.log_shippers"),),  # Alloy's, whatever the file is called
    ),
    Extractor(
        "caddy",
        ("Caddyfile", "Caddyfile.*", "*.Caddyfile", "*.caddyfile", "*.caddy"),
        f"{_HERE}.proxies",
        needs=(b"proxy", b"php_fastcgi"),
    ),
    Extractor(
        "gateway",
        (
            "krakend*.json", "*.krakend.json", "envoy*.json", "kong*.json", "apisix*.json",
            "*apisix*/*.json", "*apisix*/routes/*.json", "*apisix*/upstreams/*.json",
            "envoy*.yaml.*", "envoy*.yml.*", "kong*.yaml.*", "kong*.yml.*",
        ),
        f"{_HERE}.gateway_documents",
        needs=(b"backend", b"socket_address", b"_format_version", b"upstream"),
    ),
    Extractor(
        "traefik-toml",
        ("traefik*.toml", "dynamic*.toml", "traefik/*.toml", "rules.toml", "services.toml"),
        f"{_HERE}.traefik_toml",
        needs=(b"loadBalancer", b"backends"),
    ),
    Extractor(
        "tilt", ("Tiltfile", "*.Tiltfile"), f"{_HERE}.tilt", needs=(b"docker_build",)
    ),
    Extractor(
        "devspace",
        ("devspace.yaml", "devspace.yml"),
        f"{_HERE}.devspace",
        needs=(b"deployments:", b"images:"),
    ),
    Extractor(
        "bake", ("docker-bake*.hcl", "*.bake.hcl"), f"{_HERE}.docker_bake", needs=(b"target",)
    ),
    Extractor(
        "nomad",
        ("*.nomad", "*.nomad.hcl", "nomad/*.hcl", "jobs/*.hcl", "*.hcl"),
        f"{_HERE}.nomad",
        needs=(b"task \"",),
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
            b"AWS::",
            b"services",
            b"scrape_configs",
            b"datasources",
            b"exporters",
            b"metrics_generator",
            b"schema_config",
            b"openapi",
            b"swagger",
            b"spring",
            b"server:",
            b"server.port",
            b"management",
            b"eureka",
            b"zuul",
            b"socket_address",
            b"loadBalancer",
            b"_format_version",
            b"url_pattern",
            b"logstash",
            b"serviceEndpoints",
            b"upstream",
            b"elasticsearch",
            b"clients",
            b"sinks",
            b"outputs",
            b"subgraph",
            b"handler:",
            b"driverClass:",
            b"appenders:",
            b"databaseChangeLog:",
        ),
        others=((b"databaseChangeLog:", "scaleaudit.config_files.liquibase_yaml"),),
    ),
)  # fmt: skip
