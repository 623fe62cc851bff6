"""Paths by which whoever watches a program asks whether it lives."""

from __future__ import annotations

import re

from scaleaudit.api import regex

# A worker serves them too, often by a library that all programs share.
PROBE = regex(
    r"^/?(?:health\w*|alive|live\w*|read(?:y|iness)\w*|ping|hc|metrics|status|version|actuator/.*)/?$",
    re.IGNORECASE,
)
