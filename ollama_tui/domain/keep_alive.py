"""How long a model stays in memory, as Ollama takes it: seconds, or a Go duration; negative is for ever."""

import re

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import KeepAlive
from ollama_tui.domain.options import OptionError

_SECONDS = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_PIECE = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_DURATION = re.compile(rf"[+-]?(?:0|(?:{_PIECE.pattern})+)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_MOST = 9.2e9
"""Seconds that fit Go's durations: about 292 years of nanoseconds."""


def parse_keep_alive(text: str) -> KeepAlive:
    """A number of seconds, or a Go duration such as `5m` or `1h30m`, from what a person typed.

    Raises:
        OptionError: the server would not take it.
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        seconds = float(text)
        return _checked(int(seconds) if seconds.is_integer() and abs(seconds) < _MOST else seconds, seconds, text)
    if not _DURATION.fullmatch(text):
        raise OptionError(
            _("keep_alive takes seconds, a duration such as 30s, 5m or 1h30m, or -1 for ever; not {text}.").format(
                text=repr(text[:40])
            )
        )
    return _checked(text, sum(float(number) * _UNITS[unit] for number, unit in _PIECE.findall(text)), text)


def check_keep_alive(value: object) -> KeepAlive:
    """A value from a file, as `parse_keep_alive` gives it.

    Raises:
        OptionError: the server would not take it.
    """
    if isinstance(value, str) and not _SECONDS.fullmatch(value.strip()):
        return parse_keep_alive(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _checked(value, value, str(value))
    raise OptionError(_('keep_alive takes a number of seconds, or a duration such as "5m".'))


def _checked(value: KeepAlive, seconds: float, text: str) -> KeepAlive:
    if not abs(seconds) <= _MOST:
        raise OptionError(_("keep_alive can be at most 292 years, not {text}; -1 is for ever.").format(text=text[:40]))
    return value
