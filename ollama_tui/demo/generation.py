"""One answer as it comes: a program's script, cut into tokens, in time."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field

from ollama_tui.demo import gojson
from ollama_tui.demo.clock import Clock
from ollama_tui.demo.models import Script
from ollama_tui.demo.options import Options
from ollama_tui.demo.pace import Pace
from ollama_tui.demo.vocabulary import END_THINK, Vocabulary

_AFTER_THINKING = "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one line of the stream carries: text of one or more tokens."""

    content: str = ""
    thinking: str = ""
    tokens: tuple[int, ...] = ()


@dataclass(slots=True)
class Ending:
    """Why and how it ended; durations in nanoseconds, zero where unknown."""

    reason: str = ""
    prompt_count: int = 0
    prompt_ns: int = 0
    eval_count: int = 0
    eval_ns: int = 0
    load_ns: int = 0
    ids: list[int] = field(default_factory=list[int])


def steps(vocabulary: Vocabulary, text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """`text` as it can be sent, token by token: a character split over tokens waits for its last one."""
    held = b""
    ids: list[int] = []
    for token in vocabulary.stream(text):
        held += vocabulary.bytes_of(token)
        ids.append(token)
        try:
            whole = held.decode()
        except UnicodeDecodeError:
            continue
        yield whole, tuple(ids)
        held, ids = b"", []
    if held:
        yield held.decode("utf-8", "replace"), tuple(ids)


def stopped(text: str, stops: Sequence[str]) -> str:
    """`text` up to the first of the stop sequences."""
    found = [at for stop in stops if stop and (at := text.find(stop)) >= 0]
    return text[: min(found)] if found else text


def limit(options: Options, room: int | None) -> int:
    """How many tokens an answer may have; `room` is what is left of a context that does not shift."""
    most = 10 * options.num_ctx
    if options.num_predict > 0:
        most = min(most, options.num_predict)
    return most if room is None else max(1, min(most, room))


def _pieces(vocabulary: Vocabulary, script: Script, *, thinking_apart: bool) -> Iterator[Piece]:
    """The whole answer as pieces; what only marks the end of the thinking, or calls a tool, has
    tokens and no text."""
    if script.thinking:
        for text, ids in steps(vocabulary, script.thinking):
            yield Piece(thinking=text, tokens=ids) if thinking_apart else Piece(text, tokens=ids)
        close = tuple(vocabulary.encode(END_THINK + _AFTER_THINKING))
        yield Piece("" if thinking_apart else END_THINK + _AFTER_THINKING, tokens=close)
    for text, ids in steps(vocabulary, script.content):
        yield Piece(text, tokens=ids)
    for call in script.calls:
        spoken = gojson.encode({"name": call.name, "arguments": dict(call.arguments)})
        yield Piece(tokens=tuple(vocabulary.encode(f"<tool_call>\n{spoken}\n</tool_call>")))


async def run(
    script: Script,
    vocabulary: Vocabulary,
    ending: Ending,
    clock: Clock,
    tokens_per_second: float,
    most: int,
    *,
    thinking_apart: bool = True,
) -> AsyncGenerator[Piece, None]:
    """The pieces of `script`, each when it is due, `most` tokens of them; `ending` is filled in as they go."""
    pace = Pace(clock, tokens_per_second)
    start = clock.elapsed_ns()
    ending.reason = "stop"
    try:
        for piece in _pieces(vocabulary, script, thinking_apart=thinking_apart):
            if ending.eval_count + len(piece.tokens) > most:
                ending.reason = "length"
                ending.eval_count = most
                return
            ending.eval_count += len(piece.tokens)
            ending.ids += piece.tokens
            await pace.step(len(piece.tokens))
            if piece.content or piece.thinking:
                yield piece
        if ending.eval_count >= most:
            ending.reason = "length"
        else:
            ending.eval_count += 1  # the token that ends the answer
            await pace.step()
    finally:
        ending.eval_ns = clock.elapsed_ns() - start
