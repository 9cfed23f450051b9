"""A tokenizer for a vocabulary."""

from ollama_tui.domain.token import Tokenizer
from ollama_tui.services.tokenizer.approximate import ApproximateTokenizer
from ollama_tui.services.tokenizer.building import byte_table
from ollama_tui.services.tokenizer.merged import MergingTokenizer
from ollama_tui.services.tokenizer.pretokenizers import pre_tokenizer
from ollama_tui.services.tokenizer.special import Specials
from ollama_tui.services.tokenizer.vocabulary import Vocabulary


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Takes up to a second."""
    if vocabulary.model != "gpt2":
        return ApproximateTokenizer()
    pre = pre_tokenizer(vocabulary.pre)
    specials = Specials(vocabulary.tokens, vocabulary.kinds, vocabulary.strips)
    table = byte_table(vocabulary, pre)
    return MergingTokenizer(
        table,
        cut=pre.cut,
        pre=vocabulary.pre or "default",
        specials=specials,
        begins_with=vocabulary.begins_with,
        ends_with=vocabulary.ends_with,
    )
