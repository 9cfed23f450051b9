"""What the next prompt is made of, in numbers, beside the conversation; and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ollama_tui.domain.cells import padded
from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.tui.keymaps import done_by
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.bar import bar

if TYPE_CHECKING:
    from ollama_tui.services.context.account import Account

_BAR = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextView:
    """What is shown."""

    account: "Account | None" = None
    asked: str = ""
    """Where the context that is asked for is from."""
    in_force: Sequence[tuple[str, str]] = ()
    """Parameters with their values: those set here, and those of the model."""
    when_full: str = ""
    """What happens where a prompt does not fit."""
    unseen: str = ""
    """What is not sent, or would not be."""
    deeds: Sequence[tuple[str, str]] = ()
    """Id and name of each action that makes sense now."""


class ContextDetails(Vertical):
    """Follows the gauge while one types: a printable key goes to the prompt. Esc closes it."""

    DEFAULT_CSS = """
    ContextDetails { height: auto; max-height: 70%; padding: 0 1; background: $surface; border-top: solid $accent; }
    ContextDetails > Static { height: auto; }
    ContextDetails > OptionList, ContextDetails > OptionList:focus {
        height: auto; max-height: 6; border: none; padding: 0; background: transparent;
    }
    """

    @dataclass
    class Chosen(Message):
        """An action is wanted."""

        action_id: str

    class Left(Message):
        """The person is done with it."""

    def __init__(self, view: ContextView) -> None:
        super().__init__()
        self._view = view
        self._shown_deeds: Sequence[tuple[str, str]] | None = None

    def compose(self) -> ComposeResult:
        yield Static()
        yield OptionList(markup=False)

    def on_mount(self) -> None:
        self.show(self._view)

    def on_resize(self) -> None:
        self.show(self._view)

    def show(self, view: ContextView) -> None:
        """Show this from now on; nothing while it comes or goes."""
        self._view = view
        if not (self.query(Static) and self.query(OptionList)):
            return
        self._draw()
        if view.deeds != self._shown_deeds:
            self._shown_deeds = view.deeds
            options = self.query_one(OptionList)
            options.clear_options()
            options.add_options([Option(Content(name), id=action) for action, name in view.deeds])

    def take_focus(self) -> None:
        """Let the person choose."""
        self.query_one(OptionList).focus()

    def _draw(self) -> None:
        self.query_one(Static).update(Content("\n").join(self._lines(max(20, self.size.width - 2))))

    def _lines(self, width: int) -> list[Content]:
        view = self._view
        account = view.account
        if account is None:
            return [Content(_("There is no model yet: nothing can be counted."))]
        parts = [_part(name, tokens, account) for name, tokens in _parts(account)]
        facts = _facts(account, view.asked)
        left_width = max(part.cell_length for part in parts) + 3
        names = max(cell_len(name) for name, _value in facts)
        right = [Content.assemble((padded(name, names), "$text-muted"), "  ", value) for name, value in facts]
        lines: list[Content] = [_headline(account)]
        if width >= left_width + max(line.cell_length for line in right):
            for at in range(max(len(parts), len(right))):
                part = parts[at] if at < len(parts) else Content("")
                fact = right[at] if at < len(right) else Content("")
                lines.append(Content.assemble(part, " " * (left_width - part.cell_length), fact))
        else:
            lines += [*parts, *right]
        told = sign(" · ").join(f"{name} {one_line(value)}" for name, value in view.in_force)
        more = [(_("when full"), view.when_full), (_("in force"), told)]
        wide = max(cell_len(name) for name, _value in more)
        lines += [Content.assemble((padded(name, wide), "$text-muted"), "  ", value) for name, value in more if value]
        if view.unseen:
            lines.append(Content.styled(view.unseen, "$text-warning"))
        return lines

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id:
            self.post_message(self.Chosen(event.option.id))

    def on_key(self, event: events.Key) -> None:
        """Esc goes away."""
        if done_by(self, "question", event.key) == "question.close":
            event.stop()
            event.prevent_default()
            self.post_message(self.Left())


def _headline(account: "Account") -> Content:
    context = account.room.context
    total = f"{'' if account.exact else '~'}{account.total:,}"
    words = _("Context: {total} of {context:,} tokens") if context else _("Context: {total} tokens")
    if account.exact:
        how = _("exact: as the server will count")
    elif account.images_estimated:
        how = _("an estimate: the server has not counted the images yet")
    else:
        how = _("an estimate")
    text = Content.assemble((words.format(total=total, context=context), "bold"), sign(" · "), (how, "$text-muted"))
    match account.fit:
        case "over":
            return Content.assemble(text, sign(" · "), (_("does not fit"), "bold $text-error"))
        case "tight":
            return Content.assemble(text, sign(" · "), (_("hardly room for an answer"), "bold $text-warning"))
        case _:
            return text


def _parts(account: "Account") -> list[tuple[str, int]]:
    return [
        (_("system prompt"), account.system),
        (_("history"), account.history),
        (_("images"), account.images),
        (_("draft"), account.draft),
        (_("template"), account.template),
    ]


def _part(name: str, tokens: int, account: "Account") -> Content:
    whole = max(account.room.context, account.total, 1)
    full, empty = bar(tokens / whole, _BAR)
    return Content.assemble(
        (padded(name, 14), "$text-muted"), f"{tokens:>9,} ", (full, "$text-primary"), (empty, "dim")
    )


def _facts(account: "Account", asked: str) -> list[tuple[str, str]]:
    room = account.room
    given = f"{room.allocated:,}" if room.allocated else _("not known until it is loaded")
    facts = [(_("given now"), given)]
    if room.wanted:
        facts.append((_("asked for"), f"{room.wanted:,} {asked}".rstrip()))
    facts.append((_("at most"), f"{room.most:,}" if room.most else _("the server does not tell")))
    if room.context:
        left = f"{max(0, account.left):,}"
        if account.answer_limit:
            left += " " + _("(num_predict {limit:,})").format(limit=account.answer_limit)
        facts.append((_("for the answer"), left))
    return facts
