"""What the findings of the rules on servers say, beyond where they stand."""

from __future__ import annotations

import pytest
from tests.rules.findings import find

from scaleaudit.findings import Severity


def test_what_a_command_sets_is_not_told() -> None:
    files = {
        "Dockerfile": (
            "FROM python:3.12\nCOPY . /app\n"
            'CMD ["gunicorn", "--env", "STRIPE=hunter2", "shop.wsgi:application"]\n'
        ),
        "shop/urls.py": 'from django.urls import path\n\nurlpatterns = [path("o/", print)]\n',
    }
    (found,) = find("undersized-server", files)
    assert found.data == {"command": "gunicorn --env STRIPE=*** shop.wsgi:application"}
    assert "hunter2" not in found.message


def test_a_script_may_add_to_the_command_that_it_is_handed() -> None:
    files = {
        "Dockerfile": (
            'FROM python:3.12\nCOPY . /app\nENTRYPOINT ["/app/{}"]\nCMD ["gunicorn", "shop.wsgi"]\n'
        ),
        "shop/urls.py": 'from django.urls import path\n\nurlpatterns = [path("o/", print)]\n',
    }
    for entry, told in (("start.sh", False), ("docker-entrypoint", False), ("tini", True)):
        files_now = {**files, "Dockerfile": files["Dockerfile"].format(entry)}
        assert bool(find("undersized-server", files_now)) is told


@pytest.mark.parametrize(
    ("beside", "reported"),
    [("worker: node worker.js", True), ("tunnel: ngrok start shop", False)],
)
def test_a_procfile_of_a_desk_runs_no_servers_of_users(beside: str, *, reported: bool) -> None:
    files = {
        "Procfile": f"web: npm run dev\n{beside}\n",
        "package.json": '{"name": "shop", "dependencies": {"express": "5"}}',
        "app.js": "const app = require('express')();\napp.get('/', (q, r) => r.end());\napp.listen(3000);\n",
        "worker.js": "setInterval(() => {}, 1000);\n",
    }
    assert bool(find("undersized-server", files)) is reported


@pytest.mark.parametrize(
    ("source", "consequence"),
    [
        (
            "from flask import Flask\nimport requests\n\napp = Flask(__name__)\n\n\n"
            '@app.get("/x")\ndef show():\n    return requests.get("https://a.example/x").text\n',
            "each request that needs it waits for ever",
        ),
        (
            "from celery import shared_task\nimport requests\n\n\n"
            '@shared_task\ndef sync():\n    requests.get("https://a.example/x")\n',
            "the job never ends",
        ),
    ],
)
def test_a_missing_timeout_says_who_waits(source: str, consequence: str) -> None:
    (found,) = find("no-timeout", {"shop/app.py": source})
    assert consequence in found.message


@pytest.mark.parametrize(
    ("command", "severity", "words"),
    [
        ("mvn spring-boot:run", Severity.LOW, "each copy builds the program"),
        ("go run ./cmd/shop", Severity.LOW, "each copy builds the program"),
        ("python manage.py runserver", Severity.HIGH, "other cores have nothing to do"),
    ],
)
def test_what_builds_before_it_runs_uses_all_cores(
    command: str, severity: Severity, words: str
) -> None:
    files = {
        "Dockerfile": f"FROM debian:12\nCOPY . /app\nCMD {command}\n",
        "shop/urls.py": 'from django.urls import path\n\nurlpatterns = [path("o/", print)]\n',
    }
    (found,) = find("undersized-server", files)
    assert found.severity is severity
    assert words in found.message


ASKS = """
import requests
from flask import Flask

app = Flask(__name__)


@app.route("{}")
def asked():
    return str(requests.get("https://billing.example/healthz").ok)
"""


@pytest.mark.parametrize(
    ("path", "severity"), [("/healthz", Severity.MEDIUM), ("/prices", Severity.HIGH)]
)
def test_nobody_waits_for_what_a_probe_asks(path: str, severity: Severity) -> None:
    (found,) = find("no-timeout", {"shop/app.py": ASKS.format(path)})
    assert found.severity is severity
