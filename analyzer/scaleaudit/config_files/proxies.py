"""Configurations of reverse proxies in formats of their own: whom they pass requests on to.

Which program a file is for, its words tell: the names of such files are as free as those of
templates that a container fills in when it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files.apache import apache_targets
from scaleaudit.config_files.caddy import caddy_targets
from scaleaudit.config_files.consul_templates import is_consul_template, named_services
from scaleaudit.config_files.haproxy import haproxy_targets
from scaleaudit.config_files.nginx import nginx_targets
from scaleaudit.config_files.proxy_values import MAX_LINE, distinct, without_templates
from scaleaudit.config_files.reading import facts_in, text_lines
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scaleaudit.facts import FileFacts, SettingDefined

    Reader = Callable[[Sequence[str]], Iterator[SettingDefined | None]]

_COMMENT = regex(r"(?:^|\s)#.*")
# What a line of each format looks like; the first that some line fits is the file's.
_FORMATS: tuple[tuple[str, Reader], ...] = (
    (r"_pass[ \t]|^\s*upstream[ \t]+\S+[ \t]*\{", nginx_targets),
    (r"(?i)^\s*(?:ProxyPass|BalancerMember|RewriteRule|SetHandler)", apache_targets),
    (r"^(?:backend|listen)[ \t]+\S+|^\s+server-template[ \t]", haproxy_targets),
    (r"^\s*(?:reverse_proxy|php_fastcgi|forward_auth|proxy)[ \t]", caddy_targets),
)
_READERS = [(regex(words), reader) for words, reader in _FORMATS]


def extract(content: bytes) -> FileFacts:
    """A setting for each server that requests are passed on to."""
    return facts_in(content, proxy_facts)


def proxy_facts(text: str) -> Iterator[SettingDefined]:
    """The same of a text, which may stand inside of another file."""
    written = [_COMMENT.sub("", line[:MAX_LINE]) for line in text_lines(text)]
    if is_consul_template(text):
        written = [*named_services(written)]
    lines = [without_templates(line) for line in written]
    for pattern, reader in _READERS:
        if any(pattern.search(line) for line in lines):
            yield from distinct(reader(lines))
            return
