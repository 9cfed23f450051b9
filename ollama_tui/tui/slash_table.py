"""The slash commands there are: their words, their arguments and what they do, in one line each."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from ollama_tui.domain.i18n import mark

Name = Literal[
    "archive", "bye", "clear", "compare", "context", "continue", "copy", "data", "delete", "edit", "export", "find",
    "fork", "help", "image", "list", "load", "model", "new", "options", "pin", "plain", "preset", "pull",
    "regenerate", "restore", "retry", "save", "search", "set", "show", "stop", "summarise", "tag", "temporary",
    "theme", "title", "tokens", "tree",
]  # fmt: skip


class Entry(NamedTuple):
    """One command."""

    name: Name
    help: str
    argument: Literal["none", "needed", "optional"] = "none"
    usage: str = ""
    """What comes after its name."""
    what: str = ""
    """What it needs, in words."""


TABLE: Mapping[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry("set", mark("Change how the model is asked"), "needed", "parameter|system|think|format|…"),
        Entry("show", mark("Show what the model is made of"), "optional", "[info|license|parameters|…]"),
        Entry("load", mark("Begin a new conversation with another model"), "needed", "MODEL", mark("a model")),
        Entry("save", mark("Save this conversation and its settings as a model"), "needed", "NAME", mark("a name")),
        Entry("list", mark("List the installed models")),
        Entry("clear", mark("Begin a new conversation; this one is kept")),
        Entry("image", mark("Attach an image"), "needed", "PATH", mark("a path")),
        Entry("model", mark("Go on with another model"), "optional", "[MODEL]"),
        Entry("options", mark("Show and change how this conversation asks"), "optional", "[OPTION]"),
        Entry("preset", mark("Use a preset, or save one; without a name, show them"), "optional",
              "[NAME|save NAME]"),
        Entry("pull", mark("Download a model"), "needed", "MODEL", mark("a model")),
        Entry("new", mark("Begin a new conversation")),
        Entry("temporary", mark("Begin a conversation that leaves no trace")),
        Entry("title", mark("Name the conversation; without a name, let the model do it"), "optional", "[TITLE]"),
        Entry("find", mark("Find in this conversation"), "optional", "[TEXT]"),
        Entry("search", mark("Search all conversations"), "optional", "[WORDS]"),
        Entry("tag", mark("Give this conversation tags, or take one: -TAG"), "optional", "[TAG …]"),
        Entry("pin", mark("Pin this conversation above the others, or let it go")),
        Entry("archive", mark("Archive this conversation, or bring it back")),
        Entry("context", mark("Show what the prompt is made of, in tokens")),
        Entry("summarise", mark("Let the model sum up the oldest turns, and send that instead")),
        Entry("continue", mark("Go on with the last answer")),
        Entry("retry", mark("Try the last answer again")),
        Entry("copy", mark("Copy the answer, one of its code blocks, its thinking, or all"), "optional",
              "[N|code|thinking|all] [plain]"),
        Entry("export", mark("Write the conversation to a file"), "optional", "[FILE.md|.txt|.json]"),
        Entry("plain", mark("Show the text alone, to select in the terminal's own way")),
        Entry("regenerate", mark("Try the answer again, by another model"), "optional", "[MODEL] [OPTION=VALUE …]"),
        Entry("compare", mark("Ask the last question of several models, or with several values of an option"),
              "optional", "[MODEL …|OPTION=VALUE,VALUE …]"),
        Entry("edit", mark("Edit a message by its number, or the last question, and send it again"), "optional", "[N]"),
        Entry("delete", mark("Delete a message by its number, or the last question and answer"), "optional", "[N]"),
        Entry("restore", mark("Bring back the message deleted last")),
        Entry("fork", mark("Begin a new conversation that goes up to a message, or up to here"), "optional", "[N]"),
        Entry("tree", mark("Show the tree of the conversation, with the numbers of its messages")),
        Entry("stop", mark("Stop the answer")),
        Entry("tokens", mark("Show how a text, or what was said last, is cut into tokens"), "optional", "[TEXT]"),
        Entry("data", mark("Show where the data is")),
        Entry("theme", mark("Choose the theme: all colours"), "optional", "[NAME]"),
        Entry("help", mark("List the commands; with shortcuts, the keys"), "optional", "[set|show|shortcuts]"),
        Entry("bye", mark("Leave the program")),
    )
}  # fmt: skip

ALIASES: Mapping[str, Name] = {"?": "help", "exit": "bye", "quit": "bye"}

SETTINGS: Mapping[str, str] = {
    "parameter": mark("Set a parameter of the model, such as num_ctx or temperature"),
    "system": mark("Set the system message"),
    "think": mark("Let the model think, as hard as you say"),
    "nothink": mark("Do not let the model think"),
    "format": mark("Ask for JSON, or for what a JSON schema describes"),
    "noformat": mark("Ask for no format"),
    "verbose": mark("Show figures under the answers"),
    "quiet": mark("Show no figures under the answers"),
    "history": mark("Remember what you write"),
    "nohistory": mark("Do not remember what you write"),
    "wordwrap": mark("Break long lines between words"),
    "nowordwrap": mark("Break long lines anywhere"),
}

SHOWN: Mapping[str, str] = {
    "info": mark("What the server tells of the model"),
    "license": mark("Its license"),
    "modelfile": mark("Its Modelfile"),
    "parameters": mark("Its parameters, and those you set"),
    "system": mark("The system message"),
    "template": mark("Its template"),
}

HELP_TOPICS: Mapping[str, str] = {
    "set": mark("What can be set"),
    "show": mark("What can be shown"),
    "shortcuts": mark("The keys"),
}

COPIED: Mapping[str, str] = {
    "code": mark("A block of its code; a number says which"),
    "thinking": mark("What the model thought"),
    "all": mark("The whole conversation"),
    "plain": mark("Without Markdown's marks"),
}
