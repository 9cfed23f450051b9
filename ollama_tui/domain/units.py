"""Sizes, counts, times and shares in Ollama's own words (its `format` package and `ollama ps`, August 2026)."""

from ollama_tui.domain.i18n import _, ngettext

_BYTE_UNITS = (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3))
_FOREVER = 20
"""Years ahead from which an expiry counts as none: a server writes "never" as 292 years."""


def human_bytes(count: int) -> str:
    """`4.7 GB`, `13 GB`, `2 GB`, `274 MB`, `512 B`: units of 1000, a decimal only below ten."""
    for unit, size in _BYTE_UNITS:
        if count >= size:
            value = count / size
            return f"{int(value)} {unit}" if value >= 10 or value == int(value) else f"{value:.1f} {unit}"
    return f"{count} B"


def human_number(count: int) -> str:
    """`8.0B` is `8B`; `7.6B`, `137.14M`, `42K`, `999`: how many parameters."""
    if count >= 10**9:
        value = count / 10**9
        return f"{value:.0f}B" if value == int(value) else f"{value:.1f}B"
    if count >= 10**6:
        value = count / 10**6
        return f"{value:.0f}M" if value == int(value) else f"{value:.2f}M"
    return f"{count / 1000:.0f}K" if count >= 1000 else str(count)


def parameter_count(text: str) -> float:
    """The number that `human_number` wrote; 0 for anything else."""
    scale = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(text[-1:].upper())
    try:
        return float(text[:-1]) * scale if scale else float(text or 0)
    except ValueError:
        return 0.0


def short_context(tokens: int) -> str:
    """A context length for a narrow column: `128k` is 131072, `2k` is 2048, `1M` is 1048576; empty for 0."""
    for unit, size in (("M", 1 << 20), ("M", 10**6), ("k", 1 << 10), ("k", 1000)):
        if tokens >= size and tokens % size == 0:
            return f"{tokens // size}{unit}"
    if tokens >= 10_000:
        return f"{tokens / 1024:.0f}k"
    return str(tokens) if tokens else ""


def _largest(seconds: float) -> tuple[int, str]:
    """A duration in the unit that Ollama tells it in: s, m, h, d, w, mo or y; hours are rounded, all else is cut."""
    whole = int(seconds)
    if whole < 60:
        return whole, "s"
    if whole < 3600:
        return whole // 60, "m"
    hours = int(seconds / 3600 + 0.5)
    if hours < 48:
        return hours, "h"
    for most, unit, length in ((24 * 7 * 2, "d", 24), (24 * 30 * 2, "w", 24 * 7), (24 * 365 * 2, "mo", 24 * 30)):
        if hours < most:
            return hours // length, unit
    return whole // 3600 // 24 // 365, "y"


def human_duration(seconds: float) -> str:
    """`Less than a second`, `About a minute`, `26 hours`, `2 weeks`: never negative."""
    match _largest(max(0.0, seconds)):
        case 0, "s":
            return _("Less than a second")
        case n, "s":
            return ngettext("{n} second", "{n} seconds", n).format(n=n)
        case 1, "m":
            return _("About a minute")
        case n, "m":
            return ngettext("{n} minute", "{n} minutes", n).format(n=n)
        case 1, "h":
            return _("About an hour")
        case n, "h":
            return ngettext("{n} hour", "{n} hours", n).format(n=n)
        case n, "d":
            return ngettext("{n} day", "{n} days", n).format(n=n)
        case n, "w":
            return ngettext("{n} week", "{n} weeks", n).format(n=n)
        case n, "mo":
            return ngettext("{n} month", "{n} months", n).format(n=n)
        case n, _years:
            return ngettext("{n} year", "{n} years", n).format(n=n)


def go_duration(nanoseconds: int) -> str:
    """A duration as Go writes it: `4.88s`, `342.546ms`, `1.3µs`, `1h2m3.5s`, `0s`."""
    for unit, size in (("ns", 1), ("µs", 10**3), ("ms", 10**6)):
        if nanoseconds < size * 1000:
            return _exact(nanoseconds, size, unit) if nanoseconds > 0 else "0s"
    minutes, rest = divmod(nanoseconds, 60 * 10**9)
    hours, minutes = divmod(minutes, 60)
    before = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return before + _exact(rest, 10**9, "s")


def _exact(nanoseconds: int, size: int, unit: str) -> str:
    whole, rest = divmod(nanoseconds, size)
    digits = str(size + rest)[1:].rstrip("0")
    return f"{whole}.{digits}{unit}" if digits else f"{whole}{unit}"


def human_time(at: int | None, now: int, zero: str = "") -> str:
    """`2 days ago`, `4 minutes from now`, `Forever`; `zero` for no time. Both in milliseconds since 1970."""
    if at is None:
        return zero
    seconds = (at - now) / 1000
    if int(seconds / 3600) // 24 // 365 > _FOREVER:
        return _("Forever")
    if seconds > 0:
        return _("{duration} from now").format(duration=human_duration(seconds))
    return _("{duration} ago").format(duration=human_duration(-seconds))


def short_age(at: int, now: int) -> str:
    """`human_time` for a narrow column: `12s`, `5m`, `2h`, `3d`, `6w`, `5mo`, `2y`; empty for no time."""
    if not at:
        return ""
    count, unit = _largest(max(0, now - at) / 1000)
    return f"{count}{unit}"


def until(expires_at: int | None, now: int) -> str:
    """When a loaded model leaves memory, as `ollama ps` says it. Both in milliseconds since 1970."""
    if expires_at is not None and expires_at < now:
        return _("Stopping...")
    return human_time(expires_at, now, _("Never"))


def is_forever(expires_at: int | None, now: int) -> bool:
    """Whether `until` names no moment: never, for ever, or already stopping."""
    return expires_at is None or expires_at < now or int((expires_at - now) / 3_600_000) // 24 // 365 > _FOREVER


def cpu_share(size: int, size_vram: int) -> int | None:
    """How many per cent of a loaded model are in the CPU's memory; None where the figures make no sense."""
    if size_vram == 0:
        return 100
    if size == 0 or size_vram > size:
        return None
    return int((size - size_vram) / size * 100 + 0.5)


def processor(size: int, size_vram: int) -> str:
    """`100% GPU`, `29%/71% CPU/GPU`, `Unknown`: the PROCESSOR column of `ollama ps`."""
    cpu = cpu_share(size, size_vram)
    if cpu is None:
        return _("Unknown")
    if size_vram == 0:
        return "100% CPU"
    return "100% GPU" if size_vram == size else f"{cpu}%/{100 - cpu}% CPU/GPU"


def clock(seconds: float) -> str:
    """`0:42`, `4:12`, `1:02:03`."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
