"""The fields of a request, read as Go reads a struct: keys in any case, `null` as absent, a wrong type refused."""

import base64
import binascii
import re
from collections.abc import AsyncIterator

from ollama_tui.demo import gojson
from ollama_tui.demo.protocol import Json
from ollama_tui.demo.replies import Refusal

_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


def kind(value: Json) -> str:
    """Go's word for the kind of a JSON value."""
    match value:
        case bool():
            return "bool"
        case str():
            return "string"
        case int() | float():
            return "number"
        case list():
            return "array"
        case dict():
            return "object"
        case _:
            return "null"


class Fields:
    """One JSON object that stands for the Go struct `struct`; `path` is where it is within the request."""

    def __init__(self, struct: str, value: Json, path: str = "") -> None:
        self.struct = struct
        self.path = path
        self._values: dict[str, Json] = {}
        if isinstance(value, dict):
            self._values = {key.lower(): item for key, item in value.items()}
        elif value is not None:
            where = f"struct field {struct}.{path}" if path else "value"
            suffix = "" if path else f" of type api.{struct}"
            raise Refusal(400, f"json: cannot unmarshal {kind(value)} into Go {where}{suffix}")

    def value(self, name: str) -> Json:
        """The field as it is; None if absent."""
        return self._values.get(name)

    def all(self) -> dict[str, Json]:
        """Every field, by its name in lower case."""
        return dict(self._values)

    def _wrong(self, name: str, value: Json, wanted: str) -> Refusal:
        shown = f"number {gojson.encode(value)}" if isinstance(value, float) and wanted == "int" else kind(value)
        path = f"{self.path}.{name}" if self.path else name
        return Refusal(
            400, f"json: cannot unmarshal {shown} into Go struct field {self.struct}.{path} of type {wanted}"
        )

    def text(self, name: str, default: str = "") -> str:
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name, value, "string")
        return value

    def flag(self, name: str) -> bool | None:
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong(name, value, "bool")

    def whole(self, name: str) -> int:
        value = self.value(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, value, "int")
        return value

    def mapping(self, name: str, wanted: str = "map[string]interface {}") -> dict[str, Json]:
        value = self.value(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong(name, value, wanted)
        return value

    def items(self, name: str, wanted: str) -> list[Json]:
        value = self.value(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, value, wanted)
        return value

    def texts(self, name: str) -> list[str]:
        found: list[str] = []
        for item in self.items(name, "[]string"):
            if not isinstance(item, str):
                raise self._wrong(name, item, "string")
            found.append(item)
        return found

    def images(self, name: str) -> tuple[bytes, ...]:
        """A list of byte strings in standard padded base64."""
        found: list[bytes] = []
        for item in self.items(name, "[]api.ImageData"):
            if not isinstance(item, str):
                raise self._wrong(name, item, "[]uint8")
            found.append(unbase64(item))
        return tuple(found)

    def model(self) -> str:
        """`model`, or `name`, which older clients send."""
        return self.text("model") or self.text("name")


def unbase64(text: str) -> bytes:
    """Bytes of standard padded base64, newlines allowed. Raises Refusal with Go's words."""
    bare = text.replace("\n", "").replace("\r", "")
    try:
        return base64.b64decode(bare, validate=True)
    except binascii.Error:
        body = bare.rstrip("=")
        wrong = _NOT_BASE64.search(body)
        at = wrong.start() if wrong else len(bare) - len(bare) % 4
        raise Refusal(400, f"illegal base64 data at input byte {at}") from None


async def spooled(body: AsyncIterator[bytes] | bytes) -> bytes:
    """The whole of a request's body."""
    if isinstance(body, bytes):
        return body
    return b"".join([piece async for piece in body])


def decoded(data: bytes) -> Json:
    """The JSON of a body. Raises Refusal with Go's words."""
    if not data.strip():
        raise Refusal(400, "missing request body")
    try:
        return gojson.decode(data)
    except gojson.SyntaxFault as fault:
        raise Refusal(400, str(fault)) from None


async def read(struct: str, body: AsyncIterator[bytes] | bytes) -> Fields:
    """The JSON body of a request as the fields of `struct`."""
    return Fields(struct, decoded(await spooled(body)))
