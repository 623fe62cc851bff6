"""Queries that hold for the two TypeScript grammars alone."""
