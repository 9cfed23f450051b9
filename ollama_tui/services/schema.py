"""JSON that was asked for: whether a schema can be used, and whether an answer is what it describes.

Nothing is fetched: a schema that refers to another document is refused. Patterns are given a time limit, since both
the schema and the answer are others' texts.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, cast

from ollama_tui.domain.i18n import _
from ollama_tui.domain.message import Format
from ollama_tui.services.schema_words import kind_of, reason, shown

_EXTRA, _CONTROL, _UNTERMINATED = "Extra data", "Invalid control character", "Unterminated string"
"""What Python says where something follows a whole value, and what of texts."""
_WORD = 8
"""Characters that the last word of JSON that breaks off may have: `\\u12`, `fals`."""
_TYPES = "array, boolean, integer, null, number, object, string"
_MOST = 50
"""Misfits that are looked for in one answer."""
SCHEMA_SIZE = 1_000_000
"""Characters of a schema, at most."""

Path = tuple[str | int, ...]
"""Keys and indices from the whole value down to a part of it."""


class SchemaError(ValueError):
    """A format that cannot be asked for; `str()` says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where an answer is not what the schema describes, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is as JSON. An incomplete one has the `value` of what came so far."""

    kind: Literal["fits", "misfits", "incomplete", "broken"]
    value: object = None
    misfits: tuple[Misfit, ...] = ()
    more: bool = False
    """Whether there are more misfits than those."""
    reason: str = ""
    """Why it is incomplete or broken, with the place."""
    against_schema: bool = False
    """Whether there was a schema to check it against."""


def read_format(text: str) -> Format:
    """`json`, or the JSON schema in `text`.

    Raises:
        SchemaError: it is neither, or the schema is wrong in itself.
    """
    if text.strip().casefold() == "json":
        return "json"
    if len(text) > SCHEMA_SIZE:
        raise SchemaError(_("The schema is too long: {count} characters.").format(count=len(text)))
    try:
        schema = _loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError(_("The schema is not JSON: {reason}").format(reason=_why_broken(error))) from None
    return check_format(schema)


def check_format(form: object) -> Format:
    """A format that was read from a file.

    Raises:
        SchemaError: it is no schema, or one that is wrong in itself.
    """
    if form == "json":
        return "json"
    if not isinstance(form, dict):
        raise SchemaError(_("A format is json, or a JSON schema, which is an object: {…}."))
    schema = cast("dict[str, object]", form)
    _check_schema(schema)
    return schema


def check_answer(text: str, form: Format) -> Verdict:
    """Whether `text` is the JSON that was asked for."""
    has_schema = isinstance(form, Mapping)
    try:
        value = _loads(text)
    except (ValueError, RecursionError) as error:
        return _unfinished(text, error, against_schema=has_schema)
    if not isinstance(form, Mapping):
        if isinstance(value, dict | list):
            return Verdict("fits", cast("object", value))
        return Verdict(
            "misfits", value, (Misfit((), _("is {kind}, not an object or a list").format(kind=kind_of(value))),)
        )
    try:
        misfits = [*islice(_misfits(_checker(form), value), _MOST + 1)]
    except (SchemaError, RecursionError) as error:
        reason = str(error) if isinstance(error, SchemaError) else _("The schema refers to itself without end")
        return Verdict("misfits", value, (Misfit((), reason),), against_schema=True)
    kind = "misfits" if misfits else "fits"
    return Verdict(kind, value, tuple(misfits[:_MOST]), len(misfits) > _MOST, against_schema=True)


def path_text(path: Path) -> str:
    """`$.items[2].name`; a key that is no plain word in quotes."""
    pieces = [
        f"[{part}]"
        if isinstance(part, int)
        else f".{part}"
        if part.isidentifier()
        else f"[{json.dumps(part, ensure_ascii=False)}]"
        for part in path
    ]
    return "$" + "".join(pieces)


# Reading JSON


def _loads(text: str) -> object:
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(word: str) -> object:
    raise ValueError(_("{word} is no JSON").format(word=word))


def _why_broken(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return _("line {line}, column {column}: {reason}").format(
            line=error.lineno, column=error.colno, reason=error.msg
        )
    return _("it is nested too deeply") if isinstance(error, RecursionError) else str(error)


def _unfinished(text: str, error: Exception, *, against_schema: bool) -> Verdict:
    """What there is of JSON that breaks off, or why it is none."""
    from pydantic_core import from_json

    if text.lstrip()[:1] in ("{", "[") and _breaks_off(text, error):
        try:
            value = cast("object", from_json(text, allow_partial="trailing-strings"))
        except ValueError:
            pass
        else:
            reason = _("it breaks off at {path}").format(path=path_text(_last_path(value)))
            return Verdict("incomplete", value, reason=reason, against_schema=against_schema)
    return Verdict("broken", reason=_why_broken(error), against_schema=against_schema)


def _breaks_off(text: str, error: Exception) -> bool:
    """Whether what is wrong is that the text ends too early: within a text, or in or after its last word."""
    if not isinstance(error, json.JSONDecodeError) or error.msg.startswith((_EXTRA, _CONTROL)):
        return False
    return error.msg.startswith(_UNTERMINATED) or len(text.rstrip()) - error.pos < _WORD


def _last_path(value: object) -> Path:
    """The way to the part that came last."""
    path: list[str | int] = []
    while isinstance(value, dict | list) and value:
        if isinstance(value, dict):
            key, value = list(cast("dict[str, object]", value).items())[-1]
            path.append(key)
        else:
            items = cast("list[object]", value)
            path.append(len(items) - 1)
            value = items[-1]
    return tuple(path)


# The schema


def _check_schema(schema: Mapping[str, object]) -> None:
    from ollama_tui.services.schema_keywords import best_match, class_of

    try:
        cls = class_of(schema)
        wrong = best_match(cls(cls.META_SCHEMA).iter_errors(schema))
        if wrong is not None:
            place = tuple(wrong.absolute_path)
            why = reason(wrong)
            if place[-1:] == ("type",):
                why = _("{value} is no type; there are {types}").format(value=shown(wrong.instance), types=_TYPES)
            raise SchemaError(_("The schema is wrong at {path}: {reason}").format(path=path_text(place), reason=why))
        for place, word, text in _texts(schema, ()):
            _check_text(schema, place, word, text)
        next(_misfits(_checker(schema), None), None)
    except RecursionError:
        raise SchemaError(_("The schema refers to itself without end, or is nested too deeply.")) from None


def _texts(schema: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    """The references and patterns in a schema: where, which word, which text."""
    if isinstance(schema, dict):
        for key, inner in cast("dict[str, object]", schema).items():
            if isinstance(inner, str) and key in ("$ref", "$dynamicRef", "pattern"):
                yield (*path, key), key, inner
            if key == "patternProperties" and isinstance(inner, dict):
                yield from (((*path, key), key, str(name)) for name in cast("dict[str, object]", inner))
            if key not in ("const", "enum", "default", "examples"):
                yield from _texts(inner, (*path, key))
    elif isinstance(schema, list):
        for index, inner in enumerate(cast("list[object]", schema)):
            yield from _texts(inner, (*path, index))


def _check_text(schema: Mapping[str, object], place: Path, word: str, text: str) -> None:
    where = path_text(place)
    if word in ("pattern", "patternProperties"):
        import regex

        try:
            regex.compile(text)
        except regex.error as error:
            raise SchemaError(
                _("The schema is wrong at {path}: {reason}").format(path=where, reason=str(error))
            ) from None
    elif "$id" in schema:  # what it refers to is found by names of its own, or told of when an answer is checked
        return
    elif text.startswith("#"):
        from ollama_tui.services.schema_keywords import leads_somewhere

        if not leads_somewhere(schema, text):
            raise SchemaError(_("The schema refers to {text}, which it has not").format(text=text[:80]))
    else:
        raise SchemaError(
            _("The schema refers at {path} to another document, {text}: nothing is fetched. Put it into $defs.").format(
                path=where, text=text[:80]
            )
        )


def _checker(schema: Mapping[str, object]) -> Any:
    from ollama_tui.services.schema_keywords import validator_of

    return validator_of(schema)


def _misfits(validator: Any, value: object) -> Iterator[Misfit]:
    from ollama_tui.services.schema_keywords import Unresolvable

    seen: set[Misfit] = set()
    try:
        for error in validator.iter_errors(value):
            misfit = Misfit(tuple(error.absolute_path), reason(error))
            if misfit not in seen:
                seen.add(misfit)
                yield misfit
    except Unresolvable as error:
        raise SchemaError(_("The schema refers to {text}, which it has not").format(text=str(error.ref)[:80])) from None


def find_json(text: str) -> Verdict | None:
    """The JSON that a text is, or that is in the last of its code blocks; None if there is none."""
    from markdown_it import MarkdownIt

    blocks = [token.content for token in MarkdownIt().parse(text) if token.type in ("fence", "code_block")]
    for candidate in (text, *reversed(blocks)):
        if candidate.lstrip()[:1] in ("{", "["):
            verdict = check_answer(candidate, "json")
            if verdict.kind != "broken":
                return verdict
    return None
