"""The presets, beside a conversation: to be used, kept, named, passed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from ollama_tui.domain.i18n import _
from ollama_tui.domain.preset import Preset, format_text, summary
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.services.preset_folder import BrokenPreset, KeptPreset, Shelf
from ollama_tui.tui.actions import bindings_for
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.aside import Aside
from ollama_tui.tui.widgets.cut import cut_end, cut_middle, left
from ollama_tui.tui.widgets.key_line import KeyLine
from ollama_tui.tui.widgets.rows import Piece, Rows

Verb = Literal["apply", "save", "rename", "model", "default", "delete", "restore", "export", "import"]
_BROKEN = "broken:"
_NAMES = 20


class PresetRows(Rows):
    """A row each: whether new conversations begin with it, its name, for which model, what it sets."""

    RESTING_CURSOR = True
    DEFAULT_CSS = "PresetRows { height: 1fr; min-height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, KeptPreset] = {}
        self.broken: dict[str, BrokenPreset] = {}
        self._model = ""
        self._default = ""

    def show(self, shelf: Shelf, model: str, default: str) -> None:
        """Show the presets of this model and those of any first, then those of others and the broken files."""
        self._model, self._default = model, default
        ordered = sorted(shelf.presets, key=lambda kept: not kept.preset.suits(model))
        self.kept = {kept.id: kept for kept in ordered}
        self.broken = {f"{_BROKEN}{broken.path.name}": broken for broken in shelf.broken}
        words = (
            _("No presets yet."),
            _("A preset keeps how a conversation asks, under a name: options, thinking, format, system prompt."),
            _("s keeps the options of this conversation; i takes a preset from somebody's file."),
        )
        self.replace([*self.kept, *self.broken], words)

    def draw(self, key: str, width: int) -> Sequence[Piece]:
        """One row."""
        if (broken := self.broken.get(key)) is not None:
            return (Piece(sign(" ✗ "), "error"), Piece(cut_end(str(broken), width - 4), "error"))
        kept = self.kept[key]
        preset = kept.preset
        fits = preset.suits(self._model)
        names = min(_NAMES, max(8, width // 3))
        whose = _for(preset, self._model)
        rest = max(0, width - 3 - names - cell_len(whose) - 4)
        return (
            Piece(sign(" ★ ") if key == self._default else "   ", "warning"),
            Piece(left(cut_end(preset.name, names - 1), names), "strong" if fits else "muted"),
            Piece(f"{whose}  ", "" if fits else "muted"),
            Piece(cut_end(summary(preset), rest), "muted"),
        )


def _for(preset: Preset, model: str) -> str:
    if not preset.model:
        return _("any model")
    if preset.suits(model):
        return _("this model")
    return cut_middle(preset.model, 18)


class PresetsPanel(Aside):
    """The list, and what the preset at the cursor says."""

    BINDINGS = bindings_for("presets")
    DEFAULT_CSS = """
    PresetsPanel > #presets-title { height: auto; padding: 0 1; }
    PresetsPanel > VerticalScroll {
        height: auto; max-height: 50%; border-top: solid $panel; padding: 0 1; scrollbar-size-vertical: 1;
    }
    PresetsPanel > VerticalScroll > Static { height: auto; }
    """

    @dataclass
    class Asked(Message):
        """Something is to be done, with the preset at the cursor where there is one."""

        verb: Verb
        kept: KeptPreset | None

    def compose(self) -> ComposeResult:
        yield Static(id="presets-title", markup=False)
        yield PresetRows()
        with VerticalScroll(can_focus=False):
            yield Static(id="presets-text", markup=False)
        yield KeyLine(id="presets-use")
        yield KeyLine(id="presets-change")

    def on_mount(self) -> None:
        """The keys that work here."""
        self.query_one("#presets-use", KeyLine).show(
            [
                ("rows.choose", _("use")),
                ("presets.save", _("keep these options")),
                ("presets.default", _("begin with it")),
                ("aside.close", _("back")),
            ]
        )
        self.query_one("#presets-change", KeyLine).show(
            [
                ("presets.model", _("for whom")),
                ("presets.rename", _("rename")),
                ("presets.delete", _("delete")),
                ("presets.restore", _("undo")),
                ("presets.export", _("export")),
                ("presets.import", _("import")),
            ]
        )

    def take_focus(self) -> None:
        """To the list."""
        self.query_one(PresetRows).focus()

    def show(self, shelf: Shelf, model: str, defaults: Mapping[str, str], key: str = "") -> None:
        """Show what is in the folder; `defaults` by model, in lower case."""
        rows = self.query_one(PresetRows)
        rows.show(shelf, model, defaults.get(model.casefold(), ""))
        if key:
            rows.move_to(key)
        name = one_line(model).removesuffix(":latest")
        self.query_one("#presets-title", Static).update(
            Content.assemble((_("Presets"), "bold $text-primary"), f" {sign('·')} {name}" if name else "")
        )
        self._tell()

    def _tell(self) -> None:
        rows = self.query_one(PresetRows)
        if (broken := rows.broken.get(rows.key)) is not None:
            words = Content.styled(f"{drawable(str(broken))}\n{one_line(str(broken.path))}", "$text-error")
        elif (kept := rows.kept.get(rows.key)) is not None:
            words = _described(kept)
        else:
            words = Content("")
        self.query_one("#presets-text", Static).update(words)

    @property
    def at_cursor(self) -> KeptPreset | None:
        """The preset at the cursor."""
        rows = self.query_one(PresetRows)
        return rows.kept.get(rows.key)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        self._tell()

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        self._ask("apply")

    def _ask(self, verb: Verb) -> None:
        kept = self.at_cursor
        if kept is not None or verb in ("save", "restore", "import"):
            self.post_message(self.Asked(verb, kept))

    def action_presets_save(self) -> None:
        """Keep this conversation's options."""
        self._ask("save")

    def action_presets_rename(self) -> None:
        """Another name."""
        self._ask("rename")

    def action_presets_model(self) -> None:
        """For this model, or for any."""
        self._ask("model")

    def action_presets_default(self) -> None:
        """For new conversations."""
        self._ask("default")

    def action_presets_delete(self) -> None:
        """Put it aside."""
        self._ask("delete")

    def action_presets_restore(self) -> None:
        """Bring the last one back."""
        self._ask("restore")

    def action_presets_export(self) -> None:
        """Into a file."""
        self._ask("export")

    def action_presets_import(self) -> None:
        """From a file."""
        self._ask("import")


def _described(kept: KeptPreset) -> Content:
    """All that a preset says, a line each; its system prompt as it is written."""
    preset = kept.preset
    lines = [Content.styled(one_line(preset.name), "bold")]
    lines += [Content(drawable(f"{piece}")) for piece in summary(_but_long(preset)).split(sign(" · ")) if piece]
    if isinstance(preset.format, Mapping):
        lines.append(Content(drawable(format_text(preset.format))))
    if preset.system is not None:
        lines.append(Content.styled(_("system:"), "$text-muted"))
        lines.append(Content(drawable(preset.system)) if preset.system else Content(_("(none, whatever was set)")))
    lines += [Content.styled(f"{sign('⚠')} {drawable(remark)}", "$text-warning") for remark in kept.remarks]
    lines.append(Content.styled(one_line(str(kept.path)), "$text-muted"))
    return Content("\n").join(lines)


def _but_long(preset: Preset) -> Preset:
    from dataclasses import replace

    schema = isinstance(preset.format, Mapping)
    return replace(preset, system=None, format=None if schema else preset.format)
