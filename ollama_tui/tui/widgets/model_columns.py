"""The columns of a table of models: what stands in them, how they sort, and which fit."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.model import Model
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import human_bytes, human_time, parameter_count, short_age, short_context

_ABILITIES = (
    ("completion", mark("chat")),
    ("thinking", mark("think")),
    ("tools", mark("tools")),
    ("vision", mark("vision")),
    ("audio", mark("audio")),
    ("embedding", mark("embed")),
    ("insert", mark("insert")),
    ("image", mark("image")),
)


def abilities(capabilities: Collection[str] | None) -> str:
    """`chat think tools`: what a model can do, in short words; empty if the server does not tell."""
    known = capabilities or ()
    return " ".join(_(word) for name, word in _ABILITIES if name in known)


def can_words(model: Model) -> str:
    """What a model can do, and before it whether it runs elsewhere."""
    words = abilities(model.capabilities)
    return (_("cloud") + " " + words).rstrip() if model.is_remote else words


def size_words(model: Model) -> str:
    """The size as `ollama list` gives it: `-` for what is not here."""
    return "-" if model.is_remote else human_bytes(model.size)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table."""

    id: str
    title: str
    text: Callable[[Model, int], str]
    """What stands there; the second value is the time in milliseconds since 1970."""
    order: Callable[[Model], str | float]
    right: bool = False
    least: int = 0
    """Cells below which it is left out rather than cut; 0: it is never cut."""


COLUMNS: tuple[Column, ...] = (
    Column(
        "name", mark("NAME"), lambda model, _now: one_line(model.name), lambda model: model.name.casefold(), least=18
    ),
    Column(
        "params",
        mark("PARAMS"),
        lambda model, _now: one_line(model.parameter_size),
        lambda model: -parameter_count(model.parameter_size),
        right=True,
    ),
    Column(
        "quant",
        mark("QUANT"),
        lambda model, _now: one_line(model.quantization),
        lambda model: model.quantization.casefold(),
    ),
    Column("size", mark("SIZE"), lambda model, _now: size_words(model), lambda model: -model.size, right=True),
    Column(
        "context",
        mark("CTX"),
        lambda model, _now: short_context(model.context_length),
        lambda model: -model.context_length,
        right=True,
    ),
    Column("can", mark("CAN"), lambda model, _now: can_words(model), lambda model: can_words(model), least=16),
    Column(
        "modified",
        mark("MODIFIED"),
        lambda model, now: human_time(model.modified_at, now) if model.modified_at else "",
        lambda model: -model.modified_at,
        right=True,
    ),
)
_AGE = Column(
    "modified",
    mark("AGE"),
    lambda model, now: short_age(model.modified_at, now),
    lambda model: -model.modified_at,
    right=True,
)
BY_ID = {column.id: column for column in COLUMNS}
_SPARE = ("context", "quant", "params", "modified", "can", "size")
"""Which columns go first where there is no room."""
_WIDE = 110
_GAP = 2


@dataclass(frozen=True, slots=True)
class Fitted:
    """A column with its width in cells."""

    column: Column
    width: int


def fit(models: Sequence[Model], wanted: Collection[str], room: int, now: int) -> tuple[Fitted, ...]:
    """The wanted columns that fit into `room` cells; the name gets what is left, but no more than it needs."""
    columns = [column for column in COLUMNS if column.id in wanted]
    if room < _WIDE:
        columns = [_AGE if column.id == "modified" else column for column in columns]
    needs = {column.id: _need(column, models, now) for column in columns}
    spare = [name for name in _SPARE if name in wanted]
    while True:
        fixed = sum(needs[column.id] for column in columns if not column.least) + _GAP * (len(columns) - 1)
        soft = [column for column in columns if column.least]
        least = sum(min(column.least, needs[column.id]) for column in soft)
        if fixed + least <= room or not spare:
            break
        columns = [column for column in columns if column.id != spare[0]]
        del spare[0]
    widths = {column.id: min(column.least, needs[column.id]) for column in soft}
    left = max(0, room - fixed - sum(widths.values()))
    for column in soft:
        more = min(left, needs[column.id] - widths[column.id])
        widths[column.id] += more
        left -= more
    return tuple(Fitted(column, widths.get(column.id, needs[column.id])) for column in columns)


def _need(column: Column, models: Sequence[Model], now: int) -> int:
    title = cell_len(_(column.title)) + 1
    return max([title, *(cell_len(column.text(model, now)) for model in models)])
