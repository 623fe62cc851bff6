"""What scaleaudit knows of JavaScript libraries; one module a field, each a tuple of patterns."""

from scaleaudit.languages.javascript.frameworks.cloud import CLOUD
from scaleaudit.languages.javascript.frameworks.dapr import DAPR
from scaleaudit.languages.javascript.frameworks.decorated import DECORATED
from scaleaudit.languages.javascript.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.javascript.frameworks.jobs import JOBS
from scaleaudit.languages.javascript.frameworks.kafka import KAFKA
from scaleaudit.languages.javascript.frameworks.local import LOCAL
from scaleaudit.languages.javascript.frameworks.mappers import MAPPERS
from scaleaudit.languages.javascript.frameworks.messaging import MESSAGING
from scaleaudit.languages.javascript.frameworks.services import SERVICES
from scaleaudit.languages.javascript.frameworks.sockets import SOCKETS
from scaleaudit.languages.javascript.frameworks.stores import STORES
from scaleaudit.languages.javascript.frameworks.web import WEB
from scaleaudit.languages.patterns import Pattern, clients

FRAMEWORKS: tuple[Pattern, ...] = (
    *HTTP_CLIENTS,
    *SERVICES,
    *SOCKETS,
    *CLOUD,
    *WEB,
    *DECORATED,
    *STORES,
    *MAPPERS,
    *KAFKA,
    *MESSAGING,
    *DAPR,
    *JOBS,
    *LOCAL,
    *clients("javascript"),
)
