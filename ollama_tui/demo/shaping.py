"""JSON on demand: a value that satisfies a JSON schema, filled from what would have been said."""

import json
from collections.abc import Mapping

from ollama_tui.demo.protocol import Json

_DEPTH = 12


def shaped(form: Json, answer: str, model: str) -> str:
    """JSON text: any object for `json`, else one that satisfies the schema."""
    if not isinstance(form, dict):
        return json.dumps({"model": model, "answer": answer}, ensure_ascii=False, indent=2)
    return json.dumps(_Shape(form, answer).value(form, _DEPTH), ensure_ascii=False, indent=2)


def fits(form: Json, answer: str) -> bool:
    """Whether `answer` is already the JSON object that `json` asks for."""
    if isinstance(form, dict):
        return False
    try:
        return isinstance(json.loads(answer), dict)
    except ValueError:
        return False


class _Shape:
    def __init__(self, root: dict[str, Json], answer: str) -> None:
        self._root = root
        self._answer = " ".join(answer.split())

    def value(self, schema: Json, depth: int) -> Json:
        if not isinstance(schema, dict) or not depth:
            return None
        if "const" in schema:
            return schema["const"]
        choices = schema.get("enum")
        if isinstance(choices, list) and choices:
            return choices[0]
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self.value(self._found(reference), depth - 1)
        for word in ("anyOf", "oneOf", "allOf"):
            options = schema.get(word)
            if isinstance(options, list) and options:
                return self.value(options[0], depth - 1)
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = kind[0] if kind else None
        if kind is None:
            kind = "object" if "properties" in schema else "array" if "items" in schema else "string"
        return self._typed(str(kind), schema, depth)

    def _typed(self, kind: str, schema: Mapping[str, Json], depth: int) -> Json:
        match kind:
            case "object":
                properties = schema.get("properties")
                known = properties if isinstance(properties, dict) else {}
                required = schema.get("required")
                names = [str(name) for name in required] if isinstance(required, list) else []
                wanted = {**known, **{name: known.get(name, {}) for name in names}}
                return {
                    name: self.value(inner, depth - 1) for name, inner in wanted.items() if name in names or depth > 2
                }
            case "array":
                least = schema.get("minItems")
                count = least if isinstance(least, int) else 1
                return [self.value(schema.get("items", {}), depth - 1) for _ in range(count)]
            case "integer" | "number":
                return self._number(kind, schema)
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return self._text(schema)

    def _number(self, kind: str, schema: Mapping[str, Json]) -> Json:
        def bound(name: str) -> float | None:
            value = schema.get(name)
            return value if isinstance(value, int | float) else None

        low, above = bound("minimum"), bound("exclusiveMinimum")
        high, below = bound("maximum"), bound("exclusiveMaximum")
        step = 1 if kind == "integer" else 0.5
        if low is not None or above is not None:
            least = max([value for value in (low, None if above is None else above + step) if value is not None])
        elif high is not None or below is not None:
            least = min([value for value in (high, None if below is None else below - step) if value is not None])
        else:
            least = 42
        multiple = bound("multipleOf")
        if multiple:
            least = -(-least // multiple) * multiple
        return int(least) if kind == "integer" or least == int(least) else least

    def _text(self, schema: Mapping[str, Json]) -> str:
        form = schema.get("format")
        fixed = {
            "date": "2026-01-31",
            "date-time": "2026-01-31T12:00:00Z",
            "time": "12:00:00Z",
            "email": "demo@example.com",
        }
        if isinstance(form, str) and form in fixed:
            return fixed[form]
        least, most = schema.get("minLength"), schema.get("maxLength")
        text = self._answer[: most if isinstance(most, int) else 200]
        return text.ljust(least, ".") if isinstance(least, int) else text

    def _found(self, reference: str) -> Json:
        found: dict[str, Json] = self._root
        for part in reference.removeprefix("#").split("/"):
            if part:
                inner = found.get(part)
                found = inner if isinstance(inner, dict) else {}
        return found
