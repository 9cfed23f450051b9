"""The recorded vocabularies and cases of `tests/tokens`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from ollama_tui.domain.token import Tokenizer
from ollama_tui.services.tokenizer.making import make_tokenizer
from ollama_tui.services.tokenizer.vocabulary import read_vocabulary

FOLDER = Path(__file__).parent.parent / "tokens"
FILES = sorted(path.stem for path in FOLDER.glob("*.json") if "vocab" not in path.stem)


@cache
def recorded(name: str) -> dict[str, Any]:
    """A file of `tests/tokens`."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


@cache
def tokenizer(name: str) -> Tokenizer:
    """The tokenizer of a file of cases."""
    pre = recorded(name)["tokenizer.ggml.pre"]
    return make_tokenizer(read_vocabulary(recorded("vocab" if pre else "spm-vocab"), pre=pre))
