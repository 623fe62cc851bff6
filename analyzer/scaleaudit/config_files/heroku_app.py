"""`app.json`: the stores that the platform Heroku adds to an application.

Source: "app.json Schema", devcenter.heroku.com. Those of `environments` are for tests and reviews.
"""

from __future__ import annotations

from scaleaudit.config_files.json_entries import read_json
from scaleaudit.config_files.reading import MAX_FACTS, lines_in
from scaleaudit.facts import FileFacts, StoreDeclared
from scaleaudit.source import Span

# The names of plans in the marketplace of add-ons, before the colon.
STORES = {
    "heroku-postgresql": ("postgresql", "database"),
    "cleardb": ("mysql", "database"),
    "jawsdb": ("mysql", "database"),
    "jawsdb-maria": ("mariadb", "database"),
    "mongolab": ("mongodb", "database"),
    "ormongo": ("mongodb", "database"),
    "bonsai": ("elasticsearch", "database"),
    "searchbox": ("elasticsearch", "database"),
    "foundelasticsearch": ("elasticsearch", "database"),
    "heroku-redis": ("redis", "cache"),
    "rediscloud": ("redis", "cache"),
    "redistogo": ("redis", "cache"),
    "openredis": ("redis", "cache"),
    "memcachier": ("memcached", "cache"),
    "memcachedcloud": ("memcached", "cache"),
    "cloudamqp": ("rabbitmq", "broker"),
    "heroku-kafka": ("kafka", "broker"),
    "cloudkarafka": ("kafka", "broker"),
}


def extract(content: bytes) -> FileFacts:
    entries, problem = read_json(content.decode("utf-8", "replace"))
    facts = []
    for entry in entries[:MAX_FACTS]:
        # `"heroku-redis:mini"`, or `{"plan": "heroku-redis:mini", "as": "QUEUE"}`
        named = len(entry.path) == 2 or (len(entry.path) == 3 and entry.path[2] == "plan")
        if entry.path[:1] != ("addons",) or not named or not entry.value:
            continue
        plan = entry.value.partition(":")[0]
        if plan in STORES:
            technology, kind = STORES[plan]
            facts.append(StoreDeclared(Span(entry.line), plan, technology, kind))
    return FileFacts(tuple(facts), "", problem, lines_in(content))
