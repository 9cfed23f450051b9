"""What a terminal sends, as keys and pastes: Textual's parser, with what it gets wrong put right (8.2.8).

- A paste is taken out before the parser sees it: an ESC inside made keys of the rest, Enter among them
  (_xterm_parser.py:255).
- alt+Enter (`ESC CR`) lost its alt (_xterm_parser.py:438), and xterm's modifyOtherKeys (`CSI 27;2;13~`) came as a key
  called shift+CR.
- alt+v (`ESC v`) came with the character v, which would be typed; alt with a digit, `-` or `=` came as what a Mac's
  keyboard has there (_ansi_sequences.py: alt+2 typed ™).
- Numbers out of range raised in the input thread, which ended the program.
"""

import re
import time
from collections.abc import Generator, Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.keys import Keys, _character_to_key  # pyright: ignore[reportPrivateUsage] - its names are the ones meant
from textual.message import Message

from ollama_tui.tui.pasting import clean_paste

PASTE_START = "\x1b[200~"
PASTE_END = "\x1b[201~"

STALLED = 3.0
"""Seconds of silence in a paste after which what came of it is given out."""

_OTHER_KEY = re.compile(r"\x1b\[27;(\d{1,3});(\d{1,7})~")
_KITTY_ENTER = re.compile(r"\x1b\[(?:13|57414)(?::\d*)*;(\d{1,3})(?::\d*)?(?:;[\d:]*)?u")
_ALT_ON_A_MAC = re.compile(r"\x1b([0-9=-])")
_ALT_ENTER = ("\x1b\r", "\x1b\n")
_SHIFT = "2"


class KeyParser(XTermParser):
    """Turns what the terminal sends, in pieces of any size, into Textual's events."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._tail = ""
        """The last characters outside a paste: as many as may begin PASTE_START."""
        self._paste: list[str] | None = None
        """What came of a paste so far; None outside one."""
        self._unsure: str = ""
        """The end of that, where it may begin PASTE_END."""
        self._last = 0.0
        self._stalled = False

    @property
    def is_waiting(self) -> bool:
        """Whether `tick` should be called soon: a sequence is not complete, or it was the Esc key."""
        return self._timeout_time is not None

    def feed(self, data: str) -> Iterable[Message]:
        """The events in the next piece of input; an empty piece ends it."""
        if not data:
            yield from super().feed(data)
        while data:
            data = yield from self._keys(data) if self._paste is None else self._pasted(self._paste, data)

    def tick(self) -> Iterable[Message]:
        """The events that follow from time having passed."""
        yield from super().tick()
        if self._paste and time.monotonic() - self._last > STALLED:
            # The end is late (a slow line) or was lost. Give out what came; then a short piece is a key again.
            yield events.Paste(clean_paste("".join(self._paste)))
            self._paste = []
            self._stalled = True

    def _keys(self, data: str) -> Generator[Message, None, str]:
        """The events up to the next paste; returns what follows its beginning."""
        start = (self._tail + data).find(PASTE_START)
        end = start + len(PASTE_START) - len(self._tail) if start >= 0 else len(data)
        self._tail = (self._tail + data)[1 - len(PASTE_START) :]
        yield from super().feed(data[:end])
        if start >= 0:
            self._tail = self._unsure = ""
            self._paste = []
            self._last, self._stalled = time.monotonic(), False
        return data[end:]

    def _pasted(self, paste: list[str], data: str) -> Generator[Message, None, str]:
        """The paste, if it ends in `data`; returns what follows it."""
        if self._stalled and len(data) < len(PASTE_END) and PASTE_END not in self._unsure + data:
            self._leave_paste()
            return data
        data = self._unsure + data
        end = data.find(PASTE_END)
        if end < 0:
            sure = len(data) - next((n for n in range(len(PASTE_END) - 1, 0, -1) if data.endswith(PASTE_END[:n])), 0)
            paste.append(data[:sure])
            self._unsure = data[sure:]
            self._last, self._stalled = time.monotonic(), False
            return ""
        paste.append(data[:end])
        self._leave_paste()
        if text := clean_paste("".join(paste)):
            yield events.Paste(text)
        return data[end + len(PASTE_END) :]

    def _leave_paste(self) -> None:
        """Let Textual's parser know, whose own paste was empty."""
        self._paste = None
        for _ in super().feed(PASTE_END):
            pass

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if sequence in _ALT_ENTER:
            yield events.Key("alt+enter", None)
            return
        if match := _ALT_ON_A_MAC.fullmatch(sequence):
            yield events.Key(f"alt+{_character_to_key(match[1])}", None)
            return
        if match := _KITTY_ENTER.fullmatch(sequence):
            sequence = f"\x1b[13;{match[1]}u"
        elif match := _OTHER_KEY.fullmatch(sequence):
            code = int(match[2])
            typed = match[1] == _SHIFT and code <= 0x10FFFF and chr(code).isprintable()
            sequence = chr(code) if typed else f"\x1b[{code};{match[1]}u"
        try:
            for event in super()._sequence_to_key_events(sequence, alt):
                # Textual gives alt+v the character v, which would be typed as well, and makes alt+/ a plain slash
                # (_xterm_parser.py:461).
                is_bare = alt and len(sequence) == 1 and sequence.isprintable() and "+" not in event.key
                if sequence.isascii() and (is_bare or event.key.startswith("alt+")):
                    event = events.Key(f"alt+{event.key}" if is_bare else event.key, None)
                yield event
        except (ValueError, OverflowError):  # a number that is no character
            yield events.Key(Keys.Ignore, sequence)
