"""The details of one model in sections, beside the list or, where it is narrow, in its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from ollama_tui.domain.failure import HostFailure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.identity import now
from ollama_tui.domain.model import LoadedModel, Model, ModelCard
from ollama_tui.domain.text import drawable
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.widgets.card_sections import SECTIONS, section_text
from ollama_tui.tui.widgets.cut import cut_middle


class CardText(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The text of a section, scrollable; it can be selected."""

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, content: Content) -> None:
        """Show `content` from its beginning."""
        self.query_one(Static).update(content)
        self.scroll_home(animate=False)


class ModelDetails(Vertical):
    """All that a server tells of a model."""

    BINDINGS = bindings_for("card")

    DEFAULT_CSS = """
    ModelDetails { height: 1fr; }
    ModelDetails > #card-title { height: 1; padding: 0 1; text-style: bold; color: $text-primary; }
    ModelDetails > #card-sections { height: auto; padding: 0 1; }
    ModelDetails > CardText { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    ModelDetails > CardText > Static { height: auto; width: 1fr; }
    """

    @dataclass
    class CopyRequested(Message):
        """Copy this text."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._of = ""
        self._card: ModelCard | None = None
        self._model: Model | None = None
        self._loaded: LoadedModel | None = None
        self._section = "overview"
        self._text = ""

    def compose(self) -> ComposeResult:
        yield Static(id="card-title", markup=False)
        yield Static(id="card-sections", markup=False)
        yield CardText()

    @property
    def model_name(self) -> str:
        """Whose details these are."""
        return self._of

    @property
    def _sections(self) -> Sequence[tuple[str, str]]:
        """Few models bring messages."""
        has_messages = self._card is not None and self._card.messages
        return [section for section in SECTIONS if section[0] != "messages" or has_messages]

    def wait_for(self, name: str) -> None:
        """Say that the details of `name` are being asked for."""
        self._of, self._card = name, None
        self._title()
        self.query_one("#card-sections", Static).update("")
        self._put(_("Asking the server …"), "$text-muted")
        self.query_one(CardText).focus()

    def show(self, card: ModelCard, model: Model | None, loaded: LoadedModel | None) -> None:
        """Show the details."""
        self._card, self._model, self._loaded = card, model, loaded
        if self._section not in dict(self._sections):
            self._section = "overview"
        self._draw()

    def fail(self, failure: HostFailure) -> None:
        """Say why there are none."""
        self._put(drawable(f"{failure.message}\n{failure.hint}".strip()), "$text-error")

    def on_resize(self) -> None:
        """Cut the name anew."""
        self._title()

    def _title(self) -> None:
        room = max(8, self.size.width - 2)
        self.query_one("#card-title", Static).update(Content(cut_middle(self._of, room)))

    def _put(self, text: str, style: str = "") -> None:
        self._text = text
        self.query_one(CardText).show(Content.styled(text, style) if style else self._headed(text))

    def _headed(self, text: str) -> Content:
        """`text`; the headings of what is laid out here stand out."""
        if self._section not in ("overview", "info"):
            return Content(text)
        lines = (Content(line) if line.startswith(" ") else Content.styled(line, "bold") for line in text.split("\n"))
        return Content("\n").join(lines)

    def _draw(self) -> None:
        if self._card is None:
            return
        names: list[Content] = []
        for section, name in self._sections:
            chosen = section == self._section
            look = "bold reverse" if chosen else "$text-muted"
            names.append(Content.styled(f" {_(name)} ", look).stylize(Style.from_meta({"section": section})))
        self.query_one("#card-sections", Static).update(Content("").join(names))
        text = section_text(self._section, self._card, self._model, self._loaded, now())
        if text:
            self._put(text)
        else:
            self._put(_("The server tells nothing here."), "$text-muted")

    def on_click(self, event: events.Click) -> None:
        """A click on a section's name shows it."""
        section = event.style.meta.get("section")
        if isinstance(section, str):
            event.stop()
            self._turn_to(section)

    def _turn_to(self, section: str) -> None:
        self._section = section
        self._draw()

    def _step(self, by: int) -> None:
        ids = [section for section, _name in self._sections]
        self._turn_to(ids[(ids.index(self._section) + by) % len(ids)])

    def action_card_next(self) -> None:
        """The next section."""
        self._step(1)

    def action_card_previous(self) -> None:
        """The section before."""
        self._step(-1)

    def action_card_copy(self) -> None:
        """Copy the section as it stands."""
        if self._card is not None:
            self.post_message(self.CopyRequested(self._text))

    def action_card_up(self) -> None:
        """A line up."""
        self.query_one(CardText).scroll_up(animate=False)

    def action_card_down(self) -> None:
        """A line down."""
        self.query_one(CardText).scroll_down(animate=False)

    def action_card_page_up(self) -> None:
        """A page up."""
        self.query_one(CardText).scroll_page_up(animate=False)

    def action_card_page_down(self) -> None:
        """A page down."""
        self.query_one(CardText).scroll_page_down(animate=False)

    def action_card_first(self) -> None:
        """To the top."""
        self.query_one(CardText).scroll_home(animate=False)

    def action_card_last(self) -> None:
        """To the end."""
        self.query_one(CardText).scroll_end(animate=False)
