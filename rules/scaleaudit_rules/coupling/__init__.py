"""Coupling: parts that cannot be changed, scaled or deployed alone."""
