"""How a migration says that a part of it is worked out while it runs."""

LATER = "a migration's step is known only when it runs"
