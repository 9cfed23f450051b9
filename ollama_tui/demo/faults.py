"""Faults on demand."""


class Faults:
    """Which faults befall which requests."""
