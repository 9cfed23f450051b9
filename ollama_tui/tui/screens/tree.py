"""The tree of a conversation on a screen of its own, to look at and to walk in."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.text import one_line
from ollama_tui.tui.pane import answering, branching
from ollama_tui.tui.pane.pane import Pane
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_content
from ollama_tui.tui.widgets.foot import Foot
from ollama_tui.tui.widgets.rows import Rows
from ollama_tui.tui.widgets.tree_rows import TreeRows


class TreeScreen(Screen[None]):
    """Shows the tree of a pane's conversation as it is kept; Enter opens a branch there."""

    AUTO_FOCUS: ClassVar[str | None] = "TreeRows"
    DEFAULT_CSS = """
    TreeScreen > .title { height: 2; padding: 0 1; border-bottom: solid $panel; }
    TreeScreen > .told { height: auto; padding: 0 1; color: $secondary; display: none; }
    """

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self._pane = pane
        self._seen = -1

    def compose(self) -> ComposeResult:
        yield Static(classes="title", markup=False)
        yield TreeRows()
        yield Static(classes="told", markup=False)
        yield Foot()

    @property
    def _rows(self) -> TreeRows:
        return self.query_one(TreeRows)

    async def on_mount(self) -> None:
        """Show the tree, with the cursor where the person reads, and keep up with what changes."""
        marked = self._pane.transcript.marked_message
        messages = self._pane.messages
        at = marked.id if marked else messages[-1].id if messages else ""
        await self._show(at)
        self.set_interval(0.5, self._tick)
        self.query_one(Foot).show_hints(
            [
                ("tree.close", _("back")),
                ("rows.choose", _("go there")),
                ("tree.fold tree.unfold", _("fold")),
                ("tree.edit", _("edit")),
                ("tree.retry", _("try again")),
                ("tree.fork", _("fork")),
                ("tree.delete", _("delete")),
                ("tree.restore", _("undo")),
            ]
        )

    def _tick(self) -> None:
        if self._seen != self._pane.workspace.version:
            self._catch_up()

    @work(exclusive=True, group="tree")
    async def _catch_up(self) -> None:
        await self._show()

    async def _show(self, at: str = "") -> None:
        pane = self._pane
        self._seen = pane.workspace.version
        try:
            tree = await pane.workspace.history_of(pane.conversation).tree(pane.conversation.id)
        except Failure as failure:
            self._tell(f"{failure.message} {failure.hint}".strip())
            return
        self._rows.show(tree, pane.conversation.leaf_id, at=at)
        count = len(tree)
        branches = sum(not tree.children(one) for one in tree.lines())
        told = ngettext("{count} message", "{count} messages", count).format(count=count)
        if branches > 1:
            told += sign(" · ") + ngettext("{count} branch", "{count} branches", branches).format(count=branches)
        title = one_line(pane.conversation.title) or _("A conversation")
        between = sign(" · ")
        line = Content.assemble((_("Tree"), "bold $primary"), between, (told, "$text-muted"), between, title)
        self.query(".title").only_one(Static).update(cut_content(line, self.size.width - 2))

    def _tell(self, text: str) -> None:
        told = self.query(".told").only_one(Static)
        told.display = bool(text)
        told.update(Content(text))

    @on(Rows.Chosen)
    def _choose(self, event: Rows.Chosen) -> None:
        event.stop()
        match event.verb:
            case "fold":
                self._rows.action_tree_fold()
            case "unfold":
                self._rows.action_tree_unfold()
            case _:
                self._go(self._rows.message_id)

    @work(exclusive=True, group="go")
    async def _go(self, message_id: str) -> None:
        if await branching.open_at(self._pane, message_id):
            self.dismiss()
        else:
            self._tell(self._pane.prompt.said)

    @on(TreeRows.Asked)
    def _ask(self, event: TreeRows.Asked) -> None:
        event.stop()
        self._do(event.verb, event.message_id)

    @work(exclusive=True, group="go")
    async def _do(self, verb: str, message_id: str) -> None:
        pane = self._pane
        message = await pane.workspace.history_of(pane.conversation).message(message_id) if message_id else None
        match verb:
            case "restore":
                await branching.restore(pane)
            case "delete" if message is not None:
                await branching.delete(pane, message)
            case "fork" if message is not None:
                before = pane.conversation.id
                await branching.fork(pane, message)
                if pane.conversation.id != before:
                    self.dismiss()
                    return
            case _ if message is not None and await branching.open_at(pane, message.id):
                self.dismiss()
                if verb == "edit":
                    await pane.revision.begin(pane, message)
                elif (answer := answering.answer_from(pane, message.id)) is not None:
                    await answering.retry(pane, answer)
                return
            case _:
                pass
        self._tell(pane.prompt.said)
        await self._show()

    @on(TreeRows.Left)
    def _leave(self) -> None:
        self.dismiss()
