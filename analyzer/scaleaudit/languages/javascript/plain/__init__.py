"""Queries that hold for the JavaScript grammar alone."""
