"""The generation options of a request: which there are, and what a wrong one is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from ollama_tui.demo.protocol import Json
from ollama_tui.demo.replies import Refusal

_WHOLE = ("num_ctx", "num_batch", "num_gpu", "main_gpu", "num_thread", "draft_num_predict", "num_keep", "seed")
_WHOLE_TOO = ("num_predict", "top_k", "repeat_last_n")
_REAL = ("top_p", "min_p", "typical_p", "temperature", "repeat_penalty", "presence_penalty", "frequency_penalty")
_TYPES: dict[str, str] = {
    **dict.fromkeys(_WHOLE + _WHOLE_TOO, "integer"),
    **dict.fromkeys(_REAL, "float32"),
    "use_mmap": "boolean",
    "stop": "array",
}
CONTEXT = 4096  # tokens, where neither server, model nor request says otherwise
_RELOADING = ("num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread", "draft_num_predict")


@dataclass(frozen=True, slots=True)
class Options:
    """What of the options the server acts on; `given` is all that was known by name."""

    given: Mapping[str, Json]
    num_ctx: int = CONTEXT
    num_keep: int = 4
    num_predict: int = -1
    seed: int = -1
    temperature: float = 0.8
    stop: tuple[str, ...] = ()

    @property
    def load(self) -> tuple[Json, ...]:
        """The values whose change makes the server load the model anew."""
        return tuple(self.given.get(name) for name in _RELOADING)


def _checked(name: str, value: Json) -> Json:
    wanted = _TYPES[name]
    real = isinstance(value, int | float) and not isinstance(value, bool)
    match wanted:
        case "integer" if real:
            return int(value) if isinstance(value, int | float) else value
        case "float32" if real:
            return value
        case "boolean" if isinstance(value, bool):
            return value
        case "array" if isinstance(value, list):
            if not all(isinstance(item, str) for item in value):
                raise Refusal(500, f'option "{name}" must be of an array of strings')
            return value
        case _:
            raise Refusal(500, f'option "{name}" must be of type {wanted}')


def known(raw: Mapping[str, Json]) -> dict[str, Json]:
    """The options that there are, checked; unknown names and nulls left out."""
    return {name: _checked(name, value) for name, value in raw.items() if name in _TYPES and value is not None}


def _number(value: Json, default: int) -> int:
    return int(value) if isinstance(value, int | float) else default


def merged(model: Mapping[str, Json], request: Mapping[str, Json]) -> Options:
    """The options in force: the server's own, then the model's, then the request's."""
    given = known(model) | known(request)
    temperature = given.get("temperature")
    stop = given.get("stop")
    return Options(
        given=given,
        num_ctx=max(4, _number(given.get("num_ctx"), CONTEXT)),
        num_keep=_number(given.get("num_keep"), 4),
        num_predict=_number(given.get("num_predict"), -1),
        seed=_number(given.get("seed"), -1),
        temperature=float(temperature) if isinstance(temperature, int | float) else 0.8,
        stop=tuple(str(item) for item in stop) if isinstance(stop, list) else (),
    )
