"""What the model was given for an answer, told from what was kept with it."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from ollama_tui.domain.cells import padded
from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.message import Message, Sent
from ollama_tui.domain.options import value_text
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.domain.think import think_word
from ollama_tui.tui.pane import answering, beside
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript.words import clock, figures_line, parts_lines, speaker

if TYPE_CHECKING:
    from ollama_tui.tui.pane.setup_deeds import SetupDeeds

_NAMES = 14


async def toggle(pane: "SetupDeeds") -> None:
    """Show it for the answer under the reading cursor, else for the last; again, go back."""
    from ollama_tui.tui.widgets.record_view import RecordView

    view = beside.shown(pane, RecordView)
    if view is not None and view.has_focus_within:
        await beside.leave(pane)
        return
    marked = pane.transcript.marked_message
    message = marked if marked is not None and marked.sent is not None else answering.last_answer(pane)
    if message is None:
        pane.prompt.say(_("There is no answer yet."))
        return
    title = _("What the model was given for this answer")
    await beside.show(pane, RecordView(title, Content("\n").join(_lines(message))))


def _lines(message: Message) -> Iterator[Content]:
    from datetime import datetime

    sent = message.sent
    when = clock(message.created_at, datetime.now().astimezone())
    yield _row(_("answer"), f"{speaker(message)}  {when}")
    if message.model is not None:
        yield _row(_("model"), message.model.name)
        yield _row(_("digest"), message.model.digest or _("not known"))
        yield _row(_("server"), message.model.host_id)
    if sent is None:
        yield Content.styled(_("What was sent for it was not kept."), "$text-muted")
        return
    yield _row(_("version"), sent.server_version or _("not known"))
    yield _row(_("messages"), _messages(sent))
    if message.failure is not None and message.failure.code == "context-exceeded":
        yield Content.styled(_("It did not fit: the model has read none of this."), "$text-warning")
    if sent.continued_raw is not None:
        words = _("exactly, through the raw prompt") if sent.continued_raw else _("by asking the model to")
        yield _row(_("goes on"), words)
    yield _row(_("think"), think_word(sent.think) if sent.think is not None else _("not sent"))
    yield _row(_("keep_alive"), str(sent.keep_alive) if sent.keep_alive is not None else _("not sent"))
    yield Content("")
    yield _heading(_("Options"))
    if not sent.options:
        yield Content.styled(_("None was sent: the model's own and Ollama's held."), "$text-muted")
    for name, value in sent.options.items():
        yield Content.assemble((f"  {name:<18}", ""), (drawable(value_text(value)), "bold"))
    yield Content("")
    yield _heading(_("Format"))
    yield from _format(sent)
    yield Content("")
    yield _heading(_("System prompt"))
    yield (
        Content(drawable(sent.system))
        if sent.system
        else Content.styled(_("None was sent: the model's own held, if it has one."), "$text-muted")
    )
    if line := figures_line(message):
        yield Content("")
        yield _heading(_("What came"))
        yield Content(sign(line))
        for number, part in enumerate(parts_lines(message), 1):
            yield _row(_("part {number}").format(number=number), sign(part))


def _row(name: str, value: str) -> Content:
    return Content.assemble((padded(name, _NAMES), "$text-muted"), one_line(value))


def _heading(text: str) -> Content:
    return Content.styled(text, "bold $text-accent")


def _messages(sent: Sent) -> str:
    count, out = len(sent.message_ids), len(sent.left_out_ids)
    words = ngettext("{n} message", "{n} messages", count).format(n=count)
    return _("{words}; {out} left out").format(words=words, out=out) if out else words


def _format(sent: Sent) -> Iterator[Content]:
    if sent.format is None:
        yield Content.styled(_("Free text."), "$text-muted")
    elif isinstance(sent.format, Mapping):
        yield Content(drawable(json.dumps(dict(sent.format), ensure_ascii=False, indent=2)))
    else:
        yield Content(drawable(sent.format))
