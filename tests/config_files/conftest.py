"""What all readers of configuration have in common: their facts can be stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from scaleaudit.facts import FileFacts

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def stored() -> Callable[[FileFacts], FileFacts]:
    """The facts as they come back from the cache, which must be what went in."""

    def through_the_cache(found: FileFacts) -> FileFacts:
        back = msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=FileFacts)
        assert back == found
        return back

    return through_the_cache
