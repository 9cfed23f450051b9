"""What a terminal sends, byte for byte, and what comes of it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from ollama_tui.tui import keyboard
from ollama_tui.tui.keyboard import PASTE_END, PASTE_START, KeyParser
from ollama_tui.tui.pasting import clean_paste


def heard(*pieces: str) -> list[str]:
    """The keys by name and the pastes as `<text>` in what the terminal sent, with time enough after it."""
    parser = KeyParser()
    messages = [message for piece in pieces for message in parser.feed(piece)]
    deadline = time.monotonic() + 1
    while parser.is_waiting and time.monotonic() < deadline:
        time.sleep(0.01)
        messages += parser.tick()
    return [
        f"<{message.text}>" if isinstance(message, events.Paste) else message.key
        for message in messages
        if isinstance(message, events.Paste | events.Key)
    ]


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\r", ["enter"]),
        ("\n", ["ctrl+j"]),
        ("\x1b\r", ["alt+enter"]),
        ("\x1b\n", ["alt+enter"]),
        ("\x1b[27;2;13~", ["shift+enter"]),
        ("\x1b[27;3;13~", ["alt+enter"]),
        ("\x1b[27;5;13~", ["ctrl+enter"]),
        ("\x1b[13;2u", ["shift+enter"]),
        ("\x1b[13;3u", ["alt+enter"]),
        ("\x1b[13;3;13u", ["alt+enter"]),
        ("\x1b[13;2:1u", ["shift+enter"]),
        ("\x1b[13u", ["enter"]),
        ("\x1b[13;129u", ["enter"]),
        ("\x1b[57414;2u", ["shift+enter"]),
        ("\x1b[27;5;106~", ["ctrl+j"]),
        ("\x1b[27;2;65~", ["A"]),
        ("\x1b[27;2;9999999~x", ["x"]),
        ("\x1b", ["escape"]),
        ("\x1b[A", ["up"]),
        ("a\x1b\rb", ["a", "alt+enter", "b"]),
        ("\x1bq", ["alt+q"]),
    ],
)
def test_keys(sent: str, keys: list[str]):
    assert heard(sent) == keys
    assert heard(*sent) == keys, "the same, a character at a time"


LOG = "\x1b[31merror\x1b[0m: no\r\nEnter\x1b\rq\x1b[13u \x1b]52;c;aGk=\x07end"


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1bv", "alt+v"),
        ("\x1bV", "alt+shift+v"),
        ("\x1b2", "alt+2"),
        ("\x1b-", "alt+minus"),
        ("\x1b/", "alt+slash"),
        ("\x1b<", "alt+less_than_sign"),
    ],
)
def test_alt_with_a_character_is_a_key_and_types_nothing(sent: str, key: str):
    parser = KeyParser()
    messages = list(parser.feed(sent))
    deadline = time.monotonic() + 1
    while parser.is_waiting and time.monotonic() < deadline:
        time.sleep(0.01)
        messages += parser.tick()
    (pressed,) = [message for message in messages if isinstance(message, events.Key)]
    assert (pressed.key, pressed.character) == (key, None)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_paste_is_never_keys(size: int):
    sent = f"a{PASTE_START}{LOG}{PASTE_END}b"
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert heard(*pieces) == ["a", "<error: no\nEnter␛\nq end>", "b"]


@given(st.text(max_size=60), st.text(max_size=60), st.integers(1, 20))
def test_no_paste_gives_a_key_whatever_is_in_it(one: str, two: str, size: int):
    sent = "".join(f"{PASTE_START}{text.replace(PASTE_END, '')}{PASTE_END}" for text in (one, two))
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
    parser = KeyParser()
    messages = [message for piece in pieces for message in parser.feed(piece)]
    assert all(isinstance(message, events.Paste) for message in messages)
    texts = [message.text for message in messages if isinstance(message, events.Paste)]
    assert texts == [clean for text in (one, two) if (clean := clean_paste(text.replace(PASTE_END, "")))]


def test_two_pastes_and_keys_between():
    assert heard(f"{PASTE_START}x{PASTE_END}\r{PASTE_START}y{PASTE_END}") == ["<x>", "enter", "<y>"]


def test_a_paste_whose_end_is_lost_does_not_take_the_keys_away(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keyboard, "STALLED", 0.01)
    parser = KeyParser()
    messages = [*parser.feed(f"{PASTE_START}lost\n"), *parser.tick()]
    time.sleep(0.02)
    messages += [*parser.tick(), *parser.feed("\r"), *parser.feed("a")]
    assert [m.text if isinstance(m, events.Paste) else getattr(m, "key", "") for m in messages] == [
        "lost\n",
        "enter",
        "a",
    ]


def test_a_paste_that_stops_for_a_while_goes_on_as_a_paste(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keyboard, "STALLED", 0.01)
    parser = KeyParser()
    messages = [*parser.feed(f"{PASTE_START}one\n")]
    time.sleep(0.02)
    messages += [*parser.tick(), *parser.feed("a long rest\rof it"), *parser.feed(PASTE_END), *parser.feed("\r")]
    assert [m.text if isinstance(m, events.Paste) else getattr(m, "key", "") for m in messages] == [
        "one\n",
        "a long rest\nof it",
        "enter",
    ]


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x0bb\x85c\u2028d\u2029e\x0cf", "a\nb\nc\nd\ne\nf"),
        ("\x1b[1;31mred\x1b[m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("bell\x07 esc\x1b", "bell\u2407 esc\u241b"),
        ("\ufeffbom \u202etrick", "bom \ufffdtrick"),
        ("中文 👩‍💻\tè", "中文 👩‍💻\tè"),
    ],
)
def test_pasted_text_is_cleaned(pasted: str, clean: str):
    assert clean_paste(pasted) == clean


@given(st.text())
def test_clean_text_stays_as_it_is(text: str):
    assert clean_paste(clean_paste(text)) == clean_paste(text)
