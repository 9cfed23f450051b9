"""Searching all conversations, as one types."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.hit import Hit
from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.text import one_line
from ollama_tui.services.search import PAGE, Completion, Findings
from ollama_tui.services.workspace import Workspace
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.pane.finding import open_hit
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.hit_list import HitList
from ollama_tui.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from ollama_tui.tui.app import OllamaTui

_LOOK = 1.0
"""Seconds after which it looks whether something was said or deleted meanwhile."""


class SearchField(Input):
    """What is looked for; its keys move among the hits."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("search")

    class Completed(Message):
        """Take the first completion."""

    class Closed(Message):
        """Back to the conversation."""

    @property
    def _hits(self) -> HitList:
        return self.screen.query_one(HitList)

    def action_search_next(self) -> None:
        self._hits.move(1)

    def action_search_previous(self) -> None:
        self._hits.move(-1)

    def action_search_page_down(self) -> None:
        self._hits.move(self._hits.page)

    def action_search_page_up(self) -> None:
        self._hits.move(-self._hits.page)

    async def action_search_open(self) -> None:
        await self.action_submit()

    def action_search_complete(self) -> None:
        self.post_message(self.Completed())

    def action_search_close(self) -> None:
        self.post_message(self.Closed())


class SearchScreen(Screen[None]):
    """One for all visits, so that one comes back to the hits as they were."""

    AUTO_FOCUS: ClassVar[str | None] = "SearchField"
    DEFAULT_CSS = """
    SearchScreen SearchField, SearchScreen SearchField:focus {
        border: none; height: 1; padding: 0 1; background: $panel;
    }
    SearchScreen > #offers { height: 1; padding: 0 1; color: $text-muted; }
    SearchScreen > #told { height: auto; max-height: 3; padding: 0 1; color: $text-muted; border-top: solid $panel; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._findings: Findings | None = None
        self._completions: tuple[Completion, ...] = ()
        self._seen_version = -1
        self._warning = ""
        """What went wrong with the last hit that was chosen."""

    @property
    def _app(self) -> "OllamaTui":
        return cast("OllamaTui", self.app)  # pyright: ignore[reportUnknownMemberType] - App's type is open in Textual

    @property
    def _text(self) -> str:
        return self.query_one(SearchField).value

    def compose(self) -> ComposeResult:
        yield SearchField(placeholder=_("Search all conversations: words, “a phrase”, or a filter such as model:"))
        yield Static(id="offers", markup=False)
        yield HitList()
        yield Static(id="told", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Teach before anything is typed."""
        self.query_one(KeyLine).show(
            [
                ("search.open", _("open")),
                ("search.next", _("next")),
                ("search.complete", _("Complete").lower()),
                ("search.close", _("back")),
            ]
        )
        self._look()
        self.set_interval(_LOOK, self._catch_up)

    def on_screen_resume(self) -> None:
        """What was typed is replaced by what is typed now, or refined."""
        field = self.query_one(SearchField)
        field.focus()
        field.select_all()
        self._catch_up()

    def search_for(self, text: str) -> None:
        """Look for this."""
        field = self.query_one(SearchField)
        field.value = text
        field.cursor_position = len(text)

    # Looking

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._warning = ""
        self._look()

    def _catch_up(self) -> None:
        """Look again after a change, if one sees it: the cursor stays."""
        if self.is_current and self._workspace.version != self._seen_version:
            self._look(stay=True)

    @work(exclusive=True, group="search")
    async def _look(self, *, stay: bool = False) -> None:
        text = self._text
        self._seen_version = self._workspace.version
        shown = sum(hit.message_id is not None for hit in self.query_one(HitList).hits) if stay else 0
        search = self._workspace.search
        try:
            findings = await search.find(text, limit=max(PAGE, shown))
            if not stay:
                self._completions = await search.completions(text)
        except LocalFailure as failure:
            self._findings = None
            self.query_one(HitList).show((), (failure.message, failure.hint))
            return
        self._findings = findings
        self.query_one(HitList).show(findings.hits, self._teaching(findings), stay=stay)
        self._offer()
        self._tell()

    @on(HitList.MoreRequested)
    @work(exclusive=True, group="search-more")
    async def _more(self, event: HitList.MoreRequested) -> None:
        event.stop()
        findings, listing = self._findings, self.query_one(HitList)
        if findings is None or not findings.more or not listing.hits:
            return
        text, last = self._text, listing.hits[-1]
        try:
            page = await self._workspace.search.find(text, before=last.place)
        except LocalFailure:
            return
        if self._findings is findings and listing.hits[-1] is last:
            self._findings = replace(page, more_titles=findings.more_titles)
            listing.add(page.hits)
            self._tell()

    # What is told

    def _teaching(self, findings: Findings) -> list[str]:
        if findings.query.empty and not findings.query.problems:
            return [
                _("Type words you remember. All have to be there: in a title, or in a message."),
                "",
                _("two words       both, anywhere in it; the last one may be unfinished"),
                _("“two words”     this phrase, in straight or curly quotes"),
                _("数据            Chinese words of two characters, of one, or with English"),
                "",
                _("model:qwen3     said by, or to, a model of this name"),
                _("tag:work        in conversations with this tag"),
                _("date:week       today, yesterday, month, year, 2026-11, 2026-11-01"),
                _("after:2026-11   from then on; before: is before it"),
                _("role:user       what you said; or assistant, tool, system, summary"),
                _("in:thinking     where it stands; or text, title"),
                _("is:archived     or pinned, or deleted: in the bin"),
            ]
        if findings.query.about_messages and not findings.query.terms:
            return [_("Type a word, too: these filters are about single messages.")]
        return [
            _("Nothing has all of that."),
            "",
            _("Fewer words find more; only the last one may be unfinished. What is in quotes has to stand so."),
            _("Temporary conversations are not kept, and so not found here."),
        ]

    def _offer(self) -> None:
        """The filters that could come next; what Tab takes is the first."""
        told = [Content.styled(sign(_("Tab ")), "bold $text")] if self._completions and self._text else []
        room = self.size.width - 8
        for completion in self._completions:
            text = one_line(completion.text)
            room -= cell_len(text) + 2
            if room < 0:
                break
            told.append(Content(f"{text}  "))
        self.query_one("#offers", Static).update(Content("").join(told))

    def _tell(self) -> None:
        findings = self._findings
        if findings is None:
            return
        count = len(self.query_one(HitList).hits)
        told: list[str] = [self._warning] if self._warning else []
        if count:
            more = "+" if findings.more else ""
            told.append(
                ngettext("{count} hit, newest first", "{count} hits, newest first", count).format(
                    count=f"{count}{more}"
                )
            )
        if findings.more_titles:
            told.append(_("more titles: in:title"))
        told += findings.query.problems
        if findings.behind:
            told.append(_("the index is still being made: not everything is found yet"))
        line = self.query_one("#told", Static)
        line.update(Content(sign(" · ".join(map(one_line, told)))))
        line.display = bool(told)

    # What the person does

    @on(SearchField.Completed)
    def _complete(self, event: SearchField.Completed) -> None:
        event.stop()
        if self._completions:
            first = self._completions[0]
            self.search_for(self._text[: first.start] + first.text + ("" if first.text.endswith(":") else " "))

    @on(SearchField.Closed)
    def _leave(self, event: SearchField.Closed) -> None:
        event.stop()
        self.dismiss()

    @on(Input.Submitted)
    async def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        if hit := self.query_one(HitList).hit:
            await self._open(hit)

    @on(HitList.Chosen)
    async def _choose(self, event: HitList.Chosen) -> None:
        event.stop()
        await self._open(event.hit)

    async def _open(self, hit: Hit) -> None:
        query = self._workspace.search.understand(self._text)
        conversation = await self._workspace.history.conversation(hit.conversation_id)
        if conversation is None or (conversation.deleted_at is not None and not hit.deleted):
            self._warning = _("That conversation was deleted meanwhile.")
            self._look(stay=True)
            return
        await self._app.to_chat()
        chat = self._app.chat_screen
        pane = next((pane for pane in chat.panes if pane.conversation.id == hit.conversation_id), chat.pane)
        chat.row.focus_on(pane)
        await open_hit(pane, hit, query)
