"""Routes by the language of each framework: which file speaks which, and the walk over blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.languages.ruby import grape, puma, rails_routes, roda, sinatra
from scaleaudit.languages.ruby.devise_routes import devise_modules
from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaleaudit.facts import Fact
    from scaleaudit.languages.ruby.reader import RubyReader

DRAWN = regex(rb"routes\.(?<!\wroutes\.)(?:draw|append|prepend)\b")
# A part of the routes in its own file (`draw :admin`): the same words, at the top of the file.
PART = regex(
    rb"(?m)^(?:namespace|scope|resources?|devise_for|constraints|authenticate|get|post|put|patch|delete|match)\b"
)
CERTAIN = regex(
    rb"(?m)^[ \t]*resources?[ (]:\w|\bto:[ ]*[\"']\w[\w/]*#\w|=>[ ]*[\"'][\w/]+#\w+[\"']"
)
# Of a class that may extend an application of Sinatra which stands in another file.
HEIR = regex(rb"(?m)^[ \t]+(?:get|post|put|patch|delete|namespace)[ (]+['\"]/")
RUN = regex(rb"(?m)^[ \t]*run\b")
PATHS = (b"'/", b'"/')  # how paths begin
MAPS = (b"map", b"URLMap")


def routes(reader: RubyReader) -> Iterator[Fact]:
    content = reader.content
    if DRAWN.search(content):
        yield from rails_routes.drawn(reader)
    elif b"class " not in content and PART.search(content) and CERTAIN.search(content):
        yield from rails_routes.part(reader)
    if b"devise" in content:
        yield from devise_modules(reader)
    if b"Sinatra" in content or b"sinatra" in content:
        yield from sinatra.routes(reader)
    if b"class " in content and reader.says(*PATHS) and HEIR.search(content):
        yield from sinatra.heirs(reader)
    if b"Grape::API" in content:
        yield from grape.routes(reader)
    if b"Roda" in content:
        yield from roda.routes(reader)
    if b"run" in content and reader.says(*MAPS) and RUN.search(content):
        yield from sinatra.rack_maps(reader)
    if b"port" in content:
        yield from puma.server(reader)
