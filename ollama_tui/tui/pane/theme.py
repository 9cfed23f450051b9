"""Choosing a theme under a conversation, which shows what it is like."""

from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _

if TYPE_CHECKING:  # imported where it is first needed: not before the first paint
    from ollama_tui.tui.app import OllamaTui
    from ollama_tui.tui.pane.setup_deeds import SetupDeeds
    from ollama_tui.tui.widgets.theme_picker import ThemePicker


async def choose(pane: "SetupDeeds") -> None:
    """Show the themes; again, and they go."""
    from ollama_tui.tui.widgets.theme_picker import ThemePicker

    if shown := pane.query(ThemePicker):
        shown.first().settle("")
        return
    pane.dismiss_question()
    names = {name: _about(pane.program, name) for name in _names(pane.program)}
    pane.theme_before = pane.program.theme
    await pane.mount(ThemePicker(names, before=pane.program.theme), before=pane.prompt)


async def take(pane: "SetupDeeds", picker: "ThemePicker", name: str) -> None:
    """Draw with the one that was chosen, or with the one of before."""
    pane.theme_before = ""
    await picker.remove()
    pane.prompt.take_focus()
    if name:
        await pane.program.choose_theme(name)
    else:
        pane.program.preview_theme(picker.before)


def _names(app: "OllamaTui") -> list[str]:
    """The one in use first, then one's own, then the program's, then Textual's."""
    rest = [*app.own_themes, "lamp", "paper", *sorted(app.available_themes)]
    return list(dict.fromkeys([app.theme, *(name for name in rest if name in app.available_themes)]))


def _about(app: "OllamaTui", name: str) -> str:
    theme = app.available_themes[name]
    kinds = [_("light") if not theme.dark else _("dark")]
    if theme.ansi:
        kinds.append(_("the terminal's own colours"))
    if name in app.own_themes:
        kinds.append(_("yours"))
    return ", ".join(kinds)
