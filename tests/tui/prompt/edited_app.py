"""A prompt in a pty that can open an editor while something else goes on.

Argument: a file for what is sent, with how often a timer ran while the editor was open.
"""

import json
import sys

from textual.app import App, ComposeResult
from textual.widgets import Static

from ollama_tui.tui.terminal import driver_class
from ollama_tui.tui.widgets.prompt import Prompt


class EditedApp(App[None]):
    """Counts and draws ten times a second, as an answer that streams would."""

    ticks = 0
    ticks_before = 0
    ticks_meanwhile = 0

    def compose(self) -> ComposeResult:
        yield Static("", id="ticks")
        yield Prompt()

    def on_mount(self) -> None:
        self.set_interval(0.02, self.tick)
        self.app_suspend_signal.subscribe(self, self.note)
        self.app_resume_signal.subscribe(self, self.note)

    def note(self, _app: object) -> None:
        """The editor opens, or is closed."""
        self.ticks_before, self.ticks_meanwhile = self.ticks, self.ticks - self.ticks_before

    def tick(self) -> None:
        """Draw something."""
        self.ticks += 1
        self.query_one("#ticks", Static).update(f"tick {self.ticks}")

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        with open(sys.argv[1], "a") as file:
            file.write(json.dumps(f"{event.text} {self.ticks_meanwhile}") + "\n")
        self.exit()


if __name__ == "__main__":
    EditedApp(driver_class=driver_class()).run()
