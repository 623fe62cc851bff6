"""What scaleaudit knows of libraries of the JVM; one module a field, each a tuple of patterns.

Kotlin uses the same tables: the libraries have the same qualified names there.
"""

from scaleaudit.languages.java.frameworks.background import BACKGROUND
from scaleaudit.languages.java.frameworks.event_bus import VERTX_EVENT_BUS
from scaleaudit.languages.java.frameworks.files import FILES
from scaleaudit.languages.java.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.java.frameworks.messaging import MESSAGING
from scaleaudit.languages.java.frameworks.other_brokers import OTHER_BROKERS
from scaleaudit.languages.java.frameworks.remote_services import REMOTE_SERVICES
from scaleaudit.languages.java.frameworks.servers import SERVERS
from scaleaudit.languages.java.frameworks.service_discovery import SERVICE_DISCOVERY
from scaleaudit.languages.java.frameworks.spring_clients import SPRING_CLIENTS
from scaleaudit.languages.java.frameworks.sql_drivers import SQL_DRIVERS
from scaleaudit.languages.java.frameworks.stores import STORES
from scaleaudit.languages.java.frameworks.web import WEB
from scaleaudit.languages.patterns import Pattern, clients

FRAMEWORKS: tuple[Pattern, ...] = (
    *WEB,
    *SPRING_CLIENTS,
    *SERVICE_DISCOVERY,
    *HTTP_CLIENTS,
    *REMOTE_SERVICES,
    *STORES,
    *SQL_DRIVERS,
    *MESSAGING,
    *OTHER_BROKERS,
    *VERTX_EVENT_BUS,
    *BACKGROUND,
    *FILES,
    *SERVERS,
    *clients("java"),
)
