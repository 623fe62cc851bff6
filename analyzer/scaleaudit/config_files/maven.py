"""`pom.xml`: a Maven module. Names are artifact ids; dependencies and parent `group:artifact`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import NotUnderstoodError, lines_in
from scaleaudit.config_files.xml_elements import xml_root
from scaleaudit.facts import CONTRACT, FileFacts, PackageDeclared, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.xml_elements import Element
    from scaleaudit.facts import Fact

MAX_ROUNDS = 5  # of properties that name properties
MAX_TEXT = 1_000  # characters of one substituted text

# Plugins that make something that runs out of a module.
RUNNABLE_PLUGINS = frozenset({
    "spring-boot-maven-plugin", "jib-maven-plugin", "quarkus-maven-plugin",
    "micronaut-maven-plugin", "helidon-maven-plugin", "wildfly-maven-plugin",
    "wildfly-jar-maven-plugin", "liberty-maven-plugin", "payara-micro-maven-plugin",
    "vertx-maven-plugin", "thorntail-maven-plugin", "appassembler-maven-plugin",
    "jetty-maven-plugin", "tomcat7-maven-plugin", "native-maven-plugin",
})  # fmt: skip
# Where a plugin is told how the image is called that it makes.
IMAGES = {"jib-maven-plugin": ("to", "image"), "spring-boot-maven-plugin": ("image", "name")}
RUNNABLE_PACKAGING = frozenset({"war", "ear", "jib", "quarkus"})
# Other plugins do so when they are told which class to start.
MAIN_CLASS_PLUGINS = frozenset({
    "maven-shade-plugin", "maven-jar-plugin", "maven-assembly-plugin", "exec-maven-plugin",
})  # fmt: skip
# Words for the class to start, as properties that a parent's plugin asks for, and in a manifest.
MAIN_PROPERTY = regex(r"(?i)(?:vertx|main)[._-]?verticle")
MAIN_ENTRIES = ("Main-Class", "Main-Verticle")
CONTRACT_PLUGIN = "openapi-generator-maven-plugin"
BASE_DIRECTORY = ("basedir", "project.basedir", "pom.basedir")
# Keys of settings among the properties of a build.
SETTING = regex(
    r"(?:spring|eureka|quarkus)\.(?!version)[\w.-]*\.[\w-]*(?:url|uri|host|[zZ]one|addresses|servers)$"
)
MAX_FILTERED = 200  # properties of one profile
_PROPERTY = regex(r"\$\{([^${}]+)\}")


def extract(content: bytes) -> FileFacts:
    try:
        project = xml_root(content, "project")
        facts: tuple[Fact, ...] = (_module(project), *_contracts(project), *_filtered(project))
    except NotUnderstoodError as error:
        return FileFacts(problem=str(error), lines=lines_in(content))
    return FileFacts(facts, lines=lines_in(content))


def _contracts(project: Element) -> Iterator[SettingDefined]:
    """The OpenAPI documents that code is generated from, with the generator as key."""
    properties = _properties(project) | dict.fromkeys(BASE_DIRECTORY, ".")
    for plugin in project.all("build", "plugins", "plugin"):
        if plugin.text_at("artifactId") != CONTRACT_PLUGIN:
            continue
        for settings in plugin.everywhere("configuration"):
            generator, document = settings.text_at("generatorName"), settings.first("inputSpec")
            if generator and document is not None:
                at, path = Span(document.line), _filled(document.text, properties)
                yield SettingDefined(at, generator, Literal(path), CONTRACT)


def _filtered(project: Element) -> Iterator[SettingDefined]:
    """Settings of Spring and others that a profile of the build puts into the settings files.

    They are kept as settings of a profile of that name: `spring.datasource.url: '@..@'`.
    """
    for profile in project.all("profiles", "profile"):
        name = profile.text_at("id")
        for properties in profile.all("properties"):
            for each in properties.children[:MAX_FILTERED]:
                if name and SETTING.match(each.tag) and each.text and "${" not in each.text:
                    yield SettingDefined(
                        Span(each.line), each.tag, Literal(each.text.strip()), "spring", name
                    )


def _module(project: Element) -> PackageDeclared:
    properties = _properties(project)
    artifact = project.first("artifactId")
    packaging = project.text_at("packaging")
    parent = project.first("parent")
    return PackageDeclared(
        at=Span(artifact.line if artifact else project.line),
        name=_filled(artifact.text, properties) if artifact else "",
        ecosystem="maven",
        dependencies=tuple(dict(_dependencies(project, properties)).items()),
        members=tuple(
            dict.fromkeys(
                _filled(module.text, properties)
                for modules in project.everywhere("modules")
                for module in modules.all("module")
            )
        ),
        runnable=packaging in RUNNABLE_PACKAGING or (packaging != "pom" and _starts(project)),
        modules_run=packaging == "pom" and _starts(project),
        image=_filled(_image(project), properties),
        parent=f"{parent.text_at('groupId')}:{parent.text_at('artifactId')}" if parent else "",
        left_out=tuple(_left_out(project, properties)),
        by_choice=tuple(dict(_chosen(project, properties))),
    )


def _properties(project: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for properties in project.all("properties"):
        found |= {element.tag: element.text for element in properties.children}
    for name in ("groupId", "version", "artifactId"):
        own = project.text_at(name)
        inherited = "" if name == "artifactId" else project.text_at("parent", name)
        found[f"project.{name}"] = found[f"pom.{name}"] = own or inherited
        found[f"project.parent.{name}"] = project.text_at("parent", name)
    return found


def _filled(text: str, properties: dict[str, str]) -> str:
    """The text with the properties of this file; those of a parent's file stay as written."""
    for _ in range(MAX_ROUNDS):
        if "${" not in text or len(text) > MAX_TEXT:
            break
        text = _PROPERTY.sub(lambda found: properties.get(found[1]) or found[0], text)
    return text[:MAX_TEXT]


