"""Aliases of a version catalogue say what a program is made with."""

from __future__ import annotations

from scaleaudit.linking.technologies import of_dependencies


def test_aliases_of_a_version_catalogue_tell_the_framework() -> None:
    asked = (("libs.spring.boot.starter.security", ""), ("libs.commons.lang3", ""))
    assert of_dependencies(asked, "gradle") == "spring-boot"
    assert of_dependencies(asked[1:], "gradle") == "java"


def test_of_two_frameworks_the_one_that_has_more_around_it() -> None:
    asked = (("fastapi", ""), ("Flask", ""), ("Flask-Login", ""), ("flask-cors", ""))
    assert of_dependencies(asked, "pypi") == "flask"
    assert of_dependencies(asked[:2], "pypi") == "fastapi"
