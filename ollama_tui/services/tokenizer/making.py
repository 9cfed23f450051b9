"""A tokenizer for a vocabulary."""

from ollama_tui.domain.token import Tokenizer
from ollama_tui.services.tokenizer.approximate import ApproximateTokenizer
from ollama_tui.services.tokenizer.building import byte_table
from ollama_tui.services.tokenizer.merged import MergingTokenizer
from ollama_tui.services.tokenizer.pretokenizers import pre_tokenizer
from ollama_tui.services.tokenizer.spaced import listed_table, scored_table
from ollama_tui.services.tokenizer.table import Table
from ollama_tui.services.tokenizer.unigram import UnigramTokenizer
from ollama_tui.services.tokenizer.vocabulary import Vocabulary
from ollama_tui.services.tokenizer.wordpiece import WordPieceTokenizer


def make_table(vocabulary: Vocabulary) -> Table | None:
    """What a tokenizer that merges is made of; None for a vocabulary of another kind."""
    pre = pre_tokenizer(vocabulary.pre)
    if vocabulary.model == "llama":
        return scored_table(vocabulary)
    if vocabulary.model in ("gpt2", "gemma4"):
        return listed_table(vocabulary, pre) if pre.spaced else byte_table(vocabulary, pre)
    return None


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Takes up to a second."""
    if (table := make_table(vocabulary)) is not None:
        return MergingTokenizer(table)
    if vocabulary.model == "bert":
        return WordPieceTokenizer(vocabulary)
    if vocabulary.model == "t5":
        return UnigramTokenizer(vocabulary)
    return ApproximateTokenizer()
