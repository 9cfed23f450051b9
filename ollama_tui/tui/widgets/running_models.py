"""The models in memory: size, CPU/GPU split as `ollama ps` computes it, context, and when each leaves."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from rich.cells import cell_len

from ollama_tui.domain.i18n import _
from ollama_tui.domain.identity import now
from ollama_tui.domain.model import LoadedModel, canonical_name
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import clock, cpu_share, human_bytes, is_forever, short_context, until
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.bar import bar
from ollama_tui.tui.widgets.cut import cut_middle, left, right
from ollama_tui.tui.widgets.rows import Piece, Rows

_BAR = 10


class RunningModels(Rows):
    """Loaded models, and those being loaded. Rows are known by the model's name."""

    DEFAULT_CSS = "RunningModels { height: auto; max-height: 6; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._loaded: dict[str, LoadedModel] = {}
        self._loading: dict[str, float] = {}
        self._drawn: tuple[tuple[str, ...], ...] = ()

    def show(self, loaded: Sequence[LoadedModel], loading: Mapping[str, float], words: str = "") -> None:
        """Show these; `loading` says since when (monotonic seconds) each name is being loaded."""
        there = {canonical_name(model.name).casefold() for model in loaded}
        self._loaded = {model.name: model for model in loaded}
        self._loading = {name: since for name, since in loading.items() if canonical_name(name).casefold() not in there}
        keys = [*self._loading, *self._loaded]
        teach = words or _("Nothing is in memory. l loads the chosen model; a question loads it by itself.")
        self.replace(keys, (teach,))
        self._drawn = ()
        self.tick()

    def tick(self) -> None:
        """Let the times go on; draws nothing when nothing changed."""
        drawn = tuple(tuple(piece.text for piece in self.draw(key, self.size.width)) for key in self.keys)
        if drawn != self._drawn:
            self._drawn = drawn
            self.refresh()

    def _width(self, text: Callable[[LoadedModel], str]) -> int:
        """Cells that the widest of the models needs for `text`."""
        return max(cell_len(text(model)) for model in self._loaded.values())

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """One model; the bar gives way first, then the name."""
        if key in self._loading:
            seconds = monotonic() - self._loading[key]
            words = _("loading … {time}").format(time=clock(seconds))
            return (
                Piece(sign(" ◌ "), "warning"),
                Piece(cut_middle(key, max(8, width - 22))),
                Piece(f"  {words}", "warning"),
            )
        model = self._loaded[key]
        names = max(cell_len(one_line(name)) for name in self._loaded)
        size = right(human_bytes(model.size), self._width(lambda model: human_bytes(model.size)))
        split, look = _split(model)
        split = left(split, self._width(lambda model: _split(model)[0]))
        context = left(_context(model), self._width(_context))
        leaves = _leaves(model)
        rest = 3 + 2 + cell_len(size) + 2 + cell_len(split) + 2 + cell_len(context) + 2 + self._width(_leaves) + 1
        if width - rest < min(names, 14):  # the least of it, where there is hardly room
            rest -= cell_len(context) + 2
            context = ""
        if width - rest < min(names, 8):  # it stands in the table, too
            rest -= cell_len(size) + 2
            size = ""
        barred = width - rest - _BAR - 1 >= min(names, 14)
        room = max(8, width - rest - (_BAR + 1 if barred else 0))
        pieces = [
            Piece(sign(" ● "), "good"),
            Piece(left(cut_middle(key, min(room, names)), min(room, names))),
            Piece(f"  {size}  " if size else "  "),
        ]
        if barred:
            cpu = cpu_share(model.size, model.size_vram)
            full, empty = bar(0 if cpu is None else (100 - cpu) / 100, _BAR)
            pieces += [Piece(full, "good"), Piece(f"{empty} ", "muted")]
        pieces += [Piece(split, look), Piece(f"  {context}  " if context else "  ", "muted"), Piece(leaves)]
        return pieces


def _context(model: LoadedModel) -> str:
    return _("ctx {length}").format(length=short_context(model.context_length) or "?")


def _split(model: LoadedModel) -> tuple[str, str]:
    """`71% GPU 29% CPU`, and how it looks."""
    cpu = cpu_share(model.size, model.size_vram)
    if cpu is None:
        return _("Unknown"), "muted"
    if cpu == 0 or cpu == 100:  # both shares are named as soon as a byte is on either side
        only = model.size_vram in (0, model.size)
        if only:
            return ("100% GPU", "good") if model.size_vram else ("100% CPU", "warning")
    return f"{100 - cpu}% GPU {cpu}% CPU", "warning"


def _leaves(model: LoadedModel) -> str:
    """`unloads in 4:12`, or Ollama's word where there is no moment."""
    time = now()
    if is_forever(model.expires_at, time) or model.expires_at is None:
        return until(model.expires_at, time)
    return _("unloads in {time}").format(time=clock((model.expires_at - time) / 1000))
