"""The keys that matter among the models, by where the focus is: what the last line of the manager shows."""

from textual.widget import Widget

from ollama_tui.domain.i18n import _, mark
from ollama_tui.tui.widgets.model_card import ModelDetails
from ollama_tui.tui.widgets.pull_form import PullForm
from ollama_tui.tui.widgets.question import Question
from ollama_tui.tui.widgets.running_models import RunningModels
from ollama_tui.tui.widgets.transfer_list import TransferList

_TABLE_KEYS = (
    ("rows.choose", mark("details")),
    ("models.chat", mark("chat")),
    ("models.pull", mark("pull")),
    ("models.remove", mark("remove")),
    ("models.copy", mark("copy")),
    ("models.load", mark("load")),
    ("models.unload", mark("unload")),
    ("models.close", mark("back")),
    ("models.filter", mark("filter")),
    ("models.sort", mark("sort")),
    ("models.refresh", mark("refresh")),
)


def keys_where(focused: Widget | None, transfers: TransferList) -> tuple[tuple[str, str], ...]:
    """Ids of actions, and a word for each; with `transfers`, how to stop them or to come to them."""
    to_transfers = (("models.stop", _("stop the transfer") if transfers.lone else _("transfers")),)
    to_transfers = to_transfers if transfers.display else ()
    stop = to_transfers if transfers.unfinished else ()
    match focused:
        case TransferList():
            ended = ("transfers.stop", _("stop or forget")), ("transfers.resume", _("resume or retry"))
            return (*ended, ("models.close", _("back")))
        case RunningModels():
            keys = ("models.unload", _("unload")), ("rows.choose", _("details"))
            return (*stop, *keys, ("models.close", _("back")))
        case _ if inside(focused, ModelDetails):
            return (("card.next", _("next section")), ("card.copy", _("copy it")), *stop, ("models.close", _("close")))
        case _ if inside(focused, PullForm):
            go = ("!rows.up !rows.down", _("choose")), ("!rows.choose", _("pull"))
            return (*go, ("models.insecure", _("insecure")), ("models.close", _("not now")))
        case _ if inside(focused, Question):
            return (("!rows.choose", _("take it")), ("!question.close", _("leave it")))
        case _:
            return (*stop, *((action, _(word)) for action, word in _TABLE_KEYS), *(() if stop else to_transfers))


def inside(widget: Widget | None, kind: type[Widget]) -> bool:
    """Whether `widget` is, or stands within, one of that kind."""
    return widget is not None and any(isinstance(node, kind) for node in widget.ancestors_with_self)
