"""Everything that can be done, in one table: key bindings, the palette, the help and the foot are made from it.

An action's id is `area.verb`; the widget, screen or app of that area has a method `action_area_verb`. Keys may be
changed in the configuration, by id. F-keys are taken in many terminals, so each has a second key; no essential action
is on a key that tmux, screen or common terminals take.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from ollama_tui.domain.i18n import mark
from ollama_tui.tui.signs import is_reduced

UNBOUND = "unbound"
"""How the keys of an action begin that has none: no terminal sends them. Textual can give keys only to a binding."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a person can do."""

    id: str
    name: str
    """In English; translated when shown."""
    keys: str = ""
    """Textual's names of keys, separated by commas; the first is the one that is shown."""
    foot: bool = False
    """Whether the foot shows it where there is room."""
    palette: bool = True
    """Whether the palette lists it: not what makes sense only under the cursor."""
    yields: bool = False
    """Whether it lets its keys through to others where it has nothing to do."""

    @property
    def area(self) -> str:
        """The part of the screen it belongs to."""
        return self.id.partition(".")[0]

    @property
    def method(self) -> str:
        """The name of the action method, without `action_`."""
        return self.id.replace(".", "_")


ACTIONS: tuple[Action, ...] = (
    # The whole program
    Action("app.help", mark("Show all keys"), "f1,ctrl+underscore", foot=True),
    Action("app.palette", mark("Find any action"), "ctrl+p", foot=True, palette=False),
    Action("app.chat", mark("Go to the conversation"), "f2,alt+2"),
    Action("app.models", mark("Go to the models"), "f3,alt+m", foot=True),
    Action("app.search", mark("Search all conversations"), "alt+slash,alt+o"),
    Action("app.host", mark("Choose another server"), ""),
    Action("app.demo", mark("Use the built-in demo"), ""),
    Action("app.serve", mark("Start Ollama's own server"), ""),
    Action("app.server_log", mark("Show the log of the server started from here"), ""),
    Action("app.theme", mark("Choose the theme: all colours"), ""),
    Action("app.reduced", mark("Draw a still and plain screen, or the full one"), ""),
    Action("app.data", mark("Show where the data is"), ""),
    Action("app.erase", mark("Delete all data"), ""),
    Action("app.quit", mark("Leave the program"), "ctrl+q"),
    # The conversation
    Action("chat.stop", mark("Stop the answer"), "escape", palette=True, foot=True),
    Action("chat.new", mark("Begin a new conversation"), "ctrl+n", foot=True),
    Action("chat.temporary", mark("Begin a conversation that leaves no trace"), ""),
    Action("chat.last", mark("Go back to the last conversation"), "f7,ctrl+l"),
    Action("chat.list", mark("Show the list of conversations"), "f6,ctrl+o", foot=True),
    Action("chat.model", mark("Choose the model"), "f8,ctrl+s", foot=True),
    Action("chat.think", mark("Change how hard the model thinks"), "f4,ctrl+t", foot=True),
    Action("chat.context", mark("Show the context: what the prompt is made of"), "f5,alt+0"),
    Action("chat.summarise", mark("Let the model sum up the oldest turns"), ""),
    Action("chat.context_whole", mark("Send the whole history again (undo a summary)"), ""),
    Action("chat.context_forget", mark("Forget what to do when a prompt does not fit"), ""),
    Action("chat.options", mark("Change how this conversation asks: all options"), "f10,alt+y", foot=True),
    Action("chat.presets", mark("Use or keep presets of options"), "alt+p"),
    Action("chat.parameters", mark("Show what the model was given for an answer"), "alt+i"),
    Action("chat.json", mark("Show an answer's JSON as a tree"), "alt+j"),
    Action("chat.retry", mark("Try the answer again"), "alt+r"),
    Action("chat.retry_with", mark("Try the answer again with another model"), "alt+shift+r"),
    Action("chat.continue", mark("Go on with the answer"), "alt+g"),
    Action("chat.edit", mark("Edit the message, or the last question, and send it again"), "alt+u"),
    Action("chat.before", mark("Show the variant before"), "alt+h"),
    Action("chat.after", mark("Show the variant after"), "alt+l"),
    Action("chat.tree", mark("Walk in the tree of the conversation"), "alt+shift+t"),
    Action("chat.fork", mark("Fork: begin a new conversation that goes up to here"), "alt+shift+f"),
    Action("chat.delete_message", mark("Delete the message, or the last turn"), ""),
    Action("chat.restore_message", mark("Bring back the message deleted last"), "alt+z"),
    Action("chat.copy", mark("Copy the selection, the message, or the answer"), "alt+c"),
    Action("chat.copy_plain", mark("Copy it as plain text, without Markdown's marks"), "alt+shift+c"),
    Action("chat.copy_code", mark("Copy a block of code"), "alt+k"),
    Action("chat.copy_thinking", mark("Copy the thinking"), ""),
    Action("chat.copy_all", mark("Copy the whole conversation"), ""),
    Action("chat.save_code", mark("Save a block of code to a file"), "alt+s"),
    Action("chat.export", mark("Export the conversation to a file"), ""),
    Action("chat.plain", mark("Show the text alone, to select in the terminal's own way"), "alt+v"),
    Action("chat.find", mark("Find in this conversation"), "ctrl+f"),
    Action("chat.pin", mark("Pin the conversation above the others, or let it go"), ""),
    Action("chat.tag", mark("Change the tags of the conversation"), ""),
    Action("chat.archive", mark("Archive the conversation, or bring it back"), ""),
    Action("chat.title", mark("Let the model name the conversation"), ""),
    Action("chat.rename", mark("Rename the conversation"), ""),
    Action("chat.delete", mark("Delete the conversation"), ""),
    Action("chat.restore", mark("Bring back the conversation deleted last"), "alt+shift+u"),
    Action("chat.tokens", mark("Look at the tokens of what is written, or of a message"), "alt+t"),
    Action("chat.transcript", mark("Read the conversation (keys move between messages)"), "f9,alt+up"),
    # The panes
    Action("pane.split", mark("Open a new conversation beside"), "alt+n"),
    Action("pane.twin", mark("Show this conversation once more beside"), "alt+shift+n"),
    Action("pane.models", mark("Show the models beside, or close them"), "alt+shift+m"),
    Action("pane.close", mark("Close the pane (what runs in it goes on)"), "alt+w"),
    Action("pane.next", mark("Go to the next pane"), "shift+tab"),
    Action("pane.previous", mark("Go to the pane before"), ""),
    Action("pane.left", mark("Move the pane to the left"), "alt+shift+left"),
    Action("pane.right", mark("Move the pane to the right"), "alt+shift+right"),
    Action("pane.larger", mark("Make the pane larger"), "alt+shift+up"),
    Action("pane.smaller", mark("Make the pane smaller"), "alt+shift+down"),
    Action("pane.even", mark("Give all panes the same room"), ""),
    Action("pane.menu", mark("Choose what to do with the pane"), ""),
    Action("pane.stop_all", mark("Stop the answers in all panes"), "alt+x"),
    # Comparing
    Action("compare.all", mark("Ask all panes with one prompt, or each with its own"), "alt+shift+a"),
    Action("compare.open", mark("Compare models, or settings of one"), "alt+shift+d"),
    Action("compare.keep", mark("Keep this one of the compared answers"), "alt+shift+k"),
    Action("compare.tie", mark("Scroll the panes together, or each on its own"), "alt+shift+s"),
    # The prompt
    Action("prompt.send", mark("Send"), "enter", foot=True, palette=False),
    Action("prompt.newline", mark("New line"), "ctrl+j,shift+enter,alt+enter,ctrl+enter", palette=False),
    Action("prompt.complete", mark("Complete"), "tab", palette=False),
    Action("prompt.up", mark("Line up, or an earlier prompt"), "up", palette=False),
    Action("prompt.down", mark("Line down, or a later prompt"), "down", palette=False),
    Action("prompt.page_up", mark("Scroll what was said a page up"), "pageup", palette=False),
    Action("prompt.page_down", mark("Scroll what was said a page down"), "pagedown", palette=False),
    Action("prompt.search", mark("Search earlier prompts"), "ctrl+r"),
    Action("prompt.edit", mark("Write the prompt in your editor"), "ctrl+g"),
    Action("prompt.expand", mark("Show the whole of a pasted text"), "alt+e"),
    Action("prompt.unqueue", mark("Take the last queued question back"), "alt+q"),
    Action("prompt.clear", mark("Clear what is written (undo brings it back)"), "ctrl+c,super+c", palette=False),
    Action("prompt.end", mark("Delete right; leave the program if nothing is written"), "ctrl+d", palette=False),
    Action("prompt.close", mark("Close what is open"), "escape", palette=False, yields=True),
    # Editing in the prompt
    Action("prompt.left", mark("Left"), "left", palette=False),
    Action("prompt.right", mark("Right"), "right", palette=False),
    Action("prompt.word_left", mark("A word left"), "ctrl+left,alt+left,alt+b", palette=False),
    Action("prompt.word_right", mark("A word right"), "ctrl+right,alt+right,alt+f", palette=False),
    Action("prompt.line_start", mark("To the start of the line"), "home,ctrl+a", palette=False),
    Action("prompt.line_end", mark("To the end of the line"), "end,ctrl+e", palette=False),
    Action("prompt.start", mark("To the start of the text"), "ctrl+home", palette=False),
    Action("prompt.finish", mark("To the end of the text"), "ctrl+end", palette=False),
    Action("prompt.select_left", mark("Select to the left"), "shift+left", palette=False),
    Action("prompt.select_right", mark("Select to the right"), "shift+right", palette=False),
    Action("prompt.select_up", mark("Select upwards"), "shift+up", palette=False),
    Action("prompt.select_down", mark("Select downwards"), "shift+down", palette=False),
    Action("prompt.select_word_left", mark("Select a word to the left"), "ctrl+shift+left", palette=False),
    Action("prompt.select_word_right", mark("Select a word to the right"), "ctrl+shift+right", palette=False),
    Action("prompt.select_line_start", mark("Select to the start of the line"), "shift+home", palette=False),
    Action("prompt.select_line_end", mark("Select to the end of the line"), "shift+end", palette=False),
    Action("prompt.select_all", mark("Select everything written"), "alt+a", palette=False),
    Action("prompt.delete_left", mark("Delete left"), "backspace,shift+backspace", palette=False),
    Action("prompt.delete_right", mark("Delete right"), "delete", palette=False),
    Action("prompt.delete_word_left", mark("Delete a word left"), "ctrl+w,ctrl+backspace,alt+backspace", palette=False),
    Action("prompt.delete_word_right", mark("Delete a word right"), "alt+d,alt+delete,ctrl+delete", palette=False),
    Action("prompt.delete_line_start", mark("Delete to the line's start"), "ctrl+u,super+backspace", palette=False),
    Action("prompt.delete_line_end", mark("Delete to the line's end"), "ctrl+k", palette=False),
    Action("prompt.yank", mark("Put back what was deleted last to a line's start or end"), "", palette=False),
    Action("prompt.cut", mark("Cut"), "ctrl+x,super+x", palette=False),
    Action("prompt.paste", mark("Paste what was cut or copied in the program"), "ctrl+v", palette=False),
    Action("prompt.undo", mark("Undo"), "ctrl+z,super+z", palette=False),
    Action("prompt.redo", mark("Redo"), "ctrl+y,super+y", palette=False),
    # Reading the conversation
    Action("transcript.previous", mark("Cursor to the message before"), "ctrl+up,shift+up", foot=True, palette=False),
    Action("transcript.next", mark("Cursor to the message after"), "ctrl+down,shift+down", palette=False),
    Action(
        "transcript.act",
        mark("Open or fold the thinking, go on, or what else can be done"),
        "enter",
        foot=True,
        palette=False,
    ),
    Action("transcript.delete", mark("Delete the message"), "delete", palette=False),
    Action("transcript.restore", mark("Bring back the message deleted last"), "ctrl+z", palette=False),
    Action("transcript.before", mark("The variant before"), "left,alt+left", palette=False),
    Action("transcript.after", mark("The variant after"), "right,alt+right", palette=False),
    Action("transcript.up", mark("A line up"), "up", palette=False),
    Action("transcript.down", mark("A line down"), "down", palette=False),
    Action("transcript.page_up", mark("A page up"), "pageup", palette=False),
    Action("transcript.page_down", mark("A page down"), "pagedown", palette=False),
    Action("transcript.half_up", mark("Half a page up"), "", palette=False),
    Action("transcript.half_down", mark("Half a page down"), "", palette=False),
    Action("transcript.start", mark("To the beginning"), "home,ctrl+home", palette=False),
    Action("transcript.end", mark("To the end, and follow it"), "end,ctrl+end", palette=False),
    Action("transcript.mark", mark("Begin to select lines, or stop"), "ctrl+@,ctrl+space", palette=False),
    Action("transcript.close", mark("Give up the selection"), "escape", palette=False, yields=True),
    Action("transcript.copy", mark("Copy the selection or the message"), "", palette=False),
    Action("transcript.code", mark("Copy a block of its code"), "", palette=False),
    Action("transcript.find", mark("Find in this conversation"), "", palette=False),
    Action("transcript.find_next", mark("The next place found"), "", palette=False),
    Action("transcript.find_previous", mark("The place found before"), "", palette=False),
    Action("transcript.prompt", mark("Back to the prompt"), "", palette=False),
    # The text alone
    Action("plain.close", mark("Back to the conversation"), "escape,q", palette=False),
    Action("plain.up", mark("A line up"), "up,k", palette=False),
    Action("plain.down", mark("A line down"), "down,j,enter", palette=False),
    Action("plain.page_up", mark("A page up"), "pageup,b", palette=False),
    Action("plain.page_down", mark("A page down"), "pagedown,space", palette=False),
    Action("plain.start", mark("To the beginning"), "home,g", palette=False),
    Action("plain.end", mark("To the end"), "end,G", palette=False),
    Action("plain.left", mark("To the left, along lines that are not broken"), "left,h", palette=False),
    Action("plain.right", mark("To the right"), "right,l", palette=False),
    Action("plain.wrap", mark("Break long lines, or do not"), "w", palette=False),
    Action("plain.marks", mark("With Markdown's marks, or without"), "m", palette=False),
    # A text to read: the keys, a log, a licence
    Action("page.close", mark("Back"), "escape,q", palette=False),
    Action("page.up", mark("A line up"), "up", palette=False),
    Action("page.down", mark("A line down"), "down", palette=False),
    Action("page.page_up", mark("A page up"), "pageup", palette=False),
    Action("page.page_down", mark("A page down"), "pagedown", palette=False),
    Action("page.first", mark("To the beginning"), "home,ctrl+home", palette=False),
    Action("page.last", mark("To the end"), "end,ctrl+end", palette=False),
    # What stands beside a conversation: options, presets, a JSON value, what was sent
    Action("aside.close", mark("Back to the conversation"), "escape", palette=False),
    Action("options.previous", mark("The option above"), "up", palette=False),
    Action("options.next", mark("The option below"), "down", palette=False),
    Action("options.page_up", mark("A page up"), "pageup", palette=False),
    Action("options.page_down", mark("A page down"), "pagedown", palette=False),
    Action("options.unset", mark("Unset the option (so does Del on the whole value)"), "alt+u", palette=False),
    Action("options.undo", mark("Take the last change of an option back"), "ctrl+z,super+z", palette=False),
    Action("presets.save", mark("Keep the options of this conversation as a preset"), "s", palette=False),
    Action("presets.rename", mark("Rename the preset"), "r", palette=False),
    Action("presets.model", mark("For this model only, or for any"), "m", palette=False),
    Action("presets.default", mark("Begin new conversations with this model with it, or not"), "d", palette=False),
    Action("presets.delete", mark("Delete the preset"), "x,delete", palette=False),
    Action("presets.restore", mark("Bring back the preset deleted last"), "u", palette=False),
    Action("presets.export", mark("Write the preset to a file"), "e", palette=False),
    Action("presets.import", mark("Take a preset from a file"), "i", palette=False),
    Action("json.fold", mark("Open or fold"), "space", palette=False),
    Action("json.open", mark("Open, or go into it"), "right", palette=False),
    Action("json.shut", mark("Fold, or go out of it"), "left", palette=False),
    Action("json.open_all", mark("Open everything"), "e,plus", palette=False),
    Action("json.shut_all", mark("Fold everything"), "c,minus", palette=False),
    Action("json.misfit", mark("To the next part that does not fit"), "n", palette=False),
    Action("json.copy", mark("Copy the value"), "y,ctrl+y", palette=False),
    Action("json.copy_path", mark("Copy the path"), "p", palette=False),
    Action("record.up", mark("Scroll up"), "up", palette=False),
    Action("record.down", mark("Scroll down"), "down", palette=False),
    Action("record.page_up", mark("Scroll a page up"), "pageup", palette=False),
    Action("record.page_down", mark("Scroll a page down"), "pagedown,space", palette=False),
    Action("record.copy", mark("Copy all of it"), "y,ctrl+y", palette=False),
    # The list of conversations
    Action("list.filter", mark("Filter"), "slash", foot=True, palette=False),
    Action("list.close", mark("Back to the prompt"), "escape", palette=False),
    Action("list.rename", mark("Rename"), "r", foot=True, palette=False),
    Action("list.pin", mark("Pin"), "p", foot=True, palette=False),
    Action("list.tag", mark("Tags"), "t", foot=True, palette=False),
    Action("list.archive", mark("Archive"), "a", foot=True, palette=False),
    Action("list.delete", mark("Delete"), "d,delete", foot=True, palette=False),
    Action("list.restore", mark("Undo"), "u", foot=True, palette=False),
    Action("list.new", mark("New"), "n", foot=True, palette=False),
    Action("list.shelf", mark("Archive, bin"), "v", foot=True, palette=False),
    Action("filter.down", mark("To the conversations that fit"), "down", palette=False),
    Action("filter.close", mark("Filter no more"), "escape", palette=False),
    # Searching all conversations
    Action("search.next", mark("The next hit"), "down", palette=False),
    Action("search.previous", mark("The hit before"), "up", palette=False),
    Action("search.page_down", mark("A page of hits down"), "pagedown", palette=False),
    Action("search.page_up", mark("A page of hits up"), "pageup", palette=False),
    Action("search.open", mark("Open the conversation at the hit"), "enter", palette=False),
    Action("search.complete", mark("Complete the filter"), "tab", palette=False),
    Action("search.close", mark("Back to the conversation"), "escape", palette=False),
    # Finding in the open conversation
    Action("find.next", mark("The next place"), "enter,down", palette=False),
    Action("find.previous", mark("The place before"), "up,shift+enter", palette=False),
    Action("find.everywhere", mark("Search all conversations for it"), "ctrl+f", palette=False),
    Action("find.close", mark("Close"), "escape", palette=False),
    # The inspector of tokens
    Action("inspector.edit", mark("To the text, and back to its tokens"), "tab,shift+tab", palette=False),
    Action("inspector.model", mark("Look at it under another model"), "f8,ctrl+s", palette=False),
    Action("inspector.second", mark("Put a second model beside it, or take it away"), "alt+v", palette=False),
    Action("inspector.view", mark("Show pieces and ids, pieces, or ids"), "alt+i", palette=False),
    Action("inspector.lesson", mark("Explain what tokens are"), "alt+h", palette=False),
    Action("inspector.close", mark("Back to the conversation"), "escape", palette=False),
    Action("tokens.previous", mark("The token before"), "left", palette=False),
    Action("tokens.next", mark("The token after"), "right", palette=False),
    Action("tokens.up", mark("A line up"), "up", palette=False),
    Action("tokens.down", mark("A line down"), "down", palette=False),
    Action("tokens.page_up", mark("A page up"), "pageup", palette=False),
    Action("tokens.page_down", mark("A page down"), "pagedown", palette=False),
    Action("tokens.first", mark("To the first token"), "home", palette=False),
    Action("tokens.last", mark("To the last token"), "end", palette=False),
    # The model manager, wherever it stands, with its lists, transfers and details
    Action("models.pull", mark("Pull a model"), "p", foot=True),
    Action("models.chat", mark("Chat with the model"), "n", foot=True),
    Action("models.remove", mark("Remove the model"), "x,delete", foot=True),
    Action("models.copy", mark("Copy the model to another name"), "c", foot=True),
    Action("models.load", mark("Load the model into memory"), "l", foot=True),
    Action("models.unload", mark("Unload the model"), "u", foot=True),
    Action("models.stop", mark("Stop the transfer that runs, or go to the transfers"), "t", foot=True),
    Action("models.filter", mark("Filter the models"), "slash,ctrl+f", foot=True),
    Action("models.sort", mark("Sort the models by the next column"), "s", foot=True),
    Action("models.reverse", mark("Turn the order of the models round"), "S"),
    Action("models.refresh", mark("Ask the server again"), "ctrl+r,g"),
    Action("models.close", mark("Close what is open"), "escape", palette=False),
    Action("models.insecure", mark("Pull over plain http, or not"), "alt+i", palette=False),
    Action("rows.up", mark("Up"), "up", palette=False),
    Action("rows.down", mark("Down"), "down", palette=False),
    Action("rows.page_up", mark("A page up"), "pageup", palette=False),
    Action("rows.page_down", mark("A page down"), "pagedown", palette=False),
    Action("rows.first", mark("To the first"), "home", palette=False),
    Action("rows.last", mark("To the last"), "end", palette=False),
    Action("rows.choose", mark("Open"), "enter", palette=False),
    Action("question.close", mark("Leave it unanswered"), "escape", palette=False),
    # The tree of a conversation
    Action("tree.fold", mark("Fold the branch"), "left", palette=False),
    Action("tree.unfold", mark("Unfold the branch"), "right", palette=False),
    Action("tree.edit", mark("Edit the message, and send or keep it"), "e", palette=False),
    Action("tree.retry", mark("Try the answer again"), "r", palette=False),
    Action("tree.fork", mark("Fork: begin a new conversation that goes up to here"), "f", palette=False),
    Action("tree.delete", mark("Delete the message"), "d,delete", palette=False),
    Action("tree.restore", mark("Bring back the message deleted last"), "u,ctrl+z,alt+z", palette=False),
    Action("tree.close", mark("Back to the conversation"), "escape,alt+shift+t", palette=False),
    Action("transfers.stop", mark("Stop the transfer"), "x,delete", palette=False),
    Action("transfers.resume", mark("Go on with the transfer"), "r", palette=False),
    Action("toggle.turn", mark("Tick or untick"), "space,enter", palette=False),
    Action("card.next", mark("The next section"), "right", palette=False),
    Action("card.previous", mark("The section before"), "left", palette=False),
    Action("card.copy", mark("Copy this section"), "y,ctrl+y", palette=False),
    Action("card.up", mark("Scroll up"), "up", palette=False),
    Action("card.down", mark("Scroll down"), "down", palette=False),
    Action("card.page_up", mark("Scroll a page up"), "pageup", palette=False),
    Action("card.page_down", mark("Scroll a page down"), "pagedown,space", palette=False),
    Action("card.first", mark("Scroll to the top"), "home", palette=False),
    Action("card.last", mark("Scroll to the end"), "end", palette=False),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}


