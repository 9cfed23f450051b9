"""Names of models."""

from ollama_tui.domain.model import canonical_name, same_model


def test_names_are_compared_with_their_tag_and_whatever_their_case() -> None:
    assert same_model("Tiny", "tiny:latest")
    assert same_model("127.0.0.1:5001/library/tiny", "127.0.0.1:5001/library/tiny:LATEST")
    assert not same_model("tiny", "tiny:1b")
    assert canonical_name(" llama3.2 ") == "llama3.2:latest"
