"""Which of several settings of one key is nearest to what runs in production."""

from __future__ import annotations

import pytest

from scaleaudit.facts import SettingDefined
from scaleaudit.linking.resolution.profiles import profile_rank
from scaleaudit.source import Span
from scaleaudit.values import Literal

Place = tuple[str, str, str]  # the file, its kind, the group


@pytest.mark.parametrize(
    ("near", "far"),
    [
        # Rails: what it does in production stands for itself, what no group holds for nothing.
        (("config/database.yml", "rails", "production"), ("config/database.yml", "rails", "test")),
        (("config/database.yml", "rails", "production"), ("config/database.yml", "rails", "")),
        (("config/application.yml", "spring", ""), ("config/database.yml", "rails", "")),
        # What is written to be copied.
        (("app.properties", "spring", "unused"), ("app-example.properties", "spring", "")),
        (("app.properties", "spring", "unused"), ("app.Sample.properties", "spring", "")),
        (("app.properties", "spring", "unused"), ("app.properties", "spring", "example")),
    ],
)
def test_what_is_nearer_to_production(near: Place, far: Place) -> None:
    def rank(place: Place) -> int:
        path, source, group = place
        return profile_rank(path, SettingDefined(Span(1), "url", Literal("x"), source, group))

    assert rank(near) < rank(far)


def test_production_of_rails_is_what_has_no_group_elsewhere() -> None:
    of_rails = SettingDefined(Span(1), "url", Literal("x"), "rails", "production")
    plain = SettingDefined(Span(1), "url", Literal("x"), "dotenv", "")
    assert profile_rank("a.yml", of_rails) == profile_rank("a.yml", plain)
