"""`docker-bake.hcl`: which folder each target of `docker buildx bake` makes which image of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.hcl import Items, Scalar, read_hcl
from scaleaudit.config_files.image_builds import image_named
from scaleaudit.config_files.reading import lines_in
from scaleaudit.facts import FileFacts
from scaleaudit.source import Span
from scaleaudit.values import text_with_holes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.config_files.hcl import Block
    from scaleaudit.facts import ImageNamed


def extract(content: bytes) -> FileFacts:
    top, problem = read_hcl(content)
    facts = tuple(fact for block in top.inner("target") for fact in _target(block))
    return FileFacts(facts, problem=problem, lines=lines_in(content))


def _target(block: Block) -> Iterator[ImageNamed]:
    listed = block.attributes.get("tags")
    tags = [
        text_with_holes(each.value)
        for each in (listed.items if isinstance(listed, Items) else ())
        if isinstance(each, Scalar)
    ]
    context, dockerfile = block.text("context"), block.text("dockerfile")
    stage = block.text("target")
    yield from image_named(Span(block.line), tags, context or ".", dockerfile, stage)
