"""What scaleaudit knows of Python libraries; one module a field, each a tuple of patterns."""

from scaleaudit.languages.patterns import Pattern
from scaleaudit.languages.python.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.python.frameworks.web import WEB

FRAMEWORKS: tuple[Pattern, ...] = (*HTTP_CLIENTS, *WEB)
