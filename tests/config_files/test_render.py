"""Blueprints of the platform Render."""

from __future__ import annotations

from textwrap import dedent

from tests.linking.system import architecture

from scaleaudit.architecture import EdgeKind
from scaleaudit.config_files.render import extract
from scaleaudit.facts import StoreDeclared, WorkloadDeclared

BLUEPRINT = """
    databases:
      - name: shop-db
    envVarGroups:
      - name: common
        envVars:
          - key: CACHE_URL
            fromService: {type: keyvalue, name: shop-cache, property: connectionString}
    services:
      - type: web
        name: shop
        rootDir: api
        startCommand: gunicorn shop:app
        envVars:
          - key: DATABASE_URL
            fromDatabase: {name: shop-db, property: connectionString}
          - key: MAIL_HOST
            fromService: {type: pserv, name: mail, property: host}
          - fromGroup: common
      - type: pserv
        name: mail
        rootDir: mail
      - type: keyvalue
        name: shop-cache
      - type: unheard-of
        name: other
    """


def test_workloads_and_stores() -> None:
    facts = extract(dedent(BLUEPRINT).encode()).facts
    stores = [(f.name, f.technology) for f in facts if isinstance(f, StoreDeclared)]
    assert stores == [("shop-db", "postgresql"), ("shop-cache", "redis")]
    workloads = {f.name: f for f in facts if isinstance(f, WorkloadDeclared)}
    assert workloads.keys() == {"shop", "mail"}
    assert workloads["shop"].build_context == "api"
    assert workloads["shop"].published
    assert not workloads["mail"].published


def test_references_connect() -> None:
    files = {
        "render.yaml": dedent(BLUEPRINT),
        "api/requirements.txt": "flask\n",
        "api/shop.py": "import flask\n",
        "mail/package.json": '{"name": "mail", "dependencies": {"express": "4"}}',
    }
    found = architecture(files)
    edges = {f"{e.source} {e.kind} {e.target}" for e in found.edges(EdgeKind.USES, EdgeKind.CALLS)}
    assert edges == {
        "service:shop uses cache:shop-cache",
        "service:shop uses database:shop-db",
        "service:shop calls service:mail",
    }


def test_odd_input_gives_no_facts() -> None:
    assert extract(b"services: 3\ndatabases: {a: b}\n").facts == ()
    assert extract(b"services:\n  - [\n\xff").facts == ()
