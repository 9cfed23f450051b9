"""Answers that were asked for as JSON, and the schemas that are asked for."""

import json
import socket
import time

import pytest

from ollama_tui.services.schema import SchemaError, Verdict, check_answer, find_json, path_text, read_format

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z]+$"},
        "age": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"enum": ["x", "y"]}},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}


def told(verdict: Verdict) -> list[str]:
    return [f"{path_text(misfit.path)} {misfit.reason}" for misfit in verdict.misfits]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ('{"name": "ada", "age": 36, "tags": ["x"]}', "fits", []),
        ('{"name": "Ada", "age": 36}', "misfits", ["$.name does not fit the pattern ^[a-z]+$"]),
        ('{"age": "old"}', "misfits", ['$ lacks "name"', '$.age needs integer, is "old"']),
        (
            '{"name": "ada", "age": -1, "tags": ["z"], "小": 1}',
            "misfits",
            [
                "$.age -1 breaks minimum: 0",
                '$.tags[0] is "z", not one of ["x", "y"]',
                '$ has "小", which is not in the schema',
            ],
        ),
        ('{"name": "ada", "tags": ["x", "y', "incomplete", ["it breaks off at $.tags[1]"]),
        ('{"name": ada}', "broken", ["line 1, column 10: Expecting value"]),
        ('{"name": "ada", "age": 1} and more', "broken", ["line 1, column 27: Extra data"]),
        ("[" * 100_000, "broken", ["it is nested too deeply"]),
        ('{"age": NaN}', "broken", ["NaN is no JSON"]),
        ('{"name": "a\x1b", "age": 1}', "broken", ["line 1, column 12: Invalid control character at"]),
        ('{"name": "ada", "age": 3, "tags": nul', "incomplete", ["it breaks off at $.age"]),
        ("", "broken", ["line 1, column 1: Expecting value"]),
    ],
)
def test_an_answer_is_compared_with_its_schema(answer: str, kind: str, words: list[str]) -> None:
    verdict = check_answer(answer, PERSON)
    assert verdict.kind == kind
    assert sorted(told(verdict) or [verdict.reason] * bool(verdict.reason)) == sorted(words)


def test_what_came_of_an_answer_that_was_cut_is_there() -> None:
    verdict = check_answer('{"items": [{"a": 1}, {"b": "half a w', PERSON)
    assert verdict.value == {"items": [{"a": 1}, {"b": "half a w"}]}
    assert verdict.reason == "it breaks off at $.items[1].b"


def test_json_alone_is_asked_for_as_an_object_or_a_list() -> None:
    assert check_answer("[1]", "json").kind == "fits"
    assert told(check_answer("3", "json")) == ["$ is a number, not an object or a list"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("{oops", "not JSON: line 1, column 2"),
        ("[1]", "is an object"),
        ('{"type": "objct"}', '$.type: "objct" is no type'),
        ('{"properties": {"a": {"minimum": "3"}}}', '$.properties.a.minimum: needs number, is "3"'),
        ('{"type": "string", "pattern": "("}', "$.pattern"),
        ('{"$ref": "#"}', "refers to itself"),
        ('{"$ref": "#/$defs/none"}', "which it has not"),
        ('{"type": "object", "properties": {"a": {"$ref": "#/$defs/none"}}}', "which it has not"),
        ('{"items": {"$ref": "#nowhere"}}', "which it has not"),
        ('{"items": {"$ref": "https://example.com/s.json"}}', "nothing is fetched"),
        pytest.param('{"a":' * 200_000, "too deeply", id="deep"),
    ],
)
def test_a_schema_that_is_wrong_in_itself_is_refused_with_the_place(schema: str, words: str) -> None:
    with pytest.raises(SchemaError, match=r".") as refused:
        read_format(schema)
    assert words in str(refused.value)


@pytest.mark.parametrize("place", ["#/$defs/node", "#a-name", "#/properties/next/items"])
def test_a_schema_may_refer_to_parts_of_itself(place: str) -> None:
    node = {"$anchor": "a-name", "type": "object", "properties": {"next": {"$ref": "#"}, "名": {"enum": ["北京"]}}}
    schema = {
        "$defs": {"node": node},
        "properties": {"next": {"type": "array", "items": node}, "one": {"$ref": place}},
    }
    form = read_format(json.dumps(schema))
    assert told(check_answer('{"one": {"名": "上海"}}', form)) == ['$.one.名 is "上海", not one of ["北京"]']


def test_a_reference_to_elsewhere_is_never_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def note(*words: object, **_named: object) -> list[object]:
        asked.append(words)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", note)
    for schema in ({"$ref": "http://example.com/x"}, {"$id": "http://example.com/a", "items": {"$ref": "b"}}):
        assert check_answer("[{}]", schema).kind == "misfits"
    assert asked == []


def test_a_pattern_that_would_take_for_ever_is_given_up() -> None:
    schema = {"type": "object", "additionalProperties": {"type": "string", "pattern": "^(a|aa)+$"}}
    began = time.monotonic()
    verdict = check_answer(json.dumps({"k": "a" * 60 + "!"}), schema)
    assert time.monotonic() - began < 10
    assert told(verdict) == ["$.k could not be compared with the pattern ^(a|aa)+$"]


def test_json_is_found_in_a_block_of_an_answer_that_was_asked_for_as_text() -> None:
    found = find_json('Here it is:\n\n```json\n{"a": [1, 2]}\n```\nDone.')
    assert found is not None
    assert found.value == {"a": [1, 2]}
    assert find_json("no {json} here") is None
