"""How often things are looked at and saved."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The intervals of the services, in seconds."""

    save: float = 0.75
    """Between two savings of an answer that is being written: with the time to write, under a second is lost."""
    save_again: float = 3.0
    """Before what could not be saved is tried again."""
    first_look: float = 0.1
    """Before the server is asked whether the model is loaded: a quick answer spares the question."""
    look: float = 1.0
    look_timeout: float = 3.0
    silence: float = 20.0
    """Without a word from the server before it is asked whether it is still there."""
    probe: float = 10.0
    probe_timeout: float = 5.0
    tick: float = 1.0
    """Between two looks at what other instances changed."""
    beat: float = 5.0
    """Between two renewals of the leases on running answers."""
    adopt: float = 4.0
    """Between two searches for answers whose program died."""
    draft: float = 0.05
    """Before a changed draft is saved: several that come at once are one."""
    stall: float = 60.0
    """Without a byte before a transfer is begun again."""
    note: float = 5.0
    """Between two notes of how far a transfer is."""
    leave: float = 2.0
    """The longest that closing waits for what runs."""
