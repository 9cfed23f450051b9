"""Beginning an answer, watching it to its end, and what comes after one."""

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Ending, Message, Role
from ollama_tui.domain.text import one_line
from ollama_tui.tui.pane import branching, drafting, drawing, gone
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.services.asking import ConsentNeeded
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.tui.pane.pane import Files, Pane


async def ask(pane: "Pane", text: str, files: "Files", draft: str) -> None:
    """Ask, or let it wait behind the answer that runs; what can be done neither with is in the prompt again."""
    gone.leave(pane)
    turns = pane.workspace.turns
    conversation = pane.conversation  # the one that it was sent in, whatever is opened meanwhile
    drafting.note(pane)  # it is a draft until it is a question, however long the server takes to tell its models
    await pane.workspace.drafts.flush()
    live = turns.live(conversation.id)
    if live is not None and pane.conversation.id == conversation.id and branching.live_here(pane) is None:
        drafting.put_back(pane, draft)
        words = _("An answer is being written on another branch of this conversation: send it then.")
        pane.prompt.complain(words, as_long_as=lambda: turns.live(conversation.id) is not None)
    elif live is not None:
        await turns.queue(conversation, text, files)
        drafting.arrived(pane, pane.prompt, draft)
        await pane.show_queue()
    else:
        await start(pane, lambda: turns.ask(conversation, text, files), draft, conversation)


async def start(
    pane: "Pane",
    begin: "Callable[[], Awaitable[LiveTurn]]",
    question: str = "",
    conversation: Conversation | None = None,
) -> None:
    """Begin a turn and show it. What cannot be begun leaves the question, a draft, in the prompt, with the reason.

    Where another conversation than the question's is open here by then, it is left in that one's prompt.
    """
    from ollama_tui.services.asking import ConsentNeeded, StillAnswering

    conversation = conversation or pane.conversation
    try:
        live = await _begun(pane, begin, question, conversation)
    except ConsentNeeded as needed:
        pane.unasked.append(question)
        drafting.note(pane)
        pane.run_worker(partial(_ask_consent, pane, needed, begin, question), group="consent")
        return
    except StillAnswering:  # begun a moment ago, in another pane
        drafting.put_back(pane, question)
        branching.say_busy(pane)
        return
    except Failure as failure:
        give_back(pane, question, failure)
        return
    if live is None or live.conversation.id != pane.conversation.id:
        return  # another one was opened here meanwhile: the answer is written behind it
    pane.stored = True
    drafting.arrived(pane, pane.prompt, question)
    if live.question is not None and live.question.attachments:
        await pane.look_at_pictures((live.question,))
    await _watch(pane, live, began_here=True)
    pane.transcript.to_end()  # who asks wants to see it, wherever one was reading


async def _begun(
    pane: "Pane", begin: "Callable[[], Awaitable[LiveTurn]]", question: str, conversation: Conversation
) -> "LiveTurn | None":
    """What `begin` begins, or raises; None if that is of no concern here any more, and the question is kept."""
    from ollama_tui.services.asking import ConsentNeeded, StillAnswering

    try:
        return await begin()
    except (ConsentNeeded, StillAnswering, Failure):
        if pane.conversation.id == conversation.id:
            raise
        if question and conversation.temporary:  # which leaves no trace, but is not to go without a word
            words = _("Not asked, as its temporary conversation was left: {question}")
            pane.program.warn(words.format(question=one_line(question)))
        elif question:
            await pane.workspace.drafts.add(conversation, question)
        return None


async def follow(pane: "Pane") -> None:
    """Show an answer that is being written in the pane's conversation and that is not waited for yet."""
    if (live := branching.live_here(pane)) is not None and pane.followed is not live:
        await _watch(pane, live, began_here=False)


async def _watch(pane: "Pane", live: "LiveTurn", *, began_here: bool) -> None:
    pane.followed = live
    pane.conversation = live.conversation
    drawing.draw_live(pane, live, await branching.look_around(pane, live))
    await pane.show_queue()  # nothing of what waits is offered to be sent any more
    pane.run_worker(partial(_attend, pane, live, began_here=began_here), group="attend")


def give_back(pane: "Pane", question: str, failure: Failure) -> None:
    """The question again in the prompt, and why it was not asked."""
    drafting.put_back(pane, question)
    pane.prompt.complain(f"{failure.message} {failure.hint}".strip())


