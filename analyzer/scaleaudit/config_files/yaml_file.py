"""Any other YAML file, told by its content: manifests, a compose file, what is monitored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import cloudformation, openapi
from scaleaudit.config_files.compose import bases, compose_facts, is_compose
from scaleaudit.config_files.dropwizard import dropwizard_facts
from scaleaudit.config_files.gateway_documents import gateway_facts
from scaleaudit.config_files.graphql_gateways import subgraph_facts
from scaleaudit.config_files.kubernetes import is_manifest, kubernetes_facts
from scaleaudit.config_files.kustomize import is_kustomization, kustomize_facts
from scaleaudit.config_files.monitoring import monitoring_facts
from scaleaudit.config_files.shipping import shipping_facts
from scaleaudit.config_files.skaffold import skaffold_facts
from scaleaudit.config_files.spring_documents import served_facts
from scaleaudit.config_files.yaml_documents import line_count, read_yaml
from scaleaudit.facts import FileFacts
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from scaleaudit.facts import Fact

_TEMPLATE = regex(rb"(?m)^[\"']?Resources[\"']?[ \t]*:")
# Of a text behind an end of line: with that to begin with, lines are searched at full speed.
_WORTH_PARSING = regex(
    rb"\n(?:(?:services|scrape_configs|datasources|exporters|metrics_generator|schema_config|spring|eureka|zuul"
    rb"|subgraphs|override_subgraph_url|sources|server|management|springdoc|database|dataSource\w*|logging)[ \t]*:"
    rb"|(?:static_resources|resources|clusters|_format_version|http|tcp|serviceEndpoints|endpoints"
    rb"|routes|upstreams)[ \t]*:"
    rb"|(?:spring|eureka|zuul|server|management|springdoc)\.[\w.-]+[ \t]*:"
    rb"|(?:clients?|sinks|pipeline|(?:output|elasticsearch|xpack|monitoring|\w+beat)[\w.-]*)[ \t]*:"
    rb"|[-{ \t]*[\"']?apiVersion[\"']?[ \t]*:)"
)


def extract(content: bytes) -> FileFacts:
    """A file without anything that deploys gives no fact and no problem, broken or not."""
    if b"AWS::" in content and _TEMPLATE.search(content):
        return cloudformation.extract(content)
    if (b"openapi" in content or b"swagger" in content) and openapi.MARK.search(content):
        return openapi.yaml_facts(content)
    if not _WORTH_PARSING.search(b"\n" + content):
        return FileFacts(lines=line_count(content))
    file = read_yaml(content)
    manifests = [document for document in file.maps if is_manifest(document)]
    built = [fact for document in manifests for fact in skaffold_facts(document)]
    plain = [document for document in manifests if not is_kustomization(document)]
    facts: list[Fact] = [*built, *kubernetes_facts(plain, "kubernetes")]
    for document in file.maps:
        if is_kustomization(document):
            facts.extend(kustomize_facts(document))
        elif is_compose(document):
            facts.extend(compose_facts(document))
        elif not is_manifest(document):
            facts.extend(bases(document))
            facts.extend(monitoring_facts(document))
            facts.extend(subgraph_facts(document))
            facts.extend(served_facts(document))
            facts.extend(dropwizard_facts(document))
            facts.extend(gateway_facts(document))
            facts.extend(shipping_facts(document))
    return FileFacts(tuple(facts), "", file.problem if facts or manifests else "", file.lines)
