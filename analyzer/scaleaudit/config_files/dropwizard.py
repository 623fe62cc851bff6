"""Dropwizard's configuration, a YAML file of any name that the command names: `server orders.yml`.

Its sections are fields of the program's own class; those that Dropwizard's and its bundles' factories
read are told by what stands in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.flat_settings import flat
from scaleaudit.config_files.interpolation import COMPOSE, text_value
from scaleaudit.config_files.yaml_values import YamlMap
from scaleaudit.facts import SettingDefined
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "dropwizard"
PORTS = "file"  # as of a program's own making
MARKS = (
    ("server", {"applicationConnectors", "adminConnectors", "applicationContextPath", "connector"}),
    ("logging", {"appenders", "loggers"}),
)
DATA_SOURCE = {"driverClass", "url"}  # of DataSourceFactory
PORT = regex(r"server\.(?:applicationConnectors\[\d+\]|connector)\.port$")
# What stands in front of all paths, and of those of its resources.
IN_FRONT = ("server.applicationContextPath", "server.rootPath")
# Of the bundles for brokers and stores.
HOST = regex(r"(?i)^\w*rabbitmq\w*\.host$")


def dropwizard_facts(document: YamlMap) -> Iterator[SettingDefined]:
    """The port, the paths, the databases and the broker of one document; nothing of any other
    program's."""
    sections = {name: part for name, part in document.items() if isinstance(part, YamlMap)}
    stores = {f"{name}.url" for name, part in sections.items() if part.keys() >= DATA_SOURCE}
    if not stores and not any(marks & sections[n].keys() for n, marks in MARKS if n in sections):
        return
    for key, text, at in flat(document):
        if PORT.match(key):
            yield SettingDefined(at, key, text_value(text, COMPOSE, key), PORTS)
        elif key in stores or key in IN_FRONT or HOST.match(key):
            yield SettingDefined(at, f"{SOURCE}.{key}", text_value(text, COMPOSE, key), SOURCE)
