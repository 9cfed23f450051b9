"""What the head of a conversation says."""

from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.i18n import _
from ollama_tui.tui.widgets.head import HeadLine

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane


def head_line(pane: "Pane") -> HeadLine:
    """Model, host, title, context and thinking, from what is known now."""
    setup = pane.conversation.setup
    account = pane.gauge.account
    model = pane.model_of(setup.model)
    there = pane.server is None or pane.server.kind not in ("absent", "strange")
    return HeadLine(
        model=setup.model.name.removesuffix(":latest") if setup.model else "",
        host=pane.here.address.id,
        host_there=there,
        title=pane.conversation.title,
        temporary=pane.conversation.temporary,
        context_used=account.total if account is not None else 0,
        context_allowed=account.room.context if account is not None else 0,
        context_given=account is not None and account.room.allocated > 0,
        context_exact=account is not None and account.exact,
        context_fit=account.fit if account is not None else "unknown",
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
