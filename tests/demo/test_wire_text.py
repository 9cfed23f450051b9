"""JSON as Go writes and refuses it, tokens as a byte-level BPE makes them, routes as the server has them."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_tui.demo import gojson
from ollama_tui.demo.generation import steps
from ollama_tui.demo.server import DemoServer
from ollama_tui.demo.vocabulary import default
from tests.demo import recorded
from tests.demo.carrier import ask, chat

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    text = gojson.encode(value)  # pyright: ignore[reportArgumentType]
    assert json.loads(text) == value
    assert gojson.decode(text.encode("utf-8", "surrogatepass")) == value
    assert not set(text) & set("<>&\u2028\u2029")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_back(value: float) -> None:
    assert float(gojson.encode(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (10000.0, "10000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (0.1, "0.1"),
        (1.5e-5, "0.000015"),
        (-2.5e-9, "-2.5e-9"),
        (0.0, "0"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert gojson.encode(value) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "unexpected EOF"),
        (b"{", "unexpected EOF"),
        (b'{"a" 1}', "invalid character '1' after object key"),
        (b'{"a":1 "b":2}', "invalid character '\"' after object key:value pair"),
        (b"[1 2]", "invalid character '2' after array element"),
        (b'{"a":}', "invalid character '}' looking for beginning of value"),
        (b"{'a':1}", "invalid character '\\'' looking for beginning of object key string"),
        (b'"\n"', "invalid character '\\n' in string literal"),
        (b'"\\x"', "invalid character 'x' in string escape code"),
        (b'"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape"),
        (b"-x", "invalid character 'x' in numeric literal"),
        (b"[1.x]", "invalid character 'x' after decimal point in numeric literal"),
        (b"nul", "unexpected EOF"),
        (b"NaN", "invalid character 'N' looking for beginning of value"),
    ],
)
def test_what_is_no_json(data: bytes, text: str) -> None:
    with pytest.raises(gojson.SyntaxFault) as caught:
        gojson.decode(data)
    assert str(caught.value) == text


def test_a_lone_surrogate_is_read_as_a_replacement() -> None:
    assert gojson.decode(b'{"a": ["\\ud83d!"]}') == {"a": ["\ufffd!"]}
    assert gojson.decode(b'"\\ud83c\\udf89"') == "🎉"


@given(st.text())
def test_tokens_join_to_the_text(text: str) -> None:
    vocabulary = default()
    ids = vocabulary.encode(text, marks=False)
    assert vocabulary.decode(ids) == text
    pieces = list(steps(vocabulary, text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [token for _, tokens in pieces for token in tokens] == vocabulary.encode(text)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # What a llama.cpp tokenizer gives for the recorded vocabulary with `gpt-2` as its pre-tokenizer.
        ("Hello, world!", [39, 1657, 335, 11, 1293, 551, 0]),
        ("Hello, my name is Ricky", [39, 1657, 335, 11, 2678, 441, 313, 890, 808, 88]),
        ("你好 world", [160, 121, 254, 161, 98, 121, 1293, 551]),
        ("don't I'll we've HE'S it's", [67, 265, 746, 408, 6, 1017, 604, 6, 365, 1099, 36, 6, 50, 512, 738]),
        ("  leading", [220, 3908]),
        ("trailing  ", [944, 2218, 256]),
        ("def f(x):\n    return x ** 2\n", [444, 283, 7, 87, 2038, 198, 258, 322, 772, 1217, 220, 17, 198]),
    ],
)
def test_tokens_are_those_of_a_real_tokenizer(text: str, ids: list[int]) -> None:
    assert recorded.large().encode(text) == ids


@pytest.mark.parametrize(
    ("path", "method", "status", "body"),
    [
        ("/api/tags/", "GET", 301, b""),
        ("/api/chat/", "POST", 307, b""),
        ("//api/chat", "POST", 307, b""),
        ("/api/tokenize", "POST", 404, b"404 page not found"),
        ("/api/tags", "POST", 405, b"405 method not allowed"),
        ("/demo/faults", "POST", 404, b"404 page not found"),
    ],
)
async def test_routes(server: DemoServer, path: str, method: str, status: int, body: bytes) -> None:
    reply = await ask(server, path, method=method)
    assert (reply.status, reply.body) == (status, body)


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/api/me", None, 503, "account unavailable"),
        ("/api/signout", None, 401, "you are not currently signed in"),
        ("/api/chat", chat("hi", "gpt-oss:cloud"), 401, "unauthorized"),
        ("/api/generate", {"model": "gpt-oss:20b-cloud", "prompt": "hi"}, 401, "unauthorized"),
        ("/api/show", {"model": "gpt-oss:20b:cloud"}, 401, "unauthorized"),
        ("/api/embed", {"model": "x:cloud", "input": "a"}, 401, "unauthorized"),
        ("/api/chat", chat("hi", "x:cloud:local"), 400, 'use either :local or :cloud, not both: "x:cloud:local"'),
        ("/api/chat", chat("hi", "nope:local"), 404, "model 'nope:local' not found"),
        ("/api/chat", chat("hi", "my-cloud"), 404, "model 'my-cloud' not found"),
    ],
)
async def test_what_would_be_done_elsewhere(
    server: DemoServer, path: str, body: object, status: int, error: str
) -> None:
    """As a server that reaches nobody and has nobody's key."""
    reply = await ask(server, path, body, method="POST")
    assert (reply.status, reply.error) == (status, error)
    assert (await ask(server, "/api/show", {"model": "echo:local"})).status == 200


def test_it_is_light_to_import() -> None:
    heavy = "{'httpx', 'h11', 'pydantic', 'textual', 'ollama', 'click'}"
    code = f"import sys, ollama_tui.demo.server; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
