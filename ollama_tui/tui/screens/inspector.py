"""The inspector: a text as models read it, cut into tokens, each with its number."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static, TextArea

from ollama_tui.domain.failure import HostFailure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.text import drawable, one_line, storable
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.foot import Foot
from ollama_tui.tui.widgets.model_picker import ModelPicker
from ollama_tui.tui.widgets.prompt_keys import editing_bindings
from ollama_tui.tui.widgets.token_flow import VIEWS, TokenFlow
from ollama_tui.tui.widgets.token_panel import TokenPanel

if TYPE_CHECKING:
    from ollama_tui.services.server import Server
    from ollama_tui.services.workspace import Workspace

_PAUSE = 0.08
"""Seconds after a key before the text is cut anew."""
_SIDE_BY_SIDE = 90
"""Columns from which two models stand beside each other and not one above the other."""
_LESSON_FITS = 38
"""Lines from which the explanation stands open by itself."""

LESSON = (
    "A model reads no letters. Its tokenizer cuts the text into pieces that it knows, the tokens, and the model is "
    "given only their numbers, the ids: text → tokens → ids. A common word is one token, a rare one several; a Chinese "
    "character may be one, or a few bytes each. Context and speed are counted in tokens, so the same text costs more "
    "where it is cut finer. Special tokens, such as the marks between question and answer, come from the template.",
    "模型不读文字。分词器先把文本切成它认识的片段，即 token；模型得到的只是这些片段的编号（id）：文本 → token → id。"
    "常用词通常是一个 token，少见的词会切成几个；一个汉字可能是一个 token，也可能被拆成几个字节。"
    "上下文长度和生成速度都按 token 计算，所以同一段文字切得越细，占用就越多。"
    "特殊 token（例如问题与回答之间的标记）来自模板，不是正文。",
)
"""What tokens are, in English and in Chinese: both are shown, whatever the program's language."""


class InspectedText(TextArea, inherit_bindings=False):
    """The text, to be changed. Its keys are the prompt's."""

    BINDINGS: ClassVar[list[BindingType]] = editing_bindings()
    DEFAULT_CSS = """
    InspectedText, InspectedText:focus {
        height: auto; min-height: 1; max-height: 25vh; border: none; padding: 0 1; background: $surface;
    }
    """

    def on_mount(self) -> None:
        """Calm: nothing blinks."""
        self.cursor_blink = False


