"""What the demo's models say."""

import base64
import re
import struct
import zlib
from itertools import pairwise
from typing import Any

import pytest

from ollama_tui.demo.programs.page import page
from ollama_tui.demo.programs.sections import sections
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.vocabulary import default
from ollama_tui.tui.actions import ACTIONS, key_sign
from tests.demo.carrier import ask, chat

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city", "days"],
        },
    },
}


def png(width: int, height: int, colour: tuple[int, int, int], kind: int = 0) -> bytes:
    """A picture of one colour; `kind` is the filter of its rows (0 none, 1 left)."""
    first, rest = bytes(colour), bytes(colour) if not kind else b"\0\0\0"
    rows = (bytes([kind]) + first + rest * (width - 1)) * height

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("hi", "# Welcome"),
        ("What are the keys?", "# Keys"),
        ("how do I pull a model", "# Fetching a model"),
        ("which models are there?", "# Models"),
        ("Where is my data stored?", "# What is kept, and where"),
        ("what is num_ctx", "# Context"),
        ("Tell me about slash commands", "# Slash commands"),
        ("how do I find an old conversation", "# Conversations"),
        ("你好", "# 欢迎"),
        ("你好,怎么用键盘?", "# 按键"),
        ("hello, what is a token?", "# Tokens"),
        ("怎样比较两个模型", "# 并排"),
        ("有哪些按键?", "# 按键"),
        ("怎么下载模型", "# 下载模型"),
        ("num_ctx 是什么", "# 上下文"),
        ("quantum gravity", "I did not find a word that I know"),
        ("量子引力", "在你的问题里我没有找到认识的词"),
    ],
)
async def test_the_guide_answers_in_the_language_of_the_question(
    server: DemoServer, question: str, heading: str
) -> None:
    assert (await ask(server, "/api/chat", chat(question, "guide"))).said.startswith(heading)


def test_every_key_in_the_guide_is_one_of_the_program() -> None:
    keys = {key_sign(key) for action in ACTIONS for key in action.keys.split(",") if key}
    for file in ("guide.en.md", "guide.zh.md"):
        table = next(section for section in sections(file) if section.name == "keys").text
        text = "".join(section.text for section in sections(file))
        assert {
            re.sub(r"Ctrl\+(\w)$", r"^\1", key) for key in re.findall(r"`((?:Alt|Ctrl|Shift)\+\S+?|F\d+)`", text)
        } <= keys
        named = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
        assert len(named) > 10
        assert {re.sub(r"Ctrl\+(\w)$", r"^\1", name) for name in named} <= keys


def test_the_guide_says_the_same_in_both_languages() -> None:
    names = [{section.name for section in sections(file)} for file in ("guide.en.md", "guide.zh.md")]
    assert names[0] == names[1]


@pytest.mark.parametrize("model", ["guide", "echo", "markdown", "thinker", "tools", "eyes"])
async def test_each_says_that_it_is_no_language_model(server: DemoServer, model: str) -> None:
    said = (await ask(server, "/api/chat", chat("hello", model))).said
    assert "language model" in said.replace("*not* a", "not a")


async def test_the_echo_says_what_it_saw(server: DemoServer) -> None:
    picture = base64.b64encode(png(2, 2, (1, 2, 3))).decode()
    body = chat("hi", options={"seed": 1, "top_k": 2}, stream=False)
    said = (await ask(server, "/api/chat", body)).said
    assert "1 message, 0 images and 2 options" in said
    body["messages"][0]["images"] = [picture]
    assert "does not support multimodal" in (await ask(server, "/api/chat", body)).error


@pytest.mark.parametrize("length", [50, 333, 1000, 3006])
def test_a_page_is_as_long_as_asked(length: int) -> None:
    text = page(length, default())
    assert default().count(text) + 1 == length


def test_a_page_has_all_that_markdown_has() -> None:
    text = page(3000, default())
    for mark in (
        "\n## ",
        "\n### ",
        "```python",
        "```rust",
        "| :--- |",
        "\n> > ",
        "- [x]",
        "1. ",
        "](https://",
        "🎉",
        "潮汐",
    ):
        assert mark in text, mark


@pytest.mark.parametrize(
    ("shape", "start"), [("paragraph", "Sentence"), ("fence", "```"), ("table", "| "), ("list", "- item")]
)
async def test_a_page_of_one_kind(server: DemoServer, shape: str, start: str) -> None:
    reply = await ask(server, "/api/chat", chat(f"one {shape}, 2000 tokens at 5k tokens/s", "markdown"))
    assert reply.said.startswith(start)
    assert 2000 <= reply.objects[-1]["eval_count"] < 2200


async def test_the_speed_is_as_asked(server: DemoServer) -> None:
    reply = await ask(server, "/api/chat", chat("2000 tokens at 500 tokens/s", "markdown"))
    last = reply.objects[-1]
    assert last["eval_count"] / (last["eval_duration"] / 1e9) == pytest.approx(500, rel=0.01)


async def test_a_tool_is_called_and_its_result_told(server: DemoServer) -> None:
    question = {"role": "user", "content": "What is the weather in Paris for 3 days?"}
    body: dict[str, Any] = {"model": "tools", "messages": [question], "tools": [TOOL]}
    reply = await ask(server, "/api/chat", body)
    calls = [record["message"]["tool_calls"] for record in reply.objects if "tool_calls" in record["message"]]
    call = calls[0][0]
    assert call["function"]["name"] == "get_weather"
    assert call["function"]["arguments"]["days"] == 3
    assert call["function"]["arguments"]["city"].startswith("Paris")
    assert call["id"].startswith("call_")
    result = {"role": "tool", "tool_name": "get_weather", "content": "11 degrees"}
    answer = {"role": "assistant", "content": "", "tool_calls": [call]}
    body["messages"] += [answer, result]
    assert "`get_weather` says: 11 degrees" in (await ask(server, "/api/chat", body)).said


@pytest.mark.parametrize("kind", [0, 1])
async def test_the_eyes_see_size_and_colour(server: DemoServer, kind: int) -> None:
    picture = base64.b64encode(png(40, 30, (220, 30, 30), kind)).decode()
    body = chat("What is this?", "eyes")
    body["messages"][0]["images"] = [picture]
    reply = await ask(server, "/api/chat", body)
    assert "PNG, **40 × 30** pixels, mainly **red** (`#dc1e1e`)" in reply.said
    assert reply.objects[-1]["prompt_eval_count"] > 768


async def test_a_title_is_a_title(server: DemoServer) -> None:
    question = "user: Why is the sky blue today in Paris?\n\nassistant: x\n\n---\nGive this conversation a title."
    assert (await ask(server, "/api/chat", chat(question, "guide"))).said == "Why is the sky blue today"


async def test_the_guide_is_the_newest_that_can_chat(server: DemoServer) -> None:
    models = (await ask(server, "/api/tags")).object["models"]
    assert models[0]["name"] == "guide:latest"
    assert all(one["modified_at"] > other["modified_at"] for one, other in pairwise(models))