def _dependencies(project: Element, properties: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What the module needs when it runs, with the profiles that are active if nobody chooses one;
    tests' needs, and versions managed for others, not."""
    added = [
        e for p in _profiles(project, by_default=True) for e in p.all("dependencies", "dependency")
    ]
    for element in (*project.all("dependencies", "dependency"), *added):
        yield from _needed(element, properties)


def _chosen(project: Element, properties: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What profiles add that are active only if somebody chooses them."""
    for profile in _profiles(project, by_default=False):
        for element in profile.all("dependencies", "dependency"):
            yield from _needed(element, properties)


def _profiles(project: Element, *, by_default: bool) -> Iterator[Element]:
    for profile in project.all("profiles", "profile"):
        active = profile.text_at("activation", "activeByDefault").strip() == "true"
        if active is by_default:
            yield profile


def _needed(element: Element, properties: dict[str, str]) -> Iterator[tuple[str, str]]:
    if element.text_at("scope") != "test":
        group = _filled(element.text_at("groupId"), properties)
        artifact = _filled(element.text_at("artifactId"), properties)
        yield f"{group}:{artifact}", _filled(element.text_at("version"), properties)


def _left_out(project: Element, properties: dict[str, str]) -> Iterator[tuple[str, str]]:
    for element in project.all("dependencies", "dependency"):
        name = ":".join(
            _filled(element.text_at(part), properties) for part in ("groupId", "artifactId")
        )
        for each in element.all("exclusions", "exclusion"):
            parts = (each.text_at(part).replace("*", "") for part in ("groupId", "artifactId"))
            yield name, _filled(":".join(parts), properties)


def _image(project: Element) -> str:
    """The image that Jib or Spring Boot's plugin makes."""
    for plugin in project.all("build", "plugins", "plugin"):
        path = IMAGES.get(plugin.text_at("artifactId"))
        if path is not None and (named := plugin.text_at("configuration", *path)):
            return named
    return ""


def _starts(project: Element) -> bool:
    """Some plugin makes a program of it, or it tells a parent's plugin which verticle to start."""
    if any(
        MAIN_PROPERTY.fullmatch(element.tag) and element.text.strip()
        for properties in project.all("properties")
        for element in properties.children
    ):
        return True
    profiles = project.all("profiles", "profile", "build", "plugins", "plugin")
    for plugin in (*project.all("build", "plugins", "plugin"), *profiles):
        name = plugin.text_at("artifactId")
        skipped = any(element.text == "true" for element in plugin.everywhere("skip")) or any(
            element.text.strip().upper() == "NONE"  # Spring Boot's: an archive that nothing starts
            for element in plugin.everywhere("layout")
        )
        if name in RUNNABLE_PLUGINS and not skipped:
            return True
        if name in MAIN_CLASS_PLUGINS and any(
            next(plugin.everywhere(word), None) for word in ("mainClass", *MAIN_ENTRIES)
        ):
            return True
    return False
