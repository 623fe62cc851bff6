"""Templates and serializers, run through with the rows that code hands to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import TemplateRead, ViewRendered
from scaleaudit.linking.models.nearness import nearest
from scaleaudit.linking.models.walk import one_of, source_of
from scaleaudit.record import Record
from scaleaudit.source import Role

if TYPE_CHECKING:
    from scaleaudit.facts import TemplateStep
    from scaleaudit.linking.facts_index import FactsIndex
    from scaleaudit.linking.imports.modules import Modules
    from scaleaudit.linking.models.links import Links
    from scaleaudit.linking.models.models import Models
    from scaleaudit.linking.models.scopes import Scopes
    from scaleaudit.linking.models.walk import Bound, Walk

MAX_DEPTH = 5  # templates inside each other
MAX_RUNS = 4_000  # templates gone through in one repository


class Template(Record, frozen=True):
    path: str
    read: TemplateRead


class Templates:
    def __init__(
        self,
        index: FactsIndex,
        modules: Modules,
        models: Models,
        links: Links,
        scopes: Scopes,
        walk: Walk,
    ) -> None:
        self._index, self._modules, self._walk = index, modules, walk
        self._models, self._links, self._scopes = models, links, scopes
        self._source = lambda path, rows, scope: source_of(models, links, scopes, path, rows, scope)
        self._by_file: dict[str, list[Template]] = {}
        self._by_class: dict[str, list[Template]] = {}
        for path, read in index.of(TemplateRead):
            if index.role(path) is not Role.SOURCE:
                continue
            each = Template(path, read)
            if read.name:
                self._by_class.setdefault(read.name.rpartition(".")[2], []).append(each)
            else:
                self._by_file.setdefault(bare(path), []).append(each)
        self._runs = 0

    def render(self) -> None:
        """Runs each template with all that one place hands to it together."""
        views: dict[tuple[str, str, str, str], list[ViewRendered]] = {}
        for path, view in self._index.of(ViewRendered):
            if self._index.role(path) is Role.SOURCE:
                views.setdefault((path, view.engine, view.view, view.scope), []).append(view)
        for (path, engine, name, scope), several in views.items():
            found = self._find(path, engine, name, "")
            if not found:
                continue
            names: dict[str, Bound] = {}
            for view in several:
                bound = source_of(self._models, self._links, self._scopes, path, view.rows, scope)
                if bound is not None:
                    names[view.name] = one_of(bound) if view.in_list else bound
            for template in found if names else ():
                self._run(template, names, 0)

    def _find(self, path: str, engine: str, name: str, around: str) -> list[Template]:
        """The template that a name means for code or for another template at `path`.

        Several where each is for another format: HTML and JSON.
        """
        if engine == "serializer":
            found = self._class(path, name)
            return [found] if found is not None else []
        for wanted in names_of(path, engine, name, around):
            last = wanted.rpartition("/")[2]
            fitting = [
                each
                for each in self._by_file.get(last, ())
                if f"/{bare_path(each.path)}".endswith(f"/{wanted}") and each.read.engine == engine
            ]
            if len({bare_path(each.path) for each in fitting}) > 1:
                only = nearest(path, fitting)
                return [only] if only is not None else []
            if fitting:
                return fitting
        return []

    def _class(self, path: str, name: str) -> Template | None:
        several = self._by_class.get(name.rpartition(".")[2], [])
        if len(several) < 2:
            return several[0] if several else None
        own = [each for each in several if each.path == path]
        if own:
            return own[0] if len(own) == 1 else None
        imported = self._modules.names.get(path, {}).get(name.partition(".")[0])
        there = [each for each in several if imported is not None and each.path == imported[0]]
        return there[0] if len(there) == 1 else nearest(path, several)

    def _run(self, template: Template, names: dict[str, Bound], depth: int) -> None:
        self._runs += 1
        if depth > MAX_DEPTH or self._runs > MAX_RUNS:
            return
        stack = [names]
        for base in template.read.bases:
            inherited = self._class(template.path, base)
            if inherited is not None and inherited is not template:
                self._run(inherited, names, depth + 1)
        for step in template.read.steps:
            here = stack[-1]
            match step.kind:
                case "each":
                    rows = self._value(here, step.path, template, step)
                    inner = dict(here)
                    inner.pop(step.name, None)
                    if rows is not None and rows.many:
                        inner[step.name] = one_of(rows)
                    stack.append(inner)
                case "end":
                    if len(stack) > 1:
                        stack.pop()
                case "read":
                    self._value(here, step.path, template, step)
                case "read-many":
                    self._value(here, step.path, template, step, lists=True)
                case "with":
                    rows = self._value(here, step.path, template, step)
                    here.pop(step.name, None)
                    if rows is not None:
                        here[step.name] = rows
                case "include" | "include-each":
                    self._include(here, step, template, depth)
                case _:
                    pass

    def _include(
        self, here: dict[str, Bound], step: TemplateStep, template: Template, depth: int
    ) -> None:
        engine = template.read.engine
        shared = engine in ("django", "blade")  # an include sees all names around
        inner = dict(here) if shared else {k: v for k, v in here.items() if k.startswith("@")}
        name = step.name
        for there, path in step.given if step.kind == "include" else step.given[1:]:
            rows = self._value(here, path, template, step)
            if rows is not None:
                inner[there] = rows
        if step.kind == "include-each":
            rows = self._value(here, step.path, template, step)
            if rows is None:
                return
            there = step.given[0][0] if step.given else ""
            if not name:  # `render @orders`
                folder = rows.model.table
                last = rows.model.fact.name.rpartition(".")[2]
                name = f"{folder}/{snake(last)}"
            item = one_of(rows) if rows.many else rows
            inner[there or name.rpartition("/")[2].lstrip("_")] = item
        if not inner:
            return
        for found in self._find(template.path, engine, name, folder_of(template.path)):
            if found.read is not template.read:
                self._run(found, inner, depth + 1)

    def _value(
        self,
        here: dict[str, Bound],
        path: str,
        template: Template,
        step: TemplateStep,
        *,
        lists: bool = False,
    ) -> Bound | None:
        first, _, rest = path.partition(".")
        bound = here.get(first)
        if bound is None:
            return None
        if not rest:
            return bound
        return self._walk.follow(bound, rest.split("."), template.path, step.at, lists=lists)


def names_of(path: str, engine: str, name: str, around: str) -> list[str]:
    """The ends of paths that a name of a template may mean, without the file's endings."""
    if engine == "blade":
        return [f"views/{name.replace('.', '/')}"]
    if engine != "rails":
        return [f"templates/{bare_path(name)}", bare_path(name)] if name else []
    if around:  # a partial
        folder, _, last = name.rpartition("/")
        last = f"_{last.lstrip('_')}"
        return [f"app/views/{folder}/{last}"] if folder else [f"{around}/{last}".lstrip("/")]
    if "/" in name:
        return [f"app/views/{name.lstrip('/')}"]
    _, _, controller = path.partition("app/controllers/")
    folder = controller.removesuffix(".rb").removesuffix("_controller")
    return [f"app/views/{folder}/{name}"] if controller else []


def snake(name: str) -> str:
    return "".join(
        f"_{c.lower()}" if c.isupper() and at else c.lower() for at, c in enumerate(name)
    )


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def bare(path: str) -> str:
    """The name of a file without all of its endings."""
    return path.rpartition("/")[2].partition(".")[0]


def bare_path(path: str) -> str:
    folder, slash, last = path.rpartition("/")
    return f"{folder}{slash}{last.partition('.')[0]}"
