"""What scaleaudit knows of libraries of .NET; one module a field, each a tuple of patterns.

Callees begin with the simple name of a type: `using` names namespaces, not types.
"""

from scaleaudit.languages.csharp.frameworks.background import BACKGROUND
from scaleaudit.languages.csharp.frameworks.dapr import DAPR
from scaleaudit.languages.csharp.frameworks.http_clients import HTTP_CLIENTS
from scaleaudit.languages.csharp.frameworks.messaging import MESSAGING
from scaleaudit.languages.csharp.frameworks.stores import STORES
from scaleaudit.languages.csharp.frameworks.web import WEB
from scaleaudit.languages.patterns import Pattern, clients

FRAMEWORKS: tuple[Pattern, ...] = (
    *WEB,
    *HTTP_CLIENTS,
    *STORES,
    *MESSAGING,
    *DAPR,
    *BACKGROUND,
    *clients("csharp"),
)
