"""How hard to think, in words."""

from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.message import THINK_LEVELS, Think
from ollama_tui.domain.options import OptionError

THINK_CHOICES: tuple[Think | None, ...] = (None, False, True, *THINK_LEVELS)
"""Left to the model, off, on, and the levels."""

_WORDS = {None: mark("auto"), False: mark("off"), True: mark("on")}
_TYPED: dict[str, Think] = {"off": False, "false": False, "no": False, "on": True, "true": True, "yes": True}


def think_word(think: Think | None) -> str:
    """`auto`, `off`, `on`, or a level."""
    return think if isinstance(think, str) else _(_WORDS[think])


def parse_think(text: str) -> Think | None:
    """What a person typed; nothing, and `auto`, leave it to the model.

    Raises:
        OptionError: there is no such level.
    """
    word = text.strip().casefold()
    if word in ("", "auto", _("auto").casefold()):
        return None
    if word in _TYPED:
        return _TYPED[word]
    for think in THINK_CHOICES:
        if word == think_word(think).casefold():
            return think
    raise OptionError(
        _("think is one of {words}; not {text}.").format(
            words=", ".join(map(think_word, THINK_CHOICES)), text=repr(text[:40])
        )
    )


def check_think(value: object) -> Think:
    """A value from a file.

    Raises:
        OptionError: the server would not take it.
    """
    if isinstance(value, bool):
        return value
    for level in THINK_LEVELS:
        if value == level:
            return level
    raise OptionError(_("think is true, false, {levels}.").format(levels=", ".join(THINK_LEVELS)))
