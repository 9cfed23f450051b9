"""Every generation parameter of Ollama, declared once: forms, flags, help and checks are made from this table.

Types, defaults and which of them reload the model: Ollama's api/types.go of August 2026. What the person did not set is
not sent, so that the model's own defaults hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ollama_tui.domain.i18n import mark

OptionValue = int | float | bool | tuple[str, ...]
Options = Mapping[str, OptionValue]
"""Option name to value; only what was set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSpec:
    """One parameter: its type, its range, Ollama's own default, and what it does to the next token."""

    name: str
    type: Literal["int", "float", "bool", "strings"]
    default: str
    """Ollama's default in words, where neither the person nor the model sets one."""
    help: str
    low: float | None = None
    high: float | None = None
    reloads: bool = False
    """Whether a change makes the server load the model again."""


def _spec(
    name: str,
    type: Literal["int", "float", "bool", "strings"],
    default: str,
    help: str,
    low: float | None = None,
    high: float | None = None,
    reloads: bool = False,
) -> OptionSpec:
    return OptionSpec(name=name, type=type, default=default, help=help, low=low, high=high, reloads=reloads)


SPECS: tuple[OptionSpec, ...] = (
    _spec("temperature", "float", "0.8", mark("Flattens (above 1) or sharpens (below 1) the choice; 0 always takes the likeliest token."), 0, 5),
    _spec("top_k", "int", "40", mark("Only the k likeliest tokens stay in the draw; 0 keeps all."), 0, 100_000),
    _spec("top_p", "float", "0.9", mark("Only the likeliest tokens that together reach this probability stay in the draw."), 0, 1),
    _spec("min_p", "float", "0", mark("Drops tokens less likely than this share of the likeliest one."), 0, 1),
    _spec("typical_p", "float", "1", mark("Keeps tokens about as surprising as expected; 1 turns it off."), 0, 1),
    _spec("seed", "int", mark("random"), mark("The same seed, prompt and options give the same answer; -1 is random."), -1, 2**31 - 1),
    _spec("num_ctx", "int", mark("by the GPU's memory"), mark("How many tokens the model sees at once: prompt and answer together. More needs more memory."), 4, 10_000_000, True),
    _spec("num_predict", "int", mark("-1: until it ends"), mark("The longest answer in tokens; -1 lets the model end by itself."), -2, 10_000_000),
    _spec("stop", "strings", mark("the model's own"), mark("The answer ends before any of these texts.")),
    _spec("repeat_penalty", "float", "1", mark("Above 1, tokens that came lately become less likely."), 0, 10),
    _spec("repeat_last_n", "int", "64", mark("How many of the last tokens the repeat penalty looks at; 0 none, -1 all of the context."), -1, 10_000_000),
    _spec("presence_penalty", "float", "0", mark("Makes tokens that came at all less likely (above 0) or likelier (below 0)."), -2, 2),
    _spec("frequency_penalty", "float", "0", mark("Makes a token less likely with each time it came."), -2, 2),
    _spec("num_keep", "int", "4", mark("How many tokens of the beginning stay when the context is shifted."), -1, 10_000_000),
    _spec("num_gpu", "int", mark("-1: as many as fit"), mark("How many layers go to the GPU; 0 keeps all on the CPU."), -1, 1_000, True),
    _spec("main_gpu", "int", mark("the first"), mark("Which GPU does the work that is not split."), 0, 64, True),
    _spec("num_thread", "int", mark("0: by the machine"), mark("How many CPU threads compute."), 0, 1_024, True),
    _spec("num_batch", "int", "512", mark("How many prompt tokens are read at once; larger is faster and needs more memory."), 1, 65_536, True),
    _spec("use_mmap", "bool", mark("by the machine"), mark("Reads the weights through the file cache instead of copying them."), reloads=True),
    _spec("draft_num_predict", "int", "4", mark("How many tokens a draft model guesses ahead, where the model has one."), 0, 64, True),
)  # fmt: skip

BY_NAME: Mapping[str, OptionSpec] = {spec.name: spec for spec in SPECS}


class OptionError(ValueError):
    """A value that an option cannot have; `str()` says why in one sentence."""


def parse_option(name: str, words: Iterable[str]) -> OptionValue:
    """The value of option `name` as typed by a person.

    Raises:
        OptionError: there is no such option, or the words are no value for it.
    """
    words = list(words)
    spec = BY_NAME.get(name)
    if spec is None:
        raise OptionError(f"There is no parameter {name!r}. Known: {', '.join(BY_NAME)}.")
    if spec.type == "strings":
        if not words:
            raise OptionError(f"{name} needs at least one text.")
        return tuple(words)
    if len(words) != 1:
        raise OptionError(f"{name} needs one value.")
    return check_option(name, _parse_word(spec, words[0]))


def _parse_word(spec: OptionSpec, word: str) -> OptionValue:
    try:
        match spec.type:
            case "int":
                return int(word)
            case "float":
                return float(word)
            case _:
                return {"true": True, "1": True, "false": False, "0": False}[word.lower()]
    except (ValueError, KeyError):
        raise OptionError(f"{spec.name} needs {_KINDS[spec.type]}, not {word!r}.") from None


def check_option(name: str, value: object) -> OptionValue:
    """`value` as option `name` takes it.

    Raises:
        OptionError: there is no such option, the type is wrong, or the value is out of range.
    """
    spec = BY_NAME.get(name)
    if spec is None:
        raise OptionError(f"There is no parameter {name!r}. Known: {', '.join(BY_NAME)}.")
    match spec.type, value:
        case "strings", list() | tuple() if all(isinstance(item, str) for item in value):  # pyright: ignore[reportUnknownVariableType]
            return tuple(str(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case "bool", bool():
            return value
        case ("int", int()) | ("float", int() | float()) if not isinstance(value, bool):
            number = value
        case _:
            raise OptionError(f"{name} needs {_KINDS[spec.type]}, not {value!r}.")
    if (
        number != number
        or (spec.low is not None and number < spec.low)
        or (spec.high is not None and number > spec.high)
    ):
        raise OptionError(f"{name} must be between {spec.low:g} and {spec.high:g}, not {number:g}.")
    return number


_KINDS = {"int": "a whole number", "float": "a number", "bool": "true or false", "strings": "a list of texts"}
