"""What the judge of indexes says, against a real PostgreSQL where one is installed."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from judgement_fidelity import compared, queries, with_values
from postgres_server import programs, server


@pytest.mark.skipif(programs() is None, reason="needs a PostgreSQL server")
def test_nearly_all_judgements_are_those_of_the_server() -> None:
    try:
        with server() as running:
            rows = list(compared(running))
    except RuntimeError as error:  # a sandbox that lets no server start
        pytest.skip(str(error))
    assert len(rows) > 300
    counts = Counter((served, really) for _, _, _, served, really in rows)
    assert counts[False, True] <= 2  # said to be missing, and served
    assert counts[True, False] <= 6  # said to be served, and not


def test_every_parameter_gets_a_value() -> None:
    assert len(queries()) > 300
    assert not [query for query in queries() if "?" in with_values(query)]
