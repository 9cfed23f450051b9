"""Which messages of a branch the model did not see, and what is said of them where they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.message import Message, Role

Standing = Literal["", "left-out", "summed-up"]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a message stood in the last prompt; `note` comes after the last of several that stood alike."""

    standing: Standing = ""
    note: str = ""


PLAIN = Mark()


def marks_of(messages: Sequence[Message]) -> dict[str, Mark]:
    """The marks of what was not sent for the last answer; after a summary that is newer, of what it stands for."""
    answer = next((at for at in range(len(messages) - 1, -1, -1) if messages[at].role is Role.ASSISTANT), -1)
    summary = next((at for at in range(len(messages) - 1, -1, -1) if messages[at].role is Role.SUMMARY), -1)
    covered = set(messages[summary].covers or (m.id for m in messages[:summary])) if summary >= 0 else set[str]()
    sent = messages[answer].sent if answer >= 0 else None
    gone = covered if summary > answer or sent is None else set(sent.left_out_ids)
    unseen = [message for message in messages if message.id in gone and message.text.strip()]
    summed = [message for message in unseen if message.id in covered]
    left = [message for message in unseen if message.id not in covered]
    marks: dict[str, Mark] = {}
    if summed:
        words = ngettext("{count} message is sent as a summary", "{count} messages are sent as a summary", len(summed))
        marks |= {message.id: Mark("summed-up") for message in summed}
        marks[summed[-1].id] = Mark("summed-up", words.format(count=len(summed)))
    if left and sent is not None:
        words = ngettext(
            "{count} message was left out of the last prompt, {sent} sent",
            "{count} messages were left out of the last prompt, {sent} sent",
            len(left),
        )
        marks |= {message.id: Mark("left-out") for message in left}
        marks[left[-1].id] = Mark("left-out", words.format(count=len(left), sent=len(sent.message_ids)))
    return marks


def standing_words(standing: Standing) -> str:
    """What stands beside the speaker."""
    match standing:
        case "left-out":
            return _("left out")
        case "summed-up":
            return _("summed up")
        case _:
            return ""
