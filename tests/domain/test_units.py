"""Sizes and times as Ollama prints them (its format package, and `ollama ps`)."""

import pytest

from ollama_tui.domain.units import (
    clock,
    cpu_share,
    human_bytes,
    human_duration,
    human_number,
    human_time,
    is_forever,
    parameter_count,
    processor,
    short_age,
    short_context,
    until,
)

NOW = 1_790_000_000_000
HOUR = 3_600
DAY = 24 * HOUR
YEAR = 365 * DAY


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 KB"),
        (1500, "1.5 KB"),
        (274_302_450, "274 MB"),
        (2_019_393_189, "2.0 GB"),
        (2_000_000_000, "2 GB"),
        (4_683_075_271, "4.7 GB"),
        (9_999_999_999, "10.0 GB"),
        (13_780_173_839, "13 GB"),
        (404_430_188_519, "404 GB"),
        (1_200_000_000_000, "1.2 TB"),
    ],
)
def test_bytes(count: int, words: str) -> None:
    assert human_bytes(count) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (42, "42"),
        (1_000, "1K"),
        (42_400, "42K"),
        (137_000_000, "137M"),
        (136_727_040, "136.73M"),
        (7_000_000_000, "7B"),
        (7_615_616_512, "7.6B"),
        (8_030_261_248, "8.0B"),
    ],
)
def test_numbers(count: int, words: str) -> None:
    assert human_number(count) == words


def test_parameter_sizes_sort_as_numbers() -> None:
    sizes = ["671B", "8.2B", "137M", "16.97K", "", "strange", "1.5B"]
    assert sorted(sizes, key=parameter_count) == ["", "strange", "16.97K", "137M", "1.5B", "8.2B", "671B"]


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (0, ""),
        (512, "512"),
        (2048, "2k"),
        (4097, "4097"),
        (8192, "8k"),
        (40_960, "40k"),
        (131_072, "128k"),
        (200_000, "200k"),
        (131_071, "128k"),
        (1_048_576, "1M"),
        (1_000_000, "1M"),
    ],
)
def test_context(tokens: int, words: str) -> None:
    assert short_context(tokens) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.9, "Less than a second"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "About a minute"),
        (119, "About a minute"),
        (120, "2 minutes"),
        (59 * 60 + 59, "59 minutes"),
        (HOUR, "About an hour"),
        (1.4 * HOUR, "About an hour"),
        (1.5 * HOUR, "2 hours"),
        (47.4 * HOUR, "47 hours"),
        (47.5 * HOUR, "2 days"),
        (13 * DAY, "13 days"),
        (14 * DAY, "2 weeks"),
        (59 * DAY, "8 weeks"),
        (60 * DAY, "2 months"),
        (729 * DAY, "24 months"),
        (2 * YEAR, "2 years"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert human_duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-2 * DAY, "2 days ago"),
        (0, "Less than a second ago"),
        (4 * 60 + 30, "4 minutes from now"),
        (20 * YEAR, "20 years from now"),
        (21 * YEAR, "Forever"),
        (292 * YEAR, "Forever"),
    ],
)
def test_times(seconds: int, words: str) -> None:
    assert human_time(NOW + seconds * 1000, NOW) == words


def test_until_is_what_ps_says() -> None:
    assert until(None, NOW) == "Never"
    assert until(NOW - 1, NOW) == "Stopping..."
    assert until(NOW + 250_000, NOW) == "4 minutes from now"
    assert until(NOW + 292 * YEAR * 1000, NOW) == "Forever"
    assert [is_forever(at, NOW) for at in (None, NOW - 1, NOW + 250_000, NOW + 292 * YEAR * 1000)] == [
        True,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("size", "vram", "words", "share"),
    [
        (5_000, 0, "100% CPU", 100),
        (0, 0, "100% CPU", 100),
        (5_000, 5_000, "100% GPU", 0),
        (5_000, 6_000, "Unknown", None),
        (0, 10, "Unknown", None),
        (1_000, 710, "29%/71% CPU/GPU", 29),
        (1_000, 995, "1%/99% CPU/GPU", 1),  # 0.5 rounds away from zero, as in Go
        (1_000, 999, "0%/100% CPU/GPU", 0),
    ],
)
def test_processor(size: int, vram: int, words: str, share: int | None) -> None:
    assert processor(size, vram) == words
    assert cpu_share(size, vram) == share


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "5s"),
        (300, "5m"),
        (2 * HOUR, "2h"),
        (13 * DAY, "13d"),
        (14 * DAY, "2w"),
        (364 * DAY, "12mo"),
        (2 * YEAR, "2y"),
    ],
)
def test_ages(seconds: int, words: str) -> None:
    assert short_age(NOW - seconds * 1000, NOW) == words


@pytest.mark.parametrize("hours", [1.3, 1.6, 23.6, 40, 47.6, 300, 336, 1000, 1439.6, 5000, 17_000, 40_000])
def test_an_age_is_the_same_in_a_narrow_column(hours: float) -> None:
    at = NOW - round(hours * HOUR * 1000)
    said = human_time(at, NOW).replace("About an", "1").split()
    assert short_age(at, NOW) == said[0] + ("mo" if said[1].startswith("month") else said[1][0])


def test_no_age_without_a_time() -> None:
    assert short_age(0, NOW) == ""


def test_clock() -> None:
    assert [clock(seconds) for seconds in (-1, 42, 252, 3723)] == ["0:00", "0:42", "4:12", "1:02:03"]
