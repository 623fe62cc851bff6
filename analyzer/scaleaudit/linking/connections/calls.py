"""Remote calls in code: the target of each, or why it is not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from scaleaudit.architecture import Cause, NodeKind, Unresolved
from scaleaudit.facts import RemoteCall
from scaleaudit.findings import Confidence, Evidence, Step
from scaleaudit.linking.connections.dapr import add_component
from scaleaudit.linking.connections.known_settings import read_by_framework
from scaleaudit.linking.connections.service_names import located
from scaleaudit.linking.connections.state import Doubtful, addresses_in
from scaleaudit.linking.imports.unused_clients import INTERFACES, unused_clients
from scaleaudit.linking.resolution import HOLE
from scaleaudit.linking.resolution.unresolved import (
    NO_HOST,
    OWN_HOST,
    UNSAID,
    cause_of,
    is_path,
    unreachable,
)
from scaleaudit.linking.technologies import FRONT_ENDS
from scaleaudit.regex import regex
from scaleaudit.values import Join, Name

if TYPE_CHECKING:
    from scaleaudit.linking.addresses import Address
    from scaleaudit.linking.components.component import Component
    from scaleaudit.linking.connections.state import Connections
    from scaleaudit.linking.resolution import Resolved
    from scaleaudit.values import Value

# What the names of settings say of an address in general, nothing of whose it is.
ADDRESS_WORDS = frozenset(
    """
    addr address addresses api apis app application base baseurl endpoint endpoints fqdn grpc host
    hostname http https public internal external location origin path port prefix root rpc server
    service site svc target uri url urls web webhook with prod production default host_url
    next vite react my our the client remote backend callback redirect proxy config relative absolute
    """.split()  # noqa: SIM905 - a table to be read
)
# What a part of any system may be called: such a name is nobody else's.
PARTS = frozenset({
    "gateway", "gw", "edge", "bff", "broker", "balancer", "load-balancer", "ingress", "router",
    "registry", "node", "cluster", "cdn", "self", "frontend", "front-end",
})  # fmt: skip
# What a component's name may have behind the word that a setting calls it by.
INVOKED = regex(r"/v1\.0/invoke/([\w.-]+)/method(?:/|$)|^dapr://([\w.-]+)")
OPEN_HOST = regex(r"^https?://([a-zA-Z][\w.-]+)\{\}")
ENDINGS = ("", "-service", "service", "-svc", "-api", "-server", "-app", "-backend")
MIN_NAME = 3
ONE_WORD = regex(r"^[\w-]+(?:[/?]|$)")
DECLARED = {"feign", "micronaut"}  # clients that name the service they speak to, and no path
NAMED = regex(r"^[A-Za-z][\w-]*/")  # unless a path follows the name: `stock-service/api/v1`
# What is asked for, before whom it is asked of: `CREATE_ACCOUNT_URL`, `GET_ORDERS_ENDPOINT`.
ACTION = regex(
    r"^(?:create|get|fetch|find|query|list|add|update|delete|post|put|send|verify|check)-"
)
# A text that holds the address of a store, whoever lists it.
OF_STORES = regex(r"(?:^|-)(?:db|database|connection-strings?|dsn|sql)(?:-|$)")
# What the pages of a system call its other side, where they have an address for it.
OF_BACKEND = regex(r"(?i)(?:^|_)(?:api|backend|server|gateway)(?:_|$)")
BASE_WORDS = {"base", "root", "prefix"}
# Keys that hold the name of a client between a framework's own words.
OF_CLIENT = regex(
    r"(?:(?:spring\.cloud\.open)?feign\.client\.config|micronaut\.http\.services|quarkus\.rest-client"
    r"|spring\.http\.serviceclient)\.([\w-]+)\.(?:ur[il]s?|base-url)(?:\[0\])?$"
)
# Where a platform tells a program its own address. Sources: the reference of environment variables of
# Azure App Service, Vercel, Render, Railway, Netlify and Cloudflare Pages.
OWN_ADDRESS = regex(
    r"WEBSITE_HOSTNAME|VERCEL_(?:BRANCH_|PROJECT_PRODUCTION_)?URL|RENDER_EXTERNAL_(?:URL|HOSTNAME)"
    r"|RAILWAY_(?:PUBLIC_DOMAIN|PRIVATE_DOMAIN|STATIC_URL)|DEPLOY_(?:PRIME_)?URL|CF_PAGES_URL"
)
OF_SERVICE = frozenset({"service", "svc", "microservice"})  # after a name
ADDRESS_ENDING = regex(r"(url|uri|host|hostname|addr|address|endpoint|server|fqdn)$")


def add_calls(connections: Connections) -> None:
    unused = unused_clients(connections.index)
    for path, call in connections.index.of(RemoteCall):
        if path in unused and call.library in INTERFACES:
            continue
        at = call.at.in_file(path)
        for speaker in connections.speakers(path, connections.origins.of(path)):
            note = Evidence(at, f"{speaker.name} calls through {call.library}", Step.CALL)
            ways = connections.resolver.ways(call.target, path, speaker)
            known = [found for found in ways if found.known]
            left = [found for found in ways if not found.known]
            # Beside what is told, `CART_URL` that only the deployment knows: it is the cart's.
            named = [each for each in left if of_component(connections, speaker, each)]
            for each in [*known, *named] or ways[:1]:
                found = located(connections.resolver, each, path, speaker)
                if call.library in DECLARED and found.known and NAMED.match(found.text):
                    found = replace(found, text=f"http://{found.text}")
                connections.keep(speaker, call.library, call.protocol, found, at)
                what = f"{call.library} {call.method}".strip()
                _add(connections, speaker, found, note, what, constant_in(call.target))


def _add(
    connections: Connections,
    speaker: Component,
    found: Resolved,
    note: Evidence,
    what: str,
    constant: str = "",
) -> None:
    """`constant`: the name that the code has for the address."""
    bare = OPEN_HOST.match(found.text)
    if bare is not None and connections.targets.by_name(bare[1], NodeKind.SERVICE, near=speaker):
        # `base + request.url`: what follows the name of a component whole is a path.
        found = replace(found, text=found.text.replace(HOLE, f"/{HOLE}", 1))
    invoked = INVOKED.search(found.text)
    if invoked is not None:  # Dapr's sidecar finds the service by its name
        _add_invoked(connections, speaker, invoked[1] or invoked[2], found, note, what)
        return
    if add_component(connections, speaker, found.text, note):
        return
    reason = NO_HOST if is_path(found.text) else found.why_not or UNSAID
    if reason is NO_HOST and _through_the_edge(
        connections, speaker, "", found.text, (note, *found.trail)
    ):
        return
    for address in addresses_in(found.text) if found.known else ():
        why_not = _add_address(connections, speaker, address, found, note, what)
        if why_not is None:
            return
        reason = why_not
    # Of a channel the stubs tell whom it leads to, when nothing of the repository is called so.
    outside = not what.startswith("grpc") and not OF_CLIENT.match(found.setting)
    named = named_by_setting(connections, speaker, found, outside=outside)
    if named is None and reason == OWN_HOST and constant:
        # `STOCK_SERVICE_URL = "http://localhost:1234"`, where nobody is known to listen
        named = _of_another(connections, whose(constant), speaker)
    if named is None and speaker.technology in FRONT_ENDS and OF_BACKEND.search(found.setting):
        named = connections.only_server()
    if named is not None:
        _told(connections, speaker, named, (note, *found.trail), Confidence.MEDIUM)
        return
    connections.unresolved.append(Unresolved(speaker.id, what, reason, note.at, cause_of(reason)))


def _add_invoked(
    connections: Connections,
    speaker: Component,
    name: str,
    found: Resolved,
    note: Evidence,
    what: str,
) -> None:
    target = _of_another(connections, name, speaker)
    if target is not None:
        _told(connections, speaker, target, (note, *found.trail), Confidence.MEDIUM)
        return
    why = f"no component is called {name}"
    connections.unresolved.append(Unresolved(speaker.id, what, why, note.at, Cause.NAME))


def _add_address(
    connections: Connections,
    speaker: Component,
    address: Address,
    found: Resolved,
    note: Evidence,
    what: str,
) -> str | None:
    """Why the address leads to nobody; None when it does, or when there is no more to find out."""
    evidence = (note, *found.trail)
    if _through_the_edge(connections, speaker, address.host, address.path, evidence):
        return None
    doubtful = what.startswith("grpc") and not found.from_default
    if doubtful and connections.targets.is_doubtful(address):
        connections.doubtful.append(Doubtful(speaker, address.host, evidence, what))
        return None
    reached = connections.targets.reach(address, near=speaker)
    local = connections.local_hosts.meant(address, "", speaker)
    if local is not None:
        connections.connect(speaker, local[0], (*evidence, local[1]), Confidence.MEDIUM)
        return None
    if reached is None:
        if connections.targets.is_of_cluster(address.host):
            why = f"no component is called {address.host}"
            connections.unresolved.append(Unresolved(speaker.id, what, why, note.at, Cause.NAME))
            return None
        if address.host and not address.is_loopback:
            return None  # a reserved name, as in documentation
        return unreachable(address)
    target, sure = reached
    a_path = ONE_WORD.match(found.text) and what.partition(" ")[0] not in DECLARED
    if sure is Confidence.LOW and not found.configured and a_path:
        return NO_HOST  # `get("orders")`: a path, below an address that the client was given
    if found.from_default and sure is Confidence.LOW:
        return None  # an unknown host that only a default names proves nothing
    if address.is_ip and target.kind is NodeKind.EXTERNAL:
        # Of a machine that this was deployed to: `ORDERS_URL=http://203.0.113.9:8080`.
        called = _of_another(connections, whose(found.setting), speaker)
        if called is not None:
            target, sure = called, Confidence.MEDIUM
    _told(connections, speaker, target, evidence, sure)
    return None


def _through_the_edge(
    connections: Connections,
    speaker: Component,
    host: str,
    path: str,
    evidence: tuple[Evidence, ...],
) -> bool:
    """Whether the edge of the system is asked, and leads on to one of its parts."""
    behind = connections.edge_routes.behind(host, path, speaker)
    if behind is None:
        return False
    _told(connections, speaker, behind[0], (*evidence, behind[1]), behind[2])
    return True


def _of_another(connections: Connections, name: str, speaker: Component) -> Component | None:
    """The component of that name, where it is another application's."""
    found = of_that_name(connections, name, speaker)
    return found if found is not None and found.application != speaker.application else None


