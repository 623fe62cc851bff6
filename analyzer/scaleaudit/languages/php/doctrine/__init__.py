"""Doctrine: entities by attributes and annotations, query builders, DQL, criteria, migrations."""
