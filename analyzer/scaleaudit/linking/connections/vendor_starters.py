"""Models of other companies that a library on the class path asks: Spring AI, LangChain4j.

The code only declares an interface or takes a builder that the library hands out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.external_systems import SYSTEMS, system_at
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.addresses import parse_addresses
from scaleaudit.linking.connections.packaged import packaged
from scaleaudit.regex import regex
from scaleaudit.values import Setting

if TYPE_CHECKING:
    from scaleaudit.external_systems import System
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.source import Location

STARTER = regex(
    r"(?:^|:)(?:spring-ai-(?:starter-model-)?([\w-]+?)(?:-spring-boot-starter)?"
    r"|quarkus-langchain4j-([\w-]+)|langchain4j-([\w-]+?)-spring-boot-starter)$"
)
# What the artifacts call a vendor -> its name in the table of systems.
VENDORS = {
    "openai": "openai", "open-ai": "openai", "azure-openai": "azure-openai",
    "azure-open-ai": "azure-openai", "anthropic": "anthropic", "mistral": "mistral",
    "mistral-ai": "mistral",
}  # fmt: skip
# Where its address is set, with the vendor as the artifact has it.
BASE_URLS = (
    "spring.ai.{}.base-url",
    "quarkus.langchain4j.{}.base-url",
    "langchain4j.{}.chat-model.base-url",
)


def add_vendor_starters(connections: Connections) -> None:
    """An edge from each service with the library of one vendor; of several, one is chosen later."""
    known = {system.name: system for system in SYSTEMS}
    for speaker, at in packaged(connections):
        words = {
            word: name
            for name in connections.components.dependencies_of(speaker)
            for found in (STARTER.search(name),)
            if found is not None
            for word in found.groups()
            if word in VENDORS and VENDORS[word] in known
        }
        if len({VENDORS[word] for word in words}) != 1:
            continue
        word, name = next(iter(words.items()))
        system = known[VENDORS[word]]
        if not _elsewhere(connections, speaker, word, system, at):
            target = connections.targets.system(system, system.name)
            note = f"{name.rpartition(':')[2]} asks its models for {speaker.name}"
            connections.connect(
                speaker, target, (Evidence(at, note, Step.DEPENDENCY),), Confidence.MEDIUM
            )


def _elsewhere(
    connections: Connections, speaker: Component, word: str, system: System, at: Location
) -> bool:
    """A setting leads to another server of the same interface."""
    for form in BASE_URLS:
        found = connections.resolver.resolve(Setting(form.format(word)), at.path, speaker)
        for address in parse_addresses(found.text) if found.known else ():
            if address.host and system_at(address.host) is not system:
                return True
    return False
