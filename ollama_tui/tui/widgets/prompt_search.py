"""Searching the earlier prompts: the prompt's text becomes what is searched for, the list shows what is found."""

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.tui.widgets.prompt_area import PromptArea
from ollama_tui.tui.widgets.prompt_list import PromptList
from ollama_tui.tui.widgets.prompt_recollection import Recollection

_MOST = 50


class PromptSearch:
    """A search, while it goes on."""

    def __init__(self, area: PromptArea, shown: PromptList, recollection: Recollection) -> None:
        self._area = area
        self._list = shown
        self._recollection = recollection
        self._kept: str | None = None
        self._placeholder = area.placeholder
        self._hits: tuple[str, ...] = ()
        self._sought: str | None = None

    @property
    def kept(self) -> str | None:
        """What was written before the search began; None if there is none."""
        return self._kept

    async def begin(self) -> None:
        """Put away what is written and ask what to look for."""
        self._kept, self._sought = self._area.text, None
        self._area.rewrite("")
        self._area.is_one_line = True
        self._area.placeholder = _("Search earlier prompts (Esc goes back)")
        await self.look()

    async def look(self) -> None:
        """Show what contains the text."""
        sought = self._area.text
        if sought == self._sought and self._list.is_open:
            return
        hits = await self._recollection.search(sought, _MOST)
        if self._kept is None or sought != self._area.text:
            return
        self._sought, self._hits = sought, hits
        self._list.open([_row(hit) for hit in hits], _("No earlier prompt has that.") if sought else _("None yet."))

    def end(self) -> None:
        """Go back to what was written."""
        kept, self._kept = self._kept, None
        self._close()
        self._area.rewrite(kept or "")

    async def take(self) -> None:
        """Write the prompt that is marked; without one, what was written."""
        await self.look()
        if not self._hits:
            self.end()
            return
        hit = self._hits[self._list.marked]
        self._kept = None
        self._close()
        self._area.rewrite(hit)

    def _close(self) -> None:
        self._list.close()
        self._area.is_one_line = False
        self._area.placeholder = self._placeholder


def _row(text: str) -> tuple[str, str]:
    first, _newline, rest = text.strip().partition("\n")
    more = rest.count("\n") + 1 if rest else 0
    return first, ngettext("and {count} line", "and {count} lines", more).format(count=more) if more else ""