def bindings_for(*areas: str, by_app: bool = False) -> list[BindingType]:
    """Bindings with ids, so that the configuration can change them; by the app, actions are done where they belong."""
    return [
        Binding(binding_keys(action), does, action.name, id=action.id, show=False)
        for action in ACTIONS
        if action.area in areas and (does := f"app.act('{action.id}')" if by_app else action.method)
    ]


def binding_keys(action: Action) -> str:
    """The keys that an action's binding is made with: one that nobody can press stands for none."""
    return action.keys or f"{UNBOUND}_{action.method}"


def keys_of(action_id: str, changed: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action, as the configuration or else the table has them."""
    keys = changed.get(action_id, BY_ID[action_id].keys)
    return tuple(key.strip() for key in keys.split(",") if key.strip())


_SIGNS = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "delete": "Del",
    "backspace": "Backspace",
    "home": "Home",
    "end": "End",
    "insert": "Ins",
    "plus": "+",
    "minus": "-",
    "underscore": "_",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "tab": "Tab",
    "slash": "/",
    "question_mark": "?",
}

_ARROWS = ("up", "down", "left", "right")


def key_sign(key: str) -> str:
    """A key as it is shown: `^P`, `F1`, `Alt+M`."""
    if key == "ctrl+@":  # what terminals send for it
        return "^Space"
    *modifiers, last = key.split("+")
    name = _SIGNS.get(last, last.upper() if last.startswith("f") and last[1:].isdigit() else last)
    if last in _ARROWS and is_reduced():
        name = last.capitalize()
    if modifiers == ["ctrl"] and len(name) == 1:
        return f"^{name.upper()}"
    if not modifiers:
        return name
    if len(name) == 1:
        name = name.upper()
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])
