"""The keywords of a JSON schema that hold patterns: `regex` looks for them, which can be stopped after a while.

The schema and the answer are others' texts, and a pattern may need longer than the universe has: Python's own `re`
cannot be interrupted.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, cast

import regex

from ollama_tui.domain.i18n import _

# The stubs of jsonschema are not whole: what is used of it is taken as it comes.
_exceptions: Any = import_module("jsonschema.exceptions")
_validators: Any = import_module("jsonschema.validators")
_referencing: Any = import_module("referencing.jsonschema")
_EMPTY_REGISTRY: Any = _referencing.EMPTY_REGISTRY
Unresolvable: Any = import_module("referencing.exceptions").Unresolvable
"""What a reference raises that leads nowhere."""
ValidationError: Any = _exceptions.ValidationError
best_match: Any = _exceptions.best_match

_PATTERN_TIME = 0.5
"""Seconds for one pattern on one text."""


def _found(pattern: str, text: str) -> bool | None:
    """Whether the pattern fits somewhere; None if that takes too long to say."""
    try:
        return regex.search(pattern, text, timeout=_PATTERN_TIME) is not None
    except (TimeoutError, regex.error):
        return None


def _pattern(validator: Any, pattern: str, instance: object, _schema: object) -> Iterable[Any]:
    if validator.is_type(instance, "string"):
        found = _found(pattern, str(instance))
        if found is None:
            yield ValidationError(_("could not be compared with the pattern {text}").format(text=pattern))
        elif not found:
            yield ValidationError(_("does not fit the pattern {text}").format(text=pattern))


def _pattern_properties(
    validator: Any, patterns: Mapping[str, object], instance: object, _schema: object
) -> Iterable[Any]:
    if validator.is_type(instance, "object"):
        for pattern, inner in patterns.items():
            for key, value in cast("dict[str, object]", instance).items():
                if _found(pattern, key):
                    yield from validator.descend(value, inner, path=key, schema_path=pattern)


def _additional_properties(
    validator: Any, allowed: object, instance: object, schema: Mapping[str, Any]
) -> Iterable[Any]:
    if not validator.is_type(instance, "object"):
        return
    known: Mapping[str, object] = schema.get("properties", {})
    patterns: Mapping[str, object] = schema.get("patternProperties", {})
    for key, value in cast("dict[str, object]", instance).items():
        if key in known or any(_found(pattern, key) for pattern in patterns):
            continue
        if isinstance(allowed, dict):
            yield from validator.descend(value, allowed, path=key)
        elif allowed is False:
            yield ValidationError(
                _("has {key}, which is not in the schema").format(key=json.dumps(key, ensure_ascii=False))
            )


KEYWORDS: Mapping[str, Callable[..., Iterable[Any]]] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
}


def class_of(schema: Mapping[str, object]) -> Any:
    """The validator of the schema's own draft; the newest where it names none."""
    return _validators.validator_for(schema, default=_validators.Draft202012Validator)


def leads_somewhere(schema: Mapping[str, object], reference: str) -> bool:
    """Whether a reference within a schema, `#/…` or `#name`, has something at its other end."""
    resource = _referencing.DRAFT202012.create_resource(schema)
    if isinstance(dialect := schema.get("$schema"), str):
        resource = _referencing.specification_with(dialect, default=_referencing.DRAFT202012).create_resource(schema)
    try:
        _EMPTY_REGISTRY.with_resource("", resource).resolver("").lookup(reference)
    except Unresolvable:
        return False
    return True


def validator_of(schema: Mapping[str, object]) -> Any:
    """A validator that fetches nothing and waits for no pattern without end."""
    cls = class_of(schema)
    return _validators.extend(cls, KEYWORDS)(schema, registry=_EMPTY_REGISTRY, format_checker=cls.FORMAT_CHECKER)
