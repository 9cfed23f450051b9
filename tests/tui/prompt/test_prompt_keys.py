"""What the keys do in the prompt."""

from textual.app import App, ComposeResult

from ollama_tui.tui.widgets.prompt import Prompt


class PromptApp(App[None]):
    """A prompt alone, and what it posts."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        yield Prompt()

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        self.sent.append(event.text)


async def test_enter_sends_and_ctrl_j_makes_a_line():
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press("a", "ctrl+j", "b", "shift+enter", "c", "alt+enter", "d", "enter")
        assert app.sent == ["a\nb\nc\nd"]
        assert app.query_one(Prompt).text == ""


async def test_keys_that_come_in_one_packet_act_in_their_order():
    app = PromptApp()
    async with app.run_test() as pilot:
        area = app.query_one(Prompt).area
        from textual import events

        for key, character in [("a", "a"), ("x", "x"), ("backspace", "\x7f"), ("b", "b"), ("enter", "\r"), ("c", "c")]:
            area.post_message(events.Key(key, character))
        await pilot.pause()
        assert app.sent == ["ab"]
        assert app.query_one(Prompt).text == "c"
