"""The libraries of Elixir that are known, by what they do."""

from scaleaudit.languages.elixir.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.patterns import Pattern

FRAMEWORKS: tuple[Pattern, ...] = HTTP_CLIENTS
