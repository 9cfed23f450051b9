"""Textual's driver for Unix terminals, with the input read as it should be (8.2.8)."""

import codecs
import os
import queue
import selectors
import signal
import threading
import time
from contextlib import suppress
from typing import Any, ClassVar, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from ollama_tui.tui.keyboard import KeyParser
from ollama_tui.tui.typeahead import HeldKeys
from ollama_tui.tui.unix_output import TerminalOutput, is_gone

LONGEST_HOLD = 5.0
"""Seconds after which the keys are let in even though nothing asked for them."""

_IDLE = 0.1
"""Seconds between two looks at whether the input is to end."""
_SOON = 0.02
"""The same while a key may be incomplete: Esc alone is known by what does not follow."""
_PATIENCE = 0.5
"""Seconds that the app waits for a terminal that takes nothing."""
_LOOK_AGAIN = 0.25
"""Seconds between two looks at whether it takes something again."""


class UnixDriver(LinuxDriver):
    """Keeps what is typed before a widget can take it, reads pastes whole, and survives bytes that are no UTF-8.

    Textual's own input thread makes its parser itself and ends the program at a byte that is not UTF-8. Its output
    thread ends when the terminal is gone, and waits with the whole app for one that stands still.
    """

    held: ClassVar[HeldKeys] = HeldKeys()
    """The keys typed before the program could read, and the terminal's modes of before."""

    _gate: threading.Lock
    _kept: list[Message] | None
    """Keys and pastes that nobody can take yet; None once they are let in."""
    _suspended = False
    pressed_at = 0.0
    """When the last key was pressed; monotonic."""
    _cursor_shown = False
    _mouse_left = False
    """Whether the mouse is left to the terminal."""
    _behind = False
    """Whether the terminal takes nothing: what is drawn meanwhile is left out, and drawn whole once it does again."""

    def start_application_mode(self) -> None:
        """Take the terminal."""
        first = self._writer_thread is None
        if first:
            self._gate = threading.Lock()
            self._kept = []
            self._loop.call_later(LONGEST_HOLD, self.let_keys_in)
            self._file = cast("Any", TerminalOutput(self._file.fileno()))
        super().start_application_mode()
        if self._cursor_shown:
            self.show_cursor(True)
        if self._mouse_left:
            self._disable_mouse_support()
        if first and self.held.before is not None:
            self.attrs_before = self.held.before

    def suspend_application_mode(self) -> None:
        """Leave the terminal to another program."""
        super().suspend_application_mode()
        self._suspended = True

    def resume_application_mode(self) -> None:
        """Take the terminal back."""
        self._suspended = False
        super().resume_application_mode()

    def write(self, data: str) -> None:
        """Write to the terminal, but not while another program has it: nothing would empty the writer's queue.

        One that takes nothing (a connection that hangs, a window that is held) must not hold up what is saved.
        """
        writer = self._writer_thread
        if self._suspended or self._behind or writer is None:
            return
        try:
            writer._queue.put(data, timeout=_PATIENCE)  # pyright: ignore[reportPrivateUsage]
        except queue.Full:
            self._behind = True
            self._loop.call_later(_LOOK_AGAIN, self._catch_up)

    def _catch_up(self) -> None:
        """Draw all anew if the terminal has taken what was written."""
        writer = self._writer_thread
        if writer is not None and writer._queue.empty():  # pyright: ignore[reportPrivateUsage]
            self._behind = False
            self._app.refresh()
        elif writer is not None:
            self._loop.call_later(_LOOK_AGAIN, self._catch_up)

    def close(self) -> None:
        """End the output's thread, once all is printed or the terminal takes nothing."""
        if (writer := self._writer_thread) is not None:
            with suppress(queue.Full):
                writer._queue.put(None, timeout=_PATIENCE)  # pyright: ignore[reportPrivateUsage]
            writer.join(_PATIENCE)

    def show_cursor(self, shown: bool) -> None:
        """Show the terminal's cursor, a block that does not blink; Textual moves it to where the person types."""
        self._cursor_shown = shown
        self.write("\x1b[2 q\x1b[?25h" if shown else "\x1b[?25l\x1b[0 q")
        self.flush()

    def take_mouse(self, taken: bool) -> None:
        """Have the mouse reported, or leave it to the terminal."""
        self._mouse_left = not taken
        if taken:
            self._enable_mouse_support()
            if self._mouse_pixels:
                self._enable_mouse_pixels()
        else:
            self._disable_mouse_support()

    def stop_application_mode(self) -> None:
        """Give the terminal back, its cursor as it was."""
        if self._behind and self._writer_thread is not None:  # what was to be drawn is of no use any more
            with self._writer_thread._queue.mutex:  # pyright: ignore[reportPrivateUsage]
                self._writer_thread._queue.queue.clear()  # pyright: ignore[reportPrivateUsage]
            self._behind = False
        if self._cursor_shown:
            self.write("\x1b[0 q")
        super().stop_application_mode()

    def let_keys_in(self) -> None:
        """Let the keys come, with those that waited first. From the app's thread."""
        with self._gate:
            kept, self._kept = self._kept, None
            for message in kept or ():
                super().process_message(message)

    def process_message(self, message: Message) -> None:
        """Pass a message from the input on to the app. In the input's thread."""
        if isinstance(message, events.Key):
            self.pressed_at = time.monotonic()
        with self._gate:
            if self._kept is not None and isinstance(message, events.Key | events.Paste):
                self._kept.append(message)
                return
        super().process_message(message)

    def run_input_thread(self) -> None:
        """Read until the app ends or is suspended."""
        parser = KeyParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        typed, self.held.typed = self.held.typed, b""
        for message in parser.feed(text) if (text := decode(typed)) else ():
            self.process_message(message)
        with selectors.DefaultSelector() as selector:
            try:
                selector.register(self.fileno, selectors.EVENT_READ)
            except (OSError, ValueError):  # epoll does not take a file
                return
            while not self.exit_event.is_set():
                if selector.select(_SOON if parser.is_waiting else _IDLE):
                    piece = self._read()
                    if not piece and is_gone(self.fileno):
                        os.kill(os.getpid(), signal.SIGHUP)  # only the session's first process is told by the system
                        return
                    for message in parser.feed(text) if (text := decode(piece)) else ():
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        """What was typed; nothing where the terminal is gone, or has another mode for a moment."""
        try:
            return os.read(self.fileno, 65536)
        except OSError:
            return b""
