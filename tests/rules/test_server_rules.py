"""What the findings of the rules on servers say, beyond where they stand."""

from __future__ import annotations

from scaleaudit.file_kinds import file_kinds
from scaleaudit.file_roles import role_of
from scaleaudit.rules import load_rules
from scaleaudit.scan import scan
from scaleaudit.source import SourceFile


def test_what_a_command_sets_is_not_told() -> None:
    files = {
        "Dockerfile": (
            "FROM python:3.12\nCOPY . /app\n"
            'CMD ["gunicorn", "--env", "STRIPE=hunter2", "shop.wsgi:application"]\n'
        ),
        "shop/urls.py": 'from django.urls import path\n\nurlpatterns = [path("o/", print)]\n',
    }
    rules = [rule for rule in load_rules() if rule.id == "undersized-server"]
    sources = [
        SourceFile(path, file_kinds()(path) or "", role_of(path)[0], "", text.encode())
        for path, text in files.items()
    ]
    (found,) = scan(sources, rules).findings
    assert found.data == {"command": "gunicorn --env STRIPE=*** shop.wsgi:application"}
    assert "hunter2" not in found.message
