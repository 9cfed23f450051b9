"""The JSON of an answer as a tree beside the conversation."""

import asyncio
from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Message
from ollama_tui.tui.pane import answering, beside

if TYPE_CHECKING:
    from ollama_tui.tui.pane.setup_deeds import SetupDeeds


async def toggle(pane: "SetupDeeds", message: Message | None = None) -> None:
    """Show the JSON of an answer, else of the one under the reading cursor, else of the last; again, go back."""
    from ollama_tui.tui.widgets.json_view import JsonView

    view = beside.shown(pane, JsonView)
    if view is not None and view.has_focus_within and message is None:
        await beside.leave(pane)
        return
    message = message or pane.transcript.marked_message or answering.last_answer(pane)
    if message is None:
        pane.prompt.say(_("There is no answer yet."))
        return
    verdict = pane.verdicts.of(message)
    if verdict is None or verdict.kind == "broken":
        from ollama_tui.services.schema import find_json

        verdict = await asyncio.to_thread(find_json, message.text)
    if verdict is None:
        pane.prompt.say(_("There is no JSON in this answer."))
        return
    await beside.show(pane, JsonView(verdict, message.id))
