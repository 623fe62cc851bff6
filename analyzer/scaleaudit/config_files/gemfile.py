"""`Gemfile` and `*.gemspec`: the gems that a Ruby program or gem runs with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.facts import PackageDeclared
from scaleaudit.regex import regex
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import FileFacts

# Gems that serve or work: a Gemfile with one of them belongs to a program, not to a library.
SERVERS = frozenset({
    "rails", "puma", "unicorn", "passenger", "thin", "falcon", "iodine", "webrick", "sinatra",
    "hanami", "roda", "padrino", "grape", "rackup", "sidekiq", "resque", "good_job", "solid_queue",
    "delayed_job", "shoryuken", "karafka",
})  # fmt: skip
_DESK_GROUPS = {"development", "test", "dev", "ci", "console", "lint", "doc", "docs"}

_GEM = regex(r"\s*gem[\s(]\s*([\"'])(?P<name>[\w.\-/]+)\1(?P<rest>.*)")
_SPEC_GEM = regex(
    r"\s*\w+\.add_(?:runtime_)?dependency[\s(]\s*([\"'])(?P<name>[\w.\-/]+)\1(?P<rest>.*)"
)
_SPEC_NAME = regex(r"\s*\w+\.name\s*=\s*([\"'])(?P<name>[\w.\-]+)\1")
_VERSION = regex(r"\s*,\s*\[?\s*([\"'])([^\"']*)\1")
_GROUP_BLOCK = regex(r"\s*group\b(?P<names>.*)\bdo\b")
_GROUP_OPTION = regex(r"\bgroups?(?::|\"?\s*=>)\s*(?P<names>\[[^\]]*\]|[:\"']\w+)")
_OPENS = regex(
    r"\s*(?:if|unless|case|begin|def|while|until|for|class|module)\b|.*\bdo\b(?:\s*\|[^|]*\|)?\s*\Z"
    r"|.*=\s*(?:if|unless|case|begin)\b"
)
_ENDS_INLINE = regex(r".*\bend\s*\Z")


def extract(content: bytes) -> FileFacts:
    return facts_in(content, _package)


def _package(text: str) -> Iterator[PackageDeclared]:
    name, begin = "", 0
    found: dict[str, str] = {}
    of_a_gem = False
    blocks: list[bool] = []  # of each open block: is it for the desk only?
    for number, raw in enumerate(text_lines(text), 1):
        line = re.sub(r"(?:^|\s)#(?!\{).*", "", raw)
        if re.match(r"\s*gemspec\b", line):
            of_a_gem = True
        elif spec := _SPEC_NAME.match(line):
            name, begin, of_a_gem = spec["name"], number, True
        elif gem := _GEM.match(line) or _SPEC_GEM.match(line):
            begin = begin or number
            option = _GROUP_OPTION.search(gem["rest"])
            if not any(blocks) and not (option and _for_the_desk(option["names"])):
                version = _VERSION.match(gem["rest"])
                found.setdefault(gem["name"], version[2] if version else "")
        if re.match(r"\s*end\b", line):
            if blocks:
                blocks.pop()
        elif _OPENS.match(line) and not _ENDS_INLINE.match(line):
            group = _GROUP_BLOCK.match(line)
            blocks.append(bool(group) and _for_the_desk(group["names"] if group else ""))
    if name or found:
        runs = not of_a_gem and not SERVERS.isdisjoint(found)
        yield PackageDeclared(Span(begin), name, "gem", tuple(found.items()), runnable=runs)


def _for_the_desk(names: str) -> bool:
    """Are these groups all for developers and tests?"""
    groups = re.findall(r"[:\"']?(\w+)", names)
    groups = [group for group in groups if group not in ("optional", "true", "false")]
    return bool(groups) and all(group in _DESK_GROUPS for group in groups)
