"""The questions of a pane that wait: shown, taken back into the prompt, and asked because the person says so."""

import asyncio
from typing import TYPE_CHECKING

from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import ngettext
from ollama_tui.domain.message import Ending
from ollama_tui.tui.attachments import FileToSend
from ollama_tui.tui.pane import answering, drafting

if TYPE_CHECKING:
    from pathlib import Path

    from ollama_tui.domain.hit import QueuedQuestion
    from ollama_tui.tui.pane.pane import Pane


async def show(pane: "Pane") -> None:
    """Show what waits; where nothing is being answered, say how it is sent."""
    conversation = pane.conversation
    queued = await pane.workspace.turns.queued(conversation.id)
    if pane.conversation.id != conversation.id:
        return  # another one was opened meanwhile, and is shown by whoever did
    held = [(str(index), held.draft) for index, held in enumerate(pane.held)]
    shown = [(question.id, _line_of(question)) for question in queued]
    pane.prompt.set_queued([*held, *shown], _how(pane, len(queued)) if queued and _is_idle(pane) else "")


def _line_of(question: "QueuedQuestion") -> str:
    return question.text or ", ".join(file.name for file in question.attachments)


def _is_idle(pane: "Pane") -> bool:
    """Whether no answer is being written, here or in another window, after which what waits would be asked."""
    elsewhere = bool(pane.messages) and pane.messages[-1].ending is Ending.UNFINISHED
    return pane.live is None and not pane.held and not elsewhere


def _how(pane: "Pane", count: int) -> str:
    words = ngettext(
        "No answer runs: {send} with nothing written asks it; {back} takes it back.",
        "No answer runs: {send} with nothing written asks the first; {back} takes the last back.",
        count,
    )
    return words.format(send=pane.key_sign_of("prompt.send"), back=pane.key_sign_of("prompt.unqueue"))


async def ask_first(pane: "Pane") -> None:
    """Ask the first one, where no answer is being written."""
    if not pane.is_open or not _is_idle(pane) or not await pane.workspace.turns.queued(pane.conversation.id):
        return
    conversation = pane.conversation
    await answering.start(pane, lambda: pane.workspace.turns.waiting.ask_first(conversation))
    await pane.show_queue()


async def take_back(pane: "Pane", question_id: str) -> None:
    """Put a question that waits into the prompt again, with its files, before what is typed."""
    if pane.held and question_id.isdigit() and int(question_id) < len(pane.held):
        pane.prompt.take_back(pane.held.pop(int(question_id)).draft)
        drafting.note(pane)
    else:
        await _take_back_queued(pane, question_id)
    await pane.show_queue()


async def _take_back_queued(pane: "Pane", question_id: str) -> None:
    conversation, turns = pane.conversation, pane.workspace.turns
    question = next((one for one in await turns.queued(conversation.id) if one.id == question_id), None)
    if question is None:
        return  # it is being asked
    try:
        files = [await _named(pane, FileToSend(*file)) for file in await turns.waiting.files_of(conversation, question)]
    except Failure as failure:
        pane.prompt.complain(f"{failure.message} {failure.hint}".strip())
        return
    if pane.conversation.id == conversation.id:
        pane.prompt.take_back(question.text, files)
        drafting.note_written(pane)
        await pane.workspace.drafts.flush()
        await turns.unqueue(question_id)  # only now: rather there twice than gone


async def _named(pane: "Pane", file: FileToSend) -> "tuple[FileToSend, Path | None]":
    """The file with the path under which a draft names it; a temporary conversation leaves none on the disk."""
    path = (pane.prompt.deputy or pane.prompt).area.chips.path_of(file.attachment)
    is_there = path is not None and await asyncio.to_thread(path.is_file)
    if not is_there and not pane.conversation.temporary:
        path = await pane.workspace.unsent_files.put(file.attachment, file.content)
    return file, path
