"""The server's whole answers. What is missing, null, unknown or mistyped is forgiven where the rest is of use.

There is no pydantic in this: where everything is forgiven it would add nothing but its megabytes.
"""

from datetime import UTC, datetime, timedelta

from ollama_tui.client.members import JsonObject, as_number, items, member, members, number, text, texts
from ollama_tui.domain.model import LoadedModel, Model, ModelCard
from ollama_tui.domain.text import storable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONG_AGO = datetime(2, 1, 1, tzinfo=UTC)


class StrangeAnswer(ValueError):
    """An answer without what makes it one; `str()` says what."""


def read_version(answer: JsonObject) -> str:
    version = answer.get("version")
    if not isinstance(version, str):
        raise StrangeAnswer("version: not a text" if "version" in answer else "version: missing")
    return storable(version)


def read_cloud_disabled(answer: JsonObject) -> bool:
    cloud = answer.get("cloud", {})
    disabled = member(answer, "cloud").get("disabled", False)
    if not isinstance(cloud, dict) or not isinstance(disabled, bool):
        raise StrangeAnswer("cloud.disabled: neither true nor false")
    return disabled


def read_models(answer: JsonObject) -> tuple[Model, ...]:
    """The installed models of `/api/tags`; an entry without a name is none."""
    return tuple(_model(name, row) for name, row in _named(answer))


def _model(name: str, row: JsonObject) -> Model:
    details = member(row, "details")
    return Model(
        name=name,
        digest=text(row, "digest"),
        size=number(row, "size"),
        modified_at=_milliseconds(row, "modified_at") or 0,
        format=text(details, "format"),
        family=text(details, "family"),
        families=texts(details, "families"),
        parent=text(details, "parent_model"),
        parameter_size=text(details, "parameter_size"),
        quantization=text(details, "quantization_level"),
        context_length=number(details, "context_length"),
        embedding_length=number(details, "embedding_length"),
        capabilities=_capabilities(row),
        remote_model=text(row, "remote_model"),
        remote_host=text(row, "remote_host"),
    )


def read_loaded(answer: JsonObject) -> tuple[LoadedModel, ...]:
    """The models in memory, of `/api/ps`."""
    return tuple(_loaded(name, row) for name, row in _named(answer))


def _loaded(name: str, row: JsonObject) -> LoadedModel:
    details = member(row, "details")
    return LoadedModel(
        name=name,
        digest=text(row, "digest"),
        size=number(row, "size"),
        size_vram=number(row, "size_vram"),
        context_length=number(row, "context_length"),
        expires_at=_milliseconds(row, "expires_at"),
        parameter_size=text(details, "parameter_size"),
        quantization=text(details, "quantization_level"),
    )


def read_card(name: str, answer: JsonObject) -> ModelCard:
    """All of `/api/show` for the model asked for as `name`."""
    details = member(answer, "details")
    return ModelCard(
        name=name,
        license=text(answer, "license"),
        modelfile=text(answer, "modelfile"),
        parameters=text(answer, "parameters"),
        template=text(answer, "template"),
        system=text(answer, "system"),
        format=text(details, "format"),
        family=text(details, "family"),
        families=texts(details, "families"),
        parent=text(details, "parent_model"),
        parameter_size=text(details, "parameter_size"),
        quantization=text(details, "quantization_level"),
        messages=tuple((text(row, "role"), text(row, "content")) for row in members(answer, "messages")),
        model_info=member(answer, "model_info"),
        projector_info=member(answer, "projector_info"),
        tensors=tuple(
            (text(row, "name"), text(row, "type"), tuple(as_number(size) for size in items(row, "shape")))
            for row in members(answer, "tensors")
        ),
        capabilities=_capabilities(answer),
        modified_at=_milliseconds(answer, "modified_at") or 0,
        remote_model=text(answer, "remote_model"),
        remote_host=text(answer, "remote_host"),
        requires=text(answer, "requires"),
    )


def _named(answer: JsonObject) -> list[tuple[str, JsonObject]]:
    """The models of a list, each with its name. A list may be null, but it must be there."""
    if "models" not in answer:
        raise StrangeAnswer("models: missing")
    rows = [(text(row, "name") or text(row, "model"), row) for row in members(answer, "models")]
    return [(name, row) for name, row in rows if name]


def _capabilities(of: JsonObject) -> frozenset[str] | None:
    return frozenset(texts(of, "capabilities")) if isinstance(of.get("capabilities"), list) else None


def _milliseconds(of: JsonObject, name: str) -> int | None:
    """An RFC 3339 time in milliseconds since 1970; None for Go's zero time and for what is no time."""
    value = of.get(name)
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return (time - _EPOCH) // timedelta(milliseconds=1) if time > _LONG_AGO else None
