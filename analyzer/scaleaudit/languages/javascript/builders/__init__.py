"""What query builders have in common: chains of calls, variables that hold them, conditions."""
