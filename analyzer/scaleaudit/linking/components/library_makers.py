"""Who makes what systems on the JVM are built with, by the groups of Maven.

Libraries of these makers say in their names what they bring along; those of a company's own may
bring anything.
"""

from __future__ import annotations

import re

from scaleaudit.regex import regex

# The first part of a group -> how it goes on.
MAKERS = {
    "org": """
        apache aspectj assertj bouncycastle flywaydb hibernate javassist jetbrains jolokia json junit
        liquibase mapstruct mariadb mockito modelmapper mongodb mybatis postgresql projectlombok slf4j
        springdoc springframework thymeleaf webjars
    """,
    "com": """
        alibaba amazonaws auth0 fasterxml github google h2database microsoft mysql netflix nimbusds
        oracle querydsl rabbitmq squareup sun zaxxer
    """,
    "io": """
        github jsonwebtoken lettuce micrometer netty opentelemetry opentracing projectreactor
        prometheus r2dbc reactivex springfox swagger zipkin
    """,
}
WHOLE = """
    ch.qos cglib cn.hutool commons- de.codecentric dom4j jakarta javax joda-time junit log4j mysql
    net.logstash ognl redis.clients xerces
"""
PARENTS = ("org.springframework.", "io.spring.")  # of build units, whose contents everybody knows


def _any_of(words: str) -> str:
    return "|".join(map(re.escape, words.split()))


_WELL_KNOWN = regex(
    "^(?:"
    + "|".join(rf"{first}\.(?:{_any_of(rest)})" for first, rest in MAKERS.items())
    + rf"|{_any_of(WHOLE)})\b"
)


def is_well_known(library: str) -> bool:
    """Of one of these makers, `group:artifact` being its name."""
    return _WELL_KNOWN.search(library) is not None


def is_well_known_parent(unit: str) -> bool:
    return unit.startswith(PARENTS)
