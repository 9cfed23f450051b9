"""Transfers as rows: one honest bar over all layers seen so far, speed and time left, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from ollama_tui.domain.event import Progress
from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import clock, human_bytes
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.keymaps import first_key
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.bar import bar
from ollama_tui.tui.widgets.cut import cut_end, cut_middle, left
from ollama_tui.tui.widgets.rows import Piece, Rows

_BAR = 12
_STEP = 0.005
"""A share may fall back by this without a word: two sums of bytes taken at different moments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """A transfer as the list shows it."""

    id: str
    name: str
    kind: str
    """pull, push or create."""
    state: str
    """running, stopped, failed or done."""
    progress: Progress
    speed: float = 0.0
    """Bytes a second; 0 while unknown."""
    seconds_left: float | None = None
    problem: str = ""
    hint: str = ""
    earlier: bool = False
    """Left over from an earlier run of the program."""


@dataclass(slots=True)
class _Seen:
    """How far a transfer has been, to tell when it falls back."""

    share: float = 0.0
    total: int = 0
    completed: int = 0
    word: str = ""

    def look(self, progress: Progress) -> float:
        """The share done; notes why it fell back, until it has caught up."""
        share = progress.completed / progress.total if progress.total else 0.0
        if share < self.share - _STEP and self.total:
            grown = progress.total > self.total and progress.completed >= self.completed
            self.word = _("more to fetch than known before") if grown else _("a part is fetched again")
        elif share >= self.share:
            self.word = ""
        self.share = max(share, self.share) if not self.word else self.share
        self.total, self.completed = max(progress.total, self.total), max(progress.completed, self.completed)
        return share


def _total_is_final(progress: Progress) -> bool:
    """Layers are named one after the other: all are known only when the last has been fetched."""
    return not progress.status.startswith(("pulling ", "pushing ")) or progress.status in (
        "pulling model",
        "pushing model",
        "pushing manifest",
    )


class TransferList(Rows):
    """Running, stopped, failed and left-over transfers. Rows are known by the transfer's id."""

    BINDINGS = bindings_for("transfers")
    DEFAULT_CSS = "TransferList { height: auto; max-height: 8; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines: dict[str, TransferLine] = {}
        self._seen: dict[str, _Seen] = {}

    def show(self, lines: Sequence[TransferLine]) -> None:
        """Show these; draws nothing when nothing changed."""
        shown = {line.id: line for line in lines}
        if shown == self._lines:
            return
        same = list(shown) == list(self._lines)
        self._lines = shown
        self._seen = {key: self._seen.get(key, _Seen()) for key in shown}
        if same:
            self.refresh()
        else:
            self.replace(list(shown))

    @property
    def line(self) -> TransferLine | None:
        """The transfer under the cursor."""
        return self._lines.get(self.key)

    def action_transfers_stop(self) -> None:
        """Stop what runs, put away what does not."""
        if line := self.line:
            self.post_message(self.Chosen(self, line.id, "stop" if line.state == "running" else "forget"))

    def action_transfers_resume(self) -> None:
        """Go on with what does not run."""
        line = self.line
        if line and line.state in ("stopped", "failed"):
            self.post_message(self.Chosen(self, line.id, "resume"))

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """One transfer; the name gives way first, then the bar."""
        line = self._lines[key]
        tail = self._doing(line)
        room = max(8, width - 1 - sum(cell_len(piece.text) for piece in tail))
        names = max(cell_len(one_line(other.name)) for other in self._lines.values())
        name = min(names, max(8, min(24, room // 3)))
        pieces = [Piece(" "), Piece(left(cut_middle(line.name, name), name)), Piece("  ")]
        return [*pieces, *self._middle(line, room - name - 3), *tail]

    @property
    def lone(self) -> TransferLine | None:
        """The one that runs, if only one does: from among the models, too, a key stops it."""
        running = [line for line in self._lines.values() if line.state == "running"]
        return running[0] if len(running) == 1 else None

    @property
    def unfinished(self) -> bool:
        """Whether any of them runs, or can be gone on with."""
        return any(line.state != "done" for line in self._lines.values())

    def _doing(self, line: TransferLine) -> list[Piece]:
        """What can be done with it, each with the key that does it from where the focus is: these can be clicked."""
        match line.state:
            case "running":
                return [Piece(" "), *self._deed("transfers.stop", _("stop"), "strong", "stop", line), Piece(" ")]
            case "done":
                return [Piece(" "), *self._deed("transfers.stop", _("clear"), "muted", "forget", line), Piece(" ")]
            case state:
                again = _("retry") if state == "failed" else _("resume")
                resume = self._deed("transfers.resume", again, "strong", "resume", line)
                forget = self._deed("transfers.stop", _("forget"), "muted", "forget", line)
                return [Piece(" "), *resume, Piece("  "), *forget, Piece(" ")]

    def _deed(self, action_id: str, word: str, look: str, verb: str, line: TransferLine) -> list[Piece]:
        """A word and its key; room alone for a key that does something else where the focus is."""
        own = key = first_key(self, action_id)
        if not self.has_focus:
            key = first_key(self, "models.stop") if line is self.lone else ""
        room = max(cell_len(own), cell_len(key))
        return [Piece(left(key, room) + " " if room else "", look, verb if key else ""), Piece(word, look, verb)]

    def _middle(self, line: TransferLine, room: int) -> list[Piece]:
        progress = line.progress
        if line.state == "failed":
            words = f"{line.problem} {line.hint}".strip()
            return [Piece(left(cut_end(words, room), room), "error")]
        if line.state == "done":
            return [Piece(left(cut_end(sign(_("✓ done")), room), room), "good")]
        share = self._seen[line.id].look(progress)
        fell_back = self._seen[line.id].word
        words = self._figures(line, fell_back)
        if not progress.total:
            return [Piece(left(cut_end(words, room), room), "muted")]
        length = min(_BAR, room - cell_len(words) - 1)
        pieces: list[Piece] = []
        if length >= 5:
            full, empty = bar(share, length)
            pieces = [Piece(full, "good" if line.state == "running" else "muted"), Piece(f"{empty} ", "muted")]
            room -= length + 1
        return [*pieces, Piece(left(cut_end(words, room), room), "warning" if fell_back else "")]

    def _figures(self, line: TransferLine, fell_back: str) -> str:
        progress = line.progress
        if not progress.total:
            if line.state == "stopped":
                return _("left over from an earlier run") if line.earlier else _("stopped")
            return one_line(progress.status)
        done, total = human_bytes(progress.completed), human_bytes(progress.total)
        if done.partition(" ")[2] == total.partition(" ")[2]:
            done = done.partition(" ")[0]
        words = f"{done}/{total}"
        if not _total_is_final(progress):
            words = _("{figures} so far").format(figures=words)
        if line.state == "stopped":
            return _("{figures}  stopped").format(figures=words)
        if fell_back:
            return f"{words}  {fell_back}"
        if _total_is_final(progress):
            return f"{words}  {one_line(progress.status)}"
        if line.speed > 0:
            words += f"  {human_bytes(int(line.speed))}/s"
        if line.seconds_left is not None:
            words += "  " + _("{time} left").format(time=clock(line.seconds_left))
        return words
