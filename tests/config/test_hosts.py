"""OLLAMA_HOST is read as Ollama reads it, and the server to begin with is found in the right order."""

import pytest

from ollama_tui.config.hosts import choose_address, known_addresses, parse_host, read_host
from ollama_tui.config.settings import Settings
from ollama_tui.domain.host import HostAddress


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        (":1234", "http://:1234"),
        ("1234", "http://1234:11434"),
        ("example.com:1234", "http://example.com:1234"),
        (":66000", "http://:11434"),
        (":-1", "http://:11434"),
        (":0", "http://:0"),
        ("::1", "http://[::1]:11434"),
        ("[::1]", "http://[::1]:11434"),
        ("[::1]:1337", "http://[::1]:1337"),
        ('"1.2.3.4"', "http://1.2.3.4:11434"),
        (" 1.2.3.4 ", "http://1.2.3.4:11434"),
        ("http://1.2.3.4", "http://1.2.3.4:80"),
        ("https://1.2.3.4", "https://1.2.3.4:443"),
        ("https://example.com/ollama", "https://example.com:443/ollama"),
        ("ollama.com", "https://ollama.com:443"),
        ("0.0.0.0", "http://0.0.0.0:11434"),
        # what follows from the same rules
        ("' 1.2.3.4 '", "http://1.2.3.4:11434"),
        ("example.com", "http://example.com:11434"),
        ("example.com:", "http://example.com:11434"),
        ("example.com:port", "http://example.com:11434"),
        ("http://example.com:70000", "http://example.com:80"),
        ("HTTP://example.com", "HTTP://example.com:11434"),
        ("ftp://example.com", "ftp://example.com:11434"),
        ("http://", "http://127.0.0.1:80"),
        ("http://user:pw@h", "http://user:80"),
        ("http://h//a/../b/", "http://h:80/b"),
        ("http://h/a b", "http://h:80/a%20b"),
        ("2001:DB8:0::1", "http://[2001:db8::1]:11434"),
        ("[::1]x:80", "http://[[::1]x:80]:11434"),
    ],
)
def test_a_value_of_ollama_host_means_what_it_means_to_ollama(value: str, url: str) -> None:
    assert read_host(value) == url


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("http://0.0.0.0/x", "http://127.0.0.1:80/x"),
        ("[::]:11434", "http://[::1]:11434"),
        ("::", "http://[::1]:11434"),
        (":1234", "http://127.0.0.1:1234"),
        ("10.0.0.0", "http://10.0.0.0:11434"),
        ("100.0.0.0:1", "http://100.0.0.0:1"),
    ],
)
def test_an_address_to_listen_at_is_reached_on_this_machine(value: str, url: str) -> None:
    assert parse_host(value) == url


def choose(
    *,
    flag: str | None = None,
    variable: str | None = None,
    host: str | None = None,
    remembered: str | None = None,
    demo: bool = False,
) -> HostAddress:
    return choose_address(
        flag=flag,
        environment={} if variable is None else {"OLLAMA_HOST": variable},
        settings=Settings(host=host, hosts={"attic": "192.168.1.9"}),
        remembered=remembered,
        demo=demo,
    )


def test_the_flag_counts_before_the_environment_the_settings_the_memory_and_the_default() -> None:
    chosen = (
        choose(flag="a", variable="b", host="c", remembered="d"),
        choose(variable="b", host="c", remembered="d"),
        choose(host="c", remembered="d"),
        choose(remembered="d"),
    )
    assert [(address.source, address.url) for address in chosen] == [
        ("flag", "http://a:11434"),
        ("environment", "http://b:11434"),
        ("config", "http://c:11434"),
        ("remembered", "http://d:11434"),
    ]
    assert choose() == HostAddress(id="local", url="http://127.0.0.1:11434", source="default")


@pytest.mark.parametrize("nothing", ["", "  ", '""', "''"])
def test_an_empty_variable_counts_as_none(nothing: str) -> None:
    assert choose(variable=nothing, host="c").source == "config"


def test_the_demo_is_asked_for_by_its_flag_or_was_used_last() -> None:
    assert choose(demo=True, flag="a") == HostAddress(id="demo", url="", source="demo")
    assert choose(remembered="demo") == HostAddress(id="demo", url="", source="demo")
    assert choose(flag="demo").url == "http://demo:11434"


def test_a_name_of_the_settings_is_a_host_and_keeps_its_id_however_it_is_written() -> None:
    assert choose(flag="attic") == HostAddress(id="attic", url="http://192.168.1.9:11434", source="flag")
    assert choose(variable="192.168.1.9:11434").id == "attic"


def test_one_server_has_one_id_and_two_have_two() -> None:
    local = ["", "127.0.0.1", "localhost:11434", "0.0.0.0", "[::1]", "http://127.0.0.1:11434"]
    assert {choose(flag=text or None).id for text in local} == {"local"}
    others = ["h", "h:80", "h:1", "https://h", "https://h:80", "h:11434/x", "127.0.0.1:1", "127.0.0.1:11434/x"]
    assert len({choose(flag=text).id for text in others} | {"local", "demo"}) == len(others) + 2


def test_the_choice_of_servers_has_each_once_the_current_one_first() -> None:
    settings = Settings(hosts={"attic": "192.168.1.9"})
    current = choose(flag="attic")
    assert [address.id for address in known_addresses(current, settings)] == ["attic", "local", "demo"]
    assert known_addresses(current, settings)[0] is current
    assert [address.id for address in known_addresses(choose(demo=True), settings)] == ["demo", "attic", "local"]
