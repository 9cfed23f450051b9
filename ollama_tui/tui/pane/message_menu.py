"""What can be done with one message, to choose from."""

from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Message, Role
from ollama_tui.tui.pane import answering, branching
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.tui.pane.deeds import ConversationPane


async def ask(pane: "ConversationPane", message: Message) -> None:
    """Ask what is to be done with a message, and do it. Only from a worker."""
    chosen = await pane.ask_person(
        _("What with message {number}?").format(number=branching.number_of(pane, message)),
        _choices(message, is_unanswered=answering.is_unanswered(pane, message.id)),
    )
    match chosen:
        case "edit":
            await pane.revision.begin(pane, message)
        case "continue":
            await answering.go_on(pane, message)
        case "retry":
            await answering.retry(pane, answering.answer_from(pane, message.id))
        case "retry_with":
            if not branching.is_busy(pane):
                await pane.choose_model_for(message)
        case "fork":
            await branching.fork(pane, message)
        case "delete":
            await branching.delete(pane, message)
        case _:
            pass


def _choices(message: Message, *, is_unanswered: bool) -> list[Choice]:
    fork = Choice("fork", _("fork: begin a new conversation that goes up to here"), "f")
    if message.role is Role.USER:
        return [
            *([Choice("retry", _("have it answered"), "r")] if is_unanswered else []),
            Choice("edit", _("edit it and ask again; the old one stays beside it"), "e"),
            fork,
            Choice("delete", _("delete it, with its answers; what followed stays"), "d"),
        ]
    if message.role is not Role.ASSISTANT:
        return [fork, Choice("delete", _("delete it; what followed stays"), "d")]
    return [
        *([Choice("continue", _("go on from where it ends"), "g")] if message.can_go_on else []),
        Choice("retry", _("try again; this one stays beside it"), "r"),
        Choice("retry_with", _("try again with another model"), "m"),
        Choice("edit", _("edit the text, and go on from there; this one stays beside it"), "e"),
        fork,
        Choice("delete", _("delete it; what followed stays"), "d"),
    ]
