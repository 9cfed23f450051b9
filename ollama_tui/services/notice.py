"""Notices: what the person should know and what is no failure; those of a turn, and those that stand for a while."""

from collections.abc import Mapping

from ollama_tui.domain.event import Notice
from ollama_tui.domain.failure import LocalFailure, describe
from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.message import Message

_WORDS: Mapping[str, str] = {
    "think-lowered": mark("The model does not think at the level {from}; it was asked with {to}."),
    "think-unsupported": mark("{model} cannot think, so it was asked without."),
    "continued-by-asking": mark("The server shows no prompt, so the model was asked to go on: it may repeat or skip."),
    "prompt-cut": mark("The server cut the prompt: the model saw only {read} of its about {whole} tokens."),
    "context-shifted": mark(
        "Prompt and answer are longer than the context of {context} tokens: the model forgot the beginning meanwhile."
    ),
    "format-dropped": mark("What was written already fixes the format, so the rest was asked for without it."),
}  # fmt: skip


class _Forgiving(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return ""


def describe_notice(notice: Notice) -> str:
    """The notice in the person's language; a code without words of its own is read as a failure's."""
    words = _WORDS.get(notice.code)
    if words is None:
        return describe(notice.code, notice.params)[0]
    return _(words).format_map(_Forgiving(notice.params))


def notices_of(message: Message) -> list[Notice]:
    """The notices that can be told from a kept message."""
    sent, figures = message.sent, message.figures
    found: list[Notice] = []
    if sent is not None and sent.continued_raw is False:
        found.append(Notice("continued-by-asking"))
    if sent is not None and sent.cut_from and figures is not None:
        found.append(Notice("prompt-cut", {"read": figures.prompt_tokens, "whole": sent.cut_from}))
    if sent is not None and sent.shifted:
        found.append(Notice("context-shifted", {"context": sent.context}))
    return found


class StandingNotices:
    """The warnings that hold now. Each holds as long as anybody upholds it."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Notice] = {}
        self.version = 0
        """Grows with each change."""

    def all(self) -> list[Notice]:
        """What holds, each code once."""
        return list({notice.code: notice for notice in self._held.values()}.values())

    def uphold(self, by: str, notice: Notice) -> None:
        """Let `notice` hold until `by` withdraws it."""
        if self._held.get((by, notice.code)) != notice:
            self._held[by, notice.code] = notice
            self.version += 1

    def withdraw(self, by: str) -> None:
        """Let go of all that `by` upholds."""
        gone = [key for key in self._held if key[0] == by]
        for key in gone:
            del self._held[key]
        self.version += bool(gone)


def not_saved(failure: LocalFailure) -> Notice:
    """The warning that something is in memory only, under the failure's own code."""
    return Notice(str(failure.params.get("what", failure.code)), dict(failure.params))
