"""CI: what its jobs are for, from GitHub, GitLab and others; CODEOWNERS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import codeowners, github_actions, gitlab_ci, other_ci
from scaleaudit.facts import OwnerDeclared, PipelineDefined
from scaleaudit.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts


def test_github(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
name: ci
on:
  push:
    branches: [main]
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          pip install -e .
          pytest -q
      - run: ruff check .
  ship:
    needs: test
    steps:
      - uses: docker/build-push-action@v6
      - run: kubectl apply -f k8s
        env: {TOKEN: hunter2}
  called:
    uses: ./.github/workflows/deploy.yml
"""
    found = stored(github_actions.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PipelineDefined(
            Span(7, 3),
            "test",
            "github",
            triggers=("push", "pull_request"),
            purposes=("test", "lint"),
        ),
        PipelineDefined(
            Span(15, 3),
            "ship",
            "github",
            triggers=("push", "pull_request"),
            purposes=("build", "deploy"),
        ),
        PipelineDefined(
            Span(21, 3), "called", "github", triggers=("push", "pull_request"), purposes=("deploy",)
        ),
    )


def test_github_in_short(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
on: [push, workflow_dispatch]
jobs:
  a:
    steps: text
  b:
"""
    found = stored(github_actions.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PipelineDefined(Span(3, 3), "a", "github", triggers=("push", "workflow_dispatch")),
    )


def test_gitlab(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
stages: [test, deploy]
default:
  image: python
include:
  - local: /ci/build.yml
.base:
  script: [make]
unit:
  extends: .base
  stage: test
  script:
    - pytest
    - mypy .
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
migrate:
  script: alembic upgrade head
  only: [main]
production:
  stage: deploy
  script: !reference [.base, script]
  environment: production
"""
    found = stored(gitlab_ci.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        PipelineDefined(
            Span(8), "unit", "gitlab", triggers=("merge_request",), purposes=("test", "lint")
        ),
        PipelineDefined(Span(16), "migrate", "gitlab", triggers=("push",), purposes=("migrate",)),
        PipelineDefined(Span(19), "production", "gitlab", triggers=("push",), purposes=("deploy",)),
    )


def test_jenkins(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
pipeline {
  stages {
    stage('Test') { steps { sh 'mvn test' } }
    stage('Deploy') { steps { sh "helm upgrade shop ./chart" } }
  }
}
"""
    found = stored(other_ci.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (PipelineDefined(Span(1), "", "other", purposes=("test", "deploy")),)


def test_owners(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
# everything
*           @acme/all admin@acme.org
/orders/    @acme/orders  # the money
docs\\ old/  nobody
[Backend][2] @acme/back
/api/
^[Optional]
*.md
!keep.md @x
"""
    found = stored(codeowners.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        OwnerDeclared(Span(2), "*", ("@acme/all", "admin@acme.org")),
        OwnerDeclared(Span(3), "/orders/", ("@acme/orders",)),
        OwnerDeclared(Span(4), "docs old/", ()),
        OwnerDeclared(Span(6), "/api/", ("@acme/back",)),
        OwnerDeclared(Span(8), "*.md", ()),
        OwnerDeclared(Span(9), "!keep.md", ("@x",)),
    )
