"""Settings whose meaning a framework or an image fixes: the key tells what is connected to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaleaudit.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

# Key (case, dots and underscores do not count) -> technology; "" when the value's scheme tells,
# "http" for another service.
KEYS: tuple[tuple[str, str], ...] = (
    # Spring Boot, Common Application Properties
    (r"spring(datasource|flyway|liquibase)(\w*)(jdbc)?url", ""),
    (r"spring(r2dbc|neo4j)(ur[il])", ""),
    (r"spring(data)?mongodb(uri|host)", "mongodb"),
    (r"spring(data)?redis(url|host|clusternodes)", "redis"),
    (r"spring(data)?cassandracontactpoints", "cassandra"),
    (r"spring(data)?elasticsearch(uris|clusternodes|clientrestapiuris)", "elasticsearch"),
    (r"springelasticsearch(rest)?uris", "elasticsearch"),
    (r"springrabbitmq(host|addresses)", "rabbitmq"),
    (r"springkafka(\w*)bootstrapservers", "kafka"),
    (r"springcloudstreamkafkabinderbrokers", "kafka"),
    (r"springactivemqbrokerurl", "activemq"),
    (r"eurekaclientserviceurldefaultzone", "http"),
    (r"springcloudconfiguri", "http"),
    (r"springconfigimport", "http"),
    (r"springcloudconsulhost", "http"),
    (r"springzipkinbaseurl", "http"),
    (r"managementzipkintracingendpoint", "http"),
    (r"springbootadminclienturl", "http"),
    (r"springmailhost", "http"),
    (
        r"spring\w*security\w*oauth2\w*(issueruri|jwkseturi|tokenuri|userinfouri|accesstokenuri)",
        "http",
    ),
    (r"security(oauth2)?\w*(userinfouri|accesstokenuri|tokeninfouri|keyuri)", "http"),
    (r"quarkusdatasource(\w*)jdbcurl", ""),
    (r"zuulroutes\w+(url|serviceid)", "http"),
    (r"springcloudgateway\w*routesuri", "http"),
    # Rails: config/database.yml, config/cable.yml (the environment's name comes first)
    (r"(production|default)?(primary)?(url|host)", ""),
    # Symfony: config/packages
    (r"doctrinedbal(connections\w+)?(url|host)", ""),
    (r"doctrinemongodbconnections\w+server", "mongodb"),
    (r"frameworkmessengertransports\w+", ""),
    (r"framework(cache\w*redisprovider|cachedefaultredisprovider)", "redis"),
    (r"framework(sessionhandlerid|lock\w*)", ""),
    (r"framework(mailerdsn|httpclientscopedclients\w+baseuri)", "http"),
    (r"oldsoundrabbitmqconnections\w+(url|host)", "rabbitmq"),
    (r"sncredisclients\w+dsns?", "redis"),
    (r"foselasticaclients\w+(url|host|hosts)", "elasticsearch"),
    (r"enqueue\w*transport(dsn)?", ""),
    # .NET
    (r"connectionstrings\w+", ""),
    # Conventions of twelve-factor platforms
    (r"(\w*)databaseurl", ""),
    (r"(\w*)redisurl", "redis"),
    (r"(celery)?brokerurl", ""),
    (r"celeryresultbackend", ""),
    (r"(\w*)mongo(db)?(uri|url)", "mongodb"),
    (r"(\w*)(amqp|rabbitmq|cloudamqp)ur[il]", "rabbitmq"),
    (r"(\w*)elasticsearchur[il]", "elasticsearch"),
    (r"(\w*)kafka(bootstrapservers|brokers?|url)", "kafka"),
    (r"otelexporterotlp(\w*)endpoint", "http"),
)
# What a build unit depends on when such a setting means something to it (Spring's starters).
NEEDS: tuple[tuple[str, str], ...] = (
    (r"springrabbitmq", r"amqp|rabbit"),
    (r"springkafka|springcloudstreamkafka", r"kafka"),
    (r"eureka", r"eureka-client|eureka$"),
    (r"security|springsecurity", r"oauth2|security"),
    (r"spring(data)?redis", r"redis"),
    (r"spring(data)?mongodb", r"mongo"),
    (r"springdatasource", r"jdbc|jpa|mybatis|jooq"),
    (r"spring(data)?elasticsearch", r"elasticsearch"),
    (r"springzipkin|managementzipkin", r"zipkin|sleuth|tracing"),
    (r"springmail", r"mail"),
    (r"springbootadmin", r"spring-boot-admin"),
)
FRAMEWORK_PREFIXES = ("spring", "eureka", "quarkus", "zuul", "management", "otel")
_KEYS = [(regex(rf"^{pattern}$"), technology) for pattern, technology in KEYS]


def of_setting(key: str) -> str | None:
    """The technology behind a key, empty when the value tells it, None for any other key."""
    wanted = re.sub(r"[^a-z0-9]", "", re.sub(r"\[\d+\]", "", key.lower()))
    for pattern, technology in _KEYS:
        if pattern.match(wanted):
            return technology
    return None


def is_needed(key: str, dependencies: Iterable[str]) -> bool:
    """Does a unit with these dependencies use a setting that stands in a file for many?"""
    wanted = re.sub(r"[^a-z0-9]", "", key.lower())
    for prefix, words in NEEDS:
        if re.match(prefix, wanted):
            return any(re.search(words, name) for name in dependencies)
    return True


def read_by_framework(name: str) -> bool:
    """Variables that a framework reads by itself: Spring's relaxed names, OpenTelemetry's."""
    wanted = re.sub(r"[^a-z0-9]", "", name.lower())
    return wanted.startswith(FRAMEWORK_PREFIXES) and of_setting(name) is not None
