"""The program on the screen: opens the workspace, holds the screens, and leaves without losing anything."""

import asyncio
import contextlib
import gc
import importlib
import signal
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

import rich._wrap  # pyright: ignore[reportPrivateUsage]
from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.worker import (
    NoActiveWorker,
    Worker,
    WorkerFailed,
    get_current_worker,  # pyright: ignore[reportUnknownVariableType] - a worker's result is open in Textual
)

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.cells import PIECES
from ollama_tui.domain.failure import Failure, LocalFailure
from ollama_tui.domain.host import HostAddress
from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.text import drawable
from ollama_tui.tui import tidying
from ollama_tui.tui.actions import BY_ID, Action, bindings_for
from ollama_tui.tui.clipboard import copy
from ollama_tui.tui.held_actions import HeldActions
from ollama_tui.tui.palette import ActionCommands, open_palette
from ollama_tui.tui.reduced import set_reduced
from ollama_tui.tui.screens.chat import ChatScreen
from ollama_tui.tui.signs import is_reduced
from ollama_tui.tui.surface import Surface
from ollama_tui.tui.terminal import driver_class, seconds_without_key, show_cursor
from ollama_tui.tui.themes import no_theme
from ollama_tui.tui.typeahead import HeldKeys

if TYPE_CHECKING:
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.tui.screens.models import ModelsScreen
    from ollama_tui.tui.widgets.model_manager import ModelManager


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How the program is to open."""

    settings: Settings
    paths: Paths
    environment: Mapping[str, str]
    address: HostAddress
    model: str | None = None
    """The model that the first conversation is to have."""
    problems: tuple[str, ...] = ()
    """What is wrong with the configuration, to be told."""


_TOLD = 6
"""Sentences about the configuration at once."""


class OllamaTui(Surface):
    """The program."""

    TITLE = "ollama-tui"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {ActionCommands}
    COMMAND_PALETTE_BINDING = "f12"  # the palette's real key is in the table of actions
    BINDINGS: ClassVar[list[BindingType]] = [
        # Textual's own keys of these names, moved out of the prompt's way
        Binding("f12", "app_palette", show=False, system=True),
        *bindings_for("app", by_app=True),
    ]
    workspace: "Workspace"
    """There soon after the first paint."""

    def __init__(self, opening: Opening, held: HeldKeys | None = None) -> None:
        super().__init__(opening.settings, driver_class(held))
        self._opening = opening
        self._held_actions = HeldActions()
        self.leaving = False
        """Whether the end has begun: nothing is drawn any more."""
        self._models_installed = False
        self._search_installed = False
        set_reduced(self, bool(self.settings.reduced))
        rich._wrap.re_word = PIECES  # Rich 15 knows blanks only, and cuts a Chinese sentence anywhere, its words too

    def get_default_screen(self) -> ChatScreen:
        """The conversations are the ground that the other screens stand on."""
        return ChatScreen(model=self._opening.model)

    async def on_mount(self) -> None:
        """Show the screen at once; what it shows is opened behind it."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP) if sys.platform != "win32" else ():
            with contextlib.suppress(NotImplementedError, RuntimeError):  # not in the main thread: tests
                loop.add_signal_handler(number, lambda number=number: self._leave_soon(128 + number))
        self.apply_keys()
        show_cursor(self, is_reduced())
        self.call_after_refresh(self._open_workspace)

    @work(exclusive=True, group="open")
    async def _open_workspace(self) -> None:
        """Open the database, then let the screen show what is in it.

        The imports take a fifth of a second: in a thread, so that keys are drawn meanwhile.
        """
        await asyncio.to_thread(_import_what_comes_later)
        from ollama_tui.services.workspace import Workspace

        opening = self._opening
        try:
            self.workspace = await Workspace.open(opening.settings, opening.paths, opening.environment, opening.address)
        except Failure as failure:
            self.exit(1, message=Text(drawable(f"{failure.message}\n{failure.hint}")))
            return
        await self._take_theme(opening.settings.theme)
        if opening.settings.reduced is None and await self.workspace.state.get("ui.reduced") is True:
            self.draw_reduced(True)
        await self.chat_screen.attach(self.workspace)
        await self._held_actions.release(self.perform)
        # Clashes are told, since Textual drops one of two clashing bindings silently (8.2.8, app.py:4040).
        self.set_interval(1.0, self._tidy)
        problems = [*opening.problems, *self.problems_of_keys()]
        if len(rest := problems[_TOLD:]) > 1:  # they would cover what one reads and writes
            problems[_TOLD:] = [
                ngettext("… and {count} more.", "… and {count} more.", len(rest)).format(count=len(rest))
            ]
        if problems:
            self.warn("\n".join(problems))

    def _tidy(self) -> None:
        """Collect garbage while nobody waits."""
        quiet = not self.workspace.turns.all_live() and seconds_without_key(self) >= tidying.QUIET
        tidying.tidy(quiet=quiet)

    def problems_of_keys(self) -> list[str]:
        """What is wrong with the configured keys."""
        from ollama_tui.tui.key_conflicts import conflicts

        return conflicts(self.settings.keymap, self.settings.keys) if self.settings.keys else []

    async def perform(self, action: Action) -> None:
        """Do what an action of the table says, wherever it is at home, and as soon as there is something there."""
        if self._held_actions.hold(action):
            return
        target = await self._target_of(action)
        method = getattr(target, f"action_{action.method}", None)
        if method is None:
            self.warn(_("That is not possible here."))
            return
        result = method()
        if asyncio.iscoroutine(result):
            await result

    async def _target_of(self, action: Action) -> object:
        """What does an action: the app, the models (which are brought up for it), or the conversation."""
        if action.area == "app":
            return self
        if action.area == "models":
            if self.screen is self.chat_screen and (beside := self.chat_screen.row.manager) is not None:
                return beside
            if not isinstance(self.screen, self._models_screen()):
                await self.action_app_models()
            return screen.manager if isinstance(screen := self.screen, self._models_screen()) else self
        await self.to_chat()
        return self.chat_screen.target_of(action)

    @property
    def chat_screen(self) -> ChatScreen:
        """The conversations."""
        return next(screen for screen in self.screen_stack if isinstance(screen, ChatScreen))

    # Actions

    async def action_act(self, action_id: str) -> None:
        """Do an action of the table: what the screen's bindings are made with."""
        await self.perform(BY_ID[action_id])

    def action_app_palette(self) -> None:
        """Find any action by its name."""
        open_palette(self)

    async def action_app_help(self) -> None:
        """Every action and its keys."""
        from ollama_tui.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            await self.push_screen(HelpScreen())

    async def to_chat(self) -> None:
        """Back to the conversations; the focus is where it was there."""
        while len(self.screen_stack) > 1 and not isinstance(self.screen, ChatScreen):
            await self.pop_screen()

    async def action_app_chat(self) -> None:
        """From anywhere back to the conversation, and into its prompt."""
        await self.to_chat()
        await self.chat_screen.lead_back()

    async def action_app_models(self) -> None:
        """To the models; from there, back."""
        if isinstance(self.screen, self._models_screen()):
            await self.to_chat()
            return
        await self.to_chat()
        if not self._models_installed:  # one for all visits: what it does goes on, and it stays as it was
            self._models_installed = True
            screen = self._models_screen()(self.workspace, lambda: self.chat_screen.pane.here)
            self.install_screen(screen, "models")  # pyright: ignore[reportUnknownMemberType] - Screen's type is open
        await self.push_screen("models")

    async def action_app_search(self, text: str = "") -> None:
        """To the search of all conversations, as it was left; from there, back."""
        from ollama_tui.tui.screens.search import SearchScreen

        if isinstance(self.screen, SearchScreen):
            await self.to_chat()
            return
        await self.to_chat()
        if not self._search_installed:
            self._search_installed = True
            self.install_screen(SearchScreen(self.workspace), "search")  # pyright: ignore[reportUnknownMemberType] - Screen's type is open
        await self.push_screen("search")
        if text and isinstance(screen := self.screen, SearchScreen):
            screen.search_for(text)

    @staticmethod
    def _models_screen() -> "type[ModelsScreen]":
        from ollama_tui.tui.screens.models import ModelsScreen

        return ModelsScreen

    async def on_model_manager_chat_requested(self, event: "ModelManager.ChatRequested") -> None:
        """A new conversation with this model."""
        event.stop()
        await self.to_chat()
        await self.chat_screen.pane.begin_with(event.model)

    async def on_model_manager_copy_requested(self, event: "ModelManager.CopyRequested") -> None:
        """Copy a part of a model's details."""
        event.stop()
        self.notify(await copy(self, event.text), markup=False)

    async def open_pull(self, name: str = "") -> None:
        """To the models, with the form that pulls one."""
        if not isinstance(self.screen, self._models_screen()):
            await self.action_app_models()
        if isinstance(screen := self.screen, self._models_screen()):
            screen.manager.open_pull(name)

    async def action_app_theme(self) -> None:
        """Choose among the themes, seeing each; files of one's own are read anew."""
        from ollama_tui.tui.pane import theme

        await self.to_chat()
        self.read_own_themes(self._opening.paths.themes)
        await theme.choose(self.chat_screen.pane)

    async def _take_theme(self, configured: str | None) -> None:
        """The configured theme, else the one chosen last."""
        self.read_own_themes(self._opening.paths.themes)
        theme = configured or await self.workspace.state.get("ui.theme")
        if isinstance(theme, str) and theme in self.available_themes:
            self.preview_theme(theme)
        elif configured:
            self.warn(no_theme(configured, self.available_themes))

    async def action_app_reduced(self) -> None:
        """Still and plain, or as before; it is remembered."""
        self.draw_reduced(not is_reduced())
        await self.workspace.state.set("ui.reduced", is_reduced())

    async def action_app_host(self) -> None:
        """Choose another server."""
        await self.to_chat()
        self.chat_screen.pane.choose_host()

    async def action_app_demo(self) -> None:
        """Use the demo."""
        await self.to_chat()
        self.chat_screen.servers.use_demo(self.chat_screen.pane)

    async def action_app_serve(self) -> None:
        """Start Ollama's own server."""
        await self.to_chat()
        self.chat_screen.servers.start(self.chat_screen.pane)

    async def action_app_server_log(self) -> None:
        """What the server that was started from here printed."""
        from ollama_tui.tui.screens.reading import ReadingScreen

        text = self.workspace.server_log()
        empty = _("No server was started from here.")
        await self.push_screen(
            ReadingScreen(_("Server log: {path}").format(path=self.workspace.paths.server_log), text or empty)
        )

    async def action_app_data(self) -> None:
        """Where everything is."""
        from ollama_tui.tui.screens.reading import ReadingScreen

        paths = self.workspace.paths
        lines = (
            _("Conversations, and what the program remembers: {path}").format(path=paths.database),
            _("Configuration (yours, never written by the program): {path}").format(path=paths.settings),
            _("Log of a server started from here: {path}").format(path=paths.server_log),
            _("Models belong to the server, not to this program."),
            "",
            _("Another place: --data-dir, or OLLAMA_TUI_DATA_DIR. The palette has “Delete all data”."),
        )
        await self.push_screen(ReadingScreen(_("Where the data is"), "\n".join(lines)))

    async def action_app_erase(self) -> None:
        """Delete all conversations and all that is remembered, after asking."""
        await self.to_chat()
        self.chat_screen.erase()

    async def action_app_quit(self) -> None:
        """Leave, with everything saved."""
        await self.leave()

    async def action_quit(self) -> None:
        """Textual's own way out is ours."""
        await self.leave()

    async def choose_theme(self, name: str) -> None:
        """Draw with a theme from now on, and remember it."""
        self.preview_theme(name)
        await self.workspace.state.set("ui.theme", name)

    # Leaving

    def _leave_soon(self, code: int) -> None:
        self.call_later(self.leave, code)

    async def leave(self, code: int = 0) -> None:
        """Save what is typed and what runs, then end. Textual does not wait for workers at its end, so we do."""
        if self.leaving:
            return
        self.leaving = True
        self._stop_workers()
        try:
            if getattr(self, "workspace", None) is not None:
                with contextlib.suppress(Failure):
                    await self.chat_screen.save_drafts()
                await self.workspace.aclose()
        finally:
            tidying.hold_off_no_more()
            self.exit(code)

    def _stop_workers(self) -> None:
        """End what the screens do in the background, but for the one that leaves: the database closes under them."""
        leaver: Worker[object] | None = None
        with contextlib.suppress(NoActiveWorker):
            leaver = cast("Worker[object]", get_current_worker())
        for worker in list(self.workers):
            if worker is not leaver:
                worker.cancel()

    def _handle_exception(self, error: Exception) -> None:
        """Let the end come where something still wanted to read or write: all is saved by then."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (self.leaving and isinstance(cause, LocalFailure)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """The last resort: a fault of the program itself. Its trace goes to a file, a sentence to the person.

        Textual prints the trace with all local variables to the terminal (8.2.8, app.py), which may hold what the
        person wrote.
        """
        path = self._opening.paths.crash_log
        text = _("ollama-tui failed. What you wrote and what arrived is kept. Details: {path}").format(path=path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_text(traceback.format_exc(), encoding="utf-8", errors="replace")
            path.chmod(0o600)
        except OSError as error:
            text = _("ollama-tui failed, and could not say why in a file: {error}").format(error=error)
        self._exit_renderables.append(Text(drawable(text)))
        self._close_messages_no_wait()


def _import_what_comes_later() -> None:
    """What the first paint does not need."""
    for module in ("ollama_tui.services.workspace", "ollama_tui.tui.widgets.transcript", "ollama_tui.client.host"):
        importlib.import_module(module)
    gc.freeze()  # what is imported stays: no collection need look at it again
    tidying.hold_off()
    gc.enable()
