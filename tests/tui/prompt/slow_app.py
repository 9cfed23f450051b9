"""A program that is slow to start, run in a pty: holds the keys as the entry does, then shows a prompt.

Arguments: a file to which each text that is sent is written as a JSON line; seconds before the keys are held; seconds
before the app is made; seconds that its mounting takes.
"""

import asyncio
import json
import sys
import time

if __name__ == "__main__":
    out, before_holding, before_app, mounting = sys.argv[1], *(float(word) for word in sys.argv[2:5])
    print("started", flush=True)
    time.sleep(before_holding)

    from ollama_tui.tui.typeahead import hold_keys

    held = hold_keys()
    print("held", flush=True)
    time.sleep(before_app)

    from textual.app import App, ComposeResult

    from ollama_tui.tui.terminal import driver_class
    from ollama_tui.tui.widgets.prompt import Prompt

    class SlowApp(App[None]):
        """Needs a while until its prompt is there."""

        async def on_mount(self) -> None:
            await asyncio.sleep(mounting)
            await self.mount(Prompt())
            self.query_one(Prompt).take_focus()

        def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
            with open(out, "a") as file:
                file.write(json.dumps(event.text) + "\n")
            if event.text == "bye":
                self.exit()

        def compose(self) -> ComposeResult:
            yield from ()

    SlowApp(driver_class=driver_class(held)).run()
