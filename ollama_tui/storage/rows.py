"""Values of the domain as columns, and columns as values: what another version wrote is read as the closest known."""

import json
import sqlite3
from collections.abc import Mapping
from typing import cast

from ollama_tui.domain.conversation import Conversation, Setup, TitleSource
from ollama_tui.domain.message import (
    THINK_LEVELS,
    Attachment,
    Ending,
    FailureRecord,
    Figures,
    Format,
    KeepAlive,
    Message,
    Role,
    Sent,
    Think,
    ToolCall,
)
from ollama_tui.domain.model import ModelRef
from ollama_tui.domain.occurrence import comparable
from ollama_tui.domain.options import Options, OptionValue
from ollama_tui.domain.text import storable

CONVERSATION = (
    "id, title, title_source, created_at, updated_at, leaf_id, pinned, archived, deleted_at,"
    " host_id, model, digest, system, options, think, format, keep_alive"
)
MESSAGE = (
    "number, id, conversation_id, parent_id, position, role, text, thinking, created_at, tool_calls, tool_name,"
    " tool_call_id, host_id, model, digest, ending, end_reason, failure, figures, sent, sent_ids,"
    " edited_from, deleted_at, covers"
)
_ROLES = {role.value: role for role in Role}
_ENDINGS = {ending.value: ending for ending in Ending}
_TITLE_SOURCES = {source.value: source for source in TitleSource}
_FIGURES = frozenset(Figures.__dataclass_fields__) - {"before"}


def dump(value: object) -> str:
    """`value` as JSON that can be stored."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def dump_or_none(value: object) -> str | None:
    """`value` as JSON, or NULL for None."""
    return None if value is None else dump(value)


def load(text: object) -> object:
    """The value of a JSON column; None if it is NULL or cannot be read."""
    if not isinstance(text, str):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def load_object(text: object) -> Mapping[str, object]:
    """The object in a JSON column; an empty one if there is none."""
    return as_object(load(text))


def as_object(value: object) -> Mapping[str, object]:
    """`value` if it is a JSON object, else an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """`value` if it is a JSON array, else an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def role_of(text: str) -> Role:
    """The role; one that is not known is shown as the system's."""
    return _ROLES.get(text, Role.SYSTEM)


def ending_of(text: str) -> Ending:
    """The ending; one that is not known is taken for a good one."""
    return _ENDINGS.get(text, Ending.COMPLETE)


def _title_source_of(text: str) -> TitleSource:
    return _TITLE_SOURCES.get(text, TitleSource.PERSON)  # which nothing replaces


def _options_of(value: Mapping[str, object]) -> Options:
    return {name: option for name, item in value.items() if (option := _option_of(item)) is not None}


def _option_of(value: object) -> OptionValue | None:
    if isinstance(value, bool | int | float):
        return value
    items = as_list(value)
    return tuple(map(str, items)) if items else None


def _think_of(value: object) -> Think | None:
    if isinstance(value, bool):
        return value
    return next((level for level in THINK_LEVELS if level == value), None)


def _format_of(value: object) -> Format | None:
    return value if isinstance(value, str) else (as_object(value) or None)


def _keep_alive_of(value: object) -> KeepAlive | None:
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else None


def _model_of(host_id: str, name: str, digest: str) -> ModelRef | None:
    return ModelRef(host_id=host_id, name=name, digest=digest) if name else None


def _model_columns(model: ModelRef | None) -> dict[str, object]:
    return {
        "host_id": storable(model.host_id) if model else "",
        "model": storable(model.name) if model else "",
        "digest": storable(model.digest) if model else "",
    }


def setup_columns(setup: Setup) -> dict[str, object]:
    """The columns that say how the next question is asked."""
    return {
        **_model_columns(setup.model),
        "system": storable(setup.system),
        "options": dump(dict(setup.options)),
        "think": dump_or_none(setup.think),
        "format": dump_or_none(setup.format if isinstance(setup.format, str | None) else dict(setup.format)),
        "keep_alive": dump_or_none(setup.keep_alive),
    }


def conversation_columns(conversation: Conversation) -> dict[str, object]:
    """All columns of a conversation but the draft, which has a table of its own."""
    return {
        "id": storable(conversation.id),
        "title": storable(conversation.title),
        "title_key": comparable(storable(conversation.title)),
        "title_source": conversation.title_source.value,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "leaf_id": conversation.leaf_id,
        "pinned": int(conversation.pinned),
        "archived": int(conversation.archived),
        "deleted_at": conversation.deleted_at,
        **setup_columns(conversation.setup),
    }


