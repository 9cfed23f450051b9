"""Sets of keys over the table's own: for hands that know vim or Emacs. The configuration's keys stand over them.

`vim` has a reading mode: Esc with nothing to stop goes from the prompt to the conversation, where letters move, and
`i` comes back. In the prompt one types as ever: it is no modal editor. `emacs` moves what it needs Emacs' keys for,
such as ctrl+p and ctrl+n, to others; ctrl+b, which is tmux's own, only stands beside the arrow.
"""

from collections.abc import Mapping
from typing import Literal

from textual.widget import Widget

from ollama_tui.tui.actions import ACTIONS, BY_ID, UNBOUND, key_sign, keys_of
from ollama_tui.tui.terminal import app_of

Preset = Literal["default", "vim", "emacs"]

VIM: Mapping[str, str] = {
    "transcript.up": "up,k",
    "transcript.down": "down,j",
    "transcript.half_up": "ctrl+u",
    "transcript.half_down": "ctrl+d",
    "transcript.page_up": "pageup,b",
    "transcript.page_down": "pagedown,space",
    "transcript.start": "home,ctrl+home,g",
    "transcript.end": "end,ctrl+end,G",
    "transcript.previous": "ctrl+up,shift+up,K,left_curly_bracket",
    "transcript.next": "ctrl+down,shift+down,J,right_curly_bracket",
    "transcript.before": "left,alt+left,h",
    "transcript.after": "right,alt+right,l",
    "transcript.act": "enter,o",
    "transcript.mark": "v,V,ctrl+@,ctrl+space",
    "transcript.copy": "y",
    "transcript.code": "Y",
    "transcript.find": "slash",
    "transcript.find_next": "n",
    "transcript.find_previous": "N",
    "transcript.prompt": "i,a",
    "rows.up": "up,k",
    "rows.down": "down,j",
    "rows.first": "home,g",
    "rows.last": "end,G",
    "rows.page_up": "pageup,ctrl+u",
    "rows.page_down": "pagedown,ctrl+d",
    "models.refresh": "ctrl+r",
    "json.open": "right,l",
    "json.shut": "left,h",
    "record.up": "up,k",
    "record.down": "down,j",
    "card.up": "up,k",
    "card.down": "down,j",
    "card.first": "home,g",
    "card.last": "end,G",
    "card.next": "right,l",
    "card.previous": "left,h",
}

EMACS: Mapping[str, str] = {
    "prompt.left": "left,ctrl+b",
    "prompt.right": "right,ctrl+f",
    "prompt.up": "up,ctrl+p",
    "prompt.down": "down,ctrl+n",
    "prompt.undo": "ctrl+z,super+z,ctrl+underscore",
    "prompt.redo": "alt+shift+y,super+y",
    "prompt.yank": "ctrl+y",
    "prompt.close": "escape,ctrl+g",
    "prompt.edit": "alt+shift+e",
    "chat.stop": "escape,ctrl+g",
    "chat.new": "alt+shift+b",
    "chat.copy": "alt+c,alt+w",
    "chat.find": "ctrl+s",
    "chat.model": "f8,alt+shift+l",
    "chat.plain": "alt+shift+v",
    "app.palette": "alt+x",
    "pane.stop_all": "alt+shift+x",
    "pane.close": "alt+shift+w",
    "app.help": "f1,alt+shift+h",
    "transcript.up": "up,ctrl+p",
    "transcript.down": "down,ctrl+n",
    "transcript.page_up": "pageup,alt+v",
    "transcript.page_down": "pagedown,ctrl+v",
    "transcript.start": "home,ctrl+home,alt+less_than_sign",
    "transcript.end": "end,ctrl+end,alt+greater_than_sign",
    "transcript.close": "escape,ctrl+g",
    "find.next": "enter,down,ctrl+s",
    "find.previous": "up,shift+enter,ctrl+r",
    "find.close": "escape,ctrl+g",
    "search.next": "down,ctrl+n",
    "search.previous": "up,ctrl+p",
    "search.close": "escape,ctrl+g",
    "rows.up": "up,ctrl+p",
    "rows.down": "down,ctrl+n",
    "rows.page_up": "pageup,alt+v",
    "rows.page_down": "pagedown,ctrl+v",
    "page.up": "up,ctrl+p",
    "page.down": "down,ctrl+n",
    "page.page_up": "pageup,alt+v",
    "page.page_down": "pagedown,ctrl+v",
    "plain.up": "up,k,ctrl+p",
    "plain.down": "down,j,enter,ctrl+n",
    "plain.page_up": "pageup,b,alt+v",
    "plain.page_down": "pagedown,space,ctrl+v",
    "card.up": "up,ctrl+p",
    "card.down": "down,ctrl+n",
    "card.page_up": "pageup,alt+v",
    "card.page_down": "pagedown,space,ctrl+v",
    "list.close": "escape,ctrl+g",
    "question.close": "escape,ctrl+g",
}

PRESETS: Mapping[str, Mapping[str, str]] = {"default": {}, "vim": VIM, "emacs": EMACS}


def changed_keys(preset: str, own: Mapping[str, str]) -> Mapping[str, str]:
    """The keys of actions that are not the table's: the preset's, and the configuration's over them.

    What is no key is left out; an action of which nothing else is left keeps the keys that it has.
    """
    given = {name: _there(keys) for name, keys in own.items() if name in BY_ID}
    return {**PRESETS.get(preset, {}), **{name: keys for name, keys in given.items() if keys or not own[name].strip()}}


def keymap_of(changed: Mapping[str, str]) -> Mapping[str, str]:
    """The same for Textual, which takes no keys for "as before" (8.2.8, binding.py:292): one that nobody can press."""
    return {name: keys or f"{UNBOUND}_{name.replace('.', '_')}" for name, keys in changed.items()}


def _there(keys: str) -> str:
    """Those of the written keys that there are, once each."""
    from ollama_tui.tui.key_names import problem_of

    written = (key.strip() for key in keys.split(","))
    return ",".join(dict.fromkeys(key for key in written if key and not problem_of(key)))


def done_by(widget: Widget, area: str, key: str) -> str:
    """The id of the area's action that a key does, for a widget that walks through another's rows; empty if none."""
    changed: Mapping[str, str] = getattr(app_of(widget), "changed_keys", {})
    for action in ACTIONS:
        if action.area == area and key in changed.get(action.id, action.keys).split(","):
            return action.id
    return ""


def first_key(widget: Widget, action_id: str) -> str:
    """The first key of an action as it is shown; empty if it has none."""
    keys = keys_of(action_id, getattr(app_of(widget), "changed_keys", {}))
    return key_sign(keys[0]) if keys else ""
