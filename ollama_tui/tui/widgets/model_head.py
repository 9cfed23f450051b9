"""The manager's first line: which host, how many models, and how much room they take there."""

from time import monotonic

from textual.content import Content
from textual.widgets import Static

from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.text import one_line
from ollama_tui.domain.units import human_bytes
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.grip import Grip
from ollama_tui.tui.widgets.model_watch import ModelWatch

_PATIENCE = 0.3
"""A wait longer than this is told, with its seconds."""


class ModelHead(Grip, Static):
    """One line."""

    DEFAULT_CSS = "ModelHead { height: 1; padding: 0 1; background: $surface; }"

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._known: ModelWatch | None = None

    def on_resize(self) -> None:
        """The right end has moved."""
        if self._known:
            self.show(self._known)

    def watch_lit(self) -> None:
        """Only among others is there something to close."""
        if self._known:
            self.show(self._known)

    def show(self, known: ModelWatch) -> None:
        """Show what is known now."""
        self._known = known
        width = max(20, self.size.width)
        where = f" {sign('·')} {one_line(known.host.address.id)} {one_line(known.version)}".rstrip()
        signs = self.pane_signs(menu=False)
        width -= signs.cell_length
        left = Content.assemble((_("Models"), "bold $text-primary"), where)
        right = Content.styled(self._right(known), "$text-muted")
        gap = width - left.cell_length - right.cell_length
        said = Content.assemble(left, " " * gap, right) if gap > 0 else left.truncate(width, pad=True)
        self.update(Content.assemble(said, signs))

    @staticmethod
    def _right(known: ModelWatch) -> str:
        waited = monotonic() - known.asking_since if known.asking_since is not None else 0
        if waited > _PATIENCE:
            return _("asking … {seconds} s").format(seconds=int(waited))
        if not known.models:
            return ""
        # Names made by copying share their weights, so each digest counts once.
        sizes = {model.digest or model.name: model.size for model in known.models if not model.is_remote}
        count = len(known.models)
        words = ngettext("{count} installed", "{count} installed", count).format(count=count)
        return f"{words} {sign('·')} {human_bytes(sum(sizes.values()))}"
