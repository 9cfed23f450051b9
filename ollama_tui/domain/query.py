"""What a person types to find something: words, phrases in quotes, and filters such as `model:qwen3 after:2026-11-01`.

Nothing that is typed is an error. What is no filter is a word; a filter whose value is not (yet) one is told of.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from ollama_tui.domain.i18n import _, mark
from ollama_tui.domain.message import Role
from ollama_tui.domain.occurrence import Sought, Term
from ollama_tui.domain.text import REPLACEMENT, storable

Where = Literal["", "title", "text", "thinking"]

MOST_TERMS = 64
"""More words than these are not looked for."""

FILTERS: Mapping[str, str] = {
    "model": mark("a part of the model's name"),
    "tag": mark("the beginning of a tag"),
    "date": mark("today, yesterday, week, month, year, 2026, 2026-11 or 2026-11-01"),
    "after": mark("from this day on"),
    "before": mark("before this day"),
    "role": mark("who said it: user, assistant, system, tool or summary"),
    "in": mark("where it stands: title, text or thinking"),
    "is": mark("pinned, archived or deleted"),
}
"""The filters, and what comes after the colon."""

PLACES: tuple[Where, ...] = ("title", "text", "thinking")
STATES = ("pinned", "archived", "deleted")
DAYS = ("today", "yesterday", "week", "month", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a search down."""

    models: tuple[str, ...] = ()
    """Parts of names in lower case, one of which the model's name has."""
    tags: tuple[str, ...] = ()
    """Beginnings of tags, in lower case: there is a tag for each."""
    roles: tuple[Role, ...] = ()
    after: int | None = None
    before: int | None = None
    """Milliseconds since 1970, UTC: not earlier than `after`, and earlier than `before`."""
    where: Where = ""
    pinned: bool = False
    archived: bool = False
    """Only archived ones; else these, too."""
    deleted: bool = False
    """Only what is in the bin; else nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search, understood."""

    terms: tuple[Term, ...] = ()
    """All of them have to be there."""
    filters: Filters = field(default_factory=Filters)
    problems: tuple[str, ...] = ()
    """What was not understood of the filters, a sentence each."""

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.terms and self.filters == Filters()

    @property
    def about_messages(self) -> bool:
        """Whether only single messages can fit, no conversation as a whole."""
        return bool(self.filters.roles) or self.filters.where in ("text", "thinking")

    @property
    def sought(self) -> Sought:
        """The words to mark."""
        return Sought.words(self.terms)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, phrase or filter as it was typed."""

    text: str
    start: int
    end: int
    """From where to where in the text, quotes included."""
    name: str = ""
    """Of a filter; its value is the text."""
    quoted: bool = False
    open: bool = False
    """Whether the closing quote is missing."""


def plain(text: str) -> str:
    """`text` as it is looked at: full-width forms and curly quotes made plain, no control character, storable."""
    normal = storable(unicodedata.normalize("NFKC", text))
    return normal.translate({0x201C: '"', 0x201D: '"', 0: " "})


def pieces(text: str) -> list[Piece]:
    """The pieces of a plain text, in order."""
    found: list[Piece] = []
    place, size = 0, len(text)
    while place < size:
        if text[place].isspace():
            place += 1
            continue
        start = place
        name = ""
        colon = text.find(":", place)
        if colon > place and text[place:colon].casefold() in FILTERS:
            name, place = text[place:colon].casefold(), colon + 1
        if place < size and text[place] == '"':
            end = text.find('"', place + 1)
            value = text[place + 1 : end if end >= 0 else size]
            place = size if end < 0 else end + 1
            found.append(Piece(value, start, place, name, quoted=True, open=end < 0))
            continue
        end = place
        while end < size and not text[end].isspace():
            end += 1
        found.append(Piece(text[place:end], start, end, name))
        place = end
    return found


def parse(text: str, now: datetime) -> Query:
    """The query in `text`; days are those of the person's own time, which `now` is in."""
    parts = pieces(plain(text))
    filters = Filters()
    problems: list[str] = []
    terms: dict[Term, None] = {}
    for piece in parts:
        if piece.name:
            narrowed = _narrow(filters, piece.name, piece.text.strip(), now)
            if narrowed is None:
                problems.append(f"{piece.name}: {_(FILTERS[piece.name])}")
            else:
                filters = narrowed
        elif any(map(_is_sought, piece.text)):
            last = piece is parts[-1] and (not piece.quoted or piece.open)
            terms[Term(piece.text.strip(), unfinished=last)] = None
    if len(terms) > MOST_TERMS:
        problems.append(_("Only the first {count} words are looked for.").format(count=MOST_TERMS))
    return Query(terms=tuple(terms)[:MOST_TERMS], filters=filters, problems=tuple(problems))


