"""The tokens of a text, as a model reads it."""

import asyncio
import json
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ollama_tui.cli.output import is_terminal, tell, write
from ollama_tui.domain.failure import LocalFailure
from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line

if TYPE_CHECKING:
    from ollama_tui.cli.invocation import Invocation
    from ollama_tui.domain.token import Token, Tokenizer


def read_text(model: str | None, text: str | None, *, alone: bool) -> tuple[str | None, str]:
    """The model's name and the text, to the byte; what is no UTF-8 in it is U+FFFD.

    `alone`: no model is needed. Then a single word is the text, unless another comes from standard input.
    """
    if text is None and model is not None and alone and not _is_piped():
        model, text = None, model
    if text is not None:
        return model, text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if model is None and not alone:
        return None, ""
    if is_terminal(sys.stdin):
        tell(_("Reading the text from the terminal; Ctrl-D ends it."))
    return model, sys.stdin.buffer.read().decode("utf-8", "replace") if _is_open() else ""


def print_tokens(
    invocation: "Invocation",
    model: str | None,
    text: str,
    *,
    vocab: Path | None,
    pre: str | None,
    special: bool,
    count: bool,
    as_json: bool,
) -> None:
    """Print ids and texts, or their number, or both as JSON."""
    tokenizer = _of_file(vocab, model or "", pre) if vocab else asyncio.run(_of_model(invocation, model or "", pre))
    if not tokenizer.exact:
        tell(
            _("Note: the pre-tokenizer {name} is not known; these are about the tokens.").format(name=tokenizer.pre)
            if tokenizer.pre
            else _("Note: the vocabulary is not known, so this is an estimate.")
        )
    head = {"model": model or (vocab.name if vocab else ""), "exact": tokenizer.exact, "pre": tokenizer.pre}
    if count:
        number = tokenizer.count(text, special=special)
        write(f"{json.dumps({**head, 'count': number}, ensure_ascii=False) if as_json else number}\n")
        return
    tokens = tokenizer.tokens(text, special=special)
    if as_json:
        rows = [{"id": _id(token), "text": token.text, "bytes": token.raw.hex()} for token in tokens]
        write(f"{json.dumps({**head, 'tokens': rows}, ensure_ascii=False)}\n")
    else:
        write("".join(f"{'-' if token.id < 0 else token.id}\t{_shown(token)}\n" for token in tokens))


def _id(token: "Token") -> int | None:
    return token.id if token.id >= 0 else None


def _shown(token: "Token") -> str:
    """The token's text in quotes; its bytes where they are no whole characters."""
    try:
        return one_line(json.dumps(token.raw.decode(), ensure_ascii=False))
    except UnicodeDecodeError:
        return '"' + "".join(f"\\x{byte:02x}" for byte in token.raw) + '"'


def _of_file(path: Path, model: str, pre: str | None) -> "Tokenizer":
    from ollama_tui.services.tokenizer.making import make_tokenizer
    from ollama_tui.services.tokenizer.vocabulary import read_vocabulary

    try:
        content = path.read_bytes()
    except OSError as error:
        raise LocalFailure(what="file-unreadable", path=str(path), detail=error.strerror or str(error)) from None
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        raise LocalFailure(what="vocabulary-no-json", path=str(path), detail=_("it is no JSON")) from None
    if not isinstance(found, dict):
        raise LocalFailure(what="vocabulary-no-json", path=str(path), detail=_("it is no JSON object"))
    keys = cast("dict[str, object]", found)
    answer = keys.get("model_info")  # the whole answer of `/api/show` will do as well
    info = cast("dict[str, object]", answer) if isinstance(answer, dict) else keys
    return make_tokenizer(read_vocabulary(info, name=model, pre=pre))


async def _of_model(invocation: "Invocation", model: str, pre: str | None) -> "Tokenizer":
    from ollama_tui.services.tokenizer.approximate import ApproximateTokenizer
    from ollama_tui.services.tokenizer.making import make_tokenizer
    from ollama_tui.services.tokenizer.source import Source
    from ollama_tui.services.tokenizer.vocabulary import read_vocabulary

    host = invocation.connect()
    try:
        if pre is not None:
            return make_tokenizer(read_vocabulary((await host.show(model, verbose=True)).model_info, pre=pre))
        return (await Source(invocation.paths().tokenizers).fetch(host, model))[0]
    except LocalFailure as failure:
        if failure.params.get("what") != "vocabulary-missing":
            raise
        return ApproximateTokenizer()
    finally:
        await host.aclose()


def _is_open() -> bool:
    return cast("object", sys.stdin) is not None


def _is_piped() -> bool:
    """Whether standard input is a pipe or a file: something that was put there to be read."""
    if not _is_open():
        return False
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)
