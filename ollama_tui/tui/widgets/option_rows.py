"""The options of a conversation, a row each: what is set, else what holds."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.options import FIELDS, OptionSpec
from ollama_tui.domain.text import one_line
from ollama_tui.services.fields import field_text, is_set
from ollama_tui.services.model_defaults import NOTHING_KNOWN, ModelDefaults
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end, left
from ollama_tui.tui.widgets.rows import Piece, Rows

FIELD_BY_NAME: Mapping[str, OptionSpec] = {spec.name: spec for spec in FIELDS}
_NAMES = max(len(spec.name) for spec in FIELDS) + 1
_SOURCES = {"model": mark("the model's own"), "ollama": mark("Ollama's"), "allocated": mark("allocated")}
_SHORT_SOURCES = {"model": mark("model"), "ollama": mark("Ollama"), "allocated": mark("now")}
_ROOMY = 60


class OptionRows(Rows, can_focus=False):
    """All fields; the line under them keeps the focus."""

    RESTING_CURSOR = True
    DEFAULT_CSS = """
    OptionRows { height: 1fr; min-height: 3; }
    OptionRows > .rows--cursor { background: $primary 35%; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__(one_click=True)
        self._setup = Setup()
        self._defaults: ModelDefaults = NOTHING_KNOWN
        self._bad: Mapping[str, str] = {}

    def show(self, setup: Setup, defaults: ModelDefaults, bad: Mapping[str, str]) -> None:
        """Show these values; `bad` are texts that were typed and cannot be used."""
        self._setup, self._defaults, self._bad = setup, defaults, bad
        self.replace([spec.name for spec in FIELDS])

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """A sign and a word for what is set here; what holds and whose it is for what is not."""
        spec = FIELD_BY_NAME[key]
        default = self._defaults.of(spec)
        source = _((_SOURCES if width >= _ROOMY else _SHORT_SOURCES)[default.source])
        if key in self._bad:
            mark_, value, look, source = sign(" ✗ "), self._bad[key], "error", _("cannot be used")
        elif is_set(self._setup, key):
            mark_, value, look, source = sign(" ● "), field_text(self._setup, key), "strong", _("set here")
        else:
            mark_, value, look = "   ", default.text, "muted"
        room = max(4, width - 3 - _NAMES - 2)
        source = cut_end(source, room)
        value = cut_end(one_line(" ".join(value.split(" "))), max(4, room - cell_len(source) - 2))
        return (
            Piece(sign(mark_), look),
            Piece(left(key, _NAMES), "strong" if look == "strong" else ""),
            Piece(left(value, max(4, room - cell_len(source))), look),
            Piece(f"{source} ", look if look != "strong" else "good"),
        )
