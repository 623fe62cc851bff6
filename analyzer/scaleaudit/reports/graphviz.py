"""Pictures by the `dot` program, where it is installed."""

from __future__ import annotations

import shutil
import subprocess

TIMEOUT = 120  # seconds; 2,000 edges take six
MAX_ERROR = 200  # characters

HOW_TO_GET = (
    "needs Graphviz (`apt install graphviz`, `brew install graphviz`, "
    "`winget install graphviz`); json, dot, mermaid and graphml need nothing"
)


class GraphvizError(Exception):
    """No picture; the message is one line that says why and what helps."""


def program() -> str | None:
    """Where `dot` is installed."""
    return shutil.which("dot")


def draw(dot: str, kind: str) -> bytes:
    """The picture of a DOT text as `svg` or `png`; raises `GraphvizError`."""
    dot_program = program()
    if dot_program is None:
        raise GraphvizError(f"{kind} {HOW_TO_GET}")
    try:
        done = subprocess.run(
            [dot_program, f"-T{kind}"],
            input=dot.encode(),
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise GraphvizError(
            f"dot needed more than {TIMEOUT} s; --focus NAME draws a part"
        ) from error
    except OSError as error:
        raise GraphvizError(f"{dot_program}: {error.strerror}") from error
    if done.returncode != 0 or not done.stdout:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[:MAX_ERROR]
        raise GraphvizError(f"dot failed: {said or f'exit code {done.returncode}'}")
    return done.stdout
