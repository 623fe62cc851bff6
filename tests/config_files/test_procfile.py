"""Procfiles to facts."""

from __future__ import annotations

import msgspec

from scaleaudit.config_files.procfile import extract
from scaleaudit.config_files.secret_values import SECRET
from scaleaudit.facts import EnvEntry, FileFacts, WorkloadDeclared
from scaleaudit.source import Span
from scaleaudit.values import Join, Literal, Setting


def test_process_types() -> None:
    text = b"""\
# comment
web: PORT=3000 DB_PASSWORD=hunter2 bundle exec puma -p ${PORT:-5000} -e "$RACK_ENV x"

release: ./migrate.sh
worker_1:env QUEUE=$Q celery -A app worker
not a process
empty:
"""
    found = extract(text)
    assert found == FileFacts(
        (
            WorkloadDeclared(
                Span(2),
                "web",
                "procfile",
                command=(
                    Literal("bundle"),
                    Literal("exec"),
                    Literal("puma"),
                    Literal("-p"),
                    Setting("PORT", Literal("5000")),
                    Literal("-e"),
                    Join((Setting("RACK_ENV"), Literal(" x"))),
                ),
                environment=(
                    EnvEntry("PORT", Literal("3000"), Span(2)),
                    EnvEntry("DB_PASSWORD", SECRET, Span(2)),
                ),
                published=True,
            ),
            WorkloadDeclared(
                Span(4), "release", "procfile", kind="job", command=(Literal("./migrate.sh"),)
            ),
            WorkloadDeclared(
                Span(5),
                "worker_1",
                "procfile",
                command=(Literal("celery"), Literal("-A"), Literal("app"), Literal("worker")),
                environment=(EnvEntry("QUEUE", Setting("Q"), Span(5)),),
            ),
        ),
        lines=7,
    )
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=FileFacts) == found


def test_bytes_that_are_no_procfile() -> None:
    assert extract(b"\xff\xfe\x00: x\n") == FileFacts(lines=1)
    assert extract(b"") == FileFacts()
    assert len(extract(b"a: b\n" * 5_000).facts) == 1_000


def test_builders_of_assets_are_no_processes() -> None:
    text = b"""\
web: npm run build && node server.js
api: node --watch src/server.js
css: bin/rails tailwindcss:watch
js: yarn build --watch
webpack: npm run setup && ./bin/shakapacker-dev-server
ssr: SSR=true ./bin/shakapacker --watch
worker: npm run watch-queue && node worker.js
"""
    names = [f.name for f in extract(text).facts if isinstance(f, WorkloadDeclared)]
    assert names == ["web", "api", "worker"]
