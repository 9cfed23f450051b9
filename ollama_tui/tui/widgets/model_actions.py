"""What can be done in the model manager and its lists: rows for the table of all actions, and their bindings.

A row is (id, name, keys, shown in the foot, listed in the palette), as `tui.actions.Action` takes them.
"""

from textual.binding import Binding, BindingType

from ollama_tui.domain.i18n import mark

MODEL_ACTIONS: tuple[tuple[str, str, str, bool, bool], ...] = (
    # The model manager, wherever it stands
    ("models.pull", mark("Pull a model"), "p", True, True),
    ("models.chat", mark("Chat with the model"), "n", True, True),
    ("models.remove", mark("Remove the model"), "x,delete", True, True),
    ("models.copy", mark("Copy the model to another name"), "c", True, True),
    ("models.load", mark("Load the model into memory"), "l", True, True),
    ("models.unload", mark("Unload the model"), "u", True, True),
    ("models.filter", mark("Filter the models"), "slash,ctrl+f", True, True),
    ("models.sort", mark("Sort the models by the next column"), "s", True, True),
    ("models.reverse", mark("Turn the order of the models round"), "S", False, True),
    ("models.refresh", mark("Ask the server again"), "ctrl+r,g", False, True),
    ("models.close", mark("Close what is open"), "escape", False, False),
    ("models.insecure", mark("Pull over plain http, or not"), "alt+i", False, False),
    # Lists of rows
    ("rows.up", mark("Up"), "up", False, False),
    ("rows.down", mark("Down"), "down", False, False),
    ("rows.page_up", mark("A page up"), "pageup", False, False),
    ("rows.page_down", mark("A page down"), "pagedown", False, False),
    ("rows.first", mark("To the first"), "home", False, False),
    ("rows.last", mark("To the last"), "end", False, False),
    ("rows.choose", mark("Open"), "enter", False, False),
    # Transfers
    ("transfers.stop", mark("Stop the transfer"), "x,delete", False, False),
    ("transfers.resume", mark("Go on with the transfer"), "r", False, False),
    # A word that is ticked or not
    ("toggle.turn", mark("Tick or untick"), "space,enter", False, False),
    # Details of a model
    ("card.next", mark("The next section"), "right", False, False),
    ("card.previous", mark("The section before"), "left", False, False),
    ("card.copy", mark("Copy this section"), "y,ctrl+y", False, False),
    ("card.up", mark("Scroll up"), "up", False, False),
    ("card.down", mark("Scroll down"), "down", False, False),
    ("card.page_up", mark("Scroll a page up"), "pageup", False, False),
    ("card.page_down", mark("Scroll a page down"), "pagedown,space", False, False),
    ("card.first", mark("Scroll to the top"), "home", False, False),
    ("card.last", mark("Scroll to the end"), "end", False, False),
)


def bindings_of(area: str) -> list[BindingType]:
    """The bindings of one area, with ids, so that the configuration can change them."""
    return [
        Binding(keys, id_.replace(".", "_"), name, id=id_, show=False)
        for id_, name, keys, _foot, _palette in MODEL_ACTIONS
        if id_.partition(".")[0] == area
    ]
