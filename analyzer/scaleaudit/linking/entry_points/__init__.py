"""Where people come in: which components they reach from outside, and what says so."""

from scaleaudit.linking.entry_points.marking import mark_entry_points

__all__ = ["mark_entry_points"]
