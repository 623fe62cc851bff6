"""What scaleaudit knows of Python libraries; one module a field, each a tuple of patterns."""

from scaleaudit.languages.patterns import Pattern, clients
from scaleaudit.languages.python.frameworks.brokers import BROKERS
from scaleaudit.languages.python.frameworks.dapr import DAPR
from scaleaudit.languages.python.frameworks.files import FILES, SETTINGS_READ
from scaleaudit.languages.python.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.python.frameworks.services import SERVICES
from scaleaudit.languages.python.frameworks.stores import STORES
from scaleaudit.languages.python.frameworks.web import WEB
from scaleaudit.languages.python.frameworks.work import WORK

FRAMEWORKS: tuple[Pattern, ...] = (
    *HTTP_CLIENTS,
    *SERVICES,
    *STORES,
    *BROKERS,
    *DAPR,
    *WEB,
    *WORK,
    *FILES,
    *SETTINGS_READ,
    *clients("python"),
)
