"""`tsconfig.app.json`: the folder is an application of a workspace (Nx, Nest, Angular).

These workspaces have one package file for all; each application has a compiler configuration of
this name, each library a `tsconfig.lib.json`.
"""

from __future__ import annotations

from scaleaudit.config_files.reading import lines_in
from scaleaudit.facts import FileFacts, PackageDeclared
from scaleaudit.source import Span


def extract(content: bytes) -> FileFacts:
    application = PackageDeclared(Span(1), "", "npm", runnable=True)
    return FileFacts((application,), lines=lines_in(content))
