"""A list of options whose keys are those of every list: in the table of actions, to be changed by id."""

from textual.widgets import OptionList

from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.terminal import point_at


class Choices(OptionList, inherit_bindings=False):
    """Textual's list of options; its own keys have no ids (8.2.8, _option_list.py:129)."""

    BINDINGS = bindings_for("rows")

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Point at the option under the cursor."""
        super().watch_highlighted(highlighted)
        self._point()

    def on_focus(self) -> None:
        """Point at it."""
        self._point()

    def _point(self) -> None:
        if self.highlighted is not None:
            point_at(self, self.highlighted - round(self.scroll_y))

    def action_rows_up(self) -> None:
        """One up."""
        self.action_cursor_up()

    def action_rows_down(self) -> None:
        """One down."""
        self.action_cursor_down()

    def action_rows_page_up(self) -> None:
        """A screenful up."""
        self.action_page_up()

    def action_rows_page_down(self) -> None:
        """A screenful down."""
        self.action_page_down()

    def action_rows_first(self) -> None:
        """To the first."""
        self.action_first()

    def action_rows_last(self) -> None:
        """To the last."""
        self.action_last()

    def action_rows_choose(self) -> None:
        """Take the one under the cursor."""
        self.action_select()