def read_conversation(row: sqlite3.Row, draft: str = "") -> Conversation:
    """The conversation of a row with the columns of CONVERSATION."""
    setup = Setup(
        model=_model_of(row["host_id"], row["model"], row["digest"]),
        system=row["system"],
        options={} if row["options"] == "{}" else _options_of(load_object(row["options"])),
        think=_think_of(load(row["think"])),
        format=_format_of(load(row["format"])),
        keep_alive=_keep_alive_of(load(row["keep_alive"])),
    )
    return Conversation(
        id=row["id"],
        title=row["title"],
        title_source=_title_source_of(row["title_source"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        setup=setup,
        leaf_id=row["leaf_id"],
        draft=draft,
        pinned=bool(row["pinned"]),
        archived=bool(row["archived"]),
        deleted_at=row["deleted_at"],
    )


def message_columns(message: Message) -> dict[str, object]:
    """The columns of a message but for its place among its siblings and the ids that were sent."""
    return {
        "id": storable(message.id),
        "conversation_id": storable(message.conversation_id),
        "parent_id": message.parent_id,
        "role": message.role.value,
        "text": storable(message.text),
        "thinking": storable(message.thinking),
        "created_at": message.created_at,
        "tool_calls": dump([_call_object(call) for call in message.tool_calls]) if message.tool_calls else None,
        "tool_name": storable(message.tool_name),
        "tool_call_id": storable(message.tool_call_id),
        **_model_columns(message.model),
        "ending": message.ending.value,
        "end_reason": storable(message.end_reason),
        "failure": failure_column(message.failure),
        "figures": dump(_figures_object(message.figures)) if message.figures else None,
        "sent": dump(_sent_object(message.sent)) if message.sent else None,
        "edited_from": message.edited_from,
        "covers": dump(list(message.covers)) if message.covers else None,
    }


def failure_column(failure: FailureRecord | None) -> str | None:
    """A failure as JSON."""
    return dump({"code": failure.code, "params": dict(failure.params)}) if failure else None


def read_message(
    row: sqlite3.Row, attachments: tuple[Attachment, ...], sent_ids: tuple[str, ...], left_out_ids: tuple[str, ...]
) -> Message:
    """The message of a row with the columns of MESSAGE."""
    # By place, not by name: a long conversation is read while a person waits for it.
    (
        (_, message_id, conversation_id, parent_id, position, role, text, thinking, created_at, tool_calls, tool_name),
        (tool_call_id, host_id, model, digest, ending, end_reason, failure, figures, sent),
        (_, edited_from, deleted_at, covers),
    ) = (row[:11], row[11:20], row[20:])
    return Message(
        id=message_id,
        conversation_id=conversation_id,
        role=role_of(role),
        parent_id=parent_id,
        order=position,
        text=text,
        thinking=thinking,
        created_at=created_at,
        attachments=attachments,
        tool_calls=tuple(_call_of(as_object(call)) for call in as_list(load(tool_calls))) if tool_calls else (),
        tool_name=tool_name,
        tool_call_id=tool_call_id,
        model=_model_of(host_id, model, digest),
        ending=ending_of(ending),
        end_reason=end_reason,
        failure=_failure_of(load(failure)) if failure else None,
        figures=_figures_of(load(figures)) if figures else None,
        sent=_sent_of(load(sent), sent_ids, left_out_ids) if sent else None,
        edited_from=edited_from,
        deleted_at=deleted_at,
        covers=tuple(map(str, as_list(load(covers)))) if covers else (),
    )


def _call_object(call: ToolCall) -> dict[str, object]:
    return {"name": call.name, "arguments": dict(call.arguments), "id": call.id, "index": call.index}


def _call_of(value: Mapping[str, object]) -> ToolCall:
    return ToolCall(
        name=str(value.get("name", "")),
        arguments=as_object(value.get("arguments")),
        id=str(value.get("id", "")),
        index=_whole(value.get("index")),
    )


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _failure_of(value: object) -> FailureRecord | None:
    if not isinstance(value, dict):
        return None
    failure = as_object(cast("object", value))
    params = {
        name: item if isinstance(item, str | int) else str(item)
        for name, item in as_object(failure.get("params")).items()
    }
    return FailureRecord(code=str(failure.get("code", "")), params=params)


def _figures_of(value: object) -> Figures | None:
    if not isinstance(value, dict):
        return None
    figures = as_object(cast("object", value))
    before = tuple(_figures_of(part) or Figures() for part in as_list(figures.get("before")))
    return Figures(before=before, **{name: _whole(value) for name, value in figures.items() if name in _FIGURES})


def _figures_object(figures: Figures) -> dict[str, object]:
    known: dict[str, object] = {name: value for name in _FIGURES if (value := getattr(figures, name))}
    return known | ({"before": [_figures_object(part) for part in figures.before]} if figures.before else {})


def _sent_object(sent: Sent) -> dict[str, object]:
    """All that was sent but the messages, and only what is not as it is by default."""
    known: dict[str, object] = {
        "system": sent.system or None,
        "options": dict(sent.options) or None,
        "think": sent.think,
        "format": sent.format if isinstance(sent.format, str | None) else dict(sent.format),
        "keep_alive": sent.keep_alive,
        "server_version": sent.server_version or None,
        "continued_raw": sent.continued_raw,
        "context": sent.context or None,
        "cut_from": sent.cut_from or None,
        "shifted": sent.shifted or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _sent_of(value: object, sent_ids: tuple[str, ...], left_out_ids: tuple[str, ...]) -> Sent | None:
    if not isinstance(value, dict):
        return None
    if not value:
        return Sent(message_ids=sent_ids, left_out_ids=left_out_ids)
    sent = as_object(cast("object", value))
    continued = sent.get("continued_raw")
    return Sent(
        message_ids=sent_ids,
        left_out_ids=left_out_ids,
        system=str(sent.get("system", "")),
        options=_options_of(as_object(sent.get("options"))),
        think=_think_of(sent.get("think")),
        format=_format_of(sent.get("format")),
        keep_alive=_keep_alive_of(sent.get("keep_alive")),
        server_version=str(sent.get("server_version", "")),
        continued_raw=continued if isinstance(continued, bool) else None,
        context=_whole(sent.get("context")),
        cut_from=_whole(sent.get("cut_from")),
        shifted=sent.get("shifted") is True,
    )
