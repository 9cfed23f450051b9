"""An estimate, for a model whose vocabulary is not known."""

import re

from ollama_tui.domain.text import storable
from ollama_tui.domain.token import Token

_PIECE = re.compile(
    r" ?[A-Za-z]{1,6}|[A-Za-z]{1,4}|[0-9]{1,3}|"
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]{1,2}|"  # a token has about one and a half of these
    r" ?[!-/:-@\[-`{-~]{1,3}|[^\S\r\n]+(?= )|\s+|.{1,2}",
    re.DOTALL,
)
_BOUNDS = (0.25, 4.0)


class ApproximateTokenizer:
    """Cuts text as most vocabularies would, about; it learns from the server's own counts how far off it is."""

    exact = False
    pre = ""
    begins_with: tuple[int, ...] = ()
    ends_with: tuple[int, ...] = ()

    def __init__(self) -> None:
        self._pieces = 0.0
        self._tokens = 0.0

    @property
    def factor(self) -> float:
        """Real tokens for each piece, as far as was learned."""
        if not self._pieces:
            return 1.0
        return min(max(self._tokens / self._pieces, _BOUNDS[0]), _BOUNDS[1])

    def calibrate(self, counted: int, real: int) -> None:
        """What `count` says is so many tokens was `real` ones for the server."""
        if counted > 0 and real > 0:
            # What came last counts most: another kind of text may have begun.
            pieces = counted / self.factor
            self._pieces, self._tokens = self._pieces / 2 + pieces, self._tokens / 2 + real

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """One -1 for each piece: ids are not known."""
        del special
        return [-1] * len(_PIECE.findall(storable(text)))

    def count(self, text: str, *, special: bool = False) -> int:
        """About how many tokens the model would see, by what was learned."""
        return round(len(self.encode(text, special=special)) * self.factor)

    def tokens(self, text: str, *, special: bool = False) -> list[Token]:
        """The pieces, with -1 for their ids."""
        del special
        return [Token(-1, piece.encode()) for piece in _PIECE.findall(storable(text))]
