"""Texts in a line: words parted by white space, or in quotes with escapes."""

from ollama_tui.domain.i18n import _


class QuoteError(ValueError):
    """A quote that is not closed; `str()` says so in one sentence."""


def words(text: str) -> list[str]:
    r"""The words of `text`: parted by white space, or in double quotes, where `\"`, `\\` and `\n` are one character.

    Raises:
        QuoteError: a quote is not closed.
    """
    found: list[str] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
        elif text.startswith('"""', place):
            end = text.find('"""', place + 3)
            if end < 0:
                raise QuoteError(_('The text that begins with """ has no end.'))
            found.append(text[place + 3 : end])
            place = end + 3
        elif text[place] == '"':
            word, place = quoted(text, place + 1)
            found.append(word)
        else:
            end = next((at for at in range(place, len(text)) if text[at].isspace()), len(text))
            found.append(text[place:end])
            place = end
    return found


_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


def quoted(text: str, place: int) -> tuple[str, int]:
    """The text from `place` up to the closing quote, and the place after it."""
    word = ""
    while place < len(text):
        if text[place] == '"':
            return word, place + 1
        if text[place] == "\\" and text[place + 1 : place + 2] in _ESCAPED:
            place += 1
            word += _ESCAPED[text[place]]
        else:
            word += text[place]
        place += 1
    raise QuoteError(_("A quote is not closed."))
