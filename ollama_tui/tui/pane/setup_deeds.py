"""What a person does about how a conversation asks, and with what stands beside it: by key, palette or mouse."""

from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual import on, work

from ollama_tui.domain.conversation import Conversation, Setup
from ollama_tui.domain.failure import Failure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.options import FIELDS
from ollama_tui.domain.text import one_line
from ollama_tui.tui.actions import BY_ID
from ollama_tui.tui.clipboard import copy
from ollama_tui.tui.pane import beside, json_value, options, theme
from ollama_tui.tui.pane.pane import Pane
from ollama_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:  # imported where they are first needed: not before the first paint
    from ollama_tui.services.workspace import Workspace
    from ollama_tui.tui.widgets.aside import Aside
    from ollama_tui.tui.widgets.options_form import OptionsForm
    from ollama_tui.tui.widgets.presets_panel import PresetsPanel
    from ollama_tui.tui.widgets.theme_picker import ThemePicker
    from ollama_tui.tui.widgets.transcript import Transcript


class SetupDeeds(Pane):
    """A pane with its options, its presets, and a record of what was sent."""

    DEFAULT_CSS = """
    SetupDeeds.-covered > Transcript, SetupDeeds.-covered > Welcome { display: none; }
    """

    remembers_setup = False
    """Whether what was set before the first question is remembered beside the conversation."""

    @cached_property
    def past(self) -> options.Past:
        """How its conversations asked before each change."""
        return options.Past()

    async def attach(
        self, workspace: "Workspace", conversation: Conversation | None = None, *, stored: bool = True
    ) -> None:
        """Begin; the prompt completes the options' names and the presets'."""
        if conversation is None and len(self.program.chat_screen.panes) == 1:
            await options.take_unasked(self, workspace)
        await super().attach(workspace, conversation, stored=stored)
        self.prompt.know("options", [spec.name for spec in FIELDS])
        self.offer_presets()

    @work(exclusive=True, group="offer-presets")
    async def offer_presets(self) -> None:
        """Let the prompt complete the presets' names."""
        with suppress(Failure):
            shelf = await self.workspace.presets.shelf()
            self.prompt.know("preset", [one_line(kept.preset.name) for kept in shelf.presets])

    async def change_setup(self, setup: Setup) -> None:
        """Ask differently from now on; what it was before is noted, to be undone."""
        if replace(setup, model=None) != replace(self.conversation.setup, model=None):
            self.past.note(self.conversation.id, self.conversation.setup)
        await super().change_setup(setup)
        await self._tell_setup()

    async def _tell_setup(self) -> None:
        """Let other panes of the conversation know; one that nothing was asked in yet is remembered on its own."""
        if self.stored:
            self.workspace.touch()
        else:
            await options.keep_unasked(self)

    async def _begin_new(self, *, temporary: bool, setup: Setup | None) -> None:
        """Begin another conversation. What was set in one that was asked nothing can be taken into it by undoing."""
        await options.flush(self)
        left = None if self.stored or self.is_untouched or self.conversation.temporary else self.conversation.setup
        await super()._begin_new(temporary=temporary, setup=setup)
        if left is not None and not temporary and self.conversation.setup != left:
            self.past.note(self.conversation.id, left)
            self.prompt.say(_("{key} among the options takes over what was set.").format(key=self._undo_key))
        await options.keep_unasked(self)

    @property
    def _undo_key(self) -> str:
        return self.key_sign_of("options.undo")

    async def undo_setup(self) -> bool:
        """Ask as before the last change, but for the model; whether there was a change."""
        before = self.past.back(self.conversation.id)
        if before is not None:
            await super().change_setup(replace(before, model=self.conversation.setup.model))
            await self._tell_setup()
        return before is not None

    async def action_chat_options(self) -> None:
        """The form of options."""
        await options.toggle(self)

    async def on_options_form_changed(self, event: "OptionsForm.Changed") -> None:
        event.stop()
        await options.keep(self, event.conversation_id, event.setup)

    async def on_options_form_undo_asked(self, event: "OptionsForm.UndoAsked") -> None:
        event.stop()
        if not await self.undo_setup():
            self.prompt.say(_("No option was changed here."))
        else:
            self.prompt.say("")  # what could be undone may have been told there

    async def action_chat_presets(self) -> None:
        """The presets."""
        from ollama_tui.tui.pane import presets

        await presets.toggle(self)

    def on_presets_panel_asked(self, event: "PresetsPanel.Asked") -> None:
        event.stop()
        self._do_with_preset(event)

    @work(exclusive=True, group="presets")
    async def _do_with_preset(self, event: "PresetsPanel.Asked") -> None:
        from ollama_tui.tui.pane import presets

        await presets.do(self, event.verb, event.kept)

    async def action_chat_parameters(self) -> None:
        """What the model was given for an answer."""
        from ollama_tui.tui.pane import record

        await record.toggle(self)

    async def action_chat_json(self) -> None:
        """An answer's JSON as a tree."""
        await json_value.toggle(self)

    async def on_transcript_json_requested(self, event: "Transcript.JsonRequested") -> None:
        event.stop()
        message = next((message for message in self.messages if message.id == event.message_id), None)
        await json_value.toggle(self, message)

    # What stands beside the conversation

    async def on_aside_copy_asked(self, event: "Aside.CopyAsked") -> None:
        event.stop()
        self.prompt.say(await copy(self.program, event.text))

    async def on_aside_left(self, event: "Aside.Left") -> None:
        event.stop()
        await beside.leave(self)

    def on_resize(self) -> None:
        """What stands beside the conversation finds its place anew."""
        beside.arrange(self)

    def show_head(self) -> None:
        """The head's line, and the form, from what is known now."""
        super().show_head()
        options.refresh(self)
        if self.stored and self.remembers_setup:  # it is kept with the conversation from now on
            self.run_worker(partial(options.keep_unasked, self), group="unasked", exclusive=True)

    async def save_draft(self) -> None:
        """Keep what is typed, in the form of options too."""
        await super().save_draft()
        await options.flush(self)

    async def use_model(self, ref: ModelRef) -> None:
        """Ask this model from now on; the form shows what it sets by itself."""
        await options.follow_model(self, ref)
        await super().use_model(ref)
        options.ask_defaults(self)

    # What was clicked

    @on(Welcome.Asked)
    async def _do_clicked(self, event: Welcome.Asked) -> None:
        event.stop()
        self.program.chat_screen.row.focus_on(self)
        await self.program.perform(BY_ID[event.action_id])

    # Colours

    theme_before = ""
    """The theme to come back to while another one is looked at."""

    def on_unmount(self) -> None:
        """A pane that is closed takes the theme along that was only looked at."""
        if self.theme_before and not self.program.leaving:
            self.program.preview_theme(self.theme_before)

    def on_theme_picker_looked(self, event: "ThemePicker.Looked") -> None:
        event.stop()
        self.program.preview_theme(event.name)

    async def on_theme_picker_chosen(self, event: "ThemePicker.Chosen") -> None:
        event.stop()
        await theme.take(self, event.picker, event.name)
