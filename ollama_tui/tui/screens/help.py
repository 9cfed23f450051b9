"""Everything that can be done, with its keys."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual.content import Content

from ollama_tui.domain.i18n import _, mark
from ollama_tui.tui.actions import ACTIONS, key_sign
from ollama_tui.tui.screens.reading import ReadingScreen

if TYPE_CHECKING:
    from ollama_tui.tui.app import OllamaTui

_AREAS = {
    "app": mark("Everywhere"),
    "chat": mark("In a conversation"),
    "prompt": mark("In the prompt"),
    "transcript": mark("While reading"),
    "plain": mark("Where the text stands alone"),
    "list": mark("In the list of conversations"),
    "search": mark("While searching all conversations"),
    "find": mark("While finding in a conversation"),
    "inspector": mark("Among a text's tokens"),
    "tokens": mark("On a token"),
    "models": mark("Among the models"),
    "rows": mark("In a list"),
    "transfers": mark("On a transfer"),
    "card": mark("In a model's details"),
    "toggle": mark("On a box to tick"),
}


class HelpScreen(ReadingScreen):
    """The keys, by place."""

    def __init__(self) -> None:
        super().__init__(_("Keys"), "")

    def on_mount(self) -> None:
        """Keys may have been changed, so they are looked up now."""
        super().on_mount()
        app = cast("OllamaTui", self.app)  # pyright: ignore[reportUnknownMemberType] - App's type is open in Textual
        from textual.widgets import Static

        body = Content("\n").join(self._lines(app))
        self.query("VerticalScroll > Static").only_one(Static).update(body)

    @staticmethod
    def _lines(app: "OllamaTui") -> Iterable[Content]:
        yield Content(_("Type to ask; Enter sends. / begins a command, @ attaches a file. F-keys have a second key."))
        for area, heading in _AREAS.items():
            actions = [action for action in ACTIONS if action.area == area]
            if not actions:
                continue
            yield Content("")
            yield Content.styled(_(heading), "bold $text-accent")
            for action in actions:
                keys = "  ".join(key_sign(key) for key in app.shown_keys(action.id)) or _("palette")
                yield Content.assemble((f"  {keys}", "bold"), " " * max(1, 22 - cell_len(keys)), _(action.name))
        yield Content("")
        yield Content.styled(_("Change any key in the configuration by its id:"), "bold $text-accent")
        yield Content('  [keys]\n  "chat.new" = "ctrl+n,f5"')
        yield Content(_("Ids: {ids}").format(ids=", ".join(action.id for action in ACTIONS)))