async def _ask_consent(
    pane: "Pane", needed: "ConsentNeeded", begin: "Callable[[], Awaitable[LiveTurn]]", question: str
) -> None:
    conversation_id = pane.conversation.id
    answer = await pane.ask_person(
        _("{model} runs on another machine: what you write leaves this one. Send it?").format(model=needed.model.name),
        [Choice("yes", _("yes, and do not ask again for this model"), "y"), Choice("no", _("no"), "n")],
        unbidden=True,
    )
    if answer == "yes":
        await pane.workspace.turns.consent(needed.model)
    if pane.conversation.id != conversation_id:
        return  # it is the draft of the one that was left
    if question in pane.unasked:
        pane.unasked.remove(question)
    if answer == "yes":
        await start(pane, begin, question)
        drafting.note(pane)
    else:
        drafting.put_back(pane, question)


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
    if answer.figures is not None and answer.figures.prompt_tokens:
        pane.run_worker(pane.gauge.answered, group="gauge-render", exclusive=True)
    if (follower := branching.live_here(pane)) is not None and follower is not pane.followed:
        await _watch(pane, follower, began_here=began_here)
    if answer.failure is not None and answer.failure.code in ("unreachable", "disconnected"):
        pane.program.chat_screen.server_lost(pane)
    last = last_answer(pane)  # a question that waited may have been asked since, and have failed already
    asks_here = began_here or pane.program.chat_screen.pane is pane
    if pane.followed is not None and pane.followed is not live:
        return  # whoever waits for that one offers what can be done about it
    failure = last.failure if last is not None and asks_here and pane.live is None else None
    if last is not None and failure is not None and failure.code == "context-exceeded":
        from ollama_tui.tui.pane import context

        context.offer(pane, last)


def _ring(pane: "Pane", answer: Message, took: float) -> None:
    """Tell of the end of a slow answer, if nobody looks."""
    settings = pane.workspace.settings
    if took < settings.bell_after or pane.program.app_focus or answer.ending is Ending.STOPPED:
        return
    match settings.bell:
        case "bell":
            pane.program.bell()
        case "notify":
            name = answer.model.name if answer.model else ""
            pane.program.announce(_("{model} has answered: {title}").format(model=name, title=pane.conversation.title))
        case "off":
            pass


def last_answer(pane: "Pane") -> Message | None:
    """The last answer on the screen."""
    return next((m for m in reversed(pane.messages) if m.role is Role.ASSISTANT), None)


def meant_answer(pane: "Pane") -> Message | None:
    """The answer under the reading cursor, or to the question there; else the last one, or to the last question."""
    marked = pane.transcript.marked_message
    if marked is None and pane.messages and pane.messages[-1].role is Role.USER:
        marked = pane.messages[-1]
    return last_answer(pane) if marked is None else answer_from(pane, marked.id)


def needed_answer(pane: "Pane") -> Message | None:
    """The answer that is meant; a word where there is none. Of what was said before nothing is left."""
    answer = meant_answer(pane)
    if answer is None and pane.live is not None:
        branching.say_busy(pane)
    else:
        pane.prompt.say(_("There is no answer yet.") if answer is None else "")
    return answer


def answer_from(pane: "Pane", message_id: str) -> Message | None:
    """A shown message if it is an answer, or the answer that follows it; for a question without one, an empty one."""
    ids = [message.id for message in pane.messages]
    after = pane.messages[ids.index(message_id) :] if message_id in ids else ()
    if is_unanswered(pane, message_id):
        conversation_id = pane.conversation.id
        return Message(
            id="", conversation_id=conversation_id, role=Role.ASSISTANT, parent_id=message_id, ending=Ending.STOPPED
        )
    return next((message for message in after if message.role is Role.ASSISTANT), None)


def is_unanswered(pane: "Pane", message_id: str) -> bool:
    """Whether a shown message is a question behind which no answer stands: a fork ends there, or it was deleted."""
    at = branching.place_of(pane, message_id)
    if not at or pane.messages[at - 1].role is not Role.USER:
        return False
    return at == len(pane.messages) or pane.messages[at].role is Role.USER


def number_of(pane: "Pane", answer: Message) -> int:
    """The number of a shown answer, or of the question that has none yet."""
    return branching.place_of(pane, answer.id) or branching.place_of(pane, answer.parent_id)


async def retry(pane: "Pane", answer: Message | None = None, setup: Setup | None = None) -> None:
    """Ask the question of an answer again, or as `setup` says; the answers stand beside each other."""
    if (answer := answer or needed_answer(pane)) is not None and not branching.is_busy(pane):
        asked = setup or pane.conversation.setup
        await start(pane, lambda: pane.workspace.turns.regenerate(answer, asked))


async def go_on(pane: "Pane", answer: Message | None = None) -> None:
    """Go on with an answer that ended too early, or that the person changed."""
    if (answer := answer or needed_answer(pane)) is None or branching.is_busy(pane):
        return
    if answer.can_go_on:
        await start(pane, lambda: pane.workspace.turns.go_on(answer))
        return
    words = (
        _("The answer is complete. Ask for more, or {retry} tries it again.")
        if answer.ending is Ending.COMPLETE
        else _("Nothing came that it could go on from. {retry} tries it again.")
    )
    pane.prompt.complain(words.format(retry=pane.key_sign_of("chat.retry")))
