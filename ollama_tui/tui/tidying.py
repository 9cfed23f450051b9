"""Full collections of garbage, at moments when nobody waits.

An answer makes a value for each token, and Python looks through all that lives when a quarter has been added: 0.2 s and
more in the middle of a long answer, in which no key is drawn.
"""

import gc

_NEVER = 1_000_000
_DUE = 10
"""Middle collections since the last full one: Python's own measure."""
_OVERDUE = 3000
"""The same, after which it is not put off any longer."""

QUIET = 2.0
"""Seconds without a key, after which nobody is typing."""


def hold_off() -> None:
    """Let no full collection begin by itself."""
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)


def hold_off_no_more() -> None:
    """Leave it to Python again."""
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, _DUE)


def tidy(*, quiet: bool) -> bool:
    """Collect, if it is due and `quiet`; whether it was done. Meant to be asked about every second."""
    if gc.get_count()[2] < (_DUE if quiet else _OVERDUE):
        return False
    gc.collect()
    return True
