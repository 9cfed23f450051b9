"""What is typed in a pane and not sent: kept with its conversation, and shown again where that is opened."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ollama_tui.domain.i18n import _

if TYPE_CHECKING:
    from ollama_tui.domain.conversation import Conversation
    from ollama_tui.tui.pane.pane import Pane
    from ollama_tui.tui.widgets.prompt import Prompt


def prompt_of(pane: "Pane") -> "Prompt":
    """Where one types for the pane's conversation: its own prompt, or the one under all panes."""
    together = pane.program.chat_screen.comparing.together
    stands_in = together is not None and together.owner is pane and together.is_mounted
    return together.prompt if together is not None and stands_in else pane.prompt


def load(pane: "Pane", text: str) -> None:
    """Show a draft, also in the prompt under all panes if that stands in for this one."""
    pane.prompt.load_draft(text)
    together = pane.program.chat_screen.comparing.together
    if together is not None and together.owner is pane and together.is_mounted:
        together.prompt.load_draft(text)


def unsent(pane: "Pane") -> str:
    """What is typed, after what was sent and is not asked yet."""
    prompt = prompt_of(pane)
    texts = (*(held.draft for held in pane.held), *pane.unasked, *prompt.on_its_way, prompt.text)
    return "\n\n".join(text for text in texts if text)


def note(pane: "Pane") -> None:
    """Keep what is not sent, soon."""
    pane.workspace.drafts.save(pane.conversation, unsent(pane))


def note_written(pane: "Pane") -> None:
    """Keep what was written for a pane just now, which may stand in the prompt under all panes."""
    together = pane.program.chat_screen.comparing.together
    note(pane)
    if together is not None and together.is_mounted:
        note(together.owner)


def arrived(pane: "Pane", prompt: "Prompt", draft: str) -> None:
    """What was sent from `prompt` is asked, waits, or is in it again."""
    if draft in prompt.on_its_way:
        prompt.on_its_way.remove(draft)
    if pane.is_open:
        note(pane)


def forget(pane: "Pane") -> None:
    """What was sent and is not asked yet belongs to a conversation that was left, with its draft."""
    pane.held.clear()
    pane.unasked.clear()
    pane.prompt.on_its_way.clear()


def mirror(pane: "Pane") -> None:
    """Show what is typed in the other panes of the same conversation: it is one draft, typed in one place at a time."""
    text = pane.prompt.text
    for other in pane.program.chat_screen.panes:
        if other is not pane and other.conversation.id == pane.conversation.id and other.prompt.text != text:
            other.prompt.put_draft(text)


async def take(pane: "Pane") -> None:
    """In a new conversation, go on with what was typed into one and not sent, unless that is open in another pane."""
    others = [other.conversation.id for other in pane.program.chat_screen.panes if other is not pane]
    show(pane, await pane.workspace.drafts.take(pane.conversation, besides=others))


def put_back(pane: "Pane", question: str) -> None:
    """What was sent and cannot be asked is in the prompt again, before what was typed since."""
    prompt = pane.prompt.deputy or pane.prompt
    since = prompt.text
    if question and not since.startswith(question):  # another pane under the same prompt may have been first
        text = f"{question}\n{since}" if since.strip() else question
        prompt.load_draft(text) if prompt is not pane.prompt else pane.prompt.put_draft(text)
    note(pane)


async def leave(pane: "Pane") -> bool:
    """Keep what is typed: another conversation takes the place of this one, and what was asked of the person ends.

    Whether a temporary conversation was left that can be come back to.
    """
    await pane.save_draft()
    pane.revision.message = None
    pane.dismiss_question()
    pane.prompt.say("")  # what is said there is of this conversation
    return leave_temporary(pane)


def leave_temporary(pane: "Pane") -> bool:
    """Remember a temporary conversation that is left: it is in no list, and there until the program ends."""
    conversation = pane.conversation
    if not conversation.temporary or not (pane.stored or prompt_of(pane).text.strip()):
        return False
    left = pane.program.chat_screen.left_temporary
    left[:] = [one for one in left if one[0].id != conversation.id]
    left.append((replace(conversation, draft=prompt_of(pane).text), pane.stored))
    return True


def tell_temporary(pane: "Pane") -> None:
    """Say how the temporary conversation that was left is come back to."""
    screen = pane.program.chat_screen
    left = screen.left_temporary[-1]
    words = _("The temporary conversation is there until the program ends: {key} leads back to it.")
    pane.prompt.say(words.format(key=pane.key_sign_of("chat.last")), as_long_as=lambda: left in screen.left_temporary)


async def take_up(pane: "Pane", conversation: "Conversation", *, stored: bool = True) -> None:
    """Open a conversation with its draft, as it is kept."""
    await pane.workspace.drafts.flush()
    text = conversation.draft if conversation.temporary else await pane.workspace.drafts.of(conversation.id)
    if pane.is_open:
        note(pane)  # what was typed while the other draft was read
        forget(pane)
    pane.conversation = replace(conversation, draft=text)
    pane.stored = stored
    if pane.is_open:
        load(pane, text)
    else:
        show(pane, text)


def show(pane: "Pane", draft: str) -> None:
    """Show a draft; where something is typed already, it follows that."""
    before = pane.prompt.text
    if draft and draft != before:
        load(pane, f"{draft}\n{before}" if before else draft)
    if before:
        note(pane)
