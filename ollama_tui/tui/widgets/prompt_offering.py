"""What the list above the prompt offers while a command or a path is written, and how an offer is taken."""

import asyncio
import re
from collections.abc import Sequence

from ollama_tui.tui.completion import NOTHING, Offer, Offers, complete_command, complete_path
from ollama_tui.tui.widgets.prompt_area import PromptArea
from ollama_tui.tui.widgets.prompt_list import PromptList

_MARKED = re.compile(r"(?:^|\s)@((?:\\.|[^\s\\])*)$")
_COMMAND_WITH_PATH = re.compile(r"^/(?:image|export|set\s+format)\s+([^\s{][^\n]*|)$")


class Offering:
    """Follows what is written before the cursor."""

    def __init__(self, area: PromptArea, shown: PromptList) -> None:
        self.known: dict[str, Sequence[str]] = {}
        """What the word after a command can be."""
        self._area = area
        self._list = shown
        self._offers = NOTHING
        self._written = ""
        self._closed_at = -1
        """Where the word begins for which the person closed the list."""

    @property
    def is_open(self) -> bool:
        """Whether the list shows offers."""
        return self._list.is_open

    def path_word(self) -> str | None:
        """The word before the cursor if it is to be a path: after `@`, or of a command that takes one."""
        line = self._near
        found = _COMMAND_WITH_PATH.match(line) or _MARKED.search(line)
        return found[1] if found else None

    def look(self) -> None:
        """Offer what the table of commands has."""
        written = self._near
        self._show(written, complete_command(written, self.known))

    async def look_at_disk(self) -> None:
        """Offer what the disk has, unless something else was written meanwhile."""
        written, word = self._near, self.path_word()
        if word is not None:
            offers = await asyncio.to_thread(complete_path, word)
            if written == self._near:
                self._show(written, offers)

    async def look_again(self) -> None:
        """Offer what fits now, also where the person had closed the list."""
        self._closed_at = -1
        if self.path_word() is not None:
            await self.look_at_disk()
        else:
            self.look()

    def close(self) -> None:
        """Offer nothing more for this word."""
        self._closed_at = len(self._written) - self._offers.start
        self._list.close()

    def reset(self) -> None:
        """Offer nothing."""
        self._offers, self._written, self._closed_at = NOTHING, "", -1
        self._list.close()

    @property
    def marked(self) -> Offer | None:
        """The offer that would be taken, if it still fits what is written."""
        if not self.is_open or self._written != self._near or not self._offers.items:
            return None
        offer = self._offers.items[self._list.marked]
        return offer if offer.text else None

    @property
    def is_meant(self) -> bool:
        """Whether Enter takes the marked offer: it was chosen, or it goes on with what is written.

        What is written in full, a model's name without `:latest` too, is meant as it stands; and of several tags of
        one name, none is.
        """
        offer, word = self.marked, self._word
        if offer is None:
            return False
        if self._list.was_moved:
            return True
        names = [each.text for each in self._offers.items]
        is_whole = not self._offers.are_all or word in names or f"{word}:latest" in names
        has_tags = sum(name.startswith(f"{word}:") for name in names) > 1
        return bool(word.strip("/") and not is_whole and not has_tags and offer.text.startswith(word))

    def take(self, offer: Offer) -> None:
        """Write the offer."""
        end = "" if offer.is_final or offer.text.endswith("/") else " "
        self._area.replace_before(len(self._word), offer.text + end)

    def choose(self, index: int) -> Offer | None:
        """Mark an offer; what it is."""
        self._list.move(index - self._list.marked)
        return self.marked

    @property
    def _near(self) -> str:
        """What is written before the cursor on its line; a newline before it if that is not the first."""
        row, column = self._area.cursor_location
        return "\n" * bool(row) + self._area.document.get_line(row)[:column]

    @property
    def _word(self) -> str:
        return self._written[len(self._written) - self._offers.start :]

    def _show(self, written: str, offers: Offers) -> None:
        self._written, self._offers = written, offers
        start = len(written) - offers.start
        if not offers.items or start == self._closed_at:
            self._list.close()
            return
        self._closed_at = -1
        self._list.open([(offer.label, offer.help) for offer in offers.items])
