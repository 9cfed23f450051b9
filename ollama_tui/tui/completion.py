"""What could be written next: for slash commands from their table, for `@` and paths from the disk."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import THINK_LEVELS
from ollama_tui.domain.options import BY_NAME, OptionSpec
from ollama_tui.tui.signs import sign
from ollama_tui.tui.slash_table import ALIASES, COPIED, HELP_TOPICS, SETTINGS, SHOWN, TABLE, Entry


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to go on."""

    text: str
    """What is written when it is taken; empty for a line that only informs."""
    label: str
    help: str = ""
    is_final: bool = True
    """Whether nothing more has to be written after it."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Ways to go on from the cursor."""

    start: int = 0
    """How many characters before the cursor are replaced."""
    items: tuple[Offer, ...] = ()
    are_all: bool = True
    """Whether nothing else can be meant; else what is written counts as it stands until an offer is chosen."""


NOTHING = Offers()

Known = Mapping[str, Sequence[str]]
"""What the words after a command can be, by the command's name: the models for `load`, …"""


def complete_command(written: str, known: Known) -> Offers:
    """How the command `written` up to the cursor could go on."""
    if not written.startswith("/") or "\n" in written:
        return NOTHING
    *before, word = written.split(" ")
    before = [part for part in before if part]
    if not before:
        return _offers(word, [_command(entry) for entry in TABLE.values()], "/")
    head = before[0][1:]
    name = ALIASES.get(head, head)
    match [name, *before[1:]]:
        case ["set"]:
            return _offers(word, [_setting(name, about) for name, about in SETTINGS.items()])
        case ["set", "parameter"]:
            return _offers(word, [_parameter(spec) for spec in BY_NAME.values()])
        case ["set", "parameter", option] if option in BY_NAME:
            return _offers(word, _values(BY_NAME[option]))
        case ["set", "think"]:
            return _offers(word, [Offer(level, level) for level in THINK_LEVELS])
        case ["set", "format"]:
            return _offers(word, [Offer("json", "json", _("any JSON; or a JSON schema, or a file with one"))])
        case ["show"]:
            return _offers(word, [Offer(kind, kind, _(about)) for kind, about in SHOWN.items()])
        case ["copy"]:
            kinds = (Offer(kind, kind, _(about)) for kind, about in COPIED.items())
            return _offers(word, list(kinds))
        case ["copy", *_words]:
            return _offers(word, [Offer("plain", "plain", _(COPIED["plain"]))])
        case ["compare", *given]:
            items = [item for item in known.get(name, ()) if item not in given]
            return _offers(word, [Offer(item, item, is_final=False) for item in items])
        case ["help"]:
            return _offers(word, [Offer(topic, topic, _(about)) for topic, about in HELP_TOPICS.items()])
        case ["pull"]:  # the library has thousands
            return replace(_offers(word, [Offer(item, item) for item in known.get(name, ())]), are_all=False)
        case [_command_name] if name in known:
            return _offers(word, [Offer(item, item) for item in known[name]])
        case _:
            return NOTHING


def complete_path(word: str, folder: str = ".", *, suits: Callable[[str], bool] = lambda _name: True) -> Offers:
    """The files and folders that `word` may be the beginning of, relative to `folder`. Reads the disk."""
    head, slash, tail = re.sub(r"\\(.)", r"\1", word).rpartition("/")
    head += slash
    where = os.path.join(folder, os.path.expanduser(head))
    offers: list[Offer] = []
    try:
        with os.scandir(where) as entries:
            for entry in entries:
                if entry.name.startswith(".") and not tail.startswith("."):
                    continue
                is_folder = entry.is_dir()
                if is_folder or suits(entry.name):
                    end = "/" if is_folder else ""
                    offers.append(Offer(_escaped(head + entry.name) + end, entry.name + end, "", not is_folder))
    except OSError:
        return NOTHING
    offers.sort(key=lambda offer: (offer.is_final, offer.label.casefold()))
    return Offers(len(word), _fitting(tail, offers, lambda offer: offer.label))


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace(" ", "\\ ")


def _offers(word: str, offers: Iterable[Offer], sign: str = "") -> Offers:
    return Offers(len(word), _fitting(word.removeprefix(sign), offers, lambda offer: offer.label.removeprefix(sign)))


def _fitting(word: str, offers: Iterable[Offer], name: Callable[[Offer], str]) -> tuple[Offer, ...]:
    """Those whose name begins with `word`, then those that contain it, then those that contain its letters in order."""
    word = word.casefold()
    ranked: tuple[list[Offer], list[Offer], list[Offer]] = ([], [], [])
    for offer in offers:
        own = name(offer).casefold()
        if not offer.text or own.startswith(word):
            ranked[0].append(offer)
        elif word in own:
            ranked[1].append(offer)
        elif _in_order(word, own):
            ranked[2].append(offer)
    return (*ranked[0], *ranked[1], *ranked[2])


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _command(entry: Entry) -> Offer:
    return Offer(f"/{entry.name}", f"/{entry.name}", _(entry.help), is_final=entry.argument == "none")


def _setting(name: str, about: str) -> Offer:
    return Offer(name, name, _(about), is_final=name not in ("parameter", "system", "format", "think"))


def _parameter(spec: OptionSpec) -> Offer:
    return Offer(spec.name, spec.name, _(spec.help), is_final=False)


def _values(spec: OptionSpec) -> list[Offer]:
    about = _("By default: {default}").format(default=_(spec.default))
    if spec.type == "bool":
        return [Offer("true", "true", _(spec.help)), Offer("false", "false", about)]
    span = sign('"…" "…"')
    if spec.low is not None and spec.high is not None:
        span = f"{spec.low:,.10g}{sign(' … ')}{spec.high:,.10g}"
    return [Offer("", span, about), Offer("", "", _(spec.help))]
