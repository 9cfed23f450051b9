"""Make the README's picture: the program itself, answering from the built-in demo.

python docs/picture.py
"""

import asyncio
import tempfile
from pathlib import Path

from ollama_tui.config.paths import Paths
from ollama_tui.config.settings import Settings
from ollama_tui.domain.host import DEMO_HOST_ID, HostAddress
from ollama_tui.tui.app import OllamaTui, Opening

_ASKED = (
    ("thinker", "How do I go on with an answer that was cut?"),
    ("markdown", "Show me some Markdown: 260 tokens"),
    ("guide", "你好!"),
    ("guide", "What can I do with keys and commands?"),
)


async def main() -> None:
    """Ask a few questions, then save what the screen shows."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        address = HostAddress(id=DEMO_HOST_ID, url="", source="demo")
        opening = Opening(
            settings=Settings(), paths=Paths(data=data, config=data), environment={}, address=address, model="guide"
        )
        app = OllamaTui(opening)
        async with app.run_test(size=(120, 36)) as pilot:
            pane = app.chat_screen.pane
            while pane.conversation.setup.model is None:
                await pilot.pause(0.05)
            models = {model.name: model for model in await app.workspace.models()}
            for model, question in _ASKED:
                await pane.begin_with(models[f"{model}:latest"])
                pane.prompt.load_draft(question)
                await pane.prompt.action_prompt_send()
                while not pane.messages:
                    await pilot.pause(0.05)
                while pane.live is not None:
                    await pilot.pause(0.05)
            await pilot.pause(0.5)
            picture = app.export_screenshot(title="ollama-tui")
            await app.leave()
    Path(__file__).with_name("screen.svg").write_text(picture, encoding="utf-8")


asyncio.run(main())
