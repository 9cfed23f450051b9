"""The parts around a message's text, made from the message: its head, and what stands under it."""

from collections.abc import Sequence
from datetime import datetime

from ollama_tui.domain.event import Notice
from ollama_tui.domain.failure import describe
from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.services.notice import describe_notice, notices_of
from ollama_tui.services.schema import Verdict
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript import words
from ollama_tui.tui.transcript.looks import Looks
from ollama_tui.tui.transcript.part import Deed, Part, Slot
from ollama_tui.tui.transcript.plain import PlainText
from ollama_tui.tui.transcript.row import Row, Word
from ollama_tui.tui.transcript.standing import Standing, standing_words
from ollama_tui.tui.transcript.verdict import verdict_parts

_OFFERED = {
    "continue": mark("» continue"),
    "retry": mark("↻ try again"),
    "whole": mark("↻ send the whole history again"),
}


def head(message: Message, looks: Looks, variant: tuple[int, int], today: datetime, standing: Standing = "") -> Row:
    """Who speaks, whether the model saw it, which of how many variants it is, and when."""
    style = looks.person if message.role is Role.USER else looks.model
    left = [Word(words.speaker(message), style)]
    if message.edited_from is not None:
        left.append(Word(sign(_(" · edited")), looks.dim))
    right = [Word(sign("⋯"), looks.dim, Deed("menu", message.id)), Word(" ")]
    which, count = variant
    if count > 1:
        right += [
            Word(sign("‹"), looks.offer, Deed("previous", message.id)),
            Word(f"{which}/{count}", looks.dim),
            Word(sign("›"), looks.offer, Deed("next", message.id)),
            Word(" "),
        ]
    right.append(Word(words.clock(message.created_at, today), looks.dim))
    if standing:
        left.append(Word(sign(f" · {standing_words(standing)}"), looks.warning))
    return Row(left, right)


def foot(
    message: Message,
    looks: Looks,
    notices: Sequence[Notice],
    *,
    verdict: Verdict | None,
    last: bool,
    figures: bool,
) -> dict[Slot, Part]:
    """What stands under the text of a finished message: tools, notices, failure, format, ending, offers, figures."""
    parts: dict[Slot, Part] = {}
    if message.tool_calls:
        parts[Slot.TOOLS] = PlainText("\n".join(map(words.tool_call, message.tool_calls)), looks.dim)
    codes = {notice.code for notice in notices}
    if told := told_by([*notices, *(one for one in notices_of(message) if one.code not in codes)], looks):
        parts[Slot.NOTICES] = told
    if message.failure:
        sentence, hint = describe(message.failure.code, message.failure.params)
        parts[Slot.FAILURE] = PlainText(f"{sign('✗')} {sentence}", looks.error)
        if hint:
            parts[Slot.HINT] = PlainText(hint, looks.dim)
    if message.role is Role.SUMMARY:
        parts[Slot.OFFERS] = _offer_row([Deed("whole", message.id)], looks)
    if message.role is not Role.ASSISTANT:
        return parts
    if verdict is not None:
        parts |= verdict_parts(message.id, verdict, looks)
    if ending := words.ending(message):
        parts[Slot.ENDING] = PlainText(sign(ending), looks.warning)
    if last and (deeds := offers(message)):
        parts[Slot.OFFERS] = _offer_row(deeds, looks)
    if figures and (line := words.figures_line(message)):
        parts[Slot.FIGURES] = PlainText(sign(line), looks.dim, between=sign(" · "))
    return parts


def told_by(notices: Sequence[Notice], looks: Looks) -> PlainText | None:
    """The notices of a turn, a line each."""
    return PlainText("\n".join(map(describe_notice, notices)), looks.warning) if notices else None


def offers(message: Message) -> list[Deed]:
    """What can be done about an answer that did not end well, or that a person changed, the likeliest first."""
    if message.role is not Role.ASSISTANT or message.ending is Ending.UNFINISHED:
        return []
    go_on = [Deed("continue", message.id)] if message.can_go_on else []
    return go_on if message.ending is Ending.COMPLETE else [*go_on, Deed("retry", message.id)]


def _offer_row(deeds: Sequence[Deed], looks: Looks) -> Row:
    named: list[Word] = []
    for deed in deeds:
        name = sign(_(_OFFERED[deed.verb]))
        named += [Word(name, looks.offer, deed), Word("   ")]
    return Row(named[:-1])
