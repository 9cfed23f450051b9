"""The palette: every action by name, with its key."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual import work
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.css.query import NoMatches
from textual.events import Mount
from textual.widgets.option_list import Option

from ollama_tui.domain.i18n import _
from ollama_tui.tui.actions import ACTIONS, Action, key_sign
from ollama_tui.tui.fit import fit
from ollama_tui.tui.signs import sign

if TYPE_CHECKING:
    from ollama_tui.tui.app import OllamaTui


class Palette(CommandPalette):
    """Textual's palette; keys may leave it before it is there, of which Textual dies (8.2.8, command.py:822)."""

    def on_mount(self, event: Mount) -> None:
        """Begin nothing if it was left."""
        if not self.is_current:
            event.prevent_default()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go, once: a second Enter may come before it is gone."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual's own says it in English."""
        self._stop_no_matches_countdown()
        if search_value:
            self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, self._show_no_matches)

    def _show_no_matches(self) -> None:
        words = Content(_("No matches found"))
        self.query_one(CommandList).add_option(Option(words, disabled=True, id=self._NO_MATCHES))
        self._list_visible = True

    @work(exclusive=True, group="--textual-command-palette-gather-commands")
    async def _gather_commands(self, search_value: str) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        gather = cast("Callable[[CommandPalette, str], Awaitable[None]]", CommandPalette._gather_commands.__wrapped__)  # pyright: ignore
        with suppress(NoMatches):
            await gather(self, search_value)


def open_palette(app: App[Any]) -> None:
    """Show the palette, unless it is open. It has no id: another may not have gone yet, and two must not clash."""
    if not isinstance(cast("object", app.screen), CommandPalette):
        app.push_screen(Palette(placeholder=sign(_("Search for an action …"))))


class ActionCommands(Provider):
    """Every action that makes sense without a cursor."""

    @property
    def _app(self) -> "OllamaTui":
        return cast("OllamaTui", self.app)

    def _shown(self) -> Iterable[tuple[Action, str]]:
        for action in ACTIONS:
            if action.palette:
                keys = sign(" · ").join(key_sign(key) for key in self._app.shown_keys(action.id))
                yield action, f"{_(action.name)}  {keys}" if keys else _(action.name)

    async def discover(self) -> Hits:
        """All of them."""
        for action, text in self._shown():
            yield DiscoveryHit(Content(text), partial(self._app.perform, action), text=text)

    async def search(self, query: str) -> Hits:
        """Those whose name, in the person's language or in English, fits; only if none does, those with its letters."""
        matcher = self.matcher(query)
        found: list[Hit] = []
        for action, text in self._shown():
            fits = max(fit(query, text), fit(query, action.name)._replace(spans=()))
            if fits.score:
                shown = Content(text)
                for begin, end in fits.spans:
                    shown = shown.stylize(matcher.match_style, begin, end)
                found.append(Hit(fits.score, shown, partial(self._app.perform, action), text=text))
        if not found:
            for action, text in self._shown():
                if (score := matcher.match(text)) > 0:
                    found.append(Hit(score, matcher.highlight(text), partial(self._app.perform, action), text=text))
        for hit in found:
            yield hit
