"""`server.xml` of Liberty: where its one application stands, the port, and its data sources.

Variables are settings of the same name, which the environment may give another value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.placeholders import spring_value
from scaleaudit.config_files.reading import NotUnderstoodError, lines_in
from scaleaudit.config_files.secret_values import without_secrets
from scaleaudit.config_files.xml_elements import xml_root
from scaleaudit.facts import FileFacts, SettingDefined
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.xml_elements import Element

SOURCE = "liberty"
PORTS = "file"  # as of a program's own making
APPLICATIONS = ("webApplication", "application", "enterpriseApplication")
IN_FRONT = ("contextRoot", "context-root")
# The elements that hold the properties of a driver, by the scheme of its addresses.
DRIVERS = {
    "properties.postgresql": "postgresql", "properties.db2.jcc": "db2", "properties.mysql": "mysql",
    "properties.microsoft.sqlserver": "sqlserver", "properties.datadirect.sqlserver": "sqlserver",
    "properties.oracle": "oracle",
}  # fmt: skip
MAX_SETTINGS = 500


def extract(content: bytes) -> FileFacts:
    try:
        server = xml_root(content, "server")
    except NotUnderstoodError as error:
        return FileFacts(problem=str(error), lines=lines_in(content))
    return FileFacts(tuple(_settings(server))[:MAX_SETTINGS], lines=lines_in(content))


def _settings(server: Element) -> Iterator[SettingDefined]:
    for variable in server.all("variable"):
        name = variable.attributes.get("name", "")
        given = variable.attributes.get("value") or variable.attributes.get("defaultValue", "")
        if name and given:
            yield _setting(variable, name, given)
    applications = [each for tag in APPLICATIONS for each in server.all(tag)]
    for each in applications if len(applications) == 1 else ():
        for name in IN_FRONT:
            if each.attributes.get(name):
                yield _setting(each, f"{SOURCE}.contextRoot", each.attributes[name])
    for endpoint in server.all("httpEndpoint"):
        port = endpoint.attributes.get("httpPort", "")
        if port:
            yield _setting(endpoint, "http.port", port, PORTS)
    for source in server.all("dataSource"):
        yield from _data_source(source)


def _data_source(source: Element) -> Iterator[SettingDefined]:
    name = source.attributes.get("id") or source.attributes.get("jndiName", "")
    for child in source.children:
        written = child.attributes.get("URL") or child.attributes.get("url", "")
        host, driver = child.attributes.get("serverName", ""), DRIVERS.get(child.tag)
        if child.tag.startswith("properties") and not written and host and driver:
            port = child.attributes.get("portNumber", "")
            database = child.attributes.get("databaseName", "")
            written = f"jdbc:{driver}://{host}{':' if port else ''}{port}/{database}"
        if written:
            yield _setting(child, f"{SOURCE}.dataSource.{name}.url", written)


def _setting(at: Element, key: str, text: str, source: str = SOURCE) -> SettingDefined:
    value = spring_value(text.replace("${env.", "${"))
    return SettingDefined(Span(at.line), key, without_secrets(key, value), source)
