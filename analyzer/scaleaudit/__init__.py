"""Find what will stop a system from scaling, and plan the repair."""

__version__ = "0.1.0"
