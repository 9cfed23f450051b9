"""Choosing the model of a conversation, beside it: a field that filters, and the models that can chat."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.model import Model, same_model
from ollama_tui.domain.model_name import name_problem, typed_name
from ollama_tui.domain.text import one_line
from ollama_tui.tui.keymaps import done_by
from ollama_tui.tui.widgets.model_table import ModelTable
from ollama_tui.tui.widgets.rows import Rows


class PickerTable(ModelTable, can_focus=False):
    """The models; the field keeps the focus."""

    DEFAULT_CSS = """
    PickerTable { height: auto; max-height: 12; }
    PickerTable > .rows--cursor { background: $primary 35%; text-style: bold; }
    """


class ModelPicker(Vertical):
    """Asks for a model. A remote one is asked about before it is given: what is written to it leaves this machine."""

    DEFAULT_CSS = """
    ModelPicker { height: auto; max-height: 60%; background: $surface; border-top: solid $accent; }
    ModelPicker > Input, ModelPicker > Input:focus {
        border: none; height: 1; padding: 0 1; background: $panel;
    }
    ModelPicker > Static { height: auto; padding: 0 1; }
    """

    @dataclass
    class Chosen(Message):
        """This model."""

        model: Model

    @dataclass
    class PullRequested(Message):
        """None of the installed ones: this name, which may be empty, is to be pulled."""

        name: str

    class Dismissed(Message):
        """No other model after all."""

    def __init__(
        self,
        models: Sequence[Model],
        *,
        loaded: Collection[str] = (),
        current: str = "",
        trusted: Collection[str] = (),
        only_chat: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """`loaded`: names in memory; `current`: the model in use; `trusted`: remote names already agreed to."""
        super().__init__(id=id)
        self._models = tuple(model for model in models if model.can_chat or not only_chat)
        self._mute = len(models) - len(self._models)
        self._loaded = loaded
        self._current = current
        self._trusted = trusted
        self._asked = ""

    def compose(self) -> ComposeResult:
        yield Input(placeholder=_("Which model? Type to filter, Enter chooses, Esc leaves it as it is"))
        yield PickerTable(columns=("name", "params", "size", "context", "can", "modified"), one_click=True)
        yield Static(markup=False)

    def on_mount(self) -> None:
        """The cursor begins on the model in use."""
        table = self.query_one(PickerTable)
        table.show_loaded(self._loaded)
        table.show(self._models, (_("No model here can chat. Enter goes to the pull."),))
        current = next((model.name for model in self._models if same_model(model.name, self._current)), "")
        table.move_to(current)
        self._say()

    def take_focus(self) -> None:
        """Let the person choose."""
        self.query_one(Input).focus()

    def show_loaded(self, names: Collection[str]) -> None:
        """Mark these as loaded, once that is known."""
        self._loaded = names
        self.query_one(PickerTable).show_loaded(names)

    def _say(self) -> None:
        """What Enter would do, where that is not plain."""
        table, said = self.query_one(PickerTable), self.query_one(Static)
        words = Content("")
        model = table.model
        if model is None and self._models:
            typed = typed_name(self.query_one(Input).value)
            if not name_problem(typed):
                words = Content(_("Enter goes to the pull of {name}.").format(name=one_line(typed)))
        elif model is not None and model.name == self._asked:
            where = one_line(model.remote_host) or _("elsewhere")
            text = _("{name} runs at {host}: what is written to it leaves this machine. Enter once more uses it.")
            words = Content.styled(text.format(name=one_line(model.name), host=where), "bold $text-warning")
        elif self._mute:
            text = ngettext("{count} more cannot chat.", "{count} more cannot chat.", self._mute)
            words = Content.styled(text.format(count=self._mute), "$text-muted")
        said.display = bool(words)
        said.update(words)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._asked = ""
        self.query_one(PickerTable).filter(one_line(event.value))
        self._say()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        model = self.query_one(PickerTable).model
        if model is not None:
            self._choose(model)
            return
        typed = typed_name(event.value)
        if not typed or not name_problem(typed):
            self.post_message(self.PullRequested(typed))

    @on(Rows.Chosen)
    def _clicked(self, event: Rows.Chosen) -> None:
        event.stop()
        model = self.query_one(PickerTable).models.get(event.key)
        if model is not None:
            self._choose(model)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        self._asked = self._asked if event.key == self._asked else ""
        self._say()

    @on(ModelTable.Sorted)
    def _sorted(self, event: ModelTable.Sorted) -> None:
        event.stop()

    def _choose(self, model: Model) -> None:
        trusted = any(same_model(model.name, name) for name in (*self._trusted, self._current, self._asked))
        if model.is_remote and not trusted:
            self._asked = model.name
            self._say()
        else:
            self.post_message(self.Chosen(model))

    def on_key(self, event: events.Key) -> None:
        """The field keeps the focus; up and down walk through the models; Esc goes away."""
        if event.is_printable:
            return
        table = self.query_one(PickerTable)
        match done_by(self, "rows", event.key) or done_by(self, "question", event.key):
            case "rows.up":
                table.action_rows_up()
            case "rows.down":
                table.action_rows_down()
            case "rows.page_up":
                table.action_rows_page_up()
            case "rows.page_down":
                table.action_rows_page_down()
            case "question.close":
                self.post_message(self.Dismissed())
            case _:
                return
        event.stop()
        event.prevent_default()
