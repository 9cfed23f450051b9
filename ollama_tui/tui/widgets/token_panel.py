"""A text as one model reads it: what its tokenizer is, the counts, the tokens, and all about the one at the cursor."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from ollama_tui.domain.i18n import _, mark, ngettext
from ollama_tui.domain.text import one_line
from ollama_tui.domain.token import Token, Tokenizer, TokenKind
from ollama_tui.tui.signs import sign
from ollama_tui.tui.widgets.token_flow import SHOWN, TokenFlow, piece

_KINDS = {
    TokenKind.NORMAL: mark("a piece of text"),
    TokenKind.UNKNOWN: mark("unknown: the vocabulary has nothing for it"),
    TokenKind.CONTROL: mark("special: steers the model"),
    TokenKind.USER_DEFINED: mark("added by the model's makers, always one token"),
    TokenKind.UNUSED: mark("unused"),
    TokenKind.BYTE: mark("a single byte"),
}
_BYTES_SHOWN = 12


class TokenPanel(Vertical):
    """Shows what it is given; the screen asks the tokenizers."""

    DEFAULT_CSS = """
    TokenPanel { width: 1fr; height: 1fr; }
    TokenPanel > Static { height: auto; padding: 0 1; }
    TokenPanel > .model { height: 1; color: $text-primary; text-style: bold; }
    TokenPanel > .detail { height: 2; color: $foreground; background: $surface; }
    """

    def __init__(self, model: str, *, second: bool = False) -> None:
        super().__init__(classes="-second" if second else None)
        self.model = model
        self._tokens: Sequence[Token] = ()
        self._shift = 0

    def compose(self) -> ComposeResult:
        yield Static(Content(one_line(self.model)), classes="model")
        yield Static(Content.styled(_("reading the vocabulary …"), "$text-muted"), classes="counts")
        yield TokenFlow()
        yield Static(classes="detail")

    @property
    def flow(self) -> TokenFlow:
        """The tokens."""
        return self.query_one(TokenFlow)

    def show(self, text: str, tokens: Sequence[Token], tokenizer: Tokenizer) -> None:
        """Show `text` as cut into `tokens`."""
        self._tokens = tokens
        raw = text.encode(errors="replace")
        first = tokens[0].raw if tokens else b""
        # SentencePiece puts a space before the text, which the text itself does not have.
        self._shift = 1 if first.startswith((b" ", "▁".encode())) and not raw.startswith(b" ") else 0
        self._say_model(tokenizer)
        self.query_one(".counts", Static).update(_counts(text, len(raw), tokens))
        self.flow.show(tokens)
        self.say_token()

    def _say_model(self, tokenizer: Tokenizer) -> None:
        kind = one_line(tokenizer.pre)
        exact = _("exact") if tokenizer.exact else _("an estimate: the ids are not the model's own")
        words = Content.assemble(
            one_line(self.model),
            (f"  {kind}" if kind else "", "not bold $text-muted"),
            " ",
            (f"{sign('·')} {exact}", "not bold"),
        )
        self.query_one(".model", Static).update(words)

    @property
    def place(self) -> int:
        """Where the token at the cursor begins, in bytes of the text."""
        return max(0, self.flow.place - self._shift)

    def move_to_place(self, place: int) -> None:
        """Put the cursor on the token that holds a byte of the text."""
        self.flow.move_to_place(place + self._shift if place else 0)
        self.say_token()

    def say_token(self) -> None:
        """All about the token at the cursor, in two lines."""
        token, detail = self.flow.token, self.query_one(".detail", Static)
        if token is None:
            detail.update(Content(""))
            return
        shown = token.raw[:_BYTES_SHOWN].hex(" ") + (sign(" …") if len(token.raw) > _BYTES_SHOWN else "")
        place = _("{number} of {count}").format(number=self.flow.cursor + 1, count=len(self._tokens))
        drawn = piece(token)
        room = max(10, self.size.width - cell_len(place) - 20)
        if cell_len(drawn) > room:
            drawn = drawn[: room // 2] + sign("…")
        size = ngettext("{count} byte", "{count} bytes", len(token.raw)).format(count=len(token.raw))
        detail.update(
            Content.assemble(
                (place, "$text-muted"),
                "  id ",
                (str(token.id), "bold"),
                "  ",
                (f"“{drawn}”", "bold $text-primary"),
                "\n",
                (f"{size}: {shown} {sign('·')} {_(_KINDS[token.kind])}", "$text-muted"),
            )
        )


def _counts(text: str, size: int, tokens: Sequence[Token]) -> Content:
    """Tokens, characters, bytes and their ratios."""
    count = len(tokens)
    pieces = [
        ngettext("{count} token", "{count} tokens", count).format(count=f"{count:,}"),
        ngettext("{count} character", "{count} characters", len(text)).format(count=f"{len(text):,}"),
        ngettext("{count} byte", "{count} bytes", size).format(count=f"{size:,}"),
    ]
    if count:
        pieces.append(_("{ratio:.2f} characters/token").format(ratio=len(text) / count))
        pieces.append(_("{ratio:.2f} bytes/token").format(ratio=size / count))
    if count > SHOWN:
        pieces.append(_("the first {count} are shown").format(count=f"{SHOWN:,}"))
    return Content(sign(" · ").join(pieces))
