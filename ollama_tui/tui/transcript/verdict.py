"""What stands under an answer that was asked for as JSON: whether it is, and where it is not what the schema says."""

from ollama_tui.domain.i18n import _
from ollama_tui.services.schema import Verdict
from ollama_tui.services.verdict_words import misfit_lines, verdict_line
from ollama_tui.tui.signs import sign
from ollama_tui.tui.transcript.looks import Looks
from ollama_tui.tui.transcript.part import Deed, Part, Slot
from ollama_tui.tui.transcript.plain import PlainText
from ollama_tui.tui.transcript.row import Row, Word

_NAMED = 3
"""Misfits that are named under an answer; the tree has all."""


def verdict_parts(message_id: str, verdict: Verdict, looks: Looks) -> dict[Slot, Part]:
    """The line, which opens the tree, and the first places that do not fit."""
    line, good = verdict_line(verdict)
    words = [Word(f"{sign('✓' if good else '✗')} JSON: {line}", looks.dim if good else looks.warning)]
    if verdict.kind != "broken":
        words += [Word("  "), Word(sign(_("▸ as a tree")), looks.offer, Deed("json", message_id))]
    parts: dict[Slot, Part] = {Slot.FORMAT: Row(words)}
    if told := misfit_lines(verdict, _NAMED):
        parts[Slot.MISFITS] = PlainText("\n".join(told), looks.warning)
    return parts
