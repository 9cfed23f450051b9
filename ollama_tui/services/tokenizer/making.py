"""A tokenizer for a vocabulary."""

from ollama_tui.domain.token import Tokenizer
from ollama_tui.services.tokenizer.approximate import ApproximateTokenizer
from ollama_tui.services.tokenizer.building import byte_table
from ollama_tui.services.tokenizer.merged import MergingTokenizer
from ollama_tui.services.tokenizer.pretokenizers import pre_tokenizer
from ollama_tui.services.tokenizer.spaced import listed_table, scored_table
from ollama_tui.services.tokenizer.special import Specials
from ollama_tui.services.tokenizer.vocabulary import Vocabulary
from ollama_tui.services.tokenizer.wordpiece import WordPieceTokenizer


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Takes up to a second."""
    pre = pre_tokenizer(vocabulary.pre)
    cut = pre.cut
    if vocabulary.model == "llama":
        table, cut = scored_table(vocabulary), "words"
    elif vocabulary.model in ("gpt2", "gemma4"):
        table = listed_table(vocabulary, pre) if pre.spaced else byte_table(vocabulary, pre)
    elif vocabulary.model == "bert":
        return WordPieceTokenizer(vocabulary)
    else:
        return ApproximateTokenizer()
    return MergingTokenizer(
        table,
        cut=cut,
        pre=vocabulary.pre or ("spm" if vocabulary.model == "llama" else "default"),
        specials=Specials(vocabulary.tokens, vocabulary.kinds, vocabulary.strips),
        adds_space=vocabulary.adds_space and vocabulary.model == "llama",
        begins_with=vocabulary.begins_with,
        ends_with=vocabulary.ends_with,
    )
