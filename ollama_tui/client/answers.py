"""The server's whole answers. What is missing, null, unknown or mistyped is forgiven where the rest is of use."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ollama_tui.domain.model import LoadedModel, Model, ModelCard
from ollama_tui.domain.text import storable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONG_AGO = datetime(2, 1, 1, tzinfo=UTC)


def _as_text(value: object) -> str:
    return storable(value) if isinstance(value, str) else ""


def _as_number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < 2**63 else 0


def _as_list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _as_texts(value: object) -> tuple[str, ...]:
    return tuple(storable(item) for item in _as_list(value) if isinstance(item, str))


def _as_texts_or_none(value: object) -> frozenset[str] | None:
    return frozenset(_as_texts(cast("object", value))) if isinstance(value, list) else None


def _as_objects(value: object) -> list[object]:
    return [item for item in _as_list(value) if isinstance(item, dict)]


def _as_map(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _as_milliseconds(value: object) -> int | None:
    """An RFC 3339 time in milliseconds since 1970; None for Go's zero time and for what is no time."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return (time - _EPOCH) // timedelta(milliseconds=1) if time > _LONG_AGO else None


_Text = Annotated[str, BeforeValidator(_as_text)]
_Number = Annotated[int, BeforeValidator(_as_number)]
_Texts = Annotated[tuple[str, ...], BeforeValidator(_as_texts)]
_Capabilities = Annotated[frozenset[str] | None, BeforeValidator(_as_texts_or_none)]
_Time = Annotated[int | None, BeforeValidator(_as_milliseconds)]
_Map = Annotated[dict[str, object], BeforeValidator(_as_map)]
_Rows = Annotated[list[dict[str, object]], BeforeValidator(_as_objects)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", protected_namespaces=(), defer_build=True)


class _Details(_Answer):
    parent_model: _Text = ""
    format: _Text = ""
    family: _Text = ""
    families: _Texts = ()
    parameter_size: _Text = ""
    quantization_level: _Text = ""
    context_length: _Number = 0
    embedding_length: _Number = 0


_SomeDetails = Annotated[_Details, BeforeValidator(_as_map)]


class _Installed(_Answer):
    name: _Text = ""
    model: _Text = ""
    digest: _Text = ""
    size: _Number = 0
    modified_at: _Time = None
    details: _SomeDetails = Field(default_factory=_Details)
    capabilities: _Capabilities = None
    remote_model: _Text = ""
    remote_host: _Text = ""


class _Loaded(_Answer):
    name: _Text = ""
    model: _Text = ""
    digest: _Text = ""
    size: _Number = 0
    size_vram: _Number = 0
    context_length: _Number = 0
    expires_at: _Time = None
    details: _SomeDetails = Field(default_factory=_Details)


class _InstalledList(_Answer):
    models: Annotated[list[_Installed], BeforeValidator(_as_objects)]


class _LoadedList(_Answer):
    models: Annotated[list[_Loaded], BeforeValidator(_as_objects)]


class _Card(_Answer):
    license: _Text = ""
    modelfile: _Text = ""
    parameters: _Text = ""
    template: _Text = ""
    system: _Text = ""
    details: _SomeDetails = Field(default_factory=_Details)
    messages: _Rows = Field(default_factory=list[dict[str, object]])
    model_info: _Map = Field(default_factory=dict[str, object])
    projector_info: _Map = Field(default_factory=dict[str, object])
    tensors: _Rows = Field(default_factory=list[dict[str, object]])
    capabilities: _Capabilities = None
    modified_at: _Time = None
    remote_model: _Text = ""
    remote_host: _Text = ""
    requires: _Text = ""


class _Version(_Answer):
    version: str


class _Cloud(_Answer):
    disabled: bool = False


class _Status(_Answer):
    cloud: _Cloud = Field(default_factory=_Cloud)


class StrangeAnswer(ValueError):
    """An answer without what makes it one; `str()` says what."""


_A = TypeVar("_A", bound=_Answer)


def _read(kind: type[_A], answer: Mapping[str, object]) -> _A:
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        problem = error.errors()[0]
        raise StrangeAnswer(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}") from None


def read_version(answer: Mapping[str, object]) -> str:
    return storable(_read(_Version, answer).version)


def read_cloud_disabled(answer: Mapping[str, object]) -> bool:
    return _read(_Status, answer).cloud.disabled


def read_models(answer: Mapping[str, object]) -> tuple[Model, ...]:
    """The installed models of `/api/tags`; an entry without a name is none."""
    return tuple(
        Model(
            name=item.name or item.model,
            digest=item.digest,
            size=item.size,
            modified_at=item.modified_at or 0,
            format=item.details.format,
            family=item.details.family,
            families=item.details.families,
            parent=item.details.parent_model,
            parameter_size=item.details.parameter_size,
            quantization=item.details.quantization_level,
            context_length=item.details.context_length,
            embedding_length=item.details.embedding_length,
            capabilities=item.capabilities,
            remote_model=item.remote_model,
            remote_host=item.remote_host,
        )
        for item in _read(_InstalledList, answer).models
        if item.name or item.model
    )


def read_loaded(answer: Mapping[str, object]) -> tuple[LoadedModel, ...]:
    """The models in memory, of `/api/ps`."""
    return tuple(
        LoadedModel(
            name=item.name or item.model,
            digest=item.digest,
            size=item.size,
            size_vram=item.size_vram,
            context_length=item.context_length,
            expires_at=item.expires_at,
            parameter_size=item.details.parameter_size,
            quantization=item.details.quantization_level,
        )
        for item in _read(_LoadedList, answer).models
        if item.name or item.model
    )


def read_card(name: str, answer: Mapping[str, object]) -> ModelCard:
    """All of `/api/show` for the model asked for as `name`."""
    card = _read(_Card, answer)
    return ModelCard(
        name=name,
        license=card.license,
        modelfile=card.modelfile,
        parameters=card.parameters,
        template=card.template,
        system=card.system,
        format=card.details.format,
        family=card.details.family,
        families=card.details.families,
        parent=card.details.parent_model,
        parameter_size=card.details.parameter_size,
        quantization=card.details.quantization_level,
        messages=tuple((_as_text(row.get("role")), _as_text(row.get("content"))) for row in card.messages),
        model_info=card.model_info,
        projector_info=card.projector_info,
        tensors=tuple(
            (
                _as_text(row.get("name")),
                _as_text(row.get("type")),
                tuple(_as_number(size) for size in _as_list(row.get("shape"))),
            )
            for row in card.tensors
        ),
        capabilities=card.capabilities,
        modified_at=card.modified_at or 0,
        remote_model=card.remote_model,
        remote_host=card.remote_host,
        requires=card.requires,
    )
