"""What scaleaudit knows of Ruby libraries; one module a field, each a tuple of patterns."""

from scaleaudit.languages.patterns import Pattern, clients
from scaleaudit.languages.ruby.frameworks.background import BACKGROUND
from scaleaudit.languages.ruby.frameworks.files import FILES
from scaleaudit.languages.ruby.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.ruby.frameworks.messaging import MESSAGING
from scaleaudit.languages.ruby.frameworks.stores import STORES
from scaleaudit.languages.ruby.frameworks.web import WEB

FRAMEWORKS: tuple[Pattern, ...] = (
    *HTTP_CLIENTS,
    *STORES,
    *MESSAGING,
    *WEB,
    *FILES,
    *BACKGROUND,
    *clients("ruby"),
)
