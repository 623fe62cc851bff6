"""What the judge of indexes says, against a real PostgreSQL where one is installed."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from judgement_fidelity import ENGINES, compared, queries, with_values

LEAST = {"PostgreSQL": 355, "MariaDB": 335}  # judgements


@pytest.mark.parametrize("name", ENGINES)
def test_nearly_all_judgements_are_those_of_the_server(name: str) -> None:
    engine = ENGINES[name]
    try:
        with engine.server() as running:
            rows = list(compared(engine, running))
    except RuntimeError as error:  # no such server, or a sandbox that lets none start
        pytest.skip(str(error))
    assert len(rows) > LEAST[name]
    counts = Counter((row.served, row.really) for row in rows)
    assert counts[False, True] <= 2  # said to be missing, and served
    assert counts[True, False] <= 6  # said to be served, and not


def test_every_parameter_gets_a_value() -> None:
    assert len(queries()) > 300
    assert not [query for query in queries() if "?" in with_values(query)]
