"""Liquibase changelogs in YAML: the same changes as in XML, each map an element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import yaml_file
from scaleaudit.config_files.liquibase import changes_of
from scaleaudit.config_files.liquibase_lists import listed_in
from scaleaudit.config_files.xml_elements import Element
from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import Text, YamlList, YamlMap
from scaleaudit.facts import FileFacts, written_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.yaml_values import YamlValue

MAX_DEPTH = 12


def extract(content: bytes) -> FileFacts:
    """A file of that name which is no changelog is any YAML file."""
    if b"databaseChangeLog" not in content:
        return yaml_file.extract(content)
    read = read_yaml(content)
    entries = [
        element
        for document in read.documents
        if isinstance(document, YamlMap)
        for element in elements(document.get("databaseChangeLog"), 0)
    ]
    change_sets = [element for element in entries if element.tag == "changeSet"]
    for change_set in change_sets:  # the changes stand one level deeper than in XML
        change_set.children = [inner for each in change_set.children if each.tag == "changes" for inner in each.children]  # fmt: skip
    facts = (*written_with("liquibase-yaml", changes_of(change_sets)), *listed_in(entries))
    return FileFacts(facts, problem=read.problem, lines=read.lines)


def elements(value: YamlValue, depth: int) -> Iterator[Element]:
    """The entries of a list of maps with one key each, or of a map."""
    if depth > MAX_DEPTH:
        return
    maps = [value] if isinstance(value, YamlMap) else value if isinstance(value, YamlList) else []
    for each in maps:
        if isinstance(each, YamlMap):
            for tag, inner in each.items():
                yield element(str(tag), inner, each.place(tag).line, depth)


def element(tag: str, value: YamlValue, line: int, depth: int) -> Element:
    """Texts are attributes; lists of columns stand in the element itself, as in XML."""
    found = Element(tag, line, {})
    if isinstance(value, Text):
        found.text = str(value)
    elif isinstance(value, YamlList):
        found.children = list(elements(value, depth + 1))
    elif isinstance(value, YamlMap):
        for key, inner in value.items():
            if isinstance(inner, Text):
                found.attributes[str(key)] = str(inner)
                found.text = found.text or (str(inner) if key == "sql" else "")
            elif key in ("columns", "where"):
                found.children.extend(elements(inner, depth + 1))
            elif inner is not None:
                found.children.append(element(str(key), inner, value.place(key).line, depth + 1))
    return found
