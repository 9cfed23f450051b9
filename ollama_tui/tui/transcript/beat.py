"""When a streaming transcript is looked at: by turns with the others on the screen, never two at once.

What is drawn together is drawn as one rectangle around all of it (Textual 8.2.8, _compositor.py:1165), so that two
panes at opposite corners cost the whole screen. One after the other, each costs its own cells, and a key that is typed
waits for one of them only.
"""


def next_look(now: float, place: int, count: int, rate: float) -> float:
    """Seconds from `now` (monotonic) until the one at `place` among `count` is to be looked at.

    Alone it is looked at `rate` times a second; several share twice that, so that one of four is at half the rate.
    """
    period = max(1.0, count / 2) / rate
    phase = (place / count - now / period) % 1.0
    return (phase if phase > 0.25 else phase + 1.0) * period if count > 1 else period
