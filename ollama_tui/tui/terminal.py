"""The terminal as the app is given it: which driver reads it, and when its keys are let in.

The way of a key typed too early: `typeahead.hold_keys` at the entry keeps it, `driver_class` hands it to the driver,
the driver keeps it until `let_keys_in`, which the prompt calls when it can take keys.
"""

import sys
import time
from typing import Any, cast

from textual.app import App
from textual.driver import Driver
from textual.geometry import Offset
from textual.widget import Widget

from ollama_tui.tui.typeahead import HeldKeys


def driver_class(held: HeldKeys | None = None) -> type[Driver] | None:
    """What to make the app with (`App(driver_class=...)`); None leaves it to Textual, as on Windows."""
    if sys.platform == "win32":
        return None
    from ollama_tui.tui.unix_driver import UnixDriver

    return type("HoldingDriver", (UnixDriver,), {"held": held or HeldKeys()})


def app_of(widget: Widget) -> App[object]:
    """The app that `widget` is in, whatever it returns in the end."""
    return cast("App[object]", widget.app)  # pyright: ignore[reportUnknownMemberType] - Textual leaves it open


def show_cursor(app: App[Any], shown: bool) -> None:
    """Show the terminal's own cursor, or hide it: a screen reader reads where it is."""
    if sys.platform == "win32":
        return
    from ollama_tui.tui.unix_driver import UnixDriver

    driver = app._driver  # pyright: ignore[reportPrivateUsage]
    if isinstance(driver, UnixDriver):
        driver.show_cursor(shown)


def point_at(widget: Widget, line: int) -> None:
    """Put the terminal's own cursor, which a screen reader follows, at the beginning of a widget's line."""
    if widget.has_focus and 0 <= line < max(1, widget.region.height):
        app_of(widget).cursor_position = widget.region.offset + Offset(0, line)


def take_mouse(app: App[Any], taken: bool) -> None:
    """Have the mouse reported, or leave it to the terminal, which then selects by itself."""
    if sys.platform == "win32":
        return
    from ollama_tui.tui.unix_driver import UnixDriver

    driver = app._driver  # pyright: ignore[reportPrivateUsage]
    if isinstance(driver, UnixDriver):
        driver.take_mouse(taken)


def let_keys_in(app: App[object]) -> None:
    """Something can take keys now: let them come, in their order. Later calls change nothing."""
    if sys.platform == "win32":
        return
    from ollama_tui.tui.unix_driver import UnixDriver

    driver = app._driver  # pyright: ignore[reportPrivateUsage] - Textual 8.2.8 has no other way to its driver
    if isinstance(driver, UnixDriver):
        driver.let_keys_in()


def seconds_without_key(app: App[Any]) -> float:
    """How long no key was pressed; endless where that is not known."""
    driver = app._driver  # pyright: ignore[reportPrivateUsage]
    pressed_at: float = getattr(driver, "pressed_at", 0.0)
    return time.monotonic() - pressed_at
