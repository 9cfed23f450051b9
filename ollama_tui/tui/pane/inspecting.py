"""Looking at the tokens of what is written, or of what was said."""

from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Message, Role
from ollama_tui.tui.pane import answering

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane


async def inspect(pane: "Pane", text: str = "") -> None:
    """Open the inspector with `text`; else with the message under the reading cursor, the draft, or the last answer."""
    from ollama_tui.tui.screens.inspector import InspectorScreen

    model = pane.conversation.setup.model
    if model is None:
        pane.prompt.complain(_("Choose a model first: each cuts a text in its own way."))
        return
    what = _("a text")
    if not text:
        message = pane.transcript.current_message
        if message is None and pane.prompt.text.strip():
            text, what = pane.prompt.text, _("what is written")
        else:
            message = message or answering.last_answer(pane)
            text, what = (message.text, _whose(message)) if message else ("", what)
    await pane.program.push_screen(InspectorScreen(pane.workspace, pane.here, text, [model], what=what))


def _whose(message: Message) -> str:
    if message.role is Role.ASSISTANT:
        return _("the answer of {model}").format(model=message.model.name if message.model else "?")
    return _("the question") if message.role is Role.USER else _("the message")
