"""Taking something out of a conversation: to the clipboard, or into a file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.message import Message, Role
from ollama_tui.domain.text import one_line
from ollama_tui.services.transcript import as_json, as_markdown, as_text
from ollama_tui.tui.clipboard import copy
from ollama_tui.tui.copied.code import CodeBlock, code_blocks
from ollama_tui.tui.copied.file import AlreadyThere, NotWritten, file_of, write
from ollama_tui.tui.copied.plain import as_plain
from ollama_tui.tui.widgets.question import Choice

if TYPE_CHECKING:
    from ollama_tui.tui.pane.pane import Pane


async def take(pane: "Pane", what: str, *, plain: bool = False, number: int | None = None) -> None:
    """Copy the `message`, its `thinking`, a block of `code` or `all`, or put it into a `file` or `export` it.

    Only from a worker: it may ask.
    """
    if not pane.query("Transcript"):
        return
    match what:
        case "thinking":
            await copy_thinking(pane)
        case "code":
            await copy_code(pane, number)
        case "file":
            await save_code(pane, number)
        case "all":
            await copy_all(pane, plain=plain)
        case "export":
            await export(pane)
        case _:
            await copy_message(pane, plain=plain)


async def copy_message(pane: "Pane", *, plain: bool = False) -> None:
    """What is selected, else the message under the reading cursor, else the last answer."""
    selected = pane.transcript.selected_text()
    text = selected or _text(pane)
    if plain and text and (selected or _is_markdown(pane.transcript.current_message)):
        text = as_plain(text)
    await _copy(pane, text, _("There is nothing to copy yet."))


async def copy_thinking(pane: "Pane") -> None:
    """The thinking of that message."""
    await _copy(pane, pane.transcript.thinking_to_copy(), _("This message has no thinking."))


async def copy_all(pane: "Pane", *, plain: bool = False) -> None:
    """The whole conversation."""
    messages = _shown(pane)
    text = plain_text(messages) if plain else as_markdown(pane.conversation, messages)
    await _copy(pane, text if messages else "", _("There is nothing to copy yet."))


async def copy_code(pane: "Pane", number: int | None = None) -> None:
    """A block of code of that message, counted from 1; without a number, the only one, or the one chosen from a list.

    Only from a worker: it may ask.
    """
    block = await _block(pane, number, _("Copy which block of code?"))
    if block is not None:
        count = len(block.code.splitlines())
        words = ngettext("{language}, {count} line.", "{language}, {count} lines.", count)
        what = words.format(language=block.language or _("code"), count=count)
        await _copy(pane, block.code, _("The block is empty."), what)


async def save_code(pane: "Pane", number: int | None = None) -> None:
    """A block of code into a file whose name is asked for. Only from a worker."""
    block = await _block(pane, number, _("Save which block of code?"))
    if block is not None:
        await _save(pane, block.code, block.file_name, _("Save the code as:"))


async def export(pane: "Pane", name: str | None = None) -> None:
    """The whole conversation into a file: Markdown, or as the name's end says plain (.txt) or JSON (.json)."""
    messages = _shown(pane)
    if not messages:
        pane.prompt.complain(_("There is nothing to export yet."))
        return
    suggested = f"{_file_stem(pane.conversation.title)}.md"
    await _save(pane, messages, suggested, _("Export to (.md, .txt or .json):"), name)


def plain_text(messages: Sequence[Message]) -> str:
    """Messages as plain text, the models' without marks."""
    return as_text(messages, lambda message: as_plain(message.text) if _is_markdown(message) else message.text)


def _is_markdown(message: Message | None) -> bool:
    return message is not None and message.role in (Role.ASSISTANT, Role.SUMMARY)


def _shown(pane: "Pane") -> list[Message]:
    """The messages as they are now, the one that is coming too."""
    return list(pane.transcript.messages_as_shown())


def _text(pane: "Pane") -> str:
    return pane.transcript.text_of_current()


async def _copy(pane: "Pane", text: str, otherwise: str, what: str = "") -> None:
    pane.prompt.say(f"{await copy(pane.program, text)} {what}".strip() if text else otherwise)


async def _block(pane: "Pane", number: int | None, question: str) -> CodeBlock | None:
    """The block that is meant; None where there is none or none was chosen, which is said."""
    blocks = code_blocks(_text(pane))
    if not blocks:
        pane.prompt.complain(_("There is no code block in this message."))
        return None
    if number is None and len(blocks) > 1:
        chosen = await pane.ask_person(question, [_choice(at, block) for at, block in enumerate(blocks, 1)])
        if chosen is None:
            return None
        number = int(chosen)
    number = 1 if number is None else number
    if not 1 <= number <= len(blocks):
        pane.prompt.complain(
            _("There is no block {number}: this message has {count}.").format(number=number, count=len(blocks))
        )
        return None
    return blocks[number - 1]


def _choice(number: int, block: CodeBlock) -> Choice:
    key = str(number) if number < 10 else ""
    return Choice(str(number), f"{number}  {block.language or _('code')}  {one_line(block.first_line)}", key)


async def _save(
    pane: "Pane", what: str | Sequence[Message], suggested: str, question: str, name: str | None = None
) -> None:
    """Ask for a name until there is a file, or the person goes away; what went wrong stands above the question."""
    wrong, typed = "", suggested
    while True:
        if name is None:
            name = await pane.ask_person(f"{wrong}\n{question}".strip(), field=typed)
            if name is None:
                return
        typed = name
        try:
            path = file_of(name, suggested)
            text = what if isinstance(what, str) else _written(pane, what, path.suffix.lower())
            try:
                write(path, text)
            except AlreadyThere as there:
                over = [Choice("no", _("no, another name"), "n"), Choice("yes", _("yes, replace it"), "y")]
                if await pane.ask_person(str(there) + " " + _("Replace it?"), over) != "yes":
                    wrong, name = "", None
                    continue
                write(path, text, over=True)
        except NotWritten as failure:
            wrong, name = str(failure), None
            continue
        pane.prompt.say(_("Written to {path}.").format(path=one_line(str(path.absolute()))))
        return


def _written(pane: "Pane", messages: Sequence[Message], ending: str) -> str:
    match ending:
        case ".txt":
            return plain_text(messages)
        case ".json":
            return as_json(pane.conversation, messages)
        case _:
            return as_markdown(pane.conversation, messages)


def _file_stem(title: str) -> str:
    """A file's name made of a title: without what shells and other systems do not like."""
    words = "".join(character if character.isalnum() or character in "-_." else " " for character in one_line(title))
    return "-".join(words.split())[:60].strip("-.") or "conversation"
