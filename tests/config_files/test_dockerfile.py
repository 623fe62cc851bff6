"""Dockerfiles: stages, variables, commands, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaleaudit.config_files import dockerfile
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import EnvEntry, ImageBuilt
from scaleaudit.source import Span
from scaleaudit.values import Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaleaudit.facts import FileFacts


def test_an_image_of_two_stages(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
# syntax=docker/dockerfile:1
ARG VERSION=3.12
FROM python:${VERSION}-slim AS build
WORKDIR /app
COPY requirements.txt ./
RUN pip install \\
      -r requirements.txt
COPY --chown=app:app src/ ./src/

FROM build
ARG PORT=8000
ENV PORT=$PORT API_TOKEN=hunter2 \\
    DATABASE_URL=postgres://app:hunter2@db/shop
COPY --from=build /app /app
COPY ["/entry point.sh", "/"]
ADD https://example.org/a.tgz /a.tgz
EXPOSE 8000/tcp 9090
ENTRYPOINT ["gunicorn", "--workers", "4"]
CMD ["shop.wsgi", "--bind", "0.0.0.0:8000"]
"""
    found = stored(dockerfile.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        ImageBuilt(
            Span(3),
            "python:3.12-slim",
            stage="build",
            copies=("requirements.txt", "src/"),
            workdir="/app",
        ),
        ImageBuilt(
            Span(10),
            "python:3.12-slim",
            command=("gunicorn", "--workers", "4", "shop.wsgi", "--bind", "0.0.0.0:8000"),
            environment=(
                EnvEntry("PORT", Literal("8000"), Span(12)),
                EnvEntry("API_TOKEN", SECRET, Span(12)),
                EnvEntry("DATABASE_URL", Literal("postgres://app:***@db/shop"), Span(13)),
            ),
            ports=("8000", "9090"),
            copies=("requirements.txt", "src/", "entry point.sh"),
            workdir="/app",
            command_at=Span(19),
        ),
    )


def test_a_command_in_shell_form(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
FROM node:20
CMD npm start && echo "$HOME"
"""
    found = stored(dockerfile.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        ImageBuilt(
            Span(1),
            "node:20",
            command=("npm", "start", "&&", "echo", "$HOME"),
            command_at=Span(2),
        ),
    )


def test_the_last_command_holds(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
FROM a
CMD one
ENTRYPOINT two
FROM b AS unused
CMD ["three"]
FROM scratch
COPY --from=0 /a /a
"""
    found = stored(dockerfile.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        ImageBuilt(Span(4), "b", stage="unused", command=("three",), command_at=Span(5)),
        ImageBuilt(Span(6), "scratch"),
    )


def test_a_here_document_is_no_instruction(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
FROM a
RUN <<EOF
FROM b
CMD nothing
EOF
EXPOSE $PORT ${OTHER:-70}
CMD ["run", "--password", "hunter2", "--token=hunter2"]
"""
    found = stored(dockerfile.extract(text.encode()))
    assert found.problem == ""
    assert found.facts == (
        ImageBuilt(
            Span(1),
            "a",
            command=("run", "--password", "***", "--token=***"),
            ports=("${PORT}", "70"),
            command_at=Span(7),
        ),
    )


def test_no_image(stored: Callable[[FileFacts], FileFacts]) -> None:
    text = """\
RUN make
"""
    found = stored(dockerfile.extract(text.encode()))
    assert found.problem == "no FROM instruction"
    assert found.facts == ()
