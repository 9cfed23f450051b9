"""What stands around a message's text, in words: head, thinking, figures, endings, waiting, files, tools, notices."""

import json
from datetime import datetime

from ollama_tui.domain.event import Waiting
from ollama_tui.domain.i18n import _, ngettext
from ollama_tui.domain.message import Attachment, Ending, Figures, Message, Role, ToolCall
from ollama_tui.tui.signs import sign


def speaker(message: Message) -> str:
    """Who says it."""
    match message.role:
        case Role.USER:
            return _("You")
        case Role.ASSISTANT:
            return message.model.name if message.model else _("Model")
        case Role.SYSTEM:
            return _("System")
        case Role.TOOL:
            return _("Tool {name}").format(name=message.tool_name)
        case Role.SUMMARY:
            return _("Summary of what was said before")


def clock(milliseconds: int, today: datetime) -> str:
    """The local time of day, with the date if it is not `today`'s; empty for no time."""
    if not milliseconds:
        return ""
    moment = datetime.fromtimestamp(milliseconds / 1000).astimezone()
    if moment.date() == today.date():
        return moment.strftime("%H:%M")
    return moment.strftime("%Y-%m-%d %H:%M")


def seconds(nanoseconds: int) -> str:
    """`0.4 s`, `3.1 s`, `48 s`, `2 min 5 s`."""
    value = nanoseconds / 1e9
    if value < 9.95:
        return _("{value:.1f} s").format(value=value)
    if value < 59.5:
        return _("{value:.0f} s").format(value=value)
    minutes, rest = divmod(round(value), 60)
    return _("{minutes} min {rest} s").format(minutes=minutes, rest=rest)


def thought(figures: Figures | None) -> str:
    """`Thought for 3.1 s · 212 tokens`."""
    pieces = [_("Thought")]
    duration, count = figures.whole_thinking if figures else (0, 0)
    if duration:
        pieces = [_("Thought for {time}").format(time=seconds(duration))]
    if count:
        pieces.append(_tokens(count))
    return " · ".join(pieces)


def thinking(elapsed: float) -> str:
    """`Thinking · 3 s`, while it does."""
    return _("Thinking · {time}").format(time=_whole_seconds(elapsed))


def waiting(state: Waiting | None, elapsed: float) -> str:
    """What is waited for, and since when."""
    match state.phase if state else "unknown":
        case "connecting":
            text = _("connecting")
        case "loading":
            text = _("loading the model or queued")
        case "reading":
            text = _("reading the prompt or queued")
        case _:
            text = _("waiting for the server")
    return f"{text} · {_whole_seconds(elapsed)}"


def _whole_seconds(elapsed: float) -> str:
    minutes, rest = divmod(int(elapsed), 60)
    if minutes:
        return _("{minutes} min {rest} s").format(minutes=minutes, rest=rest)
    return _("{value:.0f} s").format(value=rest)


def figures_line(message: Message) -> str:
    """`48.2 tok/s · 187 tokens · first token 0.4 s · load 1.2 s · stop`: what is known of all of it."""
    pieces = _figures(message.figures) if message.figures else []
    return " · ".join([*pieces, *_reason(message)])


def parts_lines(message: Message) -> list[str]:
    """The same for each part of an answer that was gone on with; none of one that was written in one go."""
    figures = message.figures
    if figures is None or not figures.before:
        return []
    last = len(figures.before)
    return [
        " · ".join([*(_figures(part) or [_("not known")]), *(_reason(message) if number == last else [])])
        for number, part in enumerate(figures.parts)
    ]


def _reason(message: Message) -> list[str]:
    """The server's own word; a reason of this program's stands with the ending."""
    return [message.end_reason] if message.end_reason and message.ending is not Ending.STOPPED else []


def _figures(figures: Figures) -> list[str]:
    pieces: list[str] = []
    about = "~" if figures.is_estimate else ""
    first, load = figures.parts[0].first_token, sum(part.load_duration for part in figures.parts)
    if figures.speed:
        pieces.append(about + _("{speed:.1f} tok/s").format(speed=figures.speed))
    if figures.is_partial:
        pieces.append(_("more than {tokens}").format(tokens=about + _tokens(figures.tokens)))
    elif figures.tokens:
        pieces.append(about + _tokens(figures.tokens))
    if first:
        pieces.append(_("first token {time}").format(time=seconds(first)))
    if load >= 50_000_000:
        pieces.append(_("load {time}").format(time=seconds(load)))
    return pieces


def _tokens(count: int) -> str:
    return ngettext("{count} token", "{count} tokens", count).format(count=count)


def ending(message: Message) -> str:
    """How it ended, where that has to be said; empty for a good end, and for a failure that speaks for itself."""
    match message.ending:
        case Ending.COMPLETE:
            return ""
        case Ending.LENGTH:
            return _("■ length: the context, or the limit on the answer's length (num_predict), was used up")
        case Ending.STOPPED:
            if message.end_reason == "exit":
                return _("■ stopped when the program was left: what came until then is kept")
            return _("■ stopped")
        case Ending.CUT_OFF:
            return _("■ cut off: what came until then is kept")
        case Ending.FAILED:
            return "" if message.failure else _("■ failed")
        case Ending.UNFINISHED:
            return _("■ not finished: it may still be coming in another window")


def file_line(file: Attachment) -> str:
    """`[image cat.png 640×480 · 120 kB]`."""
    kind = file.media_type.partition("/")[0] or _("file")
    extent = f" {file.width}{sign('×')}{file.height}" if file.width and file.height else ""
    return f"[{kind} {file.name}{extent} {sign('·')} {size(file.size)}]"


def size(count: int) -> str:
    """Bytes as Ollama prints them: powers of 1000."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5 or unit == "GB":
            return f"{value:.1f} {unit}" if value < 9.95 and unit not in ("B", "kB") else f"{value:.0f} {unit}"
        value /= 1000
    return ""


def tool_call(call: ToolCall) -> str:
    """`→ weather(city="Bern")`."""
    arguments = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False, default=str)}" for name, value in call.arguments.items()
    )
    return f"{sign('→')} {call.name}({arguments})"


def summary(message: Message) -> str:
    """`Stands for 6 messages · 1,204 characters`."""
    count, length = len(message.covers), len(message.text)
    pieces = [ngettext("Stands for {count} message", "Stands for {count} messages", count).format(count=count)]
    if not count:
        pieces = [_("Stands for what came before it")]
    pieces.append(ngettext("{length:,} character", "{length:,} characters", length).format(length=length))
    return " · ".join(pieces)