class InspectorScreen(Screen[None]):
    """Shows a text's tokens under one model or two. What is typed here is tried out, not kept."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("inspector")
    AUTO_FOCUS: ClassVar[str | None] = "TokenFlow"
    DEFAULT_CSS = """
    InspectorScreen > .title { height: 1; padding: 0 1; text-style: bold; color: $primary; }
    InspectorScreen > Horizontal { height: 1fr; border-top: solid $panel; }
    InspectorScreen.-narrow > Horizontal { layout: vertical; }
    InspectorScreen TokenPanel.-second { border-left: solid $panel; }
    InspectorScreen.-narrow TokenPanel.-second { border-left: none; border-top: solid $panel; }
    InspectorScreen > .lesson {
        height: auto; display: none; padding: 0 1; color: $text-muted; border-top: solid $panel;
    }
    InspectorScreen.-lesson > .lesson { display: block; }
    """

    def __init__(
        self, workspace: "Workspace", server: "Server", text: str, models: Sequence[ModelRef], *, what: str
    ) -> None:
        """`what` names the text: the draft, or whose message it is. Other models are chosen among the `server`'s."""
        super().__init__()
        self._workspace = workspace
        self._server = server
        self._text = storable(text)
        self._models = list(models)
        self._what = what
        self._lesson: bool | None = None
        self._drawn: str = ""
        """The text area's text: what of the text can be drawn."""
        self._choosing = 0
        """Which of the panels a model is being chosen for."""

    def compose(self) -> ComposeResult:
        yield Static(Content(_("Tokens of {what}").format(what=one_line(self._what))), classes="title")
        yield InspectedText(drawable(self._text), placeholder=_("Type a text to see how it is cut"))
        yield Horizontal(*(TokenPanel(model.name) for model in self._models))
        yield Static(Content(sign("\n".join(LESSON))), classes="lesson")
        yield Foot()

    def on_mount(self) -> None:
        """Cut the text at once; an empty one is to be typed."""
        area = self.query_one(InspectedText)
        self._drawn = area.text
        area.move_cursor(area.document.end)
        if not self._text:
            area.focus()
        self.cut()
        self._show_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Beside each other where there is room, and the explanation where there is more."""
        self.set_class(event.size.width < _SIDE_BY_SIDE, "-narrow")
        self._show_lesson(event.size.height)

    def _show_lesson(self, height: int) -> None:
        fits = height >= _LESSON_FITS or not self._text
        self.set_class(fits if self._lesson is None else self._lesson, "-lesson")

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        if self.query("ModelPicker:focus-within"):
            choosing = [("!rows.choose", _("choose")), ("!question.close", _("leave it"))]
            self.query_one(Foot).show_hints(choosing)
            return
        is_text = self.query_one(InspectedText).has_focus
        self.query_one(Foot).show_hints(
            [
                ("inspector.close", _("back")),
                ("tokens.previous tokens.next", _("token")),
                ("inspector.edit", _("tokens") if is_text else _("edit")),
                ("inspector.second", _("second model")),
                ("inspector.model", _("model")),
                ("inspector.view", _("view")),
                ("inspector.lesson", _("explain")),
            ]
        )

    @property
    def _panels(self) -> list[TokenPanel]:
        return list(self.query(TokenPanel))

    # Cutting

    @work(exclusive=True, group="cut")
    async def cut(self, pause: float = 0.0) -> None:
        """Ask each model's tokenizer, off the screen's thread. A later call takes an earlier one's place."""
        await asyncio.sleep(pause)
        text = self._text
        for panel, model in zip(self._panels, self._models, strict=False):
            tokenizer = await self._workspace.tokenizers.of(model)
            tokens = await asyncio.to_thread(tokenizer.tokens, text)
            if panel.is_attached:
                panel.show(text, tokens, tokenizer)

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        if text != self._drawn:  # else it is what the message says, with all that cannot be drawn
            self._drawn = text
            self._text = storable(text)
            self._show_lesson(self.size.height)
            self.cut(_PAUSE)

    @on(TokenFlow.Moved)
    def _moved(self, event: TokenFlow.Moved) -> None:
        """The other model's cursor goes to the same place of the text."""
        event.stop()
        moved = next(panel for panel in self._panels if panel.flow is event.flow)
        moved.say_token()
        for panel in self._panels:
            if panel is not moved:
                panel.move_to_place(moved.place)

    # Models

    def action_inspector_model(self) -> None:
        """Choose the model under which the text is looked at: of the panel that has the focus."""
        focused = next((number for number, panel in enumerate(self._panels) if panel.has_focus_within), 0)
        self._choose(focused)

    async def action_inspector_second(self) -> None:
        """A second model beside the first; again, and it goes away."""
        if len(self._models) > 1:
            del self._models[1]
            await self._panels[1].remove()
            self._panels[0].flow.focus()
        else:
            self._choose(len(self._models))

    @work(exclusive=True, group="choose")
    async def _choose(self, number: int) -> None:
        if self.query(ModelPicker):
            self._close_picker()
            return
        try:
            models = await self._server.models()
        except HostFailure as failure:
            self.notify(drawable(f"{failure.message} {failure.hint}"), severity="warning", markup=False)
            return
        self._choosing = number
        shown = [model.name for model in self._models]
        others = (model.name for model in models if model.name not in shown and not model.is_remote)
        current = shown[number] if number < len(shown) else next(others, "")
        picker = ModelPicker(models, current=current, only_chat=False)
        await self.mount(picker, before=self.query_one(".lesson"))
        picker.take_focus()

    def _close_picker(self) -> None:
        self.query(ModelPicker).remove()
        if self._panels:
            self._panels[min(self._choosing, len(self._panels) - 1)].flow.focus()

    @on(ModelPicker.Chosen)
    async def _chosen(self, event: ModelPicker.Chosen) -> None:
        event.stop()
        model = self._server.ref_of(event.model)
        if self._choosing < len(self._models):
            self._models[self._choosing] = model
            old = self._panels[self._choosing]
            await self.query_one(Horizontal).mount(TokenPanel(model.name, second=self._choosing > 0), before=old)
            await old.remove()
        else:
            self._models.append(model)
            await self.query_one(Horizontal).mount(TokenPanel(model.name, second=True))
        self._close_picker()
        self.cut()

    @on(ModelPicker.Dismissed)
    @on(ModelPicker.PullRequested)
    def _dismissed(self, event: ModelPicker.Dismissed | ModelPicker.PullRequested) -> None:
        event.stop()
        self._close_picker()

    # What is shown

    def action_inspector_view(self) -> None:
        """Pieces with ids, pieces alone, ids alone."""
        for panel in self._panels:
            flow = panel.flow
            flow.view = VIEWS[(VIEWS.index(flow.view) + 1) % len(VIEWS)]

    def action_inspector_lesson(self) -> None:
        """Show or hide what tokens are."""
        self._lesson = not self.has_class("-lesson")
        self.set_class(self._lesson, "-lesson")

    def action_inspector_edit(self) -> None:
        """From the tokens to the text, and back."""
        area = self.query_one(InspectedText)
        if area.has_focus and self._panels:
            self._panels[0].flow.focus()
        else:
            area.focus()

    def action_inspector_close(self) -> None:
        """Back to the conversation."""
        self.dismiss()