def _told(
    connections: Connections,
    speaker: Component,
    target: Component,
    evidence: tuple[Evidence, ...],
    sure: Confidence,
) -> None:
    connections.connect(speaker, target, evidence, sure)
    connections.told_by_code.add((speaker.application, target.id))


def constant_in(target: Value) -> str:
    """The last part of the name that an address begins with; empty for any other."""
    first = target.parts[0] if isinstance(target, Join) and target.parts else target
    return first.name.rpartition(".")[2] if isinstance(first, Name) else ""


def named_by_setting(
    connections: Connections, speaker: Component, found: Resolved, *, outside: bool
) -> Component | None:
    """Whom a setting means that only the deployment knows: `CALENDAR_URL` is the calendar's.

    A component of that name, else an external system, unless the name tells nobody's. One with
    a default in the code is a component of the repository or nobody: where the default leads to
    this host, nothing outside is meant. `outside`: whether it may be an external system at all.
    """
    name = whose(found.setting)
    if not name:
        return None
    done = ACTION.sub("", name)
    known = of_that_name(connections, name, speaker) or of_that_name(connections, done, speaker)
    if known is not None:
        return known if known.application != speaker.application else None
    if not outside or found.from_default or name in PARTS or done != name or OF_STORES.search(name):
        return None
    return connections.targets.external(name)


