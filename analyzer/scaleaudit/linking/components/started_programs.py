"""Which process of one codebase runs a file, where each command names the file it begins in.

`python -m shop.orders` and `uvicorn shop.bills:app`, `node dist/apps/orders/main.js` and `npm run
start:bills` of one image are programs of their own: what only one of them loads only that one runs.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scaleaudit.facts import ProgramStarted
from scaleaudit.linking.components.roles import instead_of, is_worker, only_migrates, only_tests
from scaleaudit.linking.deployments.workload import value_text
from scaleaudit.linking.facts_index import is_below
from scaleaudit.linking.imports.loading import loaded
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scaleaudit.facts import PackageDeclared
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex

MAX_TEXT = 2_000
MAX_SCRIPTS = 4  # that call each other
VARIABLE = regex(r"\$\{?(\w+)(?::?-[^{}]*)?\}?")
MODULE = regex(
    r"(?:^|\s)(?:python[\d.]*|pypy3?|poetry run python|uv run python)\s(?:-\w\s)*-m\s+([\w.]+)"
)
APPLICATION = regex(
    r"(?:^|[\s/])(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve)\s"
    r"(?:[^;&|]*?\s)?([\w.]+):\w+(?:\(\))?(?=\s|$)"
)
RUNNER = regex(
    r"(?:^|[\s/])(?:node|nodemon|tsx(?: watch)?|ts-node(?:-dev)?|bun(?: run)?|deno run|pm2-runtime(?: start)?"
    r"|python[\d.]*|streamlit run|fastapi (?:run|dev))\s((?:-{1,2}[\w-]+(?:=\S+)?\s+)*)(\S+)"
)
SCRIPT = regex(r"(?:^|\s)(?:npm|yarn|pnpm|bun)(?: run| run-script)? ([\w:.-]+)")
SHELL_SCRIPT = regex(r"(?:^|\s)(\S+\.(?:ba)?sh)(?=\s|$)")
MADE = regex(r"^(?:\./)?(?:dist|build|out|lib|\.output)/")
SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "daphne", "flask", "celery"})
# Django's: what they load is told by settings, not by imports.
OF_SETTINGS = ("wsgi.py", "asgi.py", "manage.py")
ENDINGS = (".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".py")


class StartedPrograms:
    """`running(path, owners)`: those of the processes of one application that run the file."""

    def __init__(
        self,
        index: FactsIndex,
        imports: Mapping[str, list[str]],
        packages: Mapping[str, PackageDeclared],
    ) -> None:
        self._index, self._imports, self._packages = index, imports, packages
        self._entries: dict[str, frozenset[str]] = {}  # by component
        self._loaded: dict[frozenset[str], set[str]] = {}

    def running(self, path: str, owners: list[Component]) -> list[Component]:
        if len(owners) < 2 or len({each.application for each in owners}) > 1:
            return owners
        owners = [each for each in owners if not only_tests(each)] or owners
        begun = {each.id: self._begins(each) for each in owners}
        if len({each for each in begun.values() if each}) < 2:
            return owners
        silent = [each for each in owners if not begun[each.id] and not only_migrates(each)]
        if any(not is_worker(each) for each in silent):
            return owners
        loading = [each for each in owners if path in self._loads(begun[each.id])]
        # What begins in a script that starts others, and takes the place of one of these.
        again = [
            each
            for each in owners
            if only_migrates(each)
            or (
                self._loads(begun[each.id]) <= begun[each.id]
                and any(instead_of(each, other) for other in loading)
            )
        ]
        kept = [*loading, *silent, *again]
        return [each for each in owners if each in kept] if loading else owners

    def is_known(self, component: Component) -> bool:
        """Where it begins is told."""
        return bool(self._begins(component))

    def _begins(self, component: Component) -> frozenset[str]:
        if component.id not in self._entries:
            root = component.root or ""
            files = (self._file(each, root) for each in component.workloads)
            self._entries[component.id] = frozenset(file for file in files if file)
        return self._entries[component.id]

    def _loads(self, begun: frozenset[str]) -> set[str]:
        if begun not in self._loaded:
            self._loaded[begun] = loaded(begun, self._imports)
        return self._loaded[begun]

    def _file(self, workload: Workload, root: str) -> str:
        """The file that the command of a workload begins in; empty where it names none."""
        image = workload.image_fact
        of_image = image.command if image is not None else ()
        return self._begun(workload, root, workload.command) or (
            self._begun(workload, root, of_image)  # arguments alone, or nothing
        )

    def _begun(self, workload: Workload, root: str, words: Iterable[str]) -> str:
        known = {name: value_text(value) for name, (value, _) in workload.environment.items()}
        known |= {arg.name: value_text(arg.value) for arg in workload.fact.build_args}
        text = " ".join(words)[:MAX_TEXT].replace("'", " ").replace('"', " ")
        text = VARIABLE.sub(lambda name: known.get(name[1]) or name[0], text)
        package = self._packages.get(root)
        scripts = dict(package.scripts) if package is not None else {}
        for _ in range(MAX_SCRIPTS):
            text = self._becomes(text.rpartition("&&")[2].strip(), root)
            named = SCRIPT.search(text)
            if named is None or named[1] not in scripts:
                break
            text = scripts[named[1]][:MAX_TEXT]
        found = next((file for file in self._named(text, root) if file), "")
        return "" if found.endswith(OF_SETTINGS) else found

    def _becomes(self, text: str, root: str) -> str:
        """The command that a script of the repository ends in, else the text itself."""
        script = SHELL_SCRIPT.search(text)
        if script is None:
            return text
        parts = script[1].split("/")
        found = self._there(root, *("/".join(parts[at:]) for at in range(len(parts)) if parts[at]))
        return next((each.command for each in self._index.facts_of(found, ProgramStarted)), text)

    def _named(self, text: str, root: str) -> Iterator[str]:
        module = APPLICATION.search(text) or MODULE.search(text)
        if module is not None and module[1] not in SERVERS:
            stem = module[1].replace(".", "/")
            yield self._there(root, f"{stem}.py", f"{stem}/__main__.py", f"{stem}/__init__.py")
        run = RUNNER.search(text)
        if run is None or run[2].startswith("-"):
            return
        path = run[2].removeprefix("./")
        yield self._there(root, *as_written(path))
        made = MADE.sub("", path)
        if made != path:
            yield self._there(root, *as_source(made))

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """The files of the repository by their last names."""
        found: dict[str, list[str]] = {}
        for path in self._index.files:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def _there(self, root: str, *paths: str) -> str:
        """The first that is there from the root, else the only file below it that ends so."""
        start = f"{root}/" if root else ""
        for path in paths:
            if f"{start}{path}" in self._index.files:
                return f"{start}{path}"
        for path in paths:
            if "/" in path:
                found = [
                    file
                    for file in self._by_name.get(path.rpartition("/")[2], ())
                    if file.endswith(f"/{path}") and is_below(file, root)
                ]
                if len(found) == 1:
                    return found[0]
        return ""


def named_program(command: str) -> str:
    """The last name of the file or the module that a command starts, as its source would be called;
    empty where it names none."""
    text = command[:MAX_TEXT].rpartition("&&")[2].strip()
    module = APPLICATION.search(text) or MODULE.search(text)
    if module is not None:
        name = "" if module[1] in SERVERS else module[1].rpartition(".")[2]
        return "" if f"{name}.py" in OF_SETTINGS else name
    run = RUNNER.search(text)
    if run is None or run[2].startswith("-") or run[2].endswith(OF_SETTINGS):
        return ""
    name = run[2].rpartition("/")[2]
    return next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)


def as_written(path: str) -> tuple[str, ...]:
    """`src/main.js`, `src/main`, and the folder `src`."""
    if path.endswith(ENDINGS):
        return (path,)
    return (
        *(f"{path}{end}" for end in ENDINGS[:-1]),
        *(f"{path}/index{end}" for end in ENDINGS[:2]),
    )


def as_source(path: str) -> tuple[str, ...]:
    """What `apps/orders/main.js` of a build was made of: `apps/orders/src/main.ts`."""
    stem = next((path.removesuffix(end) for end in ENDINGS if path.endswith(end)), path)
    folder, slash, name = stem.rpartition("/")
    stems = [stem, f"src/{stem}", f"{folder}{slash}src/{name}"]
    return tuple(f"{each}{end}" for each in stems for end in ENDINGS[:2])
