"""What a request says: messages, tools and the wish to see the thinking."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ollama_tui.demo import fields
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.replies import Refusal

LEVELS = ("high", "medium", "low", "max")
_THINK = 'must be "high", "medium", "low", "max", true, or false'


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call of the model."""

    name: str
    arguments: Mapping[str, Json]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    content: str = ""
    thinking: str = ""
    images: tuple[bytes, ...] = ()
    calls: tuple[Call, ...] = ()
    tool_name: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a program of the server is asked to answer."""

    messages: tuple[Message, ...]
    model: str = ""
    tools: tuple[Mapping[str, Json], ...] = ()
    think: bool | str = False
    options: Mapping[str, Json] = field(default_factory=dict[str, Json])
    seed: int = -1
    format: Json = None
    suffix: str = ""
    raw: bool = False

    @property
    def question(self) -> Message:
        """The last message that a person wrote; an empty one if there is none."""
        asked = [message for message in self.messages if message.role == "user"]
        return asked[-1] if asked else Message("user")


def think(value: Json) -> bool | str | None:
    """The field `think`; None if unset."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value in LEVELS:
            return value
        raise Refusal(400, f'invalid think value: "{value}" ({_THINK})')
    raise Refusal(400, 'think must be a boolean or string ("high", "medium", "low", "max", true, or false)')


def _calls(record: fields.Fields, struct: str) -> tuple[Call, ...]:
    found: list[Call] = []
    for item in record.items("tool_calls", "[]api.ToolCall"):
        call = fields.Fields(struct, item, "messages.tool_calls")
        function = fields.Fields(struct, call.value("function"), "messages.tool_calls.function")
        found.append(
            Call(function.text("name"), function.mapping("arguments", "api.ToolCallFunctionArguments"), call.text("id"))
        )
    return tuple(found)


def messages(record: fields.Fields) -> tuple[Message, ...]:
    """The field `messages` of a request."""
    found: list[Message] = []
    for item in record.items("messages", "[]api.Message"):
        one = fields.Fields(record.struct, item, "messages")
        found.append(
            Message(
                role=one.text("role").lower(),
                content=one.text("content"),
                thinking=one.text("thinking"),
                images=one.images("images"),
                calls=_calls(one, record.struct),
                tool_name=one.text("tool_name"),
            )
        )
    return tuple(found)


def tools(record: fields.Fields) -> tuple[Mapping[str, Json], ...]:
    """The field `tools` of a request."""
    found: list[Mapping[str, Json]] = []
    for item in record.items("tools", "api.Tools"):
        fields.Fields(record.struct, item, "tools")
        if isinstance(item, dict):
            found.append(item)
    return tuple(found)
