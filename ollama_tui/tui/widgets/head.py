"""The first line of a conversation: model and host at the left, context and thinking at the right."""

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive

from ollama_tui.domain.i18n import _
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import short_context
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.bar import bar
from ollama_tui.tui.widgets.cut import cut_content
from ollama_tui.tui.widgets.grip import Grip
from ollama_tui.tui.widgets.key_hints import does

_GAUGE = 10
_MUCH = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLine:
    """What the head shows."""

    model: str = ""
    host: str = ""
    host_there: bool = True
    title: str = ""
    temporary: bool = False
    context_used: int = 0
    """Tokens of the prompt that would be sent now."""
    context_allowed: int = 0
    """Tokens that the model was given, or will be asked for; 0 if that is not known."""
    context_given: bool = False
    """Whether it was given them already."""
    context_exact: bool = False
    """Whether the server will count the same."""
    context_fit: Literal["fits", "tight", "over", "unknown"] = "unknown"
    think: str = ""
    """Empty for a model that does not think."""
    remote: bool = False


def short_count(tokens: int) -> str:
    """`1.2k`, `32k`, `940`."""
    if tokens < 1000:
        return str(tokens)
    thousands = tokens / 1000
    return f"{thousands:.1f}k".replace(".0k", "k") if thousands < 10 else f"{thousands:.0f}k"


class Head(Grip):
    """One line, and a thin rule under it."""

    DEFAULT_CSS = """
    Head { height: 2; padding: 0 1; border-bottom: solid $panel; color: $text-muted; }
    Head.-lit { border-bottom: solid $accent; }
    """

    line: reactive[HeadLine] = reactive(HeadLine())

    def watch_lit(self, lit: bool | None) -> None:
        """The rule under it has the colour, too."""
        self.set_class(lit is True, "-lit")

    def render(self) -> Content:
        """What fits: the model's name and the signs always, then the gauge, thinking, the host, the title."""
        signs = self.pane_signs(menu=True)
        room = self.size.width - signs.cell_length
        said = self._said(room)
        return Content.assemble(said, " " * max(0, room - said.cell_length), signs)

    def _said(self, width: int) -> Content:
        line = self.line
        right = self._right(line)
        gap = "   "
        style = {None: "bold $text-primary", True: "bold $text-accent", False: "bold $text-muted"}[self.lit]
        mark = sign("▸ ") if self.lit else ""
        left = Content.styled(mark + (one_line(line.model) or _("no model")), style).stylize(does("chat.model"))
        extras: list[Content] = []
        if line.remote:
            extras.append(Content.styled(_("runs elsewhere!"), "bold $text-warning"))
        if line.temporary:
            extras.append(Content.styled(_("temporary: nothing is kept"), "$text-warning"))
        style = "" if line.host_there else "bold $text-error"
        host = one_line(line.host) + ("" if line.host_there else _(" (not there)"))
        extras.append(Content.styled(host, style).stylize(does("app.host")))
        if line.title:
            extras.append(Content(one_line(line.title)))
        for extra in extras:
            room = width - left.cell_length - 3 - (right.cell_length + cell_len(gap))
            if extra.cell_length > room:
                if room >= 12:
                    cut = set_cell_size(extra.plain, room - 1).rstrip() + sign("…")
                    left = Content.assemble(left, sign(" · "), cut)
                break
            left = Content.assemble(left, sign(" · "), extra)
        space = width - left.cell_length - right.cell_length
        if space < 1:
            return cut_content(left, width)
        return Content.assemble(left, " " * space, right)

    def _right(self, line: HeadLine) -> Content:
        pieces: list[Content] = []
        if line.model:
            pieces.append(self._gauge(line).stylize(does("chat.context")))
        if line.think:
            pieces.append(Content(_("think {level}").format(level=line.think)).stylize(does("chat.think")))
        return Content("   ").join(pieces)

    def _gauge(self, line: HeadLine) -> Content:
        """`ctx ▰▰▱▱ ~1.2k/8k`: `~` for an estimate, `?` for a context that is not known yet, or only asked for."""
        used = ("" if line.context_exact or not line.context_used else "~") + short_count(line.context_used)
        if not line.context_allowed:
            return Content(_("ctx {used}/?").format(used=used))
        share = line.context_used / line.context_allowed
        styles = {"over": "bold $text-error", "tight": "$text-warning"}
        style = styles.get(line.context_fit, "$text-warning" if share > _MUCH else "$text-primary")
        full, empty = bar(share, _GAUGE)
        counts = f"{used}/{short_context(line.context_allowed)}{'' if line.context_given else '?'}"
        signs = {"over": _(" too long"), "tight": _(" hardly room")}
        return Content.assemble(
            _("ctx "), (full, style), (empty, "dim"), " ", (counts, style), (signs.get(line.context_fit, ""), style)
        )
