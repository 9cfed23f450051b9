"""What to do where a prompt does not fit: the person chooses, or has chosen once and for all."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.message import Message, Role
from ollama_tui.domain.units import human_bytes
from ollama_tui.tui.pane import answering, branching
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.services.context.habits import Habit, Scope
    from ollama_tui.services.context.memory import CacheCost
    from ollama_tui.services.context.ways import Ways
    from ollama_tui.services.live import LiveTurn
    from ollama_tui.tui.pane.pane import Pane

_GROUP = "context"


def offer(pane: "Pane", answer: Message) -> None:
    """Offer the ways out for a question that does not fit; `answer` is the empty one that says so."""
    pane.run_worker(partial(_offer, pane, answer), group=_GROUP, exclusive=True)


async def _offer(pane: "Pane", answer: Message) -> None:
    from ollama_tui.services.context.ways import ways_out

    ids = [message.id for message in pane.messages]
    if answer.parent_id not in ids or answer.failure is None:
        return
    place = ids.index(answer.parent_id)
    question, branch = pane.messages[place], pane.messages[:place]
    contexts, conversation = pane.workspace.contexts, pane.conversation
    text = await contexts.text_of(conversation, question)
    ways = await ways_out(contexts, conversation, branch, question, text, told=answer.failure.params)
    held = await contexts.habits.of(conversation)
    if pane.conversation.id != conversation.id:
        return  # another one was opened here meanwhile
    if held is not None and question.id != pane.gauge.helped and _leads_out(ways, held[0]):
        pane.prompt.say(_("It did not fit: {what}, as you said.").format(what=_NAMES[held[0]]()))
        await _go(pane, held[0], ways, branch, question, answer)
        return
    choice, scope = await _ask(pane, ways)
    if choice is None or pane.conversation.id != conversation.id:
        return
    if choice == "shorten":
        await _shorten(pane, question)
        return
    if scope is not None:
        await contexts.habits.remember(conversation, choice, scope)
    await _go(pane, choice, ways, branch, question, answer)


# Asking

_NAMES: "dict[Habit, Callable[[], str]]" = {
    "larger": lambda: _("a larger context"),
    "leave-out": lambda: _("the oldest turns are left out"),
    "summarise": lambda: _("the oldest turns are summed up"),
}


def habit_words(held: "tuple[Habit, Scope] | None") -> str:
    """What happens by itself where a prompt does not fit."""
    if held is None:
        return _("you are asked")
    habit, scope = held
    where = _("in this conversation") if scope == "conversation" else _("everywhere")
    return f"{_NAMES[habit]()} ({where})"


def _leads_out(ways: "Ways", habit: "Habit") -> bool:
    return bool({"larger": ways.larger, "leave-out": ways.leaving_out, "summarise": ways.covers}[habit])


async def _ask(pane: "Pane", ways: "Ways") -> "tuple[Habit | Literal['shorten'] | None, Scope | None]":
    """The way that the person takes, and where it shall be taken from now on."""
    scopes: tuple[Scope | None, ...] = (None, "conversation", "everywhere")
    scope: Scope | None = None
    while True:
        chosen = await pane.ask_person(_words(ways), _choices(ways, scope), unbidden=True)
        match chosen:
            case "remember":
                scope = scopes[(scopes.index(scope) + 1) % len(scopes)]
            case "larger" | "leave-out" | "summarise":
                return chosen, scope
            case "shorten":
                return chosen, None
            case _:
                return None, None


def _words(ways: "Ways") -> str:
    sign = "" if ways.exact else "~"
    words = _("The prompt does not fit: it has {sign}{needed:,} tokens, and the model was given {given:,}.")
    return words.format(sign=sign, needed=ways.needed, given=ways.given) + " " + _("Nothing was sent.")


def _choices(ways: "Ways", scope: "Scope | None") -> list[Choice]:
    choices: list[Choice] = []
    if ways.larger:
        words = _("a larger context, {tokens:,} tokens: {cost}; the model loads again")
        cost = _cost_words(ways.larger_cost, ways.given_cost)
        choices.append(Choice("larger", words.format(tokens=ways.larger, cost=cost), "l"))
    if (leaving := ways.leaving_out) is not None:
        turns = ngettext("leave out the oldest turn", "leave out the {turns} oldest turns", leaving.turns)
        rest = _("{gone} of {all} messages; {left:,} tokens stay")
        count = len(leaving.message_ids)
        words = f"{turns} ({rest})".format(
            turns=leaving.turns, gone=count, all=count + leaving.kept, left=leaving.total
        )
        choices.append(Choice("leave-out", words, "o"))
    if count := len(ways.covers):
        words = ngettext(
            "let the model sum up the oldest message (kept, and undone in one step)",
            "let the model sum up the {count} oldest messages (kept, and undone in one step)",
            count,
        )
        choices.append(Choice("summarise", words.format(count=count), "s"))
    choices.append(Choice("shorten", _("shorten the question: it goes back into the prompt"), "q"))
    if len(choices) > 1:
        remembered = {
            None: _("do it this time only"),
            "conversation": _("do the same by itself, in this conversation"),
            "everywhere": _("do the same by itself, everywhere"),
        }
        choices.append(Choice("remember", _("remember: {what}").format(what=remembered[scope]), "r"))
    return choices


def _cost_words(cost: "CacheCost | None", before: "CacheCost | None") -> str:
    """What a context takes of the memory, and what it takes now."""
    if cost is None:
        return _("its memory unknown")
    sign = "" if cost.exact else "~"
    words = _("{sign}{size} of memory") if before is None else _("{sign}{size} of memory instead of {before}")
    return words.format(sign=sign, size=human_bytes(cost.size), before=human_bytes(before.size) if before else "")


# Doing


async def _go(
    pane: "Pane", way: "Habit", ways: "Ways", branch: Sequence[Message], question: Message, answer: Message
) -> None:
    turns = pane.workspace.turns
    history = pane.workspace.history_of(pane.conversation)
    leave_out = ways.leaving_out.turns if way == "leave-out" and ways.leaving_out is not None else 0
    if way == "summarise":
        await _ask_after_summary(pane, ways, branch, question)
        return
    if way == "larger":
        await pane.set_option("num_ctx", ways.larger)

    async def begin() -> "LiveTurn":
        live = await turns.regenerate(answer, leave_out=leave_out)
        await history.withdraw(answer.id)
        return live

    pane.gauge.helped = question.id
    await answering.start(pane, begin)


async def _ask_after_summary(pane: "Pane", ways: "Ways", branch: Sequence[Message], question: Message) -> None:
    conversation, history = pane.conversation, pane.workspace.history_of(pane.conversation)
    summary = await _sum_up(pane, branch, ways.covers, at_end=False)
    if summary is None:
        return
    files = [(file, await history.attachment(file.sha256) or b"") for file in question.attachments]

    async def begin() -> "LiveTurn":
        asked = replace(conversation, leaf_id=summary.id)
        live = await pane.workspace.turns.ask(asked, question.text, files)
        await history.withdraw(question.id)
        if live.question is not None:
            pane.gauge.helped = live.question.id
        return live

    await answering.start(pane, begin)


async def _sum_up(pane: "Pane", branch: Sequence[Message], covers: Sequence[str], *, at_end: bool) -> Message | None:
    """Let the model sum up; None where that failed or was stopped, and nothing changed."""
    from ollama_tui.services.asking import ConsentNeeded
    from ollama_tui.services.context.summary import keep_summary

    words = ngettext("Summing up {count} message …", "Summing up {count} messages …", len(covers))
    words = words.format(count=len(covers)) + " " + _("{key} stops it").format(key=pane.key_sign_of("chat.stop"))

    def told(characters: int) -> None:
        pane.prompt.say(f"{words} · {characters}")

    pane.prompt.say(words)
    pane.gauge.summing = asyncio.current_task()
    try:
        summary = await keep_summary(pane.workspace, pane.conversation, branch, covers, told, at_end=at_end)
    except asyncio.CancelledError:
        for prompt in pane.query(type(pane.prompt)) if pane.is_attached else ():  # not where the pane goes away
            prompt.complain(_("The summary was stopped: nothing has changed."))
        raise
    except ConsentNeeded:
        pane.prompt.complain(_("The model runs on another machine, and may not be sent this."))
    except Failure as failure:
        pane.prompt.complain(_("No summary: {reason} Nothing has changed.").format(reason=failure.message))
    else:
        pane.prompt.say(_("Summed up. What was said is kept; the summary is sent in its place."))
        return summary
    finally:
        pane.gauge.summing = None
    return None


async def _shorten(pane: "Pane", question: Message) -> None:
    """The question again in the prompt, with its files; what is sent then stands in its place."""
    await pane.revision.begin(pane, question)
    pane.gauge.refresh()


# What can be done at any time


def stop(pane: "Pane") -> bool:
    """Stop a summary that is being made; whether there was one."""
    summing, pane.gauge.summing = pane.gauge.summing, None
    if summing is not None:
        summing.cancel()
    return summing is not None


def sum_up_now(pane: "Pane") -> None:
    """Sum up the oldest turns before it has to be."""
    pane.run_worker(partial(_sum_up_now, pane), group=_GROUP, exclusive=True)


async def _sum_up_now(pane: "Pane") -> None:
    from ollama_tui.services.context.ways import to_cover

    if branching.is_busy(pane):
        return
    summed = pane.gauge.summed
    if summed is None and len(pane.messages) > 1:
        pane.prompt.say(_("The context is still being counted: try again in a moment."))
        return
    branch, conversation = pane.messages, pane.conversation
    context = pane.gauge.account.room.context if pane.gauge.account is not None else 0
    covers = to_cover(summed.weights, branch, context=context) if summed is not None else ()
    if not covers:
        pane.prompt.say(_("There is nothing to sum up yet."))
        return
    summary = await _sum_up(pane, branch, covers, at_end=True)
    if summary is not None and pane.conversation.id == conversation.id:
        await branching.go_to(pane, summary.id)


async def send_whole(pane: "Pane") -> None:
    """Take the summaries away: the whole history is sent again."""
    from ollama_tui.services.branching import delete_message

    if branching.is_busy(pane):
        return
    summaries = [message for message in pane.messages if message.role is Role.SUMMARY]
    if not summaries:
        pane.prompt.say(_("Nothing is summed up here: the whole history is sent."))
        return
    try:
        for summary in summaries:
            _gone, leaf = await delete_message(pane.workspace, pane.conversation, summary.id)
            pane.conversation = replace(pane.conversation, leaf_id=leaf)
    except Failure as failure:
        pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
    await pane.reload()
    pane.prompt.say(_("The whole history is sent again."))


async def forget_habit(pane: "Pane") -> None:
    """Ask again where a prompt does not fit."""
    forgotten = await pane.workspace.contexts.habits.forget(pane.conversation)
    pane.prompt.say(
        _("Forgotten. Where a prompt does not fit, {what}.").format(
            what=habit_words(await pane.workspace.contexts.habits.of(pane.conversation))
        )
        if forgotten
        else _("Nothing was remembered: you are asked.")
    )
