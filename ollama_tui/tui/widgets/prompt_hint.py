"""The line under the prompt: what went wrong with what is written, or a word about what happened."""

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget

from ollama_tui.domain.text import drawable
from ollama_tui.tui.signs import sign


class PromptHint(Widget):
    """One sentence, or nothing and no room."""

    COMPONENT_CLASSES = {"prompt-hint--error", "prompt-hint--word"}  # noqa: RUF012 - as Textual has it

    DEFAULT_CSS = """
    PromptHint {
        height: auto;
        max-height: 4;
        display: none;
        padding: 0 1;
        .prompt-hint--error { color: $error; }
        .prompt-hint--word { color: $secondary; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._is_error = False
        self._at = ""
        """What was written when it was said; it goes when that changes."""
        self._holds: Callable[[], bool] | None = None
        """Whether it is true still; None for what stays true."""

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    @property
    def is_error(self) -> bool:
        """Whether it says that something went wrong."""
        return bool(self._text) and self._is_error

    def stay_at(self, written: str) -> None:
        """What it says is said of this."""
        self._at = written

    def follow(self, written: str) -> None:
        """Go, if something else is written now."""
        if self._text and written != self._at:
            self.show("")

    def forget_untrue(self) -> None:
        """Go, if it is true no more."""
        if self._holds is not None and not self._holds():
            self.show("")

    def show(
        self, text: str, *, at: str = "", is_error: bool = False, as_long_as: Callable[[], bool] | None = None
    ) -> None:
        """Say `text` as long as `at` is what is written and `as_long_as` holds; nothing takes the line away."""
        self._at, self._holds = at, as_long_as
        self._text = drawable(text).strip()
        self._is_error = is_error
        self.display = bool(self._text)
        self.refresh(layout=True)

    def render(self) -> Content:
        """The sentence, an error with a sign before it."""
        if self._is_error:
            return Content.styled(f"{sign('✗')} {self._text}", self.get_visual_style("prompt-hint--error"))
        return Content.styled(self._text, self.get_visual_style("prompt-hint--word"))
