"""`build.gradle(.kts)` and `settings.gradle(.kts)`, read by their usual forms, not executed.

Project paths (`:orders:api`) become folders in `members`; in `dependencies` they stay as written,
and so do aliases of a version catalogue (`libs.spring.web`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import facts_in
from scaleaudit.facts import CONTRACT, PackageDeclared, SettingDefined
from scaleaudit.regex import regex
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

# Plugins that make something that runs; compared without dots, dashes and case, so that aliases
# of a version catalogue (`libs.plugins.spring.boot`) match as well.
RUNNABLE_PLUGINS = frozenset({
    "orgspringframeworkboot", "springboot", "application", "orgquarkus", "ioquarkus", "quarkus",
    "war", "ear", "shadow", "comgithubjohnrengelmanshadow", "comgradleupshadow",
    "comgoogletoolsjib", "jib", "iomicronautapplication", "micronautapplication", "ioktorplugin",
    "ktor", "orggretty", "gretty", "iohelidon", "comgoogleappengine",
})  # fmt: skip
# What a program is made with where its plugin alone tells: a build of conventions brings the rest.
OF_PLUGINS = {
    "orgspringframeworkboot": "org.springframework.boot:spring-boot",
    "springboot": "org.springframework.boot:spring-boot",
    "ioquarkus": "io.quarkus:quarkus-core",
    "quarkus": "io.quarkus:quarkus-core",
    "iomicronautapplication": "io.micronaut:micronaut-core",
    "micronautapplication": "io.micronaut:micronaut-core",
}
CONFIGURATIONS = (
    "implementation|api|compile|runtime|runtimeOnly|compileOnly|compileOnlyApi|providedCompile|"
    "developmentOnly"
)
# An unclosed string or comment reaches to the end of its line or of the file: nothing is read twice.
_COMMENT = regex(
    r"(?P<keep>\"\"\".*?\"\"\"|\"(?:[^\"\\\n]|\\.)*+(?:\"|\\?\Z|(?=\n))"
    r"|'(?:[^'\\\n]|\\.)*+(?:'|\\?\Z|(?=\n)))|//[^\n]*|/\*.*?(?:\*/|\Z)",
    re.DOTALL,
)
_STRING = r"[\"'](?P<{0}>[^\"'\n]+)[\"']"
_INCLUDE = regex(
    r"(?m)^[ \t]*(?P<word>include|includeBuild|includeFlat)\b[ \t]*(?:\([ \t]*)?"
    r"(?P<names>(?:\s*(?:,\s*)?[\"'][^\"'\n]+[\"'])+)"
)
_FOLDER = regex(
    r"project\(\s*" + _STRING.format("project") + r"\s*\)\.projectDir\s*=\s*"
    r"(?:new\s+File|file|File)\s*\(\s*(?:(?:settingsDir|rootDir|rootProject\.projectDir)\s*,\s*)?"
    + _STRING.format("folder")
)
_ROOT_NAME = regex(
    r"(?m)^[ \t]*(?:rootProject\.name|(?:application\.)?applicationName)\s*(?:\.set\s*\(|=)\s*"
    + _STRING.format("name")
)
_PLUGIN = regex(
    r"(?:\bid\s*\(?\s*[\"']|\bapply\s*\(?\s*plugin\s*[:=]\s*[\"']|\balias\s*\(\s*)"
    r"(?P<id>[\w.\-]+)[^\n;}]{0,120}"
)
_BARE_PLUGIN = regex(r"(?m)^[ \t]*(?P<id>application|war|ear|`[\w.\-]+`)[ \t]*$")
# In its block, or on one line: what the next line switches off may be the plain archive.
_NO_BOOT_JAR = regex(
    r"\bbootJar\b[^{}\n;]{0,60}(?:\s*\{[^{}]{0,200}?)?\b(?:enabled|isEnabled)\s*=\s*false"
)
_DEPENDENCY = regex(
    rf"\b(?:{CONFIGURATIONS})\b[\"']?[ \t]*(?:[(,][ \t]*)?"  # `add("implementation", ...)` too
    r"(?P<values>(?:(?:platform|enforcedPlatform)[ \t]*\([ \t]*)?"
    r"(?:[\"'][^\"'\n]+[\"'](?:\s*,\s*[\"'][^\"'\n]+[\"'])*"
    r"|project\s*\([^)\n]*\)|libs\.[\w.]+|projects\.[\w.]+|group\s*[:=][^\n)]*))"
)
_MAP_FORM = regex(r"\b(group|name|version)\s*[:=]\s*[\"']([^\"'\n]*)[\"']")
_PROJECT = regex(r"project\s*\(\s*(?:path\s*[:=]\s*)?" + _STRING.format("path"))
_WITHOUT = regex(
    rf"\b(?:{CONFIGURATIONS})\b[ \t]*(?:\([ \t]*)?project\s*\(\s*(?:path\s*[:=]\s*)?"
    + _STRING.format("path")
    + r"\s*\)\s*(?:\)\s*)?\{(?P<block>[^{}]{0,2000})\}"
)
_EXCLUDE = regex(r"\bexclude\b[^\n;]{0,200}")
_PART = regex(r"\b(group|module)\s*[:=]\s*[\"']([^\"'\n]*)[\"']")
# `jib { to { image = "shop/orders:1" } }`, `bootBuildImage { imageName = "shop/orders" }`
_IMAGE = regex(
    r"\b(?:jib\b[^\n]{0,40}\{.{0,600}?\bto\s*\{[^{}]{0,300}?\bimage|jib\.to\.image"
    r"|bootBuildImage\b[^\n]{0,60}\{[^{}]{0,300}?\bimageName)"
    r"\s*(?:\.set\s*\(|=)\s*" + _STRING.format("name"),
    re.DOTALL,
)
_GENERATOR = regex(r"\bgeneratorName\s*(?:\.set\s*\(|=)\s*[\"']([\w-]+)[\"']")
_DOCUMENT = regex(
    r"\b(?:inputSpec|remoteInputSpec)\s*(?:\.set\s*\(|=)\s*[\"']([^\"'\n]{1,300})[\"']"
)
_PROJECT_FOLDER = regex(
    r"^\$\{?(?:project(?:Dir|\.projectDir)|rootDir|rootProject\.projectDir)\}?/"
)
_QUOTED = regex(r"[\"']([^\"'\n]+)[\"']")
_FOR_MODULES = regex(r"\b(?:allprojects|subprojects|configure\s*\([^\n]{0,200}\))\s*\{")
_BRACE = regex(r"[{}]")


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _build)


def _build(text: str) -> Iterator[PackageDeclared | SettingDefined]:
    code = _COMMENT.sub(_blank, text)
    yield from _contracts(code)
    name = _ROOT_NAME.search(code)
    members = _members(code)
    dependencies = dict(_dependencies(code))
    plugins = [_plain(found) for found in _plugins(code)]
    if not (name or members or dependencies or plugins):
        return
    groups = {name.partition(":")[0] for name in dependencies}
    for made_with in [OF_PLUGINS[each] for each in plugins if each in OF_PLUGINS][:1]:
        if made_with.partition(":")[0] not in groups:
            dependencies[made_with] = ""
    runnable = not RUNNABLE_PLUGINS.isdisjoint(plugins)
    first = name or _INCLUDE.search(code) or _PLUGIN.search(code) or _DEPENDENCY.search(code)
    yield PackageDeclared(
        at=Span(code.count("\n", 0, first.start()) + 1 if first else 1),
        name=name["name"] if name else "",
        ecosystem="gradle",
        dependencies=tuple(dependencies.items()),
        members=members,
        runnable=runnable and not _NO_BOOT_JAR.search(code),
        image=image["name"] if (image := _IMAGE.search(code)) else "",
        left_out=tuple(_left_out(code)),
        for_modules=tuple(
            dict(each for block in _for_modules(code) for each in _dependencies(block)).items()
        ),
    )


def _left_out(code: str) -> Iterator[tuple[str, str]]:
    """`implementation(project(":common")) { exclude(group = "org.acme", module = "web") }`"""
    for found in _WITHOUT.finditer(code):
        for each in _EXCLUDE.finditer(found["block"]):
            parts = dict(_PART.findall(each[0]))
            yield found["path"], f"{parts.get('group', '')}:{parts.get('module', '')}"


def _for_modules(code: str) -> Iterator[str]:
    """The blocks that configure the projects below, whatever they ask of them first."""
    end = 0
    for found in _FOR_MODULES.finditer(code):
        if found.start() < end:
            continue  # inside of the one before
        depth = 1
        end = len(code)
        for brace in _BRACE.finditer(code, found.end()):
            depth += 1 if brace[0] == "{" else -1
            if depth == 0:
                end = brace.end()
                break
        yield code[found.end() : end]


def _contracts(code: str) -> Iterator[SettingDefined]:
    """The OpenAPI document that code is generated from, with the generator as key."""
    generators, documents = _GENERATOR.findall(code), list(_DOCUMENT.finditer(code))
    if len(generators) == len(documents) == 1:
        path = _PROJECT_FOLDER.sub("./", documents[0][1])
        at = Span(code.count("\n", 0, documents[0].start()) + 1)
        yield SettingDefined(at, generators[0], Literal(path), CONTRACT)


def _blank(found: re.Match[str]) -> str:
    """Comments leave their lines behind; strings stay, whatever slashes they hold."""
    return found["keep"] or "\n" * found[0].count("\n") or " "


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("libs.plugins."))


def _plugins(code: str) -> Iterator[str]:
    for found in _PLUGIN.finditer(code):
        # `apply false` only makes a version known to the projects below.
        if not re.search(r"\bapply\s*\(?\s*false\b", found[0]):
            yield found["id"]
    block = re.search(r"\bplugins\s*\{([^{}]*)\}", code)
    for found in _BARE_PLUGIN.finditer(block[1] if block else ""):
        yield found["id"].strip("`")


def _members(code: str) -> tuple[str, ...]:
    folders: dict[str, str] = {}
    for found in _INCLUDE.finditer(code):
        for name in _QUOTED.findall(found["names"]):
            folders[name.lstrip(":")] = {
                "include": name.strip(":").replace(":", "/"),
                "includeBuild": name,
                "includeFlat": f"../{name}",
            }[found["word"]]
    for moved in _FOLDER.finditer(code):
        if moved["project"].lstrip(":") in folders:
            folders[moved["project"].lstrip(":")] = moved["folder"]
    return tuple(dict.fromkeys(folders.values()))


def _dependencies(code: str) -> Iterator[tuple[str, str]]:
    for found in _DEPENDENCY.finditer(code):
        values = found["values"]
        if project := _PROJECT.search(values):
            yield project["path"], ""
        elif alias := re.search(r"\b(?:libs|projects)\.[\w.]+", values):
            yield alias[0].removesuffix(".get"), ""
        elif parts := dict(_MAP_FORM.findall(values)):
            yield f"{parts.get('group', '')}:{parts.get('name', '')}", parts.get("version", "")
        else:
            for text in _QUOTED.findall(values):
                group, _, rest = text.partition(":")
                name, _, version = rest.partition(":")
                if name:
                    yield f"{group}:{name}", version.partition("@")[0]
