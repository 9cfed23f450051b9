"""Choosing the colours: each theme is seen as it is looked at, and the one of before comes back with Esc."""

from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.command import Command, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets import OptionList

from ollama_tui.domain.i18n import _
from ollama_tui.tui.signs import sign

if TYPE_CHECKING:
    from ollama_tui.tui.app import OllamaTui


class ThemeNames(Provider):
    """The themes, the one in use first, then one's own, then the program's, then Textual's."""

    @property
    def _program(self) -> "OllamaTui":
        return cast("OllamaTui", self.app)

    def _names(self) -> list[str]:
        app = self._program
        rest = [*app.own_themes, "lamp", "paper", *sorted(app.available_themes)]
        return list(dict.fromkeys([app.theme, *(name for name in rest if name in app.available_themes)]))

    def _about(self, name: str) -> str:
        theme = self._program.available_themes[name]
        kinds = [_("light") if not theme.dark else _("dark")]
        if theme.ansi:
            kinds.append(_("the terminal's own colours"))
        if name in self._program.own_themes:
            kinds.append(_("yours"))
        return ", ".join(kinds)

    async def discover(self) -> Hits:
        """All of them."""
        for name in self._names():
            yield DiscoveryHit(
                Content(name), partial(self._program.choose_theme, name), text=name, help=self._about(name)
            )

    async def search(self, query: str) -> Hits:
        """Those whose name fits."""
        matcher = self.matcher(query)
        for name in self._names():
            if (score := matcher.match(name)) > 0:
                yield Hit(
                    score,
                    matcher.highlight(name),
                    partial(self._program.choose_theme, name),
                    text=name,
                    help=self._about(name),
                )


class ThemePalette(CommandPalette):
    """The palette with the themes."""

    def __init__(self, app: "OllamaTui") -> None:
        super().__init__(providers=[ThemeNames], placeholder=sign(_("Which colours? Esc leaves them as they are …")))
        self._program = app
        self._before = app.theme

    @on(OptionList.OptionHighlighted)
    def _look(self, event: OptionList.OptionHighlighted) -> None:
        option = event.option
        if isinstance(option, Command) and option.hit.text in self._program.available_themes:
            self._program.preview_theme(option.hit.text)

    def on_unmount(self) -> None:
        """As it was; the one that was chosen is taken after that."""
        self._program.preview_theme(self._before)
