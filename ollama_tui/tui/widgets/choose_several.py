"""Choosing several of a list, beside what it is about: Space ticks, Enter takes what is ticked."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.tui.keymaps import done_by
from ollama_tui.tui.widgets.asking import Asking


class _Ticks(SelectionList[str]):
    """Enter takes; Textual's would tick, and show what is ticked by colour alone (8.2.8)."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]

    def render_line(self, y: int) -> Strip:
        """A line with `[x]` or `[ ]` before it."""
        line = super().render_line(y)
        place = self.scroll_offset.y + y
        if place >= self.option_count:
            return line
        ticked = self.get_option_at_index(place).value in self.selected
        button, (blank, *words) = list(line)[:3], list(line)[3:]
        meta = button[0].style.meta if button[0].style else {}
        style = (blank.style or Style()) + Style(meta=meta)
        return Strip([Segment("[x]" if ticked else "[ ]", style), blank, *words])

    def action_take(self) -> None:
        """Take what is ticked."""
        if isinstance(self.parent, ChooseSeveral):
            self.parent.take()


class ChooseSeveral(Asking[list[str]]):
    """A list to tick: the answer is the ids that are ticked."""

    DEFAULT_CSS = """
    ChooseSeveral > _Ticks, ChooseSeveral > _Ticks:focus {
        height: auto; max-height: 12; border: none; padding: 0; background: transparent;
    }
    """

    def __init__(self, text: str, choices: Sequence[tuple[str, str]], *, ticked: str = "", most: int = 4) -> None:
        """`choices`: id and words of each; `ticked` is ticked at first. Two at least are taken, `most` at most."""
        super().__init__()
        self._text = text
        self._choices = tuple(choices)
        self._ticked = ticked
        self._most = most

    def compose(self) -> ComposeResult:
        yield Static(Content(self._text))
        yield _Ticks(
            *(Selection(Content(one_line(words)), name, name == self._ticked) for name, words in self._choices)
        )
        yield Static(Content.styled(_("Space ticks, Enter begins, Esc leaves it."), "$text-muted"))

    def take_focus(self) -> None:
        """Let the person choose."""
        self.query_one(_Ticks).focus()

    def take(self) -> None:
        """Take what is ticked, if that will do."""
        ticked = self.query_one(_Ticks).selected
        if 2 <= len(ticked) <= self._most:
            self.settle([name for name, _words in self._choices if name in ticked])
        else:
            words = _("Tick two at least, {most} at most.").format(most=self._most)
            self.query(Static).last().update(Content.styled(words, "bold $text-warning"))

    def on_key(self, event: events.Key) -> None:
        """Esc goes away."""
        if done_by(self, "question", event.key) == "question.close":
            event.stop()
            event.prevent_default()
            self.settle(None)
