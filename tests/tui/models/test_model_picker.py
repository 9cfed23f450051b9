"""Choosing a conversation's model."""

from textual.app import App, ComposeResult

from ollama_tui.domain.model import Model
from ollama_tui.tui.widgets.model_picker import ModelPicker
from ollama_tui.tui.widgets.model_table import ModelTable
from tests.tui.models.stage import line_with, lines, sees, shown, until

_CHAT = frozenset({"completion", "tools"})
MODELS = (
    Model(name="qwen3:8b", size=5_200_000_000, parameter_size="8.2B", modified_at=5, capabilities=_CHAT),
    Model(name="gemma3:4b", size=3_300_000_000, parameter_size="4.3B", modified_at=4, capabilities=_CHAT),
    Model(name="nomic-embed-text:latest", size=1, modified_at=3, capabilities=frozenset({"embedding"})),
    Model(name="gpt-oss:20b-cloud", size=384, modified_at=2, remote_host="https://ollama.com", capabilities=_CHAT),
)


class PickerApp(App[None]):
    """A picker and what it posts."""

    def __init__(self, models: tuple[Model, ...] = MODELS, **more: object) -> None:
        super().__init__()
        self.picker = ModelPicker(models, loaded=["qwen3:8b"], current="gemma3:4b", **more)  # pyright: ignore[reportArgumentType]
        self.posted: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.picker

    def on_mount(self) -> None:
        self.picker.take_focus()

    def on_model_picker_chosen(self, event: ModelPicker.Chosen) -> None:
        self.posted.append(event.model.name)

    def on_model_picker_dismissed(self) -> None:
        self.posted.append(None)

    def on_model_picker_pull_requested(self, event: ModelPicker.PullRequested) -> None:
        self.posted.append(("pull", event.name))


async def test_the_cursor_begins_on_the_model_in_use() -> None:
    app = PickerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert line_with(app, "qwen3:8b").startswith(" ● ")
        assert "nomic" not in shown(app)
        assert "1 more cannot chat." in shown(app)
        await pilot.press("enter")
        assert app.posted == ["gemma3:4b"]


async def test_typing_filters_and_arrows_move() -> None:
    app = PickerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("up", "enter")
        assert app.posted == ["qwen3:8b"]
        await pilot.press(*"gem", "enter")
        assert app.posted[-1] == "gemma3:4b"
        await pilot.press("escape")
        assert app.posted[-1] is None


async def test_a_remote_model_is_asked_about() -> None:
    app = PickerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"oss", "enter")
        await sees(pilot, "runs at https://ollama.com: what is written to it leaves this machine")
        assert app.posted == []
        await pilot.press("backspace")
        await until(pilot, lambda: "leaves this machine" not in shown(app))
        await pilot.press("enter")
        await sees(pilot, "leaves this machine")
        await pilot.press("enter")
        assert app.posted == ["gpt-oss:20b-cloud"]


async def test_a_trusted_remote_model_is_not_asked_about_again() -> None:
    app = PickerApp(trusted=("gpt-oss:20b-cloud",))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"oss", "enter")
        assert app.posted == ["gpt-oss:20b-cloud"]


async def test_a_name_that_is_not_there_leads_to_its_pull() -> None:
    app = PickerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"mixtral")
        await sees(pilot, "Enter goes to the pull of mixtral.")
        await pilot.press("enter")
        assert app.posted == [("pull", "mixtral")]


async def test_no_model_that_can_chat() -> None:
    app = PickerApp(MODELS[2:3])
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "No model here can chat. Enter goes to the pull.")
        await pilot.press("enter")
        assert app.posted == [("pull", "")]


async def test_a_click_chooses() -> None:
    app = PickerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        row = next(index for index, line in enumerate(lines(app)) if "qwen3:8b" in line)
        await pilot.click(offset=(8, row))
        assert app.posted == ["qwen3:8b"]
        assert app.picker.query_one(ModelTable).cursor == 0
