"""What the head of a conversation says."""

from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Role
from ollama_tui.tui.widgets.head import HeadLine

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane


def head_line(pane: "Pane") -> HeadLine:
    """Model, host, title, context and thinking, from what is known now."""
    setup = pane.conversation.setup
    answer = next((m for m in reversed(pane.messages) if m.role is Role.ASSISTANT and m.figures), None)
    used = answer.figures.prompt_tokens + answer.figures.answer_tokens if answer and answer.figures else 0
    model = pane.model_of(setup.model)
    there = pane.server is None or pane.server.kind not in ("absent", "strange")
    return HeadLine(
        model=setup.model.name.removesuffix(":latest") if setup.model else "",
        host=pane.here.address.id,
        host_there=there,
        title=pane.conversation.title,
        temporary=pane.conversation.temporary,
        context_used=used,
        context_allowed=pane.here.inventory.context_of(setup.model.name) if setup.model else 0,
        think=_think_word(setup) if model is not None and model.can("thinking") else "",
        remote=model is not None and model.is_remote,
    )


def _think_word(setup: Setup) -> str:
    match setup.think:
        case None:
            return _("auto")
        case bool():
            return _("on") if setup.think else _("off")
        case level:
            return level
