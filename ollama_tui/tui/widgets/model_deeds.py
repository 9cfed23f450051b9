"""What can be done with a model of a host: remove, copy, load and unload it; and how each went."""

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Literal

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from ollama_tui.domain.failure import Failure, HostFailure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import Model
from ollama_tui.domain.text import drawable
from ollama_tui.services.server import Server
from ollama_tui.services.workspace import Workspace
from ollama_tui.tui.widgets.key_line import KeyLine
from ollama_tui.tui.widgets.model_questions import ask_copy, ask_removal
from ollama_tui.tui.widgets.model_watch import ModelWatch
from ollama_tui.tui.widgets.question import Question


class ModelDeeds(Widget):
    """The deeds of the model manager, apart from how it looks. One question at a time; loads go on beside."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        server: Callable[[], Server] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """`server`: the one whose models are shown now; None for the one in use."""
        super().__init__(id=id)
        self.known = ModelWatch(server or (lambda: workspace.here))
        self._settings = workspace.settings
        self._loads: dict[str, tuple[float, Worker[None]]] = {}
        self._came_from: Widget | None = None

    # -- what the manager answers

    def target(self) -> str:
        """The name of the model that is meant."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Show what is known now."""
        raise NotImplementedError

    def refresh_models(self) -> None:
        """Ask for the list again."""
        raise NotImplementedError

    def await_model(self, name: str) -> None:
        """Put the cursor on a model that will be there soon."""
        raise NotImplementedError

    def close_all(self) -> bool:
        """Go back to the list; whether anything else was open."""
        raise NotImplementedError

    # -- telling and asking

    @property
    def is_whole(self) -> bool:
        """Whether all its parts stand: they leave one by one when the screen is closed, and workers may come late."""
        return self.is_attached and bool(self.query(KeyLine))

    @property
    def loads(self) -> dict[str, float]:
        """The names that are being loaded, and since when (monotonic seconds)."""
        return {name: since for name, (since, _worker) in self._loads.items()}

    def say(self, text: str, *, good: bool = False) -> None:
        """Tell how something went, until the next thing is done."""
        if not self.is_whole:
            return
        said = self.query_one("#models-said", Static)
        said.display = bool(text)
        said.update(Content.styled(drawable(text), "$text-success" if good else "$text-error"))

    def _say_failure(self, failure: Failure) -> None:
        self.say(f"{failure.message} {failure.hint}".strip())

    async def ask(self, question: Question) -> str | None:
        """The answer to a question above the line of keys; the focus goes back to where it was."""
        return await question.put(self, self.query_one(KeyLine), after=self._go_back)

    def _go_back(self) -> None:
        if self._came_from is not None and self._came_from.is_attached:
            self._came_from.focus()

    def chosen(self) -> Model | None:
        """The model that is meant; tells if there is none."""
        self.say("")
        self._came_from = self.screen.focused
        model = self.known.find(self.target())
        if model is None:
            self.say(_("There is no model here to do that with."))
        return model

    # -- deeds

    def action_models_remove(self) -> None:
        """Remove the model, after a question."""
        if model := self.chosen():
            self.run_worker(partial(self._remove, model), group="question", exclusive=True)

    async def _remove(self, model: Model) -> None:
        loaded = self.known.in_memory(model.name) is not None
        if not await ask_removal(self.ask, model, self.known.models or (), loaded=loaded):
            return
        loaded = self.known.in_memory(model.name) is not None
        words = _("Removed {name}.").format(name=model.name)
        if loaded:
            try:
                await self.known.host.unload(model.name)
            except HostFailure as failure:
                words += " " + _("It could not be unloaded first: {why}").format(why=failure.message)
        try:
            await self.known.host.delete(model.name)
        except HostFailure as failure:
            self._say_failure(failure)
        else:
            self.close_all()
            self.say(words, good=True)
        self.refresh_models()

    def action_models_copy(self) -> None:
        """Give the model another name."""
        if model := self.chosen():
            self.run_worker(partial(self._copy, model), group="question", exclusive=True)

    async def _copy(self, model: Model) -> None:
        name = await ask_copy(self.ask, model, self.known.find)
        if name is None:
            return
        try:
            await self.known.host.copy(model.name, name)
        except HostFailure as failure:
            self._say_failure(failure)
        else:
            self.say(_("Copied {name} to {copy}.").format(name=model.name, copy=name), good=True)
            self.await_model(name)
        self.refresh_models()

    def action_models_load(self) -> None:
        """Load the model into memory."""
        model = self.chosen()
        if model is None or model.name in self._loads:
            return
        if model.is_remote:
            self.say(_("{name} runs elsewhere: there is nothing to load here.").format(name=model.name))
        elif self.known.in_memory(model.name):
            self.say(_("{name} is in memory.").format(name=model.name), good=True)
        else:
            worker = self.run_worker(partial(self._load, model.name), group="load")
            self._loads[model.name] = (monotonic(), worker)
            self.redraw()

    async def _load(self, name: str) -> None:
        # The server loads a model again when a later chat has another `shift`, so both must ask alike.
        shift: Literal[False] | None = False if self._settings.guard_context else None
        try:
            await self.known.host.load(name, options=self._settings.options or None, shift=shift)
        except HostFailure as failure:
            self._say_failure(failure)
        finally:
            self._loads.pop(name, None)
        await self.look()

    def action_models_unload(self) -> None:
        """Unload the model, or stop loading it."""
        name = self.target()
        if name in self._loads:
            self._loads.pop(name)[1].cancel()
            self.say(_("Stopped loading {name}.").format(name=name), good=True)
            self.redraw()
        elif self.known.in_memory(name) is None:
            self.say(_("{name} is not in memory.").format(name=name) if name else _("There is nothing to unload."))
        else:
            self.say("")
            self.run_worker(partial(self._unload, name), group="unload")

    async def _unload(self, name: str) -> None:
        try:
            await self.known.host.unload(name)
        except HostFailure as failure:
            self._say_failure(failure)
        await self.look()

    async def look(self) -> None:
        """Ask what is in memory, and show it; the list too, if the host had been away."""
        if await self.known.look():
            self.refresh_models()
        self.redraw()