def of_component(connections: Connections, speaker: Component, found: Resolved) -> bool:
    """Whether the name of the setting tells another component of the system."""
    return bool(
        whose(found.setting) and named_by_setting(connections, speaker, found, outside=False)
    )


def of_that_name(connections: Connections, name: str, speaker: Component) -> Component | None:
    """The service of a name, with or without what people put behind it: `orders-service`; one
    order is as good as many."""
    bare = next((name.removesuffix(e) for e in ENDINGS if e and name.endswith(e)), name)
    other = bare.removesuffix("s") if bare.endswith("s") else f"{bare}s"
    forms = [each for each in (bare, other) if len(each) >= MIN_NAME or each == bare != ""]
    names = (name, *(f"{form}{ending}" for form in forms for ending in ENDINGS))
    return next(
        (
            c
            for each in names
            if (c := connections.targets.by_name(each, NodeKind.SERVICE, near=speaker))
        ),
        None,
    )


def whose(setting: str) -> str:
    """The system in the name of an address setting; empty when it names none.

    `PAYMENT_API_URL`, `services.payment.base-url` -> `payment`; `API_URL` -> ``.
    """
    if '"' in setting or OWN_ADDRESS.fullmatch(setting):  # by the full name of a class
        return ""
    client = OF_CLIENT.match(setting)
    if client is not None:
        setting = f"{client[1]}_URL"
    elif read_by_framework(setting):
        return ""  # what such a key is called is the framework's
    words = _words(setting)
    while len(words) > 1 and words[-1] in BASE_WORDS and ADDRESS_ENDING.search(words[-2]):
        words.pop()  # `CART_URL_BASE`
    if not words or not ADDRESS_ENDING.search(words[-1]):
        return ""
    if (
        "." in setting
        and len(words) > 2
        and words[1] in OF_SERVICE
        and words[0] not in ADDRESS_WORDS
    ):
        words = words[:1]  # `payment.service.url`
    elif "." in setting:
        inner = (
            words[len(_words(setting.partition(".")[0])) :] if len(words) > 2 else words
        )  # `services.`, `shop-app.`: a section
        words = inner if any(word not in ADDRESS_WORDS for word in inner) else words[1:]
    named = [word for word in words if word not in ADDRESS_WORDS]
    return "-".join(named) if named and not ADDRESS_ENDING.fullmatch(named[-1]) else ""


def _words(text: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z]\d)(?=[A-Z])", "_", text)
    return re.findall(r"[a-z0-9]+", spaced.lower())
