"""`pnpm-workspace.yaml`: where the packages of a pnpm workspace are."""

from __future__ import annotations

from scaleaudit.config_files.yaml_documents import read_yaml
from scaleaudit.config_files.yaml_values import texts_in
from scaleaudit.facts import FileFacts, PackageDeclared


def extract(content: bytes) -> FileFacts:
    file = read_yaml(content)
    facts = [
        PackageDeclared(
            document.place("packages"), "", "npm", members=tuple(map(str, texts_in(packages)))
        )
        for document in file.maps
        if (packages := document.get("packages"))
    ]
    return FileFacts(tuple(facts), problem=file.problem, lines=file.lines)
