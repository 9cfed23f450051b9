"""Beginning an answer, watching it to its end, and what comes after one."""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.failure import Failure, describe
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.tui.pane import branching
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.services.asking import ConsentNeeded
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.tui.pane.pane import Pane


async def start(pane: "Pane", begin: "Callable[[], Awaitable[LiveTurn]]", question: str = "") -> None:
    """Begin a turn and show it. What cannot be begun leaves the question in the prompt, with the reason."""
    from ollama_tui.services.asking import ConsentNeeded, StillAnswering

    try:
        live = await begin()
    except ConsentNeeded as needed:
        pane.run_worker(_ask_consent(pane, needed, begin, question), group="consent", exclusive=True)
        return
    except StillAnswering:
        branching.is_busy(pane)
        return
    except Failure as failure:
        give_back(pane, question, failure)
        return
    pane.stored = True
    if live.question is not None and live.question.attachments:
        await pane.look_at_pictures((live.question,))
    await _watch(pane, live, began_here=True)


async def follow(pane: "Pane") -> None:
    """Show an answer that is being written in the pane's conversation and that is not waited for yet."""
    if (live := pane.live) is not None and pane.followed is not live:
        await _watch(pane, live, began_here=False)


async def _watch(pane: "Pane", live: "LiveTurn", *, began_here: bool) -> None:
    pane.followed = live
    pane.conversation = live.conversation
    pane.show_live(live, await branching.look_around(pane, live))
    pane.run_worker(partial(_attend, pane, live, began_here=began_here), group="attend")


def give_back(pane: "Pane", question: str, failure: Failure) -> None:
    """The question again in the prompt, and why it was not asked."""
    if question and not pane.prompt.text:
        pane.prompt.load_draft(question)
    pane.prompt.complain(f"{failure.message} {failure.hint}".strip())


async def _ask_consent(
    pane: "Pane", needed: "ConsentNeeded", begin: "Callable[[], Awaitable[LiveTurn]]", question: str
) -> None:
    answer = await pane.ask_person(
        _("{model} runs on another machine: what you write leaves this one. Send it?").format(model=needed.model.name),
        [Choice("yes", _("yes, and do not ask again for this model"), "y"), Choice("no", _("no"), "n")],
    )
    if answer == "yes":
        await pane.workspace.turns.consent(needed.model)
        await start(pane, begin, question)
    elif question and not pane.prompt.text:
        pane.prompt.load_draft(question)


async def _attend(pane: "Pane", live: "LiveTurn", *, began_here: bool) -> None:
    """Wait for the end and show what comes next; only where it began, ring and offer what can be done about it."""
    began = time.monotonic()
    answer = await live.wait()
    if pane.program.leaving:
        return
    if began_here:
        _ring(pane, answer, time.monotonic() - began)
    if pane.conversation.id != live.conversation.id:
        return
    await pane.here.refresh_loaded()
    await pane.reload()
    if (follower := pane.live) is not None and follower is not pane.followed:
        await _watch(pane, follower, began_here=began_here)
    if answer.failure is not None:
        if answer.failure.code in ("unreachable", "disconnected"):
            pane.program.chat_screen.server_lost(pane)
        elif answer.failure.code == "context-exceeded" and began_here:
            await _offer_context(pane, answer)


def _ring(pane: "Pane", answer: Message, took: float) -> None:
    settings = pane.workspace.settings
    if (
        settings.bell == "off"
        or took < settings.bell_after
        or pane.program.app_focus
        or answer.ending is Ending.STOPPED
    ):
        return
    pane.program.bell()


async def _offer_context(pane: "Pane", answer: Message) -> None:
    """The prompt is too long for what was allocated: a choice, not a failure."""
    params: Mapping[str, str | int] = answer.failure.params if answer.failure else {}
    needed = int(params.get("prompt_tokens") or 0)
    model = pane.model_of(pane.conversation.setup.model)
    most = model.context_length if model else 0
    wanted = _rounded_up(int(needed * 1.25) + 512) if needed else 0
    if most:
        wanted = min(wanted, most) if wanted else most
    message, _hint = describe("context-exceeded", params)
    if needed:
        message += " " + _("It needs {needed} tokens; {given} were given.").format(
            needed=needed, given=params.get("context") or "?"
        )
    choices = [Choice("shorten", _("shorten the question: it goes back into the prompt"), "s")]
    if wanted > needed:
        choices.insert(0, Choice("larger", _("a larger context: num_ctx {tokens}").format(tokens=wanted), "l"))
    choices.append(Choice("cut", _("let the server leave out the oldest messages, this time"), "o"))
    choice = await pane.ask_person(message, choices)
    match choice:
        case "larger":
            await pane.set_option("num_ctx", wanted)
            await start(pane, lambda: pane.workspace.turns.regenerate(answer, pane.conversation.setup))
        case "cut":
            await start(
                pane, lambda: pane.workspace.turns.regenerate(answer, pane.conversation.setup, guard_context=False)
            )
        case "shorten":
            question = next((m for m in reversed(pane.messages) if m.role is Role.USER), None)
            if question is not None and not pane.prompt.text:
                pane.prompt.load_draft(question.text)
        case _:
            pass


def _rounded_up(tokens: int) -> int:
    return -(-tokens // 1024) * 1024


def last_answer(pane: "Pane") -> Message | None:
    """The last answer on the screen."""
    return next((m for m in reversed(pane.messages) if m.role is Role.ASSISTANT), None)


def meant_answer(pane: "Pane") -> Message | None:
    """The answer under the reading cursor, or to the question there; else the last one."""
    marked = pane.transcript.marked_message
    ids = [message.id for message in pane.messages]
    if marked is None or marked.id not in ids:
        return last_answer(pane)
    return next((m for m in pane.messages[ids.index(marked.id) :] if m.role is Role.ASSISTANT), None)


async def retry(pane: "Pane", answer: Message | None = None, setup: Setup | None = None) -> None:
    """Ask the question of an answer again, or as `setup` says; the answers stand beside each other."""
    if (answer := answer or meant_answer(pane)) is not None and not branching.is_busy(pane):
        asked = setup or pane.conversation.setup
        await start(pane, lambda: pane.workspace.turns.regenerate(answer, asked))


async def go_on(pane: "Pane", answer: Message | None = None) -> None:
    """Go on with an answer that ended too early."""
    if (answer := answer or meant_answer(pane)) is not None and not branching.is_busy(pane):
        await start(pane, lambda: pane.workspace.turns.go_on(answer))
