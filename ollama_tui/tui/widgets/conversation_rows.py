"""Conversations in a list: one line each under headings, with a cursor that is never on a heading."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.message import Message

from ollama_tui.domain.conversation import Listed, Shelf
from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end
from ollama_tui.tui.widgets.rows import Piece, Rows

_NEAR_END = 20
"""Rows before the last one at which more are asked for."""
_FIRST_TAG = 9
"""Cells that a long title leaves to the first tag."""
_HEADING = "\n"
"""What the key of a heading begins with: no id does."""


def headings(times: Iterable[int], today: date) -> Iterable[str]:
    """Under which heading each time stands, seen from `today` (both local); the times, in milliseconds, descend."""
    heading, lowest = "", 1 << 62
    for time in times:
        if time < lowest:  # a calendar is asked once for each heading only
            day = datetime.fromtimestamp(time / 1000).date()  # noqa: DTZ006 - a heading is in the person's own time
            heading, first = _heading(day, today)
            lowest = int(datetime(first.year, first.month, first.day).timestamp() * 1000)  # noqa: DTZ001
        yield heading


def _heading(day: date, today: date) -> tuple[str, date]:
    """A heading, and the first day that stands under it."""
    if day >= today:
        return _("Today"), today
    if day == today - timedelta(days=1):
        return _("Yesterday"), day
    if day > today - timedelta(days=7):
        return _("Last 7 days"), today - timedelta(days=6)
    month_ago = today - timedelta(days=29)
    if day >= month_ago:
        return _("Last 30 days"), month_ago
    return f"{day:%Y-%m}", day.replace(day=1)


class ConversationRows(Rows):
    """The rows proper. It says what is wanted of the one under the cursor; reaching its end asks for more."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("rows"), *bindings_for("list")]

    @dataclass
    class Wanted(Message):
        """Something is to be done, with a conversation if one is under the cursor: `verb` is that of the action."""

        verb: str
        conversation_id: str

    class Left(Message):
        """Away from here."""

    class MoreRequested(Message):
        """The end of what was given comes into sight."""

    def __init__(self) -> None:
        super().__init__(one_click=True)
        self._rows: dict[str, Listed] = {}
        self._headings: dict[str, str] = {}
        self._open_ids: Collection[str] = ()

    def show(
        self, rows: Sequence[Listed], open_ids: Collection[str], shelf: Shelf, today: date, words: Sequence[str]
    ) -> None:
        """Show these, the open ones marked, or `words` where there are none."""
        self._rows = {row.id: row for row in rows}
        self._open_ids = open_ids
        self._headings.clear()
        keys: list[str] = []
        pinned = [row for row in rows if row.pinned and shelf is not Shelf.BIN]
        dated = [row for row in rows if not row.pinned or shelf is Shelf.BIN]
        last = ""
        for heading, row in (
            *((_("Pinned"), row) for row in pinned),
            *zip(headings([row.at for row in dated], today), dated, strict=True),
        ):
            if heading != last:
                last = heading
                key = f"{_HEADING}{heading}"
                self._headings[key] = heading
                keys.append(key)
            keys.append(row.id)
        self.replace(keys, words)
        if self.key in self._headings:
            self.cursor += 1

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """A heading; or the title, then its tags and the model as far as there is room."""
        if key in self._headings:
            return (Piece(f" {self._headings[key]}", "muted"),)
        row = self._rows[key]
        is_open = key in self._open_ids
        tags = [f"#{one_line(tag)}" for tag in row.tags]
        kept = min(cell_len(tags[0]) + 1, _FIRST_TAG) if tags else 0
        title = cut_end(row.title or _("Untitled"), width - 2 - kept)
        pieces = [Piece(sign("›") if is_open else " ", "good"), Piece(title, "strong" if is_open else "")]
        room = width - 2 - cell_len(title)
        for text in (*tags, one_line(row.model).removesuffix(":latest")):
            if text and cell_len(text) + 1 <= room:
                pieces.append(Piece(f" {text}", "muted"))
                room -= cell_len(text) + 1
        return pieces

    # Moving

    def validate_cursor(self, cursor: int) -> int:
        """Within the rows, and on none of the headings: beyond one where the cursor comes to it."""
        keys = self.keys
        wanted = max(0, min(cursor, len(keys) - 1))
        step = -1 if wanted < self.cursor else 1
        for way in (step, -step):
            at = wanted
            while 0 <= at < len(keys) and keys[at] in self._headings:
                at += way
            if 0 <= at < len(keys):
                return at
        return wanted

    def watch_cursor(self) -> None:
        """Above the first conversation its heading is seen, too."""
        super().watch_cursor()
        if self.cursor <= 1:
            self.scroll_to(y=0, animate=False)
        self._look_ahead(self.cursor)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._look_ahead(round(new_value) + self.size.height)

    def _look_ahead(self, place: int) -> None:
        if self.keys and place >= len(self.keys) - _NEAR_END:
            self.post_message(self.MoreRequested())

    # What is wanted

    def _want(self, verb: str) -> None:
        self.post_message(self.Wanted(verb, self.key if self.key in self._rows else ""))

    def action_list_close(self) -> None:
        self.post_message(self.Left())

    def action_list_filter(self) -> None:
        self._want("filter")

    def action_list_rename(self) -> None:
        self._want("rename")

    def action_list_pin(self) -> None:
        self._want("pin")

    def action_list_tag(self) -> None:
        self._want("tag")

    def action_list_archive(self) -> None:
        self._want("archive")

    def action_list_delete(self) -> None:
        self._want("delete")

    def action_list_restore(self) -> None:
        self._want("restore")

    def action_list_new(self) -> None:
        self._want("new")

    def action_list_shelf(self) -> None:
        self._want("shelf")
