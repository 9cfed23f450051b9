"""An answer's JSON beside the conversation: a tree, and the part at the cursor in full."""

import json

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import drawable, one_line
from ollama_tui.services.schema import Verdict, path_text
from ollama_tui.services.verdict_words import verdict_line
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.aside import Aside
from ollama_tui.tui.widgets.json_rows import JsonRows
from ollama_tui.tui.widgets.key_line import KeyLine
from ollama_tui.tui.widgets.rows import Rows

_LENGTH = 20_000
"""Characters of a part that are shown in full."""


class JsonView(Aside):
    """A value, and what is known of it."""

    DEFAULT_CSS = """
    JsonView > #json-title { height: auto; padding: 0 1; }
    JsonView > VerticalScroll {
        height: auto; max-height: 40%; border-top: solid $panel; padding: 0 1; scrollbar-size-vertical: 1;
    }
    JsonView > VerticalScroll > Static { height: auto; }
    JsonView JsonRows { height: 1fr; min-height: 4; }
    """

    def __init__(self, verdict: Verdict, message_id: str) -> None:
        super().__init__()
        self._verdict = verdict
        self.message_id = message_id
        """Which answer it is of."""

    def compose(self) -> ComposeResult:
        line, good = verdict_line(self._verdict)
        yield Static(
            Content.assemble(
                (_("JSON"), "bold $text-primary"), sign(" · "), (line, "$text-success" if good else "$text-warning")
            ),
            id="json-title",
            markup=False,
        )
        yield JsonRows()
        with VerticalScroll(can_focus=False):
            yield Static(id="json-text", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the value."""
        self.query_one(JsonRows).show(self._verdict)
        self.query_one(KeyLine).show(
            [
                ("aside.close", _("back")),
                ("json.fold", _("fold")),
                *([("json.misfit", _("next that does not fit"))] if self._verdict.misfits else []),
                ("json.copy", _("copy")),
                ("json.copy_path", _("copy path")),
                ("json.open_all", _("open all")),
                ("json.shut_all", _("fold all")),
            ]
        )
        self._tell()

    def take_focus(self) -> None:
        """To the tree."""
        self.query_one(JsonRows).focus()

    def _tell(self) -> None:
        rows = self.query_one(JsonRows)
        node = rows.node
        lines = [Content.styled(one_line(path_text(node.path)), "bold")]
        lines += [
            Content.styled(f"{sign('✗')} {drawable(misfit.reason)}", "$text-error")
            for misfit in rows.misfits_at(node.path)
        ]
        text = value_text(node.value)
        lines.append(Content(drawable(text[:_LENGTH]) + (sign("…") if len(text) > _LENGTH else "")))
        self.query_one("#json-text", Static).update(Content("\n").join(lines))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        self._tell()

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        self.query_one(JsonRows).toggle(event.key)

    def action_json_copy(self) -> None:
        """The part at the cursor: a text as it is, anything else as JSON."""
        self.post_message(self.CopyAsked(value_text(self.query_one(JsonRows).node.value)))

    def action_json_copy_path(self) -> None:
        """Where it stands."""
        self.post_message(self.CopyAsked(path_text(self.query_one(JsonRows).node.path)))


def value_text(value: object) -> str:
    """A text as it is; anything else as JSON over several lines."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
