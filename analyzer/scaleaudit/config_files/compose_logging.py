"""Where Docker sends the lines that a container writes: `logging:` of a compose service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.interpolation import COMPOSE, text_value
from scaleaudit.config_files.yaml_values import Text, YamlMap, as_map, as_text
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from scaleaudit.values import Value

# Driver -> the option that holds the address, and what it is when nothing is said.
DRIVERS: dict[str, tuple[str, str]] = {
    "syslog": ("syslog-address", ""),
    "gelf": ("gelf-address", ""),
    "fluentd": ("fluentd-address", "tcp://localhost:24224"),
    "splunk": ("splunk-url", ""),
    "loki": ("loki-url", ""),
    "grafana/loki-docker-driver": ("loki-url", ""),
}


def log_target(service: YamlMap) -> Value | None:
    """The address with a scheme; None for logs that stay on the machine.

    The first format of compose files has `log_driver` and `log_opt`.
    """
    logging = as_map(service.get("logging"))
    driver = as_text(logging.get("driver")) or as_text(service.get("log_driver"))
    option, otherwise = DRIVERS.get(driver.partition(":")[0], ("", ""))
    options = as_map(logging.get("options")) or as_map(service.get("log_opt"))
    written = options.get(option) if option else None
    text = str(written) if isinstance(written, Text) else otherwise
    if not text:
        return None
    value = text_value(text if "://" in text else f"tcp://{text}", COMPOSE, option)
    return None if value == Literal("") else value
