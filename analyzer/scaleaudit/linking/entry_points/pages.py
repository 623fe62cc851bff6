"""Which components keep pages for people: start pages, templates, front ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.architecture import NodeKind
from scaleaudit.facts import EndpointServed
from scaleaudit.findings import Evidence
from scaleaudit.linking.components.roles import MIGRATION_WORDS, main_process
from scaleaudit.linking.names import plain
from scaleaudit.linking.technologies import FRONT_ENDS
from scaleaudit.regex import regex
from scaleaudit.source import Location, Role

if TYPE_CHECKING:
    from scaleaudit.linking.components import Components
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.facts_index import FactsIndex

MAX_TOLD = 2
KIND = "page"  # the extractor of files that a site begins with
# Templates of which a name says the same.
TEMPLATES = {"erb", "django-template", "blade"}
START = regex(
    r"(^|/)(?:(?:index|base|layout)\.html|(?:index|application)\.html\.erb|(?:layout|app|welcome)\.blade\.php"
    r"|index\.jinja2)$"
)
# What code takes from a library to answer with a page: module -> names, none for the module itself.
RENDERING = {
    "flask": ("render_template",),
    "django.shortcuts": ("render",),
    "fastapi.templating": (),
    "starlette.templating": (),
    "html/template": (),
}
ENGINES = regex(
    r"(?i)(^|[:/.-])(thymeleaf|freemarker|tomcat-embed-jasper|vaadin|ejs|pug|jade|hbs|express-handlebars"
    r"|nunjucks|streamlit|gradio|blazor)([:/.-]|$)"
)
# Pages that describe an interface, tell of a build, or are sent by mail.
ASIDE = regex(
    r"(?i)(^|/|[-_.])(swagger|redoc|openapi|apidocs?|api-docs?|javadoc|coverage|reports?|e?mails?|newsletters?"
    r"|errors?|slides)([-_./]|$)"
)


# What a program of an image that is built elsewhere is called, and nothing but pages is.
PAGES_NAME = regex(r"(?i)(web[-_]?)?(ui|front[-_]?end|client)|web[-_]?(site|app)|website")
WEB_NAME = regex(r"(?i)(^|[-_.])(web|www|site|ui|app|front-?end)([-_.]|$)")


class Pages:
    """Asked for one component after the other; what tells is gathered once."""

    def __init__(self, index: FactsIndex, components: Components) -> None:
        self._components = components
        self._told: dict[str, list[Evidence]] = {}
        self._serving: set[str] = set()
        for path, file in index.files.items():
            page = file.kind == KIND or (file.kind in TEMPLATES and START.search(path))
            if page and file.role is Role.SOURCE and not ASIDE.search(path):
                self._keep(path, Evidence(Location(path, 1), "a page for people"))
        for path, fact in index.importing(RENDERING.__contains__):
            names = RENDERING[fact.module]
            taken = not names or any(n in names for n, _ in fact.names)
            if taken and index.role(path) is Role.SOURCE:
                self._keep(path, Evidence(fact.at.in_file(path), "answers with pages"))
        for path, _ in index.of(EndpointServed):
            self._serving |= {c.id for c in components.owning(path)}

    def _keep(self, path: str, note: Evidence) -> None:
        """Of several processes of one folder: those that it is named for, else the main one."""
        owners = [c for c in self._components.owning(path) if c.kind is NodeKind.SERVICE]
        owners = [c for c in owners if not MIGRATION_WORDS.search(c.name)]
        if len(owners) > 1:
            folders = {plain(part) for part in path.split("/")[:-1]}
            named = [c for c in owners if folders & {plain(name) for name in c.names}]
            owners = named or [c for c in owners if WEB_NAME.search(c.name)] or owners
            main = main_process(owners)
            owners = named or ([main] if main is not None else [])
        for each in owners:
            told = self._told.setdefault(each.id, [])
            if len(told) < MAX_TOLD:
                told.append(note)

    def kept_by(self, component: Component) -> list[Evidence]:
        """The pages in its own sources."""
        return self._told.get(component.id, [])

    def of(self, component: Component, *, sure: bool) -> list[Evidence]:
        """What says that it keeps pages; `sure`: an engine for templates alone does not."""
        told = self._told.get(component.id, [])
        if told or component.at is None:
            return told
        if component.technology in FRONT_ENDS:
            return [Evidence(component.at, f"{component.name} is a front end")]
        if component.root is None and PAGES_NAME.fullmatch(component.name):
            return [Evidence(component.at, f"{component.name} is called like pages for people")]
        if not sure and component.id in self._serving:
            for name in self._components.dependencies_of(component):
                if ENGINES.search(name):
                    return [Evidence(component.at, f"{component.name} makes pages with {name}")]
        return []
