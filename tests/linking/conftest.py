"""One application's files through the real pipeline, down to its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGES = {
    "pyproject.toml": '[project]\nname = "app"\ndependencies = ["x"]\n',
    "package.json": '{"name": "app", "dependencies": {"x": "1"}, "scripts": {"start": "x"}}',
    "go.mod": "module acme.io/app\n\ngo 1.24\n",
    "Gemfile": 'source "https://rubygems.org"\ngem "x"\n',
}
BY_ENDING = {"py": "pyproject.toml", "ts": "package.json", "go": "go.mod", "rb": "Gemfile"}


@pytest.fixture
def app_edges() -> Callable[[dict[str, str]], set[str]]:
    """Files to `<edge kind> <target>` of the one application they make."""

    def edges(files: dict[str, str]) -> set[str]:
        names = {BY_ENDING.get(path.rpartition(".")[2], "") for path in files} - {""}
        every = {name: PACKAGES[name] for name in names if name not in files} | files
        found = architecture(every)
        kinds = (EdgeKind.CALLS, EdgeKind.USES, EdgeKind.PUBLISHES, EdgeKind.CONSUMES)
        return {f"{e.kind} {e.target}" for e in found.edges(*kinds) if "app" in e.source}

    return edges
