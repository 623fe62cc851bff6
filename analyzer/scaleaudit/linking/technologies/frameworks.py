"""What kind of program a package is, by the libraries it is built with."""

from __future__ import annotations

import re

from scaleaudit.regex import regex

# A dependency that tells what kind of program a package is, the more telling ones first.
FRAMEWORK_DEPENDENCIES: tuple[tuple[str, str], ...] = (
    (r"(^|:)spring-cloud-starter-(netflix-)?eureka-server", "eureka"),
    (r"(^|:)spring-cloud-config-server", "config-server"),
    (
        r"(^|:)spring-cloud-starter-(gateway|netflix-zuul|zuul)|(^|:)spring-cloud-netflix-sidecar$",
        "spring-gateway",
    ),
    (r"(^|:)spring-boot-admin-starter-server", "spring-boot-admin"),
    (r"(^|:)spring-cloud-(starter-)?(netflix-)?turbine", "turbine"),
    (r"(^|:)spring-cloud-(starter-)?(netflix-)?hystrix-dashboard", "hystrix-dashboard"),
    (r"(^|:)zipkin-(autoconfigure-ui|server)$|(^|:)spring-cloud-sleuth-zipkin-stream$", "zipkin"),
    (r"(^|:)spring-(boot|cloud-starter)", "spring-boot"),
    (r"(^|:)quarkus", "quarkus"),
    (r"(^|:)micronaut", "micronaut"),
    (r"^django$", "django"),
    (r"^fastapi$", "fastapi"),
    (r"^flask$", "flask"),
    (r"^rails$", "rails"),
    (r"^phoenix$", "phoenix"),
    (r"^sinatra$", "sinatra"),
    (r"^@nestjs/core$", "nestjs"),
    (r"^next$", "next"),
    (r"^express-gateway$", "express-gateway"),
    (r"^express$", "express"),
    (r"^fastify$", "fastify"),
    (r"^koa$", "koa"),
    (r"^@hapi/hapi$", "hapi"),
    (r"^hono$", "hono"),
    (r"^nuxt$", "nuxt"),
    (r"^(@remix-run|@react-router)/(node|serve)$", "remix"),
    (r"^@sveltejs/kit$", "sveltekit"),
    (r"^(react|vue|svelte|@angular/core)$", "web-frontend"),
    (r"^laravel/framework$", "laravel"),
    (r"^laravel/lumen-framework$", "lumen"),
    (r"^slim/slim$", "slim"),
    (r"^symfony/", "symfony"),
    (r"^Aspire\.Hosting", "aspire"),
    (r"^Yarp\.ReverseProxy", "yarp"),
    (r"^Ocelot($|\.)", "ocelot"),
    (r"^Microsoft\.AspNetCore", "aspnet"),
    (r"gin-gonic/gin", "gin"),
    (r"labstack/echo", "echo"),
    (r"go-chi/chi", "chi"),
)

SMALL = ("fastapi", "flask")  # in the order above
_FRAMEWORKS = [(regex(words, re.IGNORECASE), tech) for words, tech in FRAMEWORK_DEPENDENCIES]

ECOSYSTEM_NAMES = {
    "npm": "node", "pypi": "python", "maven": "java", "gradle": "java", "go": "go",
    "gem": "ruby", "composer": "php", "nuget": "dotnet",
    "hex": "elixir", "cargo": "rust",
}  # fmt: skip


def of_dependencies(dependencies: tuple[tuple[str, str], ...], ecosystem: str) -> str:
    """The framework that a package is built on, else its ecosystem."""
    names = [as_artifact(name) for name, _ in dependencies]
    for pattern, technology in _FRAMEWORKS:
        if any(pattern.search(name) for name in names):
            return _with_most_around(technology, names)
    return ECOSYSTEM_NAMES.get(ecosystem, ecosystem)


def _with_most_around(technology: str, names: list[str]) -> str:
    """Of two small frameworks that stand side by side, the one with more packages called after it."""
    if technology not in SMALL:
        return technology
    lowered = [name.lower() for name in names]
    there = [technology, *(each for each in SMALL if each in lowered)]
    return max(there, key=lambda each: sum(name.startswith(f"{each}-") for name in lowered))


def as_artifact(name: str) -> str:
    """`libs.spring.boot.starter.web`, an alias of a version catalogue, as what it stands for."""
    return name.removeprefix("libs.").replace(".", "-") if name.startswith("libs.") else name


# Frameworks that send pages, whatever else they do.
FRONT_ENDS = frozenset({"next", "nuxt", "remix", "sveltekit", "web-frontend"})
