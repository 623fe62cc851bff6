"""Add-ons of the platform Heroku."""

from __future__ import annotations

from tests.linking.system import architecture

from scaleaudit.architecture import NodeKind
from scaleaudit.config_files.heroku_app import extract
from scaleaudit.facts import StoreDeclared

APP = """{
  "name": "Boats",
  "addons": [
    "heroku-postgresql:mini",
    {"plan": "heroku-redis:mini", "as": "QUEUE"},
    "papertrail"
  ],
  "environments": {"test": {"addons": ["jawsdb"]}}
}
"""


def test_stores_among_the_add_ons() -> None:
    found = [fact for fact in extract(APP.encode()).facts if isinstance(fact, StoreDeclared)]
    assert [(f.at.line, f.name, f.technology, f.kind) for f in found] == [
        (4, "heroku-postgresql", "postgresql", "database"),
        (5, "heroku-redis", "redis", "cache"),
    ]
    assert extract(b'{"addons": "none", "plan": 1').facts == ()


def test_they_are_what_a_compose_file_starts_on_a_desk() -> None:
    files = {
        "app.json": APP,
        "Procfile": "web: gunicorn boats.wsgi\n",
        "requirements.txt": "django\npsycopg\n",
        "compose.yml": "services:\n  db: {image: 'postgres:16'}\n",
    }
    found = architecture(files, "boats")
    kinds = (NodeKind.DATABASE, NodeKind.CACHE)
    assert {(n.name, n.technology) for n in found.nodes(*kinds)} == {
        ("db", "postgresql"),
        ("heroku-redis", "redis"),
    }
