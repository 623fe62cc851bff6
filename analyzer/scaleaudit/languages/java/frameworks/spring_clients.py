"""Clients of other services in Spring, with their default timeouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.facts import Timeout
from scaleaudit.languages.java.patterns import ClientCall, DeclaredClient, names_something
from scaleaudit.languages.patterns import Arg, ClientAddress, HttpCall
from scaleaudit.values import UNKNOWN, Join, Literal

if TYPE_CHECKING:
    from scaleaudit.languages.callsites import CallSite
    from scaleaudit.languages.reader import Reader

TEMPLATE = "org.springframework.web.client.RestTemplate"
REST_CLIENT = "org.springframework.web.client.RestClient"
REACTIVE = "org.springframework.web.reactive.function.client.WebClient"
JWT = "org.springframework.security.oauth2.jwt"
VERBS = "{get,post,put,patch,delete,head,options,method}"
TIMEOUT_CALLS = ("timeout", "responseTimeout", "connectTimeout", "readTimeout", "setConnectTimeout",
                 "setReadTimeout", "block")  # fmt: skip
TIMEOUT_WORDS = (
    r"set(?:Connect|Connection|Read|Response|ConnectionRequest)Timeout|\b(?:connect|read|response)"
    r"Timeout\s*\(|ReadTimeoutHandler|CONNECT_TIMEOUT_MILLIS|setSocketTimeout"
)


def template(method: str, names: str) -> ClientCall:
    # RestTemplate with the default factory uses HttpURLConnection, which waits for ever
    # (SimpleClientHttpRequestFactory: the timeouts are unset, "the system's default").
    return ClientCall(
        callees=(f"{TEMPLATE}.{names}",),
        library="resttemplate",
        method=method,
        timeout=TIMEOUT_CALLS,
        without=Timeout.NEVER,
        made=(TEMPLATE,),
        seen=TIMEOUT_WORDS,
    )


def to_a_service(site: CallSite, reader: Reader) -> bool:
    """`uri("lb://billing")`: a route of a gateway, not a part of a request."""
    if reader.mentions(r"\bRouteLocatorBuilder\b"):
        return bool(site.args)
    value = reader.value(site.args[0]) if site.args else UNKNOWN
    first = value.parts[0] if isinstance(value, Join) else value
    return isinstance(first, Literal) and first.text.startswith("lb://")


SPRING_CLIENTS = (
    template("GET", "{getForObject,getForEntity}"),
    template("HEAD", "headForHeaders"),
    template("POST", "{postForLocation,postForObject,postForEntity}"),
    template("PUT", "put"),
    template("PATCH", "patchForObject"),
    template("DELETE", "delete"),
    template("OPTIONS", "optionsForAllow"),
    ClientCall(
        callees=(f"{TEMPLATE}.{{exchange,execute}}",),
        library="resttemplate",
        method_arg=Arg(1),
        timeout=TIMEOUT_CALLS,
        without=Timeout.NEVER,
        made=(TEMPLATE,),
        seen=TIMEOUT_WORDS,
    ),
    # The connector of WebClient and RestClient is chosen by what is on the class path; reactor
    # netty limits the connect (30 s) but not the answer.
    ClientCall(
        callees=(f"{REACTIVE}.{VERBS}.uri", f"{REACTIVE}.create.{VERBS}.uri"),
        library="webclient",
        base=Arg(0, ("baseUrl",)),
        method_arg=Arg(-1, ("method",)),
        timeout=TIMEOUT_CALLS,
        seen=TIMEOUT_WORDS,
    ),
    ClientCall(
        callees=(
            f"{REST_CLIENT}.{VERBS}.uri",
            f"{REST_CLIENT}.create.{VERBS}.uri",
        ),
        library="restclient",
        base=Arg(0, ("baseUrl",)),
        method_arg=Arg(-1, ("method",)),
        timeout=TIMEOUT_CALLS,
        seen=TIMEOUT_WORDS,
    ),
    # OpenFeign: connect 10 s, read 60 s (its Request.Options).
    DeclaredClient(
        callees=(
            "org.springframework.cloud.openfeign.FeignClient",
            "org.springframework.cloud.netflix.feign.FeignClient",
            "reactivefeign.spring.config.ReactiveFeignClient",
        ),
        library="feign",
        url=Arg(-1, ("url",)),
        name=Arg(0, ("name", "value", "serviceId")),
    ),
    # Feign.builder()....target(Billing.class, "http://billing")
    ClientCall(
        callees=("feign.Feign.builder.*.target",),
        library="feign",
        url=Arg(1),
        timeout=("options",),
        without=Timeout.FINITE,
    ),
    ClientAddress(
        callees=(f"{REACTIVE}.{{Builder,builder}}.*.baseUrl", f"{REACTIVE}.create"),
        library="webclient",
    ),
    ClientAddress(
        callees=(f"{REST_CLIENT}.{{Builder,builder}}.*.baseUrl", f"{REST_CLIENT}.create"),
        library="restclient",
    ),
    ClientAddress(
        callees=(
            "org.springframework.boot.{web.client,restclient}.RestTemplateBuilder.*.rootUri",
            "org.springframework.web.util.DefaultUriBuilderFactory",
        ),
        library="resttemplate",
    ),
    ClientAddress(callees=("org.springframework.hateoas.client.Traverson",), library="traverson"),
    ClientAddress(
        callees=("org.springframework.mail.javamail.JavaMailSenderImpl.setHost",),
        library="javamail",
    ),
    DeclaredClient(
        callees=("org.springframework.web.service.annotation.HttpExchange",),
        library="httpexchange",
        url=Arg(0, ("url", "value")),
        timeout=Timeout.UNKNOWN,
        when=lambda site, reader: (
            site.target is not None
            and site.target.type in reader.CLASSES
            and "://" in reader.text(site.node)
        ),
    ),
    # Spring Framework 7: the interfaces of a group have one address; the name of the group is that
    # of a registered service where Spring Cloud balances the load and nothing else is set.
    DeclaredClient(
        callees=("org.springframework.web.service.registry.ImportHttpServices",),
        library="http-service-group",
        name=Arg(-1, ("group",)),
        keys=("spring.http.serviceclient.{}.base-url",),
        timeout=Timeout.UNKNOWN,
        when=lambda site, reader: Arg(-1, ("group",)).value(site, reader) is not None,
    ),
    # Service names that are looked up and then called by hand.
    HttpCall(
        callees=(
            "org.springframework.cloud.client.discovery.DiscoveryClient.getInstances",
            "org.springframework.cloud.client.loadbalancer.LoadBalancerClient.{choose,execute}",
            "com.netflix.discovery.EurekaClient.getNextServerFromEureka",
        ),
        library="spring-cloud",
        when=names_something,
    ),
    HttpCall(
        callees=(
            "org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http",
            "org.springframework.cloud.gateway.server.mvc.filter.{FilterFunctions,LoadBalancerFilterFunctions}.lb",
            "org.springframework.cloud.gateway.{mvc,webflux,webmvc}.ProxyExchange.uri",
        ),
        library="spring-cloud-gateway",
        url=Arg(0),
        when=names_something,
    ),
    # A resource server asks for the keys of whoever issues its tokens.
    HttpCall(
        callees=(
            f"{JWT}.{{NimbusJwtDecoder,NimbusReactiveJwtDecoder}}.{{withJwkSetUri,withIssuerLocation}}",
            f"{JWT}.{{JwtDecoders,ReactiveJwtDecoders}}"
            ".{fromIssuerLocation,fromOidcIssuerLocation}",
        ),
        library="spring-security",
    ),
    HttpCall(
        callees=("*.jwkSetUri",),
        library="spring-security",
        when=lambda _, reader: reader.mentions(r"\boauth2ResourceServer\b"),
    ),
    HttpCall(
        callees=("*.uri",),
        library="spring-cloud-gateway",
        url=Arg(0),
        when=to_a_service,
    ),
)
