"""The panes beside each other: their order, their shares of the room, and which of them has the focus."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.geometry import NULL_OFFSET, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from ollama_tui.tui.pane.deeds import ConversationPane
from ollama_tui.tui.panes.divider import Divider
from ollama_tui.tui.panes.plan import Plan, Share, plan
from ollama_tui.tui.terminal import app_of
from ollama_tui.tui.widgets.grip import Grip

if TYPE_CHECKING:
    from ollama_tui.tui.widgets.model_manager import ModelManager


class PaneLayout(Layout):
    """Puts the panes and the rules between them where the plan says."""

    name = "panes"

    def __init__(self, planned: Callable[[Size], Plan]) -> None:
        self._planned = planned

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:  # noqa: ARG002
        parent.pre_layout(self)
        now = self._planned(size)
        placements: list[WidgetPlacement] = []
        panes = [child for child in children if not isinstance(child, Divider)]
        for child, region in zip(panes, now.panes, strict=False):
            placements.append(WidgetPlacement(region, NULL_OFFSET, Spacing(), child))
        dividers = [child for child in children if isinstance(child, Divider)]
        for child, gap in zip(dividers, now.gaps, strict=False):
            child.gap = gap
            placements.append(WidgetPlacement(gap.region, NULL_OFFSET, Spacing(), child))
        return placements


class PaneRow(Widget):
    """One to four panes: conversations, and the models among them."""

    DEFAULT_CSS = """
    PaneRow { width: 1fr; height: 1fr; overflow: hidden hidden; }
    PaneRow > .-lit > ModelHead, PaneRow > .-target > Grip { background: $accent 30%; }
    PaneRow > ModelManager > KeyLine { display: none; }  /* the foot shows its keys, in more room */
    """

    class Changed(Message):
        """Other panes, in another order or of other sizes, or another one has the focus."""

    def __init__(self, first: ConversationPane) -> None:
        super().__init__()
        self._layout = PaneLayout(self.plan)
        self._first = first
        self._shares: dict[Widget, Share] = {}
        self.current: Widget = first
        """The pane that has the focus, or had it last."""
        self.pane = first
        """The conversation that has the focus, or had it last."""

    @property
    def layout(self) -> Layout:
        """Where the panes stand."""
        return self._layout

    def compose(self) -> Iterable[Widget]:
        yield self._first

    @property
    def panes(self) -> list[Widget]:
        """All of them, in their order."""
        return [child for child in self.children if not isinstance(child, Divider)]

    @property
    def conversations(self) -> list[ConversationPane]:
        """Those that show a conversation."""
        return [child for child in self.children if isinstance(child, ConversationPane)]

    @property
    def manager(self) -> "ModelManager | None":
        """The models, if they stand here."""
        found = next((child for child in self.panes if not isinstance(child, ConversationPane)), None)
        return cast("ModelManager | None", found)

    def share_of(self, pane: Widget) -> Share:
        """How much of the room a pane takes."""
        return self._shares.get(pane, Share())

    def plan(self, size: Size | None = None) -> Plan:
        """Where everything stands, in a room of this size or in the one there is."""
        panes = self.panes
        focused = panes.index(self.current) if self.current in panes else 0
        return plan([self.share_of(pane) for pane in panes], size or self.size, focused)

    # Changing

    async def add(
        self, pane: Widget, *, after: Widget | None = None, before: Widget | None = None, share: Share | None = None
    ) -> None:
        """Put a pane behind or before another, or at the end."""
        if share is not None:
            self.give_share(pane, share)
        await self.mount(Divider())
        if after is None and before is None:
            after = self.panes[-1]
        await self.mount(pane, after=after, before=before)
        self._tell()

    def give_share(self, pane: Widget, share: Share) -> None:
        """Let a pane take so much of the room."""
        self._shares[pane] = share

    async def take_away(self, pane: Widget) -> None:
        """Close a pane; the one before it, or else the next, gets the focus. The last conversation stays."""
        panes = self.panes
        at = panes.index(pane)
        rest = [other for other in panes if other is not pane]
        follower = rest[max(0, at - 1)]
        if pane is self.pane:
            talking = [other for other in rest if isinstance(other, ConversationPane)]
            self.pane = follower if isinstance(follower, ConversationPane) else talking[0]
        if pane is self.current:
            self.current = follower
        self._shares.pop(pane, None)
        if isinstance(pane, ConversationPane):
            pane.shut()
        # What it does in the background must not go on with the half of it that is left meanwhile.
        app_of(self).workers.cancel_node(pane)  # pyright: ignore[reportUnknownMemberType] - Textual leaves it open
        await pane.remove()
        if dividers := self.query(Divider):
            await dividers.last().remove()
        self._tell()

    def move(self, pane: Widget, step: int) -> bool:
        """Put a pane so many places further (1: behind the next) or before (-1); whether there is such a place."""
        panes = self.panes
        to = panes.index(pane) + step
        if not 0 <= to < len(panes):
            return False
        if step > 0:
            self.move_child(pane, after=panes[to])
        else:
            self.move_child(pane, before=panes[to])
        self._tell()
        return True

    def resize(self, index: int, cells: int, *, upright: bool) -> None:
        """Move the rule behind a pane: the pane grows by so many cells, and the next (or the next line) shrinks."""
        now, panes = self.plan(), self.panes
        if upright:
            line = now.line_of(index)
            sizes = [now.panes[place].width for place in line]
            at = index - line.start
            if at + 1 < len(sizes) and (cells := _within(cells, sizes[at], sizes[at + 1], 16)):
                sizes[at] += cells
                sizes[at + 1] -= cells
                for place, width in zip(line, sizes, strict=True):
                    share = self.share_of(panes[place])
                    self._shares[panes[place]] = Share(len(line) * width / sum(sizes), share.height)
        else:
            heights = [now.panes[line.start].height for line in now.lines]
            at = next(number for number, line in enumerate(now.lines) if index in line)
            if at + 1 < len(heights) and (cells := _within(cells, heights[at], heights[at + 1], 5)):
                heights[at] += cells
                heights[at + 1] -= cells
                for line, height in zip(now.lines, heights, strict=True):
                    for place in line:
                        share = self.share_of(panes[place])
                        self._shares[panes[place]] = Share(share.width, len(heights) * height / sum(heights))
        self._tell()

    def make_even(self) -> None:
        """The same room for each."""
        self._shares.clear()
        self._tell()

    @on(Divider.Dragged)
    def _drag(self, event: Divider.Dragged) -> None:
        event.stop()
        before, upright = event.gap.before, event.gap.upright
        for gap in self.plan().gaps:  # as it is planned now: what came since the last layout is in it
            if (gap.before, gap.upright) == (before, upright):
                at = self.region.x + gap.region.x if upright else self.region.y + gap.region.y
                self.resize(before, event.at - at, upright=upright)

    @on(Grip.Carried)
    def _carry(self, event: Grip.Carried) -> None:
        """A pane is carried by its head to where another stands: that one is shown, and left, it takes the place."""
        event.stop()
        carried = self._pane_of(event.grip)
        inside = self.region.contains_point(event.at)
        under = self._pane_of(self.screen.get_widget_at(*event.at)[0]) if inside else None
        for pane in self.panes:
            pane.set_class(pane is under and pane is not carried and not event.dropped, "-target")
        if event.dropped and carried is not None and under is not None:
            self.move(carried, self.panes.index(under) - self.panes.index(carried))
            self.focus_on(carried)

    @on(Grip.Asked)
    async def _do_clicked(self, event: Grip.Asked) -> None:
        """What is clicked in a head is done here: a pane that closes itself waits for its own end."""
        event.stop()
        if (pane := self._pane_of(event.grip)) is not None:
            self.focus_on(pane)
            await app_of(self).run_action(f"app.act('{event.action_id}')")

    # The focus

    def focus_on(self, pane: Widget) -> None:
        """Let the keys go to a pane."""
        self._follow(pane)
        if isinstance(pane, ConversationPane):
            pane.prompt.take_focus()
        else:
            cast("ModelManager", pane).take_focus()

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        pane = self._pane_of(event.widget)
        if pane is not None:
            self._follow(pane)

    def on_click(self, event: events.Click) -> None:
        """A click anywhere in a pane brings it the focus."""
        under, _region = self.screen.get_widget_at(event.screen_x, event.screen_y)
        pane = self._pane_of(under)
        if pane is not None and not pane.has_focus_within:
            self.focus_on(pane)

    def _pane_of(self, widget: Widget | None) -> Widget | None:
        found = [node for node in widget.ancestors_with_self if node.parent is self] if widget is not None else []
        return cast("Widget", found[0]) if found and not isinstance(found[0], Divider) else None

    def _follow(self, pane: Widget) -> None:
        if isinstance(pane, ConversationPane):
            self.pane = pane
        if pane is not self.current:
            self.current = pane
            self._tell()

    def _tell(self) -> None:
        panes = self.panes
        for pane in panes:
            pane.set_class(len(panes) > 1 and pane is self.current, "-lit")
            pane.set_class(len(panes) > 1 and pane is not self.current, "-unlit")
            for grip in pane.query(Grip):
                grip.lit = pane is self.current if len(panes) > 1 else None
        self._clear_arrangement_cache()  # it would hold as long as the size and the children do (8.2.8, widget.py)
        self.refresh(layout=True)
        self.post_message(self.Changed())


def _within(cells: int, before: int, after: int, least: int) -> int:
    """As many of these cells as leave both sides at least `least`."""
    return max(min(0, least - before), min(cells, max(0, after - least)))
