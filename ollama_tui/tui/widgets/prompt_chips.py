"""Chips: short labels in the prompt's text that stand for something long, a pasted text or a file.

A label is text like any other, so that it can be cut, moved and undone; what it stands for is kept here as long as the
prompt lives, so that nothing is lost while a label comes back.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.message import Attachment
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import human_bytes
from ollama_tui.tui.attachments import FileToSend
from ollama_tui.tui.pasting import clean_paste

LONG_LINES = 12
LONG_CHARACTERS = 1000
"""A paste with more of one of them becomes a chip."""


def is_long(text: str) -> bool:
    """Whether a pasted text is better shown as a chip."""
    return len(text) > LONG_CHARACTERS or text.count("\n") >= LONG_LINES


@dataclass(frozen=True, slots=True)
class Chip:
    """What a label stands for."""

    label: str
    pasted: str = ""
    """The pasted text, where it is one."""
    file: FileToSend | None = None
    path: Path | None = None

    @property
    def sent(self) -> str:
        """What is sent in its place."""
        if self.file is None:
            return self.pasted
        return f"`{self.file.attachment.name}`" if self.file.is_text else ""

    @property
    def draft(self) -> str:
        """What stands for it where only text is kept; read again, it gives the same.

        For a file that is in no folder, as one of an earlier question, that is its label.
        """
        if self.file is not None and self.path is None:
            return self.label
        return self.pasted if self.path is None else f"@{_escaped(str(self.path.absolute()))}"


class Chips:
    """The chips of one prompt, by their labels."""

    def __init__(self) -> None:
        self._chips: dict[str, Chip] = {}
        self._pattern: re.Pattern[str] | None = None

    def add_pasted(self, text: str) -> str:
        """The label for a long pasted text."""
        count = text.count("\n") + (not text.endswith("\n"))
        lines = ngettext("{count} line", "{count} lines", count).format(count=count)
        size = human_bytes(len(text.encode()))
        return self._add(_("Pasted {lines} · {size}").format(lines=lines, size=size), lambda label: Chip(label, text))

    def add_file(self, file: FileToSend, path: Path | None) -> str:
        """The label for a file; without a path, it is one that was sent before."""
        attachment = file.attachment
        name = one_line(attachment.name)
        size = human_bytes(attachment.size)
        if attachment.width:
            words = _("image: {name} {size}").format(name=name, size=f"{attachment.width}×{attachment.height}")
        elif file.is_text:
            words = _("file: {name} · {size}").format(name=name, size=size)
        elif attachment.media_type.startswith("audio/"):
            words = _("sound: {name} · {size}").format(name=name, size=size)
        else:
            words = _("image: {name} · {size}").format(name=name, size=size)
        return self._add(words, lambda label: Chip(label, file=file, path=path))

    def path_of(self, attachment: Attachment) -> Path | None:
        """Where a file is that a label stands for; None if none does, or it is in no folder."""
        chips = (chip for chip in self._chips.values() if chip.file is not None and chip.file.attachment == attachment)
        return next((chip.path for chip in chips if chip.path is not None), None)

    def spans(self, text: str) -> Iterator[tuple[int, int, Chip]]:
        """Where in `text` the labels are."""
        if self._pattern is not None and "[" in text:
            for found in self._pattern.finditer(text):
                yield found.start(), found.end(), self._chips[found.group()]

    def expand(self, text: str) -> str:
        """`text` with its pasted texts in full and its files as `@path`: for a draft, an editor, a command."""
        return self._replace(text, lambda chip: chip.draft)

    def send(self, text: str) -> tuple[str, tuple[FileToSend, ...]]:
        """What to send for `text`: its pastes in full, the text files as blocks at its end, and the other files."""
        files: list[FileToSend] = []
        blocks: list[str] = []
        for _start, _end, chip in self.spans(text):
            if chip.file is None:
                continue
            if not chip.file.is_text:
                files.append(chip.file)
            elif (block := _block(chip.file)) not in blocks:
                blocks.append(block)
        plain = self._replace(text, lambda chip: chip.sent).strip()
        return "\n\n".join([*([plain] if plain else []), *blocks]), tuple(dict.fromkeys(files))

    def _add(self, words: str, make: Callable[[str], Chip]) -> str:
        """The label for `words`: another one, numbered, if it stands for something else already."""
        number = 1
        while True:
            label = f"[{words}]" if number == 1 else f"[{words} · {number}]"
            chip = make(label)
            if self._chips.setdefault(label, chip) == chip:
                break
            number += 1
        self._pattern = re.compile("|".join(re.escape(known) for known in sorted(self._chips, key=len, reverse=True)))
        return label

    def _replace(self, text: str, word: Callable[[Chip], str]) -> str:
        pieces: list[str] = []
        place = 0
        for start, end, chip in self.spans(text):
            instead = word(chip)
            if not instead and text[start - 1 : start] in ("", " ", "\n") and text[end : end + 1] == " ":
                end += 1
            pieces += text[place:start], instead
            place = end
        return "".join([*pieces, text[place:]])


def _block(file: FileToSend) -> str:
    """A text file as a fenced block under its name."""
    text = clean_paste(file.content.decode(errors="replace")).rstrip("\n")
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    name = file.attachment.name
    language = re.sub(r"\W", "", Path(name).suffix)
    return f"`{name}`:\n{fence}{language}\n{text}\n{fence}"


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace(" ", "\\ ")
