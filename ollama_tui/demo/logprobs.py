"""Log probabilities. A rule is certain: the token it chose has 0, and the others are made up, far below."""

from ollama_tui.demo.protocol import JsonView
from ollama_tui.demo.vocabulary import Vocabulary


def _one(vocabulary: Vocabulary, token: int, logprob: float) -> dict[str, JsonView]:
    data = vocabulary.bytes_of(token)
    shown = data.decode("utf-8", "replace")
    return {"token": shown, "logprob": logprob, **({"bytes": list(data)} if data else {})}


def of(vocabulary: Vocabulary, tokens: tuple[int, ...], top: int) -> list[JsonView]:
    """The records of `tokens`, each with its `top` likeliest where asked."""
    found: list[JsonView] = []
    size = len(vocabulary.tokens)
    for token in tokens:
        record = _one(vocabulary, token, 0)
        if top:
            others = [(token * 31 + 97 * rank) % size for rank in range(1, top)]
            likeliest = [_one(vocabulary, token, 0)]
            likeliest += [_one(vocabulary, other, -16.5 - rank) for rank, other in enumerate(others)]
            record["top_logprobs"] = list(likeliest)
        found.append(record)
    return found
