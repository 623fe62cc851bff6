"""JPQL and HQL: queries on classes, as facts that the linker turns into queries on tables."""

from scaleaudit.jpql.reading import read_jpql

__all__ = ["read_jpql"]
