"""What scaleaudit knows of Go packages; one module a field, each a tuple of patterns.

Import paths stand without their version (`/v5`, `.v3`) and without the ending `.go`, so that one
entry serves all of them.
"""

from collections.abc import Iterable

from scaleaudit.languages.go.frameworks.dapr import DAPR
from scaleaudit.languages.go.frameworks.databases import DATABASES
from scaleaudit.languages.go.frameworks.files import FILES
from scaleaudit.languages.go.frameworks.go_zero import GO_ZERO
from scaleaudit.languages.go.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.go.frameworks.kafka import KAFKA
from scaleaudit.languages.go.frameworks.messaging import MESSAGING
from scaleaudit.languages.go.frameworks.returned_types import RETURNS
from scaleaudit.languages.go.frameworks.schedulers import SCHEDULERS
from scaleaudit.languages.go.frameworks.sessions import SESSIONS
from scaleaudit.languages.go.frameworks.stores import STORES
from scaleaudit.languages.go.frameworks.web import WEB
from scaleaudit.languages.patterns import Pattern, clients, expand

FRAMEWORKS: tuple[Pattern, ...] = (
    *HTTP_CLIENTS,
    *WEB,
    *GO_ZERO,
    *DATABASES,
    *STORES,
    *KAFKA,
    *MESSAGING,
    *DAPR,
    *FILES,
    *SCHEDULERS,
    *SESSIONS,
    *clients("go"),
)


# Packages whose name nothing in their path tells.
OTHER_NAMES = {
    "firebase.google.com/go": "firebase",
    "github.com/eclipse/paho.mqtt.golang": "mqtt",
    "github.com/influxdata/influxdb-client-go": "influxdb2",
    "github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus": "azservicebus",
}


def package_of(callee: str) -> str:
    """`github.com/gin-gonic/gin` of `github.com/gin-gonic/gin.Engine.GET`."""
    start = callee.rfind("/") + 1
    dot = callee.find(".", start)
    return callee[:dot] if dot >= 0 else callee


def names_by_package(patterns: Iterable[Pattern]) -> dict[str, frozenset[str]]:
    """The last parts of the callees that can be meant in a file that imports a package."""
    names: dict[str, set[str]] = {}
    for pattern in patterns:
        for callee in (each for written in pattern.callees for each in expand(written)):
            package = "net/http" if callee.startswith("*.") else package_of(callee)
            names.setdefault(package, set()).add(callee.rpartition(".")[2])
    for callee, result in RETURNS.items():
        there = names.get(package_of(result))
        if there is not None and package_of(callee) != package_of(result):
            names.setdefault(package_of(callee), set()).update(there)
    return {package: frozenset(found) for package, found in names.items()}


NAMES_BY_PACKAGE = names_by_package(FRAMEWORKS)
CALL_NAMES = frozenset().union(*NAMES_BY_PACKAGE.values())