def _is_sought(character: str) -> bool:
    """Whether it is of a word, or a picture such as 🎉; quotes, brackets and operators alone ask for nothing."""
    return character.isalnum() or (unicodedata.category(character) == "So" and character != REPLACEMENT)


def _narrow(filters: Filters, name: str, value: str, now: datetime) -> Filters | None:
    """`filters` with one more; None if the value is none."""
    key = value.casefold()
    if not key:
        return None
    match name:
        case "model":
            return replace(filters, models=(*filters.models, key))
        case "tag":
            return replace(filters, tags=(*filters.tags, key.removeprefix("#")))
        case "role":
            role = next((role for role in Role if role.value.startswith(key)), None)
            return replace(filters, roles=(*filters.roles, role)) if role else None
        case "in":
            where = next((where for where in PLACES if where.startswith(key)), None)
            return replace(filters, where=where) if where else None
        case "is":
            state = next((state for state in STATES if state.startswith(key)), None)
            match state:
                case "pinned":
                    return replace(filters, pinned=True)
                case "archived":
                    return replace(filters, archived=True)
                case "deleted":
                    return replace(filters, deleted=True)
                case _:
                    return None
        case _:
            span = span_of(key, now)
            if span is None:
                return None
            first, after_last = span
            start = first if name in ("date", "after") else None
            end = after_last if name == "date" else first if name == "before" else None
            return _within(filters, start, end)


def _within(filters: Filters, start: int | None, end: int | None) -> Filters:
    after = max((one for one in (filters.after, start) if one is not None), default=None)
    before = min((one for one in (filters.before, end) if one is not None), default=None)
    return replace(filters, after=after, before=before)


def span_of(word: str, now: datetime) -> tuple[int, int] | None:
    """The first millisecond of a day, month or the like, and the first one after it; None for any other word."""
    today = now.date()
    tomorrow = today + timedelta(days=1)
    match word:
        case "today":
            days = today, tomorrow
        case "yesterday":
            days = today - timedelta(days=1), today
        case "week":
            days = today - timedelta(days=6), tomorrow
        case "month":
            days = today - timedelta(days=29), tomorrow
        case "year":
            days = today - timedelta(days=364), tomorrow
        case _:
            days = _calendar(word)
    if days is None:
        return None
    try:
        first, after = (int(datetime(day.year, day.month, day.day).astimezone().timestamp() * 1000) for day in days)
    except (OverflowError, ValueError, OSError):
        return None
    return first, after


def _calendar(word: str) -> tuple[date, date] | None:
    """`2026`, `2026-11`, `2026-11-01`, also with slashes or dots."""
    numbers = word.replace("/", "-").replace(".", "-").split("-")
    if not 1 <= len(numbers) <= 3 or not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    if len(numbers[0]) != 4 or any(len(number) > 2 for number in numbers[1:]):
        return None
    year, month, day = (*map(int, numbers), 1, 1)[:3]
    try:
        first = date(year, month, day)
        match len(numbers):
            case 1:
                return first, date(year + 1, 1, 1)
            case 2:
                return first, date(year + month // 12, month % 12 + 1, 1)
            case _:
                return first, first + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
