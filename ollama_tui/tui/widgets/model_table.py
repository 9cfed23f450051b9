"""Installed models as a table: one line each, sorted by a column, filtered by words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.message import Message

from ollama_tui.domain.i18n import _
from ollama_tui.domain.identity import now
from ollama_tui.domain.model import Model, canonical_name
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.cut import cut_end, cut_middle, left, right
from ollama_tui.tui.widgets.model_columns import BY_ID, COLUMNS, Fitted, can_words, fit
from ollama_tui.tui.widgets.rows import Piece, Rows


def matches(model: Model, text: str) -> bool:
    """Whether every word of `text` is somewhere in what the table shows of the model, or in its family."""
    shown = f"{model.name} {model.family} {model.parameter_size} {model.quantization} {can_words(model)}".casefold()
    return all(word in shown for word in text.casefold().split())


def _name(name: str, width: int) -> str:
    """The name as it fits: the tag that every name has unless it says otherwise goes first."""
    return cut_middle(name if cell_len(name) <= width else name.removesuffix(":latest"), width)


class ModelTable(Rows):
    """The models of a host. Rows are known by the model's name."""

    RESTING_CURSOR = True

    @dataclass
    class Sorted(Message):
        """Another order."""

        column: str
        downwards: bool

    def __init__(
        self,
        *,
        columns: Collection[str] = tuple(column.id for column in COLUMNS),
        id: str | None = None,  # noqa: A002 - Textual's name
        one_click: bool = False,
    ) -> None:
        super().__init__(id=id, one_click=one_click)
        self._wanted = tuple(columns)
        self._models: dict[str, Model] = {}
        self._loaded: frozenset[str] = frozenset()
        self._filter = ""
        self._sort = "modified"
        self._turned = False
        self._fitted: tuple[Fitted, ...] = ()
        self._fitted_for: tuple[int, bool] = (0, False)
        self._teach: tuple[str, ...] = ()
        self._awaited = ""

    # -- what others call

    def show(self, models: Sequence[Model], words: Sequence[str] = ()) -> None:
        """Show `models`, or `words` where there are none."""
        self._models = {model.name: model for model in models}
        self._teach = tuple(words)
        self._arrange()

    def show_loaded(self, names: Collection[str]) -> None:
        """Mark these names, of whatever spelling, as loaded."""
        loaded = frozenset(canonical_name(name).casefold() for name in names)
        if loaded != self._loaded:
            self._loaded = loaded
            self.refresh()

    def await_key(self, name: str) -> None:
        """Put the cursor on this model as soon as it is there."""
        self._awaited = canonical_name(name).casefold()
        self._take_awaited()

    def _take_awaited(self) -> None:
        key = next((key for key in self.keys if canonical_name(key).casefold() == self._awaited), None)
        if key is not None:
            self._awaited = ""
            self.move_to(key)

    def filter(self, text: str) -> None:
        """Show only the models that have all these words."""
        if text != self._filter:
            self._filter = text
            self._arrange()

    def sort(self, column: str, *, turned: bool = False) -> None:
        """Sort by `column`: names from A, figures from the greatest, times from the newest; `turned`: the reverse."""
        self._sort, self._turned = column, turned
        self._arrange()
        self.post_message(self.Sorted(column, turned))

    def sort_next(self) -> None:
        """Sort by the next of the columns that are shown."""
        shown = [fitted.column.id for fitted in self._columns()] or [self._sort]
        place = shown.index(self._sort) + 1 if self._sort in shown else 0
        self.sort(shown[place % len(shown)])

    def turn_order(self) -> None:
        """The same column, the other way round."""
        self.sort(self._sort, turned=not self._turned)

    @property
    def model(self) -> Model | None:
        """The model under the cursor."""
        return self._models.get(self.key)

    @property
    def models(self) -> Mapping[str, Model]:
        """All models by name, shown or not."""
        return self._models

    # -- drawing

    def _arrange(self) -> None:
        self._fitted_for = (0, False)
        order = BY_ID[self._sort].order
        shown = [model for model in self._models.values() if matches(model, self._filter)]
        shown.sort(key=lambda model: model.name.casefold())
        shown.sort(key=order, reverse=self._turned)
        words = self._teach
        if self._models and not shown:
            words = (_("No model has “{text}”. Esc shows them all.").format(text=self._filter),)
        self.replace([model.name for model in shown], words)
        self._take_awaited()

    def _columns(self) -> tuple[Fitted, ...]:
        width = self.size.width
        if self._fitted_for != (width, True):
            self._fitted = fit(tuple(self._models.values()), self._wanted, max(10, width - 4), now())
            self._fitted_for = (width, True)
        return self._fitted

    def header(self, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the columns know it
        """The names of the columns, the sorting one marked."""
        if not self.keys:
            return ()
        pieces = [Piece("   ")]
        for fitted in self._columns():
            column = fitted.column
            title, look = _(column.title), ""
            if column.id == self._sort:
                title, look = f"{title}{sign('▲' if self._upwards else '▼')}", "strong"
            text = right(title, fitted.width) if column.right else left(title, fitted.width)
            pieces += [Piece(text, look, column.id), Piece("  ")]
        return pieces

    @property
    def _upwards(self) -> bool:
        rising = self._sort in ("name", "quant", "can")
        return rising != self._turned

    def draw(self, key: str, width: int) -> Sequence[Piece]:  # noqa: ARG002 - the columns know it
        """One model."""
        model = self._models[key]
        loaded = canonical_name(key).casefold() in self._loaded
        pieces = [Piece(sign(" ● ") if loaded else "   ", "good")]
        time = now()
        for fitted in self._columns():
            text = fitted.column.text(model, time)
            if fitted.column.right:
                piece = Piece(right(text, fitted.width))
            elif fitted.column.id == "name":
                piece = Piece(left(_name(text, fitted.width), fitted.width))
            else:
                piece = Piece(left(cut_end(text, fitted.width), fitted.width), self._look(fitted.column.id, model))
            pieces += [piece, Piece("  ")]
        return pieces[:-1]

    def _look(self, column: str, model: Model) -> str:
        if column == "can" and model.is_remote:
            return "warning"
        return "muted" if column in ("quant", "can") else ""

    def clicked_header(self, verb: str) -> None:
        """Sort by the column, or turn its order."""
        self.sort(verb, turned=self._sort == verb and not self._turned)
