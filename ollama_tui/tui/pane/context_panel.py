"""The details of the context beside a conversation: what is known of it now, and keeping them so."""

from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.message import Role
from ollama_tui.tui.actions import BY_ID
from ollama_tui.tui.pane.context import habit_words
from ollama_tui.tui.widgets.context_details import ContextDetails, ContextView

if TYPE_CHECKING:
    from ollama_tui.services.context.account import Account
    from ollama_tui.services.context.branch_sum import BranchSum
    from ollama_tui.tui.pane.pane import Pane


async def toggle(pane: "Pane") -> None:
    """Show the details, or take them away."""
    if shown := pane.query(ContextDetails):
        await shown.remove()
        pane.prompt.take_focus()
        return
    details = ContextDetails(await _view(pane))
    await pane.mount(details, before=pane.prompt)
    details.take_focus()
    pane.gauge.look_again()


async def follow(pane: "Pane") -> None:
    """Bring the details up to the gauge, where they are shown."""
    for details in pane.query(ContextDetails):
        details.show(await _view(pane))


async def _view(pane: "Pane") -> ContextView:
    contexts, conversation = pane.workspace.contexts, pane.conversation
    account = pane.gauge.account
    held = await contexts.habits.of(conversation)
    own = conversation.setup.options
    by_model = contexts.parameters_of(conversation.setup)
    in_force = [(name, f"{value}") for name, value in own.items()]
    of_model = _("(model)")
    in_force += [(name, f"{value} {of_model}") for name, value in by_model.items() if name not in own]
    summaries = any(message.role is Role.SUMMARY for message in pane.messages)
    deeds = ["chat.summarise", "chat.context_whole", "chat.context_forget"]
    wanted = {"chat.context_whole": summaries, "chat.context_forget": held is not None}
    return ContextView(
        account=account,
        asked="(num_ctx)" if "num_ctx" in own else _("(by the model)"),
        in_force=in_force,
        when_full=habit_words(held),
        unseen=_unseen(account, pane.gauge.summed),
        deeds=[(action, _(BY_ID[action].name)) for action in deeds if wanted.get(action, len(pane.messages) > 2)],
    )


def _unseen(account: "Account | None", summed: "BranchSum | None") -> str:
    """What would have to go for the prompt to fit."""
    if account is None or summed is None or account.fit != "over":
        return ""
    from ollama_tui.services.context.fitting import Weight, leave_out

    own = account.total - sum(one.tokens for one in summed.weights)
    weights = [*summed.weights, Weight("", Role.USER, own)]
    leaving = leave_out(weights, total=account.total, context=account.room.context, reserve=account.reserve)
    if leaving is None:
        return _("It is not sent like this. The question alone does not fit.")
    words = ngettext(
        "It is not sent like this. Without the oldest turn ({count} messages) it would fit.",
        "It is not sent like this. Without the {turns} oldest turns ({count} messages) it would fit.",
        leaving.turns,
    )
    return words.format(turns=leaving.turns, count=len(leaving.message_ids))
