"""`composer.json`: a PHP package and what it requires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.json_entries import first, members, read_json, text_at
from scaleaudit.config_files.reading import NotUnderstoodError, facts_in
from scaleaudit.facts import PackageDeclared
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

# Under which frameworks hand out an empty project: kept by many, it says nothing of the program.
SKELETONS = regex(
    r"laravel/(?:laravel|lumen|[\w-]+-starter-kit)|symfony/(?:website-)?skeleton|symfony/symfony-demo"
    r"|slim/slim-skeleton|cakephp/app|codeigniter4/appstarter|yiisoft/yii2-app-\w+|yiisoft/app"
    r"|laminas/laminas-mvc-skeleton|zendframework/skeleton-application|api-platform/api-platform"
    r"|(?:drupal|roots|typo3)/(?:recommended-project|bedrock|cms-base-distribution)|hyperf/hyperf-skeleton"
)


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _package)


def _package(text: str) -> Iterator[PackageDeclared]:
    entries, problem = read_json(text)
    if entries and entries[0].opens == "{":
        name = first(entries, "name")
        written = (name.value or "") if name else ""
        yield PackageDeclared(
            at=Span(name.line if name else 1),
            name="" if SKELETONS.fullmatch(written.lower()) else written,
            ecosystem="composer",
            # Packages are `vendor/name`; the rest is PHP itself and its extensions.
            dependencies=tuple(d for d in members(entries, "require") if "/" in d[0]),
            scripts=members(entries, "scripts"),
            runnable=text_at(entries, "type") == "project",
        )
    if problem:
        raise NotUnderstoodError(problem)
