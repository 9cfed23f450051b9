"""The models of a host: what is installed, what is in memory, what is being fetched, and what can be done with them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from ollama_tui.domain.failure import HostFailure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import Model, ModelCard, canonical_name
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.services.server import Server
from ollama_tui.services.transfer import LiveTransfer
from ollama_tui.services.workspace import Workspace
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.keymaps import first_key
from ollama_tui.tui.widgets.key_line import KeyLine
from ollama_tui.tui.widgets.model_card import ModelDetails
from ollama_tui.tui.widgets.model_deeds import ModelDeeds
from ollama_tui.tui.widgets.model_head import ModelHead
from ollama_tui.tui.widgets.model_keys import inside, keys_where
from ollama_tui.tui.widgets.model_table import ModelTable
from ollama_tui.tui.widgets.pull_form import PullForm
from ollama_tui.tui.widgets.question import Question
from ollama_tui.tui.widgets.rows import Rows
from ollama_tui.tui.widgets.running_models import RunningModels
from ollama_tui.tui.widgets.transfer_lines import TransferLines
from ollama_tui.tui.widgets.transfer_list import TransferList

_TICK = 0.25
_LOOK = 2.0
"""Seconds between two looks at what is in memory."""
_LIST = 30.0
"""Seconds after which the list is asked for again: another program may have changed it."""
_BESIDE = 120
"""Columns from which the details stand beside the list."""


class ModelManager(ModelDeeds):
    """Stands on a screen of its own, or as a pane beside conversations. Asks nothing of the server while hidden."""

    BINDINGS = bindings_for("models")
    DEFAULT_CSS = """
    ModelManager { layout: vertical; height: 1fr; width: 1fr; }
    ModelManager > .models-word { height: auto; max-height: 6; padding: 0 1; display: none; }
    ModelManager > #models-body { height: 1fr; }
    ModelManager #models-lists { width: 1fr; height: 1fr; }
    ModelManager #models-filter, ModelManager #models-filter:focus {
        height: 1; border: none; padding: 0 1; background: $panel; display: none;
    }
    ModelManager PullForm { display: none; }
    ModelManager ModelDetails { display: none; width: 1fr; border-left: solid $panel; }
    ModelManager.-narrow ModelDetails { border-left: none; }
    ModelManager.-narrow.-details #models-lists { display: none; }
    ModelManager.-details ModelDetails { display: block; }
    ModelManager.-pulling PullForm { display: block; }
    ModelManager.-pulling ModelTable, ModelManager.-pulling #models-filter { display: none; }
    ModelManager RunningModels, ModelManager TransferList {
        border-top: solid $panel; border-title-color: $text-muted; border-title-align: left;
    }
    ModelManager RunningModels:focus, ModelManager TransferList:focus { border-title-color: $text-primary; }
    ModelManager TransferList { display: none; }
    """

    @dataclass
    class ChatRequested(Message):
        """The person wants to chat with this model."""

        model: Model

    @dataclass
    class CopyRequested(Message):
        """Copy this text."""

        text: str

    class Left(Message):
        """The person is done here."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        server: Callable[[], Server] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(workspace, server=server, id=id)
        self._lines = TransferLines(workspace.transfers, lambda: self.known.host)
        self._led_to_pull = False
        self._second = 0

    def compose(self) -> ComposeResult:
        yield ModelHead()
        yield Static(id="models-problem", classes="models-word", markup=False)
        with Horizontal(id="models-body"):
            with Vertical(id="models-lists"):
                yield Input(placeholder=_("words that the model must have"), id="models-filter")
                yield ModelTable(id="models-table")
                yield PullForm()
                yield RunningModels(id="models-running")
                yield TransferList(id="models-transfers")
            yield ModelDetails()
        yield Static(id="models-said", classes="models-word", markup=False)
        yield KeyLine(id="models-keys")

    def on_mount(self) -> None:
        """Begin to look."""
        self.query_one(RunningModels).border_title = " " + _("Running") + " "
        self.query_one(TransferList).border_title = " " + _("Transfers") + " "
        self.redraw()
        self.refresh_models()
        self.set_interval(_TICK, self._tick)

    def take_focus(self) -> None:
        """Let the person begin."""
        self.query_one(Input if self.has_class("-pulling") else ModelTable).focus()

    # -- looking

    @property
    def _seen(self) -> bool:
        return self.is_whole and self.screen.is_active and self.is_on_screen

    def _tick(self) -> None:
        if not self._seen:
            return
        if self.known.moved:
            self._led_to_pull = False
            self.close_all()
            self.refresh_models()
        time = monotonic()
        if time - self.known.looked_at >= _LOOK and not self.known.looking:
            self.run_worker(self.look, group="look")
        if time - self.known.listed_at >= _LIST and self.known.asking_since is None:
            self.refresh_models()
        self._draw_transfers()
        if int(time) != self._second:
            self._second = int(time)
            self.query_one(RunningModels).tick()
            if self.known.asking_since is not None:
                self.query_one(ModelHead).show(self.known)

    def refresh_models(self) -> None:
        """Ask for the list again."""
        self.run_worker(self._list, group="list", exclusive=True)

    async def _list(self) -> None:
        await self.known.list()
        self.redraw()
        known = self.known
        if self.is_whole and known.models == () and not self._led_to_pull and not self._lines.running:
            self._led_to_pull = True
            self.open_pull()

    # -- drawing

    def redraw(self) -> None:
        """Show what is known now."""
        if not self.is_whole:
            return
        self.query_one(ModelHead).show(self.known)
        known = self.known
        table = self.query_one(ModelTable)
        if tuple(table.models.values()) != (known.models or ()) or not table.keys:
            table.show(known.models or (), self._teach())
        table.show_loaded([model.name for model in known.loaded])
        words = _("Unknown while the server does not answer.") if known.failure else ""
        self.query_one(RunningModels).show(known.loaded, self.loads, words)
        problem = self.query_one("#models-problem", Static)
        if problem.display and not known.failure:
            self.say("")
        problem.display = known.failure is not None
        if known.failure:
            hint = _("Asking again every {seconds} s.").format(seconds=int(_LOOK))
            words = drawable(f"{known.failure.message} {known.failure.hint} ").strip()
            problem.update(Content.assemble((f"{words} ", "$text-error"), (hint, "$text-muted")))

    def _teach(self) -> tuple[str, ...]:
        """What to do where there is no model to be seen."""
        if self.known.models is None:
            return (_("No list of models yet."),) if self.known.failure else (_("Asking the server …"),)
        return (_("No models are installed here."), _("p pulls one: a few fitting names stand ready to choose from."))

    def _draw_transfers(self) -> None:
        lines = self._lines.look()
        shown = self.query_one(TransferList)
        keys = self.hints()
        shown.display = bool(lines)
        shown.show(lines)
        for live in self._lines.newly_ended:
            self._tell_end(live)
        if self.hints() != keys:
            self._show_keys()

    def _tell_end(self, live: LiveTransfer) -> None:
        if live.failure is not None:
            self.say(f"{live.name}: {live.failure.message} {live.failure.hint}")
        elif live.state == "done" and live.kind != "push" and live.note.host_id == self.known.host.address.id:
            self.say(_("{name} is installed. n chats with it.").format(name=live.name), good=True)
            self.await_model(canonical_name(live.name))
            self.refresh_models()

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        self.query_one(KeyLine).show(self.hints())

    def hints(self) -> tuple[tuple[str, str], ...]:
        """The keys that matter where the focus is."""
        return keys_where(self.screen.focused, self.query_one(TransferList))

    def on_resize(self, event: events.Resize) -> None:
        """Details beside the list, or in its place."""
        self.set_class(event.size.width < _BESIDE, "-narrow")

    # -- what the lists ask for

    @on(Rows.Chosen, "#models-table")
    @on(Rows.Chosen, "#models-running")
    def _open(self, event: Rows.Chosen) -> None:
        event.stop()
        self.say("")
        self.add_class("-details")
        details = self.query_one(ModelDetails)
        details.wait_for(event.key)
        self.run_worker(partial(self._show, event.key), group="details", exclusive=True)

    async def _show(self, name: str) -> None:
        try:
            card: ModelCard | HostFailure = await self.known.host.show(name)
        except HostFailure as failure:
            card = failure
        if not self.is_whole:
            return
        details = self.query_one(ModelDetails)
        if isinstance(card, HostFailure):
            details.fail(card)
        else:
            details.show(card, self.known.find(name), self.known.in_memory(name))

    @on(ModelDetails.CopyRequested)
    def _pass_copy(self, event: ModelDetails.CopyRequested) -> None:
        event.stop()
        self.post_message(self.CopyRequested(event.text))

    @on(Rows.Chosen, "#models-transfers")
    def _do_transfer(self, event: Rows.Chosen) -> None:
        event.stop()
        line = self.query_one(TransferList).line
        if event.verb == "open" and line and line.problem:
            self.say(f"{line.name}: {line.problem} {line.hint}")
        else:
            self.run_worker(partial(self._lines.perform, event.key, event.verb), group="transfer")

    @on(PullForm.Wanted)
    def _pull(self, event: PullForm.Wanted) -> None:
        event.stop()
        self.close_all()
        self.run_worker(partial(self._lines.pull, event.name, insecure=event.insecure), group="transfer")

    @on(Input.Changed, "#models-filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(ModelTable).filter(one_line(event.value))

    @on(Input.Submitted, "#models-filter")
    def _filtered(self, event: Input.Submitted) -> None:
        event.stop()
        event.input.display = bool(event.value)
        self.query_one(ModelTable).focus()

    # -- actions

    def target(self) -> str:
        """Of the list that has the focus, or whose details are open."""
        details, running = self.query_one(ModelDetails), self.query_one(RunningModels)
        covers = self.has_class("-details") and self.has_class("-narrow")
        if covers or inside(self.screen.focused, ModelDetails):
            return details.model_name
        return (running.key if running.has_focus else "") or self.query_one(ModelTable).key

    def await_model(self, name: str) -> None:
        """Put the cursor on a model that will be there soon."""
        if self.is_whole:
            self.query_one(ModelTable).await_key(name)

    def open_pull(self, name: str = "") -> None:
        """Ask what to pull, beginning with `name`."""
        self._led_to_pull = True
        self.close_all()
        self.add_class("-pulling")
        models = self.known.models
        self.query_one(PullForm).begin([model.name for model in models or ()], name=name, first=models == ())

    def action_models_pull(self) -> None:
        """Ask what to pull."""
        self.say("")
        self.open_pull()

    def action_models_stop(self) -> None:
        """Stop the transfer that runs; where several do, or none, go to them, and choose there."""
        transfers = self.query_one(TransferList)
        if line := transfers.lone:
            self.run_worker(partial(self._lines.perform, line.id, "stop"), group="transfer")
            transfers.move_to(line.id)
            words = _("Stopped {name}. {key} goes to it: there it can be resumed.")
            self.say(words.format(name=line.name, key=first_key(self, "models.stop")), good=True)
        else:
            self.close_all()
            transfers.focus()

    def action_models_insecure(self) -> None:
        """Plain http or not, for what is to be pulled."""
        self.query_one(PullForm).action_models_insecure()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Nothing else is begun while a question stands; `insecure` is a matter of pulling."""
        if action.startswith("models_") and self.query(Question):
            return False
        if action == "models_stop":
            return self.query_one(TransferList).display
        return action != "models_insecure" or self.has_class("-pulling")

    def action_models_chat(self) -> None:
        """Chat with the model."""
        model = self.chosen()
        if model and not model.can_chat:
            self.say(_("{name} cannot chat: it makes embeddings.").format(name=model.name))
        elif model:
            self.post_message(self.ChatRequested(model))

    def action_models_filter(self) -> None:
        """Filter the list."""
        field = self.query_one("#models-filter", Input)
        field.display = True
        field.focus()

    def action_models_sort(self) -> None:
        """Sort by the next column."""
        self.query_one(ModelTable).sort_next()

    def action_models_reverse(self) -> None:
        """Turn the order round."""
        self.query_one(ModelTable).turn_order()

    def action_models_refresh(self) -> None:
        """Ask the server now."""
        self.say("")
        self.refresh_models()
        self.run_worker(self.look, group="look")

    def action_models_close(self) -> None:
        """Close what is open: the pull, the details, the filter; or leave."""
        if not self.close_all() and not self._clear_filter():
            self.post_message(self.Left())

    def close_all(self) -> bool:
        """Go back to the list; whether anything else was open."""
        if not self.is_whole or not (self.has_class("-pulling") or self.has_class("-details")):
            return False
        self.remove_class("-pulling", "-details")
        self.query_one(ModelTable).focus()
        return True

    def _clear_filter(self) -> bool:
        field = self.query_one("#models-filter", Input)
        if not field.display:
            return False
        field.value = ""
        field.display = False
        self.query_one(ModelTable).focus()
        return True
