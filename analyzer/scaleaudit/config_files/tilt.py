"""A Tiltfile: which folder each image of a cluster on a developer's machine is built from."""

from __future__ import annotations

from scaleaudit.config_files.image_builds import image_named
from scaleaudit.config_files.reading import lines_in, text_of
from scaleaudit.facts import FileFacts, ImageNamed
from scaleaudit.regex import regex
from scaleaudit.source import Span

BUILT = regex(
    r"\bdocker_build(?:_with_restart)?\(\s*(?:ref\s*=\s*)?['\"]([^'\"\n]{1,300})['\"]\s*,"
    r"\s*(?:context\s*=\s*)?['\"]([^'\"\n]{1,300})['\"]"
)
DOCKERFILE = regex(r"\bdockerfile\s*=\s*['\"]([^'\"\n]{1,300})['\"]")
MAX_IMAGES = 500


def extract(content: bytes) -> FileFacts:
    text = text_of(content)
    facts: list[ImageNamed] = []
    for match in BUILT.finditer(text):
        rest = text[match.end() : match.end() + 2_000].partition("docker_build")[0]
        told = DOCKERFILE.search(rest)
        at = Span(text.count("\n", 0, match.start()) + 1)
        facts += image_named(at, [match[1]], match[2], told[1] if told is not None else "")
        if len(facts) >= MAX_IMAGES:
            break
    return FileFacts(tuple(facts), lines=lines_in(content))
