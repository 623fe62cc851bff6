"""What scaleaudit knows of PHP libraries; one module a field, each a tuple of patterns."""

from scaleaudit.languages.patterns import Pattern, clients
from scaleaudit.languages.php.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.php.frameworks.local import LOCAL
from scaleaudit.languages.php.frameworks.messaging import MESSAGING
from scaleaudit.languages.php.frameworks.stores import STORES
from scaleaudit.languages.php.frameworks.web import WEB

FRAMEWORKS: tuple[Pattern, ...] = (
    *WEB,
    *HTTP_CLIENTS,
    *STORES,
    *MESSAGING,
    *LOCAL,
    *clients("php"),
)
