"""The machine that the server runs on: its disk, its memory, its clock, and how fast it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ollama_tui.demo.clock import Clock
from ollama_tui.demo.download import Download
from ollama_tui.demo.models import Model
from ollama_tui.demo.scheduler import Scheduler
from ollama_tui.demo.store import Store


@dataclass(frozen=True, slots=True)
class Registry:
    """Where models are pulled from: what it has, and whether it speaks plain http only."""

    models: Mapping[str, Model]  # by `namespace/model:tag`
    plain: bool = False


@dataclass(slots=True)
class Speed:
    """How fast things go. `tokens` a second (None: as each model says), `prompt` tokens read a second,
    `download` bytes a second; `packet`: how many lines of a stream go out together; `parallel`: how many requests each
    model answers at a time (OLLAMA_NUM_PARALLEL), `most`: how many models are in memory (OLLAMA_MAX_LOADED_MODELS)."""

    tokens: float | None = None
    prompt: float = 20_000.0
    download: float = 200e6
    packet: int = 1
    load: float | None = None
    parallel: int = 1
    most: int = 3


@dataclass(frozen=True, slots=True)
class Knobs:
    """What a fault changes about one request: seconds more to load, and another speed."""

    delay: float = 0.0
    tokens_per_second: float | None = None


@dataclass(slots=True)
class Machine:
    """Everything that the handlers of requests work on."""

    store: Store
    scheduler: Scheduler
    clock: Clock
    speed: Speed
    registries: Mapping[str, Registry] = field(default_factory=dict[str, Registry])
    version: str = "0.0.0"
    downloads: dict[str, Download] = field(default_factory=dict[str, Download])


def machine(
    models: Iterable[Model],
    registries: Mapping[str, Registry],
    clock: Clock,
    speed: Speed,
    root: str,
    queue: int,
) -> Machine:
    scheduler = Scheduler(clock, most=speed.most, queue=queue, load_seconds=speed.load, parallel=speed.parallel)
    return Machine(Store(models, root), scheduler, clock, speed, registries)
