"""Searches whose other conditions stand out of sight."""

from __future__ import annotations

import pytest
from tests.rules.findings import find

from scaleaudit.findings import Confidence, Severity

MODELS = """
from django.contrib.auth.models import User
from django.db import models
from access.managers import VisibleManager

class Story(models.Model):
    author = models.ForeignKey(User, on_delete=models.CASCADE)
    source = models.BigIntegerField()
    source_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = VisibleManager()
"""
VIEW = """
from django.shortcuts import render
from blog.models import Story

def home(request):
    found = Story.objects.visible_to(request.user){}
    return render(request, "home.html", {{"stories": found}})
"""


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        ('.order_by("-created_at")[:20]', ["created_at"]),
        (".filter(created_at__gt=request.GET['since'])", ["created_at"]),
        (".filter(source_id=request.GET['source'])", ["source_id"]),
        # The whole list, whoever may see it, is sorted in any case.
        ('.order_by("-created_at")', None),
        # What else is asked may be what finds the rows.
        (".filter(title=request.GET['title'])", None),
        ('.filter(author=request.user).order_by("-created_at")[:20]', None),
        (".filter(source=request.GET['source']).order_by('-created_at')[:20]", None),
    ],
)
def test_what_is_seldom_asked_beside_something_better(
    asked: str, columns: list[str] | None
) -> None:
    files = {"blog/models.py": MODELS, "blog/views.py": VIEW.format(asked)}
    found = find("unindexed-query", files)
    assert [each.data["columns"] for each in found] == ([columns] if columns else [])
    assert all(f.severity is Severity.LOW and f.confidence is Confidence.LOW for f in found)
