"""How a conversation asks, changed beside it: the form of options, what is undone, and what a preset brings."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.text import one_line
from ollama_tui.tui.pane import beside
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.aside import Aside

if TYPE_CHECKING:
    from ollama_tui.services.preset_folder import KeptPreset
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.tui.pane.setup_deeds import SetupDeeds
    from ollama_tui.tui.widgets.options_form import OptionsForm

_UNASKED = "setup.unasked"
_STEPS = 100
"""Changes that can be undone in one conversation."""


class Past:
    """The setups that a pane's conversations had before each change."""

    def __init__(self) -> None:
        self._steps: dict[str, list[Setup]] = {}

    def note(self, conversation_id: str, setup: Setup) -> None:
        """This is how it asked until now."""
        steps = self._steps.setdefault(conversation_id, [])
        steps.append(setup)
        del steps[:-_STEPS]

    def back(self, conversation_id: str) -> Setup | None:
        """How it asked before the last change; None if nothing was changed."""
        steps = self._steps.get(conversation_id)
        return steps.pop() if steps else None


def form_of(pane: "SetupDeeds") -> "OptionsForm | None":
    """The form, if it is open."""
    from ollama_tui.tui.widgets.options_form import OptionsForm

    return beside.shown(pane, OptionsForm)


async def toggle(pane: "SetupDeeds", field: str = "") -> None:
    """Open the form; from there, close it."""
    from ollama_tui.tui.widgets.options_form import OptionsForm

    form = form_of(pane)
    if form is not None and form.has_focus_within and not field:
        await form.action_aside_close()
        return
    if form is None:
        form = OptionsForm(pane.conversation.id, pane.conversation.setup, field=field)
        await beside.show(pane, form)
        refresh(pane)
        ask_defaults(pane)
    form.take_focus()


def refresh(pane: "SetupDeeds") -> None:
    """Show in an open form how the conversation asks now."""
    if not pane.is_mounted or (form := form_of(pane)) is None:
        return
    setup = pane.conversation.setup
    name = setup.model.name.removesuffix(":latest") if setup.model else _("no model")
    form.show(pane.conversation.id, setup, model=name, busy=pane.live is not None)


def ask_defaults(pane: "SetupDeeds") -> None:
    """Ask the server what the model itself sets, and show it in an open form."""
    pane.run_worker(partial(_ask_defaults, pane), group="defaults", exclusive=True)


async def _ask_defaults(pane: "SetupDeeds") -> None:
    from ollama_tui.services.model_defaults import model_defaults

    ref = pane.conversation.setup.model
    defaults = await model_defaults(pane.workspace, ref)
    if ref == pane.conversation.setup.model and (form := form_of(pane)) is not None:
        form.know(defaults)


async def keep(pane: "SetupDeeds", conversation_id: str, setup: Setup) -> None:
    """Ask so from the next question on. The conversation may have been left since for another."""
    if conversation_id == pane.conversation.id:
        await pane.change_setup(replace(setup, model=pane.conversation.setup.model))
        return
    left = await pane.workspace.conversation(conversation_id)
    if left is not None:
        changed = replace(left, setup=replace(setup, model=left.setup.model))
        await pane.workspace.history_of(changed).update(changed)


async def flush(pane: "SetupDeeds") -> None:
    """Keep what is being typed in an open form, before the conversation is left."""
    form = form_of(pane) if pane.is_mounted else None
    if form is not None and (setup := await form.keep()) is not None:
        await keep(pane, form.conversation_id, setup)


async def uncover(pane: "SetupDeeds") -> None:
    """Take away what stands in place of the conversation, unless something is written there that cannot be kept."""
    with suppress(Failure):
        await flush(pane)
        if not pane.has_class("-covered"):
            return
        if any(aside.is_unfinished for aside in pane.query(Aside)):
            words = _("An option cannot be used as it is written: {key} leads back to it.")
            pane.prompt.complain(words.format(key=pane.key_sign_of("chat.options")))
        else:
            await beside.close(pane)


async def keep_unasked(pane: "SetupDeeds") -> None:
    """Remember how a conversation is to ask that nothing was asked in yet: it is kept nowhere else."""
    from ollama_tui.domain.preset import preset_from
    from ollama_tui.services.preset_file import write_preset

    if not pane.is_open or len(pane.program.chat_screen.panes) > 1:
        return  # the arrangement of several panes keeps it
    mine = not (pane.stored or pane.conversation.temporary or pane.is_untouched)
    text = write_preset(preset_from(pane.conversation.setup, "unasked")) if mine else None
    pane.remembers_setup = mine
    with suppress(Failure):
        if text != await pane.workspace.state.get(_UNASKED):
            await pane.workspace.state.set(_UNASKED, text)


async def take_unasked(pane: "SetupDeeds", workspace: "Workspace") -> None:
    """Begin as it was set before the program was left; the model is found as for any new conversation."""
    from ollama_tui.services.preset_file import PresetError, read_preset

    with suppress(Failure, PresetError):
        text = await workspace.state.get(_UNASKED)
        if isinstance(text, str) and pane.is_untouched:
            setup = read_preset(text, "unasked").preset.apply(pane.conversation.setup, {})
            pane.conversation = replace(pane.conversation, setup=replace(setup, model=None))
            pane.remembers_setup = True


async def apply(pane: "SetupDeeds", kept: "KeptPreset") -> None:
    """Copy a preset into the conversation, and say what that sets."""
    from ollama_tui.domain.preset import summary

    preset = kept.preset
    setup = preset.apply(pane.conversation.setup, pane.workspace.settings.options)
    if preset.think and not _thinks(pane):
        setup = replace(setup, think=pane.conversation.setup.think)
    await keep(pane, pane.conversation.id, setup)
    told = _("Preset {name}: {what}.").format(name=one_line(preset.name), what=summary(preset) or _("nothing is set"))
    if pane.live is not None:
        told += " " + _("It holds from the next question on.")
    pane.prompt.say(sign(" · ").join([told, *kept.remarks]))


def _thinks(pane: "SetupDeeds") -> bool:
    """Whether the model can think, as far as is known: one that cannot would refuse."""
    model = pane.model_of(pane.conversation.setup.model)
    return model is None or model.capabilities is None or model.can("thinking")


async def follow_model(pane: "SetupDeeds", ref: ModelRef) -> None:
    """Another model where nothing was asked yet: begin as new conversations with it do, unless changed by hand."""
    model = pane.conversation.setup.model
    if pane.is_untouched and model is not None and model.name != ref.name:
        pane.given = await pane.workspace.first_setup(ref)
        await pane.change_setup(pane.given)
