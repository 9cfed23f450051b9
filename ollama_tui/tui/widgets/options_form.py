"""The options of a conversation as a form: a list of them, and under it the one at the cursor, to be changed.

A value is taken when the person leaves its field or presses Enter, and can be undone. What cannot be used stays where
it was typed, with the reason, and is not taken.
"""

import asyncio
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from ollama_tui.domain.conversation import Setup
from ollama_tui.domain.i18n import _
from ollama_tui.domain.options import FIELDS, OptionError, OptionSpec
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.services.fields import field_text, with_field
from ollama_tui.services.model_defaults import NOTHING_KNOWN, ModelDefaults
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.completion import complete_path
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.aside import Aside
from ollama_tui.tui.widgets.key_line import KeyLine
from ollama_tui.tui.widgets.option_help import choices_of, heading, help_text, state_line
from ollama_tui.tui.widgets.option_input import OptionInput, SystemArea
from ollama_tui.tui.widgets.option_rows import FIELD_BY_NAME, OptionRows
from ollama_tui.tui.widgets.rows import Rows

_PAUSE = 1.0
"""Seconds without a change after which a system prompt is kept."""
_OFFERED = 6
"""Ways to complete a path that are named."""


class OptionsForm(Aside):
    """Shows a setup and posts what it becomes. It keeps nothing but what is being typed."""

    BINDINGS = bindings_for("options")
    DEFAULT_CSS = """
    OptionsForm > #options-title { height: auto; padding: 0 1; }
    OptionsForm > #options-field {
        height: auto; max-height: 60%; border-top: solid $panel; border-title-color: $text-primary;
        border-title-style: bold; border-title-align: left;
    }
    OptionsForm > #options-field.-text { height: 60%; }
    OptionsForm #options-state, OptionsForm #options-help { height: auto; padding: 0 1; }
    OptionsForm SystemArea { display: none; }
    OptionsForm .-text > SystemArea { display: block; }
    OptionsForm .-text > OptionInput { display: none; }
    """

    @dataclass
    class Changed(Message):
        """An option of a conversation was set, or unset."""

        conversation_id: str
        setup: Setup

    class UndoAsked(Message):
        """The change before is to be taken back."""

    def __init__(self, conversation_id: str, setup: Setup, *, field: str = "") -> None:
        super().__init__()
        self.conversation_id = conversation_id
        self._setup: Setup = setup
        self._defaults = NOTHING_KNOWN
        self._spec: OptionSpec = FIELD_BY_NAME.get(field, FIELDS[0] if field else FIELD_BY_NAME["temperature"])
        self._bad: dict[str, str] = {}
        """Texts that cannot be used, by field."""
        self._reasons: dict[str, str] = {}
        """Why each cannot, from when it was typed: a file may be another one since."""
        self._why = ""
        self._said = ""
        self._model = ""
        self._busy = False
        self._warned = False
        self._pause: Timer | None = None
        self._keeping = asyncio.Lock()

    def compose(self) -> ComposeResult:
        yield Static(id="options-title", markup=False)
        yield OptionRows()
        with Vertical(id="options-field"):
            yield OptionInput()
            yield SystemArea()
            yield Static(id="options-state", markup=False)
            yield Static(id="options-help", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the first field."""
        self._pause = self.set_interval(_PAUSE, self._keep_text, pause=True)
        self.query_one(KeyLine).show(
            [
                ("aside.close", _("back")),
                ("options.unset", _("unset")),
                ("options.undo", _("undo")),
                ("chat.presets", _("presets")),
                ("options.next", _("next")),
            ]
        )
        self._tell_title()
        self._show_rows()
        self.query_one(OptionRows).move_to(self._spec.name)
        self._show_field()

    def take_focus(self) -> None:
        """To the line at the cursor."""
        self._editor.focus()

    # What it is given

    def show(self, conversation_id: str, setup: Setup, *, model: str, busy: bool) -> None:
        """Show how a conversation asks now; `busy`: an answer is being written there."""
        other = conversation_id != self.conversation_id
        changed = other or setup != self._setup
        self.conversation_id, self._setup, self._model, self._busy = conversation_id, setup, model, busy
        if other:
            self._bad.clear()
        if not self.is_mounted:
            return
        self._tell_title()
        if changed:
            self._show_rows()
            self._show_field()

    def know(self, defaults: ModelDefaults) -> None:
        """Show what the model's server tells."""
        self._defaults = defaults
        if self.is_mounted:
            self._tell_title()
            self._show_rows()
            self._tell_state()
            self._prepare_input()

    # What it shows

    @property
    def _editor(self) -> OptionInput | SystemArea:
        return self.query_one(SystemArea if self._spec.type == "text" else OptionInput)

    @property
    def _typed(self) -> str:
        editor = self._editor
        return editor.text if isinstance(editor, SystemArea) else editor.value

    def _tell_title(self) -> None:
        words = Content.assemble(
            (_("Options of this conversation"), "bold $text-primary"),
            f" {sign('·')} {one_line(self._model)}" if self._model else "",
        )
        if self._busy:
            note = _("An answer is coming: changes hold from the next question on.")
            words = Content("\n").join([words, Content.styled(note, "$text-warning")])
        if (failure := self._defaults.failure) is not None:
            note = _("The model's own values are not known: {reason}").format(reason=drawable(failure.message))
            words = Content("\n").join([words, Content.styled(note, "$text-warning")])
        self.query_one("#options-title", Static).update(words)

    def _show_rows(self) -> None:
        self.query_one(OptionRows).show(self._setup, self._defaults, self._bad)

    def _show_field(self) -> None:
        """Put the field at the cursor into the line, as it is kept or as it was typed last."""
        spec = self._spec
        box = self.query_one("#options-field", Vertical)
        had_focus = self.has_focus_within
        box.set_class(spec.type == "text", "-text")
        box.border_title = Content(heading(spec))
        self._why = self._said = ""
        text = self._bad.get(spec.name)
        if text is not None:
            self._why = self._reasons[spec.name]
        self._prepare_input()
        with self.prevent(Input.Changed, TextArea.Changed):
            self._editor.put(field_text(self._setup, spec.name) if text is None else text)
        self.query_one("#options-help", Static).update(help_text(spec, self._defaults))
        self._tell_state()
        if had_focus:
            self._editor.focus()

    def _prepare_input(self) -> None:
        line = self.query_one(OptionInput)
        line.choices = choices_of(self._spec, self._defaults)
        line.takes_path = self._spec.type == "format"
        line.placeholder = one_line(self._defaults.of(self._spec).text)

    def _tell_state(self) -> None:
        self.query_one(OptionInput).set_class(bool(self._why), "-wrong")
        if self._why:
            words = Content.styled(sign("✗ ") + drawable(self._why), "bold $text-error")
        elif self._said:
            words = Content.styled(drawable(self._said), "$text-primary")
        else:
            words = state_line(self._spec, self._setup, self._defaults)
        self.query_one("#options-state", Static).update(words)

    # Keeping what is typed

    @property
    def is_unfinished(self) -> bool:
        return bool(self._bad)

    async def keep(self) -> Setup | None:
        """Take what is typed in the field at the cursor: what the setup becomes, or None if it stays as it is."""
        async with self._keeping:
            return await self._keep()

    async def _keep(self) -> Setup | None:
        if self._pause is not None:
            self._pause.pause()
        spec, text, setup = self._spec, self._typed, self._setup
        if spec.name not in self._bad and text == one_line_unless(spec, field_text(setup, spec.name)):
            return None
        try:
            after = await _after(setup, spec, text, self._defaults)
        except OptionError as error:
            self._bad[spec.name] = text
            self._why = self._reasons[spec.name] = str(error)
            self._show_rows()
            self._tell_state()
            return None
        self._bad.pop(spec.name, None)
        self._why = ""
        self._setup = after
        self._show_rows()
        return after if after != setup else None

    async def _keep_and_tell(self) -> None:
        setup = await self.keep()
        if setup is not None:
            self.post_message(self.Changed(self.conversation_id, setup))

    async def _keep_text(self) -> None:
        if self._spec.type == "text":
            await self._keep_and_tell()
            self._tell_state()

    async def _go(self, name: str) -> None:
        """To another field, once this one is kept."""
        if name == self._spec.name or name not in FIELD_BY_NAME:
            return
        await self._keep_and_tell()
        self._spec = FIELD_BY_NAME[name]
        self.query_one(OptionRows).move_to(name)
        self._show_field()
        self._editor.focus()

    # What the person does

    @on(Input.Submitted)
    async def _enter(self, event: Input.Submitted) -> None:
        event.stop()
        await self._keep_and_tell()
        if not self._why:
            self._show_field()

    @on(Input.Changed)
    async def _typing(self, event: Input.Changed) -> None:
        event.stop()
        self._warned = False
        self._why = self._said = ""
        if not event.value:  # Del or Backspace: unset, at once
            await self._keep_and_tell()
        self._tell_state()

    @on(TextArea.Changed)
    def _writing(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._pause is not None:
            self._pause.reset()
            self._pause.resume()

    @on(SystemArea.Passed)
    async def _pass(self, event: SystemArea.Passed) -> None:
        event.stop()
        await self._step(event.step)

    @on(OptionInput.Stepped)
    async def _step_value(self, event: OptionInput.Stepped) -> None:
        event.stop()
        line = self.query_one(OptionInput)
        at = (line.choices.index(line.value) + event.step) % len(line.choices)
        with self.prevent(Input.Changed):
            line.put(line.choices[at])
        await self._keep_and_tell()
        self._tell_state()

    @on(OptionInput.CompletionAsked)
    async def _complete(self, event: OptionInput.CompletionAsked) -> None:
        event.stop()
        line = self.query_one(OptionInput)
        offers = await asyncio.to_thread(complete_path, line.value)
        if not offers.items:
            self._said = _("No file begins like that.")
        else:
            texts = [offer.text for offer in offers.items]
            common = _common(texts)
            if len(common) > len(line.value) or len(texts) == 1:
                line.value = common
                line.cursor_position = len(common)
            named = "  ".join(offer.label for offer in offers.items[:_OFFERED])
            self._said = named if len(texts) > 1 else ""
        self._tell_state()

    @on(Rows.Chosen)
    async def _click(self, event: Rows.Chosen) -> None:
        event.stop()
        await self._go(event.key)
        self._editor.focus()

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """What was typed is kept where one goes elsewhere."""
        if event.widget is self._editor:
            await self._keep_and_tell()

    async def _step(self, by: int) -> None:
        names = [spec.name for spec in FIELDS]
        at = max(0, min(len(names) - 1, names.index(self._spec.name) + by))
        await self._go(names[at])

    async def action_options_previous(self) -> None:
        """The field above."""
        await self._step(-1)

    async def action_options_next(self) -> None:
        """The field below."""
        await self._step(1)

    async def action_options_page_up(self) -> None:
        """A screenful up."""
        await self._step(-max(1, self.query_one(OptionRows).size.height - 1))

    async def action_options_page_down(self) -> None:
        """A screenful down."""
        await self._step(max(1, self.query_one(OptionRows).size.height - 1))

    async def action_options_unset(self) -> None:
        """Leave the field to the model."""
        with self.prevent(Input.Changed, TextArea.Changed):
            self._editor.put("")
        await self._keep_and_tell()
        self._show_field()

    async def action_options_undo(self) -> None:
        """Take back the change before."""
        await self._keep_and_tell()
        self.post_message(self.UndoAsked())

    async def action_aside_close(self) -> None:
        """Back to the conversation; what cannot be used is told first."""
        await self._keep_and_tell()
        if self._bad and not self._warned:
            name, _text = next(iter(self._bad.items()))
            if name != self._spec.name:
                await self._go(name)
            self._warned = True
            self._why = " ".join([self._why, _("Esc again leaves it.")]).strip()
            self._tell_state()
            return
        self.post_message(self.Left())


def one_line_unless(spec: OptionSpec, text: str) -> str:
    """A field's text as its editor shows it."""
    return text if spec.type == "text" else one_line(text)


async def _after(setup: Setup, spec: OptionSpec, text: str, defaults: ModelDefaults) -> Setup:
    """What the setup becomes. A schema's file is read in a thread, and so is the library that checks it."""
    if spec.type == "format" and text:
        return await asyncio.to_thread(with_field, setup, spec.name, text)
    after = with_field(setup, spec.name, text)
    if spec.type == "think" and after.think and defaults.thinks is False:
        raise OptionError(_("This model does not think: it would refuse the question."))
    return after


def _common(texts: list[str]) -> str:
    """The longest beginning that all have."""
    shortest = min(texts, key=len)
    at = next((at for at, letter in enumerate(shortest) if any(text[at] != letter for text in texts)), len(shortest))
    return shortest[:at]
