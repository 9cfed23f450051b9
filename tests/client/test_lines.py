"""However a stream is cut into pieces, the same lines come out."""

from hypothesis import given
from hypothesis import strategies as st

from ollama_tui.client.lines import Lines

_CONTENT = st.lists(
    st.sampled_from([b"{}", b"\n", b"\r\n", b" ", b"\xc2\x85", "\u2028".encode(), "质🎉".encode(), b"x" * 50])
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    lines, found, before = Lines(), list[bytes](), 0
    for place in [*sorted(place % (len(data) + 1) for place in places), len(data)]:
        found += lines.feed(data[before:place])
        before = place
    return found + lines.rest()


@given(_CONTENT, st.lists(st.integers(0, 10_000)), st.booleans())
def test_pieces_do_not_matter(content: list[bytes], places: list[int], marked: bool) -> None:
    data = b"".join(content)
    expected = [line.strip() for line in data.split(b"\n") if line.strip()]
    given_data = (b"\xef\xbb\xbf" if marked else b"") + data
    assert [line.strip() for line in cut(given_data, places)] == expected


def test_only_a_mark_at_the_very_beginning_is_taken_off() -> None:
    mark = b"\xef\xbb\xbf"
    assert cut(mark + mark + b"a\n" + mark + b"b", []) == [mark + b"a", mark + b"b"]
    assert cut(b"\xef\xbb", [1]) == [b"\xef\xbb"]
