"""The prompt's keys that go up and down: in its list, in its text, through earlier prompts, and in what was said."""

from dataclasses import dataclass

from textual.containers import Vertical
from textual.message import Message

from ollama_tui.tui.widgets.prompt_area import PromptArea
from ollama_tui.tui.widgets.prompt_list import MOST, PromptList
from ollama_tui.tui.widgets.prompt_offering import Offering
from ollama_tui.tui.widgets.prompt_recollection import Recollection


class MovingPrompt(Vertical):
    """A prompt, as far as these keys go."""

    area: PromptArea
    _list: PromptList
    _offering: Offering
    _recollection: Recollection

    @dataclass
    class PageAsked(Message):
        """The person wants to see the page before (-1) or after (1) of what was said."""

        step: int

    async def action_prompt_up(self) -> None:
        """Go a line up in the list or the text; from the first line, to the prompt before."""
        if self._list.is_open:
            self._list.move(-1)
            return
        place = self.area.cursor_location
        is_fresh = self._recollection.shown == self.area.text and place == self.area.document.end
        if not is_fresh and not self.area.navigator.is_first_wrapped_line(place):
            self.area.action_cursor_up()
        elif (text := await self._recollection.earlier(self.area.text)) is not None:
            self._offering.reset()
            self.area.rewrite(text)

    def action_prompt_down(self) -> None:
        """Go a line down in the list or the text; from the last line, to the prompt after."""
        if self._list.is_open:
            self._list.move(1)
        elif not self.area.navigator.is_last_wrapped_line(self.area.cursor_location):
            self.area.action_cursor_down()
        elif (text := self._recollection.later()) is not None:
            self.area.rewrite(text)

    def action_prompt_page_up(self) -> None:
        """A page up in the list, or in a text of which not all is seen; else in what was said."""
        self._page(-1)

    def action_prompt_page_down(self) -> None:
        """The same downwards."""
        self._page(1)

    def _page(self, step: int) -> None:
        if self._list.is_open:
            self._list.move_page(step * MOST)
        elif self.area.max_scroll_y:
            self.area.action_cursor_page_up() if step < 0 else self.area.action_cursor_page_down()
        else:
            self.post_message(self.PageAsked(step))
