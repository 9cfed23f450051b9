"""The keys that matter among the conversations, by where the focus is: the foot shows those that work there."""

from typing import TYPE_CHECKING

from textual.widgets import OptionList

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Ending
from ollama_tui.tui.actions import ACTIONS
from ollama_tui.tui.pane import answering, finding

if TYPE_CHECKING:
    from ollama_tui.tui.pane.deeds import ConversationPane
    from ollama_tui.tui.screens.chat import ChatScreen

Wanted = list[tuple[str, str]]
"""Ids of actions and a word each, the first the most important."""


def hints(screen: "ChatScreen") -> Wanted:
    """What is done here, then what can be done everywhere."""
    return [
        *_here(screen),
        ("app.help", _("keys")),
        ("app.models", _("models")),
        ("app.palette", _("everything")),
        ("chat.new", _("new")),
        ("chat.list", _("list")),
        ("chat.model", _("model")),
        ("chat.think", _("think")),
    ]


def _here(screen: "ChatScreen") -> Wanted:
    pane, manager = screen.pane, screen.row.manager
    if screen.query("Question:focus-within, ModelPicker:focus-within, ThemePicker:focus-within"):
        field = screen.query("Question Input:focus, ModelPicker Input:focus, ThemePicker Input:focus")
        return [("!rows.choose", _("choose") if not field else _("take it")), ("!question.close", _("leave it"))]
    if deeds := list(screen.query("ContextDetails OptionList:focus").results(OptionList)):
        doing = [("!rows.choose", _("do it"))] if any(deed.option_count for deed in deeds) else []
        return [*doing, ("!question.close", _("close"))]
    if screen.query("ChooseSeveral:focus-within"):
        return [("!toggle.turn", _("tick")), ("!rows.choose", _("begin")), ("!question.close", _("leave it"))]
    if screen.query("Welcome:focus-within"):
        return [("rows.choose", _("choose"))]
    if manager is not None and manager.has_focus_within:
        return list(manager.hints())
    if finding.is_finding(pane):
        return [
            ("find.next", _("next")),
            ("find.previous", _("before")),
            ("app.search", _("all hits")),
            ("find.everywhere", _("everywhere")),
            ("find.close", _("close")),
        ]
    if screen.query("Aside:focus-within"):
        return [("aside.close", _("back"))]
    if screen.query("ConversationList Input:focus"):
        return [("!rows.choose", _("open")), ("filter.down", _("to the list")), ("filter.close", _("all"))]
    if screen.query("ConversationList:focus-within"):
        named = [(action.id, _(action.name).lower()) for action in ACTIONS if action.area == "list" and action.foot]
        return [("rows.choose", _("open")), *named, ("list.close", _("back"))]
    return _talking(screen)


def _talking(screen: "ChatScreen") -> Wanted:
    pane = screen.pane
    reading = _reading(pane) if pane.is_open and pane.transcript.has_focus else []
    if pane.live is not None:
        return [("chat.stop", _("stop")), ("prompt.send", _("queue")), *reading]
    if reading:
        if pane.transcript.finder.sought is not None:
            reading.insert(0, ("transcript.find_next transcript.find_previous", _("next, before")))
        return reading
    if pane.prompt.is_revising:
        edited = [("prompt.send", _("send the edited message")), ("!prompt.close", _("leave it as it was"))]
        return [*edited, ("chat.edit", _("one before"))]
    wanted = [("prompt.send", _("send"))]
    if pane.question is not None:  # it came while the person wrote
        wanted.insert(0, ("!prompt.complete", _("answer the question")))
    if screen.comparing.comparison is not None and len(screen.panes) > 1:
        wanted.append(("compare.keep", _("keep this answer")))
    last = answering.last_answer(pane)
    if last is not None and last.can_go_on:
        wanted.append(("chat.continue", _("go on")))
    if last is not None and last.failure is not None and last.failure.code in ("unsupported", "model-missing"):
        wanted.append(("chat.retry_with", _("another model")))
    if last is not None and last.ending in (Ending.STOPPED, Ending.LENGTH, Ending.CUT_OFF, Ending.FAILED):
        wanted.append(("chat.retry", _("try again")))
    return wanted


def _reading(pane: "ConversationPane") -> Wanted:
    item = pane.transcript.current_item
    offered = {"continue": _("go on"), "retry": _("try again")}
    does = next((offered[deed.verb] for deed in item.offers() if deed.verb in offered), "") if item else ""
    if not does:
        does = _("its thinking") if item and (item.thinking or item.message.thinking) else _("what can be done")
    return [
        ("transcript.act", does),
        ("transcript.before transcript.after", _("variants")),
        ("chat.edit", _("edit")),
        ("chat.tree", _("tree")),
        ("transcript.copy|chat.copy", _("copy")),
        ("transcript.code|chat.copy_code", _("code")),
        ("transcript.mark", _("select")),
        ("transcript.prompt|chat.stop", _("back")),
    ]
