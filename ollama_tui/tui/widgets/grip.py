"""A pane's first line is also its handle: what is clicked in it is done, and dragging it carries the pane elsewhere."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.key_hints import does


class Grip(Widget):
    """A first line."""

    ALLOW_SELECT = False

    @dataclass
    class Asked(Message):
        """What was clicked stands for this action of the pane."""

        grip: "Grip"
        action_id: str

    @dataclass
    class Carried(Message):
        """It is dragged, and is there now, in cells of the screen; or it was let go there."""

        grip: "Grip"
        at: Offset
        dropped: bool

    lit: reactive[bool | None] = reactive(None)
    """Whether its pane is the one that has the focus; None for the only one, which is neither closed nor carried."""
    _held_at: Offset | None = None
    _carried = False

    def pane_signs(self, *, menu: bool) -> Content:
        """What to click for the pane's menu and for closing it, with two blanks before; nothing where neither is."""
        signs = [
            *([Content.styled(sign("⋯"), "bold").stylize(does("pane.menu"))] if menu else []),
            *([Content.styled(sign("✕"), "bold").stylize(does("pane.close"))] if self.lit is not None else []),
        ]
        return Content.assemble("  ", Content(" ").join(signs)) if signs else Content("")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Hold it."""
        self._carried = False
        if self.lit is not None and event.button == 1:
            self._held_at = event.screen_offset
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Take it along; a hand that trembles while it clicks carries nothing."""
        if self._held_at is None:
            return
        if event.button == 0:  # it was let go before the mouse was captured: a drag that came in one burst
            self._let_go()
            return
        away = event.screen_offset - self._held_at
        if self._carried or abs(away.x) > 2 or away.y:
            self._carried = True
            self.post_message(self.Carried(self, event.screen_offset, dropped=False))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let it go."""
        if self._held_at is not None:
            self._let_go()
            if self._carried:
                self.post_message(self.Carried(self, event.screen_offset, dropped=True))

    def _let_go(self) -> None:
        self._held_at = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Do what was clicked, unless it was carried about and came back."""
        action_id = str(event.style.meta.get("does", ""))
        if self._carried:
            event.stop()
        elif action_id.startswith("pane.") or (action_id and not self._is_folded):  # that is opened by a click first
            event.stop()
            self.post_message(self.Asked(self, action_id))

    @property
    def _is_folded(self) -> bool:
        """Whether this line is all that there is room for of its pane."""
        return isinstance(self.parent, Widget) and self.parent.size.height <= 1
