"""Catalogues: each says all that the program says, and keeps what is no word: places to fill, keys, names, signs."""

import ast
import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import ollama_tui
from ollama_tui.domain.cells import cells, padded, wrapped
from ollama_tui.domain.i18n import _, set_language

PROGRAM = Path(ollama_tui.__file__).parent
CATALOGUES = sorted((PROGRAM / "locales").glob("*/LC_MESSAGES/ollama_tui.po"))
KEYWORDS = {"_": None, "mark": None, "ngettext": (1, 2)}
PLACE = re.compile(r"\{[^{}]*\}|%\S?")
AS_IT_IS = re.compile(
    r"`[^`]+`|(?<![\w-])--?[a-z][a-z-]*|(?<![\w/.])/[a-z]+\b|\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b"
    r"|\b(?:Enter|Esc|Tab|F\d+)\b|(?<!['’])(?<!\} )\b[b-hj-z]\b|^\s*[■✗✓▸▌»↻✎↓…]"
)
"""What a translation leaves alone: commands, options, settings, keys, the sign that a line begins with."""


@cache
def words() -> frozenset[str | tuple[str, ...]]:
    """Every text of the program that a person may read."""
    found = extract_from_dir(PROGRAM, [("**.py", "python")], keywords=KEYWORDS)
    return frozenset(text for _file, _line, text, _comments, _context in found)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(cast("Sequence[str]", text))


def test_there_is_one() -> None:
    assert [path.parent.parent.name for path in CATALOGUES] == ["zh_CN"]
    assert len(words()) > 1000


def test_nothing_is_said_where_it_is_not_gathered() -> None:
    """Babel does not look into an f-string."""
    gathered = {text for form in words() for text in forms(form)}
    for path in PROGRAM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in KEYWORDS
                and node.args
            ):
                said = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
                assert not said or said in gathered, f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_catalogue_is_whole(path: Path) -> None:
    catalogue = read(path)
    there = {cast("str | tuple[str, ...]", message.id) for message in catalogue if message.id}
    assert words() - there == frozenset(), "not translated"
    assert there - words() == frozenset(), "said no more"
    assert list(catalogue.obsolete) == []
    for message in catalogue:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        given = forms(message.id)[-1]
        for text in forms(message.string):
            assert text.strip(), message.id
            assert set(PLACE.findall(text)) == set(PLACE.findall(given)), (given, text)
            assert text.count("\n") == given.count("\n"), (given, text)
            assert set(AS_IT_IS.findall(given)) <= set(AS_IT_IS.findall(text)), (given, text)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_what_is_read_is_what_was_written(path: Path) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, read(path))
    assert compiled.getvalue() == path.with_suffix(".mo").read_bytes(), "pybabel compile makes it anew"


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "发送"),
        ({"LANG": "zh"}, "发送"),
        ({"LANG": "zh_TW.UTF-8"}, "发送"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "发送"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "Send"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "发送"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh_CN:en"}, "发送"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en:zh_CN"}, "Send"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "Send"),
        ({"LANG": "de_DE@euro"}, "Send"),
        ({}, "Send"),
    ],
)
def test_the_environment_chooses(environment: Mapping[str, str], word: str) -> None:
    set_language(environment=environment)
    assert _("Send") == word


@pytest.mark.parametrize(
    ("language", "word"), [("zh_CN", "发送"), ("zh-Hans", "发送"), ("en", "Send"), ("../zh_CN", "Send"), ("", "Send")]
)
def test_the_configuration_goes_before_it(language: str, word: str) -> None:
    set_language(environment={"LANG": "zh_CN.UTF-8"})
    set_language(language, environment={"LANG": "zh_CN.UTF-8"})
    assert _("Send") == word


def test_no_text_means_no_header() -> None:
    set_language("zh_CN")
    assert _("") == ""


def test_wide_words_are_measured_in_cells() -> None:
    assert cells("上下文 ctx é") == 12
    assert padded("模型", 6) + "|" == "模型  |"
    assert wrapped("用 `--think` 思考，很长。", 12) == ["用 `--think`", "思考，很长。"]
    assert wrapped("思考，很长", 5) == ["思", "考，", "很长"]
