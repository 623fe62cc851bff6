"""Projects of .NET: where each lies, and which one a workload starts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.facts import PackageDeclared
from scaleaudit.linking.facts_index import folder_of, is_below
from scaleaudit.regex import regex
from scaleaudit.source import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaleaudit.linking.deployments.workload import Workload
    from scaleaudit.linking.facts_index import FactsIndex

PROGRAM = regex(r"\bdotnet\s+(?:[\w./-]*/)?([\w.-]+)\.dll\b")


def project_folders(index: FactsIndex) -> dict[str, str]:
    """The folder of each project, by the name of the class that stands for it in a host."""
    found: dict[str, set[str]] = {}
    for path, package in index.of(PackageDeclared):
        if package.ecosystem == "nuget" and index.role(path) is Role.SOURCE:
            stem = path.rpartition("/")[2].rpartition(".")[0]
            found.setdefault(class_name(stem), set()).add(folder_of(path))
    return {name: folders.pop() for name, folders in found.items() if len(folders) == 1}


def project_started(workload: Workload, projects: Mapping[str, str]) -> str | None:
    """The folder of the project whose program the image starts: `dotnet Shop.Api.dll`; else the
    workload's own."""
    root, image = workload.root, workload.image_fact
    words = workload.command or (image.command if image is not None else ())
    program = PROGRAM.search(" ".join(words[:6]))
    if program is None or root is None:
        return root
    folder = projects.get(class_name(program[1]))
    return folder if folder is not None and folder != root and is_below(folder, root) else root


def class_name(project: str) -> str:
    return re.sub(r"\W", "_", project)
