"""The baseline for streaming: a plain Textual app whose Markdown is fed by `MarkdownStream`, token by token.

python -m benchmarks.plain_stream URL MODEL PROMPT

Enter asks; "all of it is here" is drawn when the last token is.
"""

import json
import sys

import httpx
from textual import work
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Label, Markdown


class PlainStream(App[None]):
    """A Markdown that is followed, and an Input."""

    CSS = "VerticalScroll { height: 1fr; }"

    def __init__(self, url: str, model: str, prompt: str) -> None:
        super().__init__()
        self.asked = (url, model, prompt)

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Markdown()
        yield Label("ready")
        yield Input()

    def on_mount(self) -> None:
        """Keys go to the Input, the view to the end."""
        self.query_one(Input).focus()
        self.query_one(VerticalScroll).anchor()

    @work
    async def on_input_submitted(self) -> None:
        """Ask, and draw each token as it comes."""
        url, model, prompt = self.asked
        stream = Markdown.get_stream(self.query_one(Markdown))
        body = {"model": model, "messages": [{"role": "user", "content": prompt}]}
        async with (
            httpx.AsyncClient(timeout=None, trust_env=False) as client,
            client.stream("POST", f"{url}/api/chat", json=body) as response,
        ):
            async for line in response.aiter_lines():
                if text := json.loads(line)["message"]["content"]:
                    await stream.write(text)
        await stream.stop()
        self.query_one(Label).update("all of it is here")


if __name__ == "__main__":
    PlainStream(*sys.argv[1:4]).run()
