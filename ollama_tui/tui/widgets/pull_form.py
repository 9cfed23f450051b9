"""Choosing what to pull: a name with a few fitting ones to choose from, in place of the list of models."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from ollama_tui.domain.i18n import _
from ollama_tui.domain.known_models import KNOWN_MODELS, KnownModel, fitting
from ollama_tui.domain.model import canonical_name, is_remote_name
from ollama_tui.domain.model_name import name_problem, typed_name
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import human_bytes
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.keymaps import done_by
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end, left, right
from ollama_tui.tui.widgets.rows import Piece, Rows


class KnownModelList(Rows, can_focus=False):
    """Known models that fit what is typed; the field keeps the focus."""

    DEFAULT_CSS = """
    KnownModelList { height: 1fr; }
    KnownModelList > .rows--cursor { background: $primary 35%; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__(one_click=True)
        self.chosen = False
        """Whether the person went to the row under the cursor."""
        self._known: dict[str, KnownModel] = {}
        self._installed: frozenset[str] = frozenset()

    @property
    def shows_cursor(self) -> bool:
        """Only where Enter would take the row."""
        return self.chosen

    def show(self, models: Sequence[KnownModel], installed: Collection[str]) -> None:
        """Show these, those of `installed` (canonical names) marked."""
        self._known = {model.name: model for model in models}
        self._installed = frozenset(installed)
        self.replace(list(self._known), (_("None of the names known here. Any name of ollama.com/library works."),))

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """Name, about how large, what for."""
        model = self._known[key]
        names = max(len(known.name) for known in KNOWN_MODELS)
        there = canonical_name(key).casefold() in self._installed
        words = (_("installed") + sign(" · ") if there else "") + _(model.purpose)
        size = right(human_bytes(model.size), 7)
        return (
            Piece(sign(" ● ") if there else "   ", "good"),
            Piece(left(key, names)),
            Piece(f"  {size}  "),
            Piece(cut_end(words, max(0, width - names - 15)), "muted"),
        )


class Toggle(Static, can_focus=True):
    """A word that is ticked or not."""

    BINDINGS = bindings_for("toggle")
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Toggle { width: auto; height: 1; padding: 0 1; }
    Toggle:focus { background: $primary 35%; text-style: bold; }
    """
    value: reactive[bool] = reactive(False)

    def __init__(self, label: str, *, tooltip: str) -> None:
        super().__init__(markup=False)
        self._label = label
        self.tooltip = tooltip

    def render(self) -> Content:
        """A box with a cross or without."""
        return Content(f"[{'x' if self.value else ' '}] {self._label}")

    def watch_value(self) -> None:
        """Draw it anew."""
        self.refresh()

    def action_toggle_turn(self) -> None:
        """Tick it, or not."""
        self.value = not self.value

    def on_click(self) -> None:
        """A click ticks it."""
        self.action_toggle_turn()


class PullForm(Vertical):
    """Asks for the name of a model to pull."""

    DEFAULT_CSS = """
    PullForm { height: 1fr; }
    PullForm > #pull-title { height: auto; padding: 0 1; color: $text-muted; }
    PullForm > Horizontal { height: 1; padding: 0 1; }
    PullForm Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $panel; }
    PullForm Input:focus { border: none; background: $primary 15%; }
    PullForm > #pull-said { height: auto; padding: 0 1; }
    """

    @dataclass
    class Wanted(Message):
        """Pull this."""

        name: str
        insecure: bool

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._installed: frozenset[str] = frozenset()
        self._moved = False
        """Whether the person went to a name of the list: then Enter takes it, else what is typed."""

    def compose(self) -> ComposeResult:
        yield Static(id="pull-title", markup=False)
        with Horizontal():
            yield Input(placeholder=_("a name, such as {name}").format(name=KNOWN_MODELS[0].name), id="pull-name")
            yield Toggle(_("insecure"), tooltip=_("Fetch over plain http, as from a registry of one's own"))
        yield Static(id="pull-said", markup=False)
        yield KnownModelList()

    def begin(self, installed: Collection[str], *, name: str = "", first: bool = False) -> None:
        """Ask anew. `installed` are the names that are there; `first`: there is none at all."""
        self._installed = frozenset(canonical_name(known).casefold() for known in installed)
        title = _("Pull a model: choose one, or type any name of ollama.com/library, or hf.co/person/model.")
        if first:
            title = _("No models are installed here yet. ") + title
        self.query_one("#pull-title", Static).update(Content(title))
        field = self.query_one(Input)
        field.value = name
        field.cursor_position = len(name)
        self._moved = False
        self._look()
        field.focus()

    @property
    def name_to_pull(self) -> str:
        """What Enter would pull; empty if nothing was typed or gone to: a pull takes gigabytes, and is never a slip."""
        known = self.query_one(KnownModelList)
        return known.key if self._moved and known.key else typed_name(self.query_one(Input).value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        harmless = one_line(event.value)
        if harmless != event.value:
            event.input.value = harmless
            return
        self._moved = False
        self._look()

    def _look(self) -> None:
        text = typed_name(self.query_one(Input).value)
        known = self.query_one(KnownModelList)
        known.show(fitting(text), self._installed)
        if not self._moved:
            known.cursor = 0
        known.chosen = self._moved
        known.refresh()
        self.query_one("#pull-said", Static).update(self._said(self.name_to_pull))

    def _said(self, name: str) -> Content:
        """What Enter will do."""
        if not name:
            return Content.styled(_("Type a name, or go down to one; then Enter pulls it."), "$text-muted")
        problem = name_problem(name)
        if problem:
            return Content.styled(problem, "$text-warning")
        size = next((f" ({human_bytes(known.size)})" for known in KNOWN_MODELS if known.name == name), "")
        if canonical_name(name).casefold() in self._installed:
            words = _("Enter updates {name}: it is installed, and only what changed is fetched.")
        elif is_remote_name(name):
            words = _("Enter adds {name}: it runs elsewhere, and what you write to it leaves this machine.")
        else:
            words = _("Enter pulls {name}{size}.")
        return Content.styled(words.format(name=name, size=size), "$text-success")

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self._want(self.name_to_pull)

    @on(Rows.Chosen)
    def _clicked(self, event: Rows.Chosen) -> None:
        event.stop()
        self._want(event.key)

    def _want(self, name: str) -> None:
        if not name_problem(name):
            self.post_message(self.Wanted(name, self.query_one(Toggle).value))

    @on(Rows.Moved)
    def _went(self, event: Rows.Moved) -> None:
        event.stop()

    def action_models_insecure(self) -> None:
        """Plain http or not."""
        self.query_one(Toggle).action_toggle_turn()

    def on_key(self, event: events.Key) -> None:
        """Up and down walk through the names while the field keeps the focus."""
        known = self.query_one(KnownModelList)
        steps = {"rows.up": -1, "rows.down": 1, "rows.page_up": -8, "rows.page_down": 8}
        step = steps.get(done_by(self, "rows", event.key))
        if event.is_printable or step is None or not known.keys:
            return
        event.stop()
        event.prevent_default()
        known.cursor += step if self._moved else 0
        self._moved = True
        self._look()
