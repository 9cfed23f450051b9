"""The baseline: a Textual app with a Markdown and an Input, and nothing else."""

from textual.app import App, ComposeResult
from textual.widgets import Input, Markdown


class BareApp(App[None]):
    """Shows both; keys go to the Input."""

    def compose(self) -> ComposeResult:
        yield Markdown("# Hello")
        yield Input()

    def on_mount(self) -> None:
        """Keys go to the Input."""
        self.query_one(Input).focus()


if __name__ == "__main__":
    BareApp().run()
