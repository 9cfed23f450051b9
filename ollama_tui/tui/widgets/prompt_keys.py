"""Which of the prompt's actions are its text's own, and Textual's bindings for both.

All of TextArea's keys stand in the table of actions again: its own bindings have no ids, and `App.set_keymap` passes
over bindings without one (textual 8.2.8, binding.py:288).
"""

from collections.abc import Mapping

from textual.binding import Binding, BindingType

from ollama_tui.tui.actions import ACTIONS, Action, binding_keys

EDITING: Mapping[str, str] = {
    "prompt.left": "cursor_left",
    "prompt.right": "cursor_right",
    "prompt.word_left": "cursor_word_left",
    "prompt.word_right": "cursor_word_right",
    "prompt.line_start": "cursor_line_start",
    "prompt.line_end": "cursor_line_end",
    "prompt.start": "cursor_text_start",
    "prompt.finish": "cursor_text_end",
    "prompt.select_left": "cursor_left(True)",
    "prompt.select_right": "cursor_right(True)",
    "prompt.select_up": "cursor_up(True)",
    "prompt.select_down": "cursor_down(True)",
    "prompt.select_word_left": "cursor_word_left(True)",
    "prompt.select_word_right": "cursor_word_right(True)",
    "prompt.select_line_start": "cursor_line_start(True)",
    "prompt.select_line_end": "cursor_line_end(True)",
    "prompt.select_all": "select_all",
    "prompt.delete_left": "delete_left",
    "prompt.delete_right": "delete_right",
    "prompt.delete_word_left": "delete_word_left",
    "prompt.delete_word_right": "delete_word_right",
    "prompt.delete_line_start": "delete_to_start_of_line",
    "prompt.delete_line_end": "delete_to_end_of_line_or_delete_line",
    "prompt.yank": "yank",
    "prompt.cut": "cut",
    "prompt.paste": "paste",
    "prompt.undo": "undo",
    "prompt.redo": "redo",
}
"""The TextArea's method for an action's id."""


def editing_bindings() -> list[BindingType]:
    """The keys of the text."""
    return [_binding(action, EDITING[action.id]) for action in ACTIONS if action.id in EDITING]


def prompt_bindings() -> list[BindingType]:
    """The keys of the prompt as a whole."""
    return [
        _binding(action, action.method) for action in ACTIONS if action.area == "prompt" and action.id not in EDITING
    ]


def _binding(action: Action, method: str) -> Binding:
    return Binding(binding_keys(action), method, action.name, id=action.id, show=False)
