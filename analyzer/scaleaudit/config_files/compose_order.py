"""What Compose services wait for before they start."""

from __future__ import annotations

from scaleaudit.config_files.yaml_values import YamlMap, as_map, as_text

ENDED = "service_completed_successfully"


def run_before_others(services: YamlMap) -> set[str]:
    """Names of services that others wait for to end: each is a step, not a server."""
    return {
        name
        for service in services.values()
        for name, how in as_map(as_map(service).get("depends_on")).items()
        if as_text(as_map(how).get("condition")) == ENDED
    }
