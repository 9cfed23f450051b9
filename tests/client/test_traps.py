"""The traps of Ollama's protocol for clients, each with the tests that prove it, or why it concerns no client here."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent

NONE = "none: "
"""Begins the reason why a trap concerns no client."""

TRAPS: dict[int, tuple[str, str | tuple[str, ...]]] = {
    1: (
        "headers come only with the first token",
        (
            "test_connecting_is_given_five_seconds_and_an_answer_any_time",
            "test_a_black_hole_is_given_up_after_the_time_to_connect",
        ),
    ),
    2: (
        "thinking is on by default; asking others for it is a 400",
        ("test_a_thinking_model_thinks_unless_told_not_to", "test_what_a_model_cannot_do_is_said"),
    ),
    3: (
        "load, unload and render answer one object without a line end",
        (
            "test_an_object_without_a_line_end_answers_where_a_stream_was_asked_for",
            "test_a_prompt_is_rendered_as_the_model_would_be_given_it",
        ),
    ),
    4: (
        "only the byte \\n ends a line",
        ("test_line_separators_of_unicode_end_no_line", "test_pieces_do_not_matter"),
    ),
    5: (
        "the last object may carry content, thinking and calls",
        (
            "test_what_comes_with_and_after_the_last_word_counts",
            "test_calls_come_from_whichever_object_brings_them_and_each_has_an_id",
        ),
    ),
    6: (
        "a stream may end with neither done nor error",
        ("test_a_stream_that_stops_without_a_last_word_is_cut_off", "test_success_in_the_middle_is_not_the_end"),
    ),
    7: (
        "an error line under status 200",
        ("test_an_error_line_after_the_beginning", "test_recorded_failures_come_in_mid_stream"),
    ),
    8: (
        "errors as JSON in a string, with siblings, as plain text, or empty",
        (
            "test_json_in_a_string_is_taken_out",
            "test_words_are_taken_out_of_whatever_they_are_wrapped_in",
            "test_an_error_line_is_sorted_by_what_it_says",
            "test_an_answer_that_is_none",
        ),
    ),
    9: (
        "wrong options are a 500; stop is a list",
        ("test_a_wrong_request_is_refused", "test_every_field_of_a_chat_is_sent_as_the_server_reads_it"),
    ),
    10: (
        "keep_alive is a number or a Go duration; absent keeps what is",
        (
            "test_a_wrong_request_is_refused",
            "test_a_bare_chat_says_nothing_that_was_not_set",
            "test_a_model_is_loaded_listed_kept_for_ever_and_unloaded",
        ),
    ),
    11: (
        "show has null for arrays unless verbose, and always its tensors",
        (
            "test_arrays_are_absent_until_asked_for_and_tensors_always_there",
            "test_show_tells_everything_and_the_vocabulary_only_when_asked",
            "test_a_large_answer_is_read_as_fast_as_it_comes",
        ),
    ),
    12: (
        "families may be null, capabilities absent, digests bare",
        (
            "test_nulls_missing_fields_and_wrong_types_are_forgiven",
            "test_installed_models_are_listed_with_all_that_is_known",
        ),
    ),
    13: (
        "names: case, :latest, and errors that echo another spelling",
        (
            "test_names_are_compared_with_their_tag_and_whatever_their_case",
            "test_a_model_that_is_not_there_is_missing_whatever_is_asked_of_it",
        ),
    ),
    14: (
        "copy, delete and blobs answer nothing; delete has a body",
        (
            "test_a_model_gets_a_second_name_and_loses_it",
            "test_a_blob_is_asked_for_before_it_is_sent_and_sent_with_its_length",
            "test_requests_carry_nothing_that_a_server_refuses_or_a_stranger_should_see",
        ),
    ),
    15: (
        "layers that never end, go back, have no size or no hash",
        (
            "test_layers_may_skip_their_end_go_back_or_say_nothing_of_their_size",
            "test_recorded_transfers_end_with_everything_there",
        ),
    ),
    16: ("success in the middle of a create", ("test_success_in_the_middle_is_not_the_end",)),
    17: (
        "load-time options and shift reload: load with what the chat will have",
        (
            "test_an_embed_is_sent_whole_and_an_embedding_model_is_loaded_by_embedding_nothing",
            "test_a_model_is_loaded_as_it_will_be_asked",
            "test_what_might_not_fit_is_measured_against_the_loaded_model_and_not_sent",
        ),
    ),
    18: (
        "expires_at may be past, in 2318, or the zero time",
        ("test_times_at_both_ends_of_time", "test_forever_and_stopping"),
    ),
    19: (
        "unload succeeds with nothing loaded and returns early",
        (
            "test_a_model_is_loaded_listed_kept_for_ever_and_unloaded",
            "test_load_shows_the_split_and_unload_ends_it",
        ),
    ),
    20: (
        "closing cancels; no half-close; Content-Length bodies",
        (
            "test_leaving_an_answer_disconnects_at_once",
            "test_cancelling_while_the_model_loads_disconnects_at_once",
            "test_leaving_an_answer_of_the_demo_in_process_is_noticed",
            "test_a_large_request_is_sent_whole",
            "test_a_blob_is_asked_for_before_it_is_sent_and_sent_with_its_length",
        ),
    ),
    21: (
        "truncate drops messages silently",
        (
            "test_a_prompt_that_is_too_long_is_told_with_its_size_when_nothing_may_be_cut",
            "test_a_prompt_that_is_too_long_is_cut_when_it_may_be",
            "test_everything_of_the_setup_is_sent",
            "test_an_answer_to_a_cut_prompt_is_marked_and_kept_so",
        ),
    ),
    22: ("figures that are zero are left out", ("test_figures_that_are_zero_are_not_sent_and_read_as_zero",)),
    23: (
        "bare base64, content as text, arguments as an object",
        ("test_every_field_of_a_chat_is_sent_as_the_server_reads_it",),
    ),
    24: (
        "tool results name their call, whose id may be missing",
        (
            "test_calls_come_from_whichever_object_brings_them_and_each_has_an_id",
            "test_recorded_calls_keep_the_server_s_own_ids",
            "test_every_field_of_a_chat_is_sent_as_the_server_reads_it",
        ),
    ),
    25: (
        "OLLAMA_HOST as Go reads it; 0.0.0.0 is this machine",
        (
            "test_a_value_of_ollama_host_means_what_it_means_to_ollama",
            "test_an_address_to_listen_at_is_reached_on_this_machine",
        ),
    ),
    26: (
        "no Origin, no foreign Host",
        ("test_requests_carry_nothing_that_a_server_refuses_or_a_stranger_should_see",),
    ),
    27: (
        "no double slash, no redirect followed, HEAD before a blob",
        (
            "test_a_path_prefix_is_kept_and_no_slash_doubled",
            "test_a_redirect_is_not_followed",
            "test_a_blob_is_asked_for_before_it_is_sent_and_sent_with_its_length",
        ),
    ),
    28: (
        "no proxy for this machine",
        (
            "test_proxies_of_the_environment_are_never_used_for_this_machine",
            "test_proxies_are_chosen_as_go_chooses_them",
        ),
    ),
    29: ("unparsable booleans in the environment are true", f"{NONE}none of the server's booleans is read here"),
    30: (
        "401 with or without signin_url; cloud models",
        (
            "test_a_sign_in_address_is_kept_and_does_without",
            "test_an_error_line_is_sorted_by_what_it_says",
            "test_a_remote_model_is_asked_only_after_consent_and_never_chosen",
        ),
    ),
    31: ("/v1 streams swallow errors", f"{NONE}only /api is spoken"),
    32: (
        "defaults of repeat_penalty, min_p, num_predict",
        (
            "test_a_bare_chat_says_nothing_that_was_not_set",
            "test_every_option_of_ollama_is_there_and_exactly_what_is_set_is_sent",
        ),
    ),
    33: (
        "the default num_ctx depends on the GPU",
        (
            "test_a_bare_chat_says_nothing_that_was_not_set",
            "test_without_a_wish_it_is_the_server_that_says_how_much_fits",
        ),
    ),
    34: (
        "embedding models load by embedding nothing",
        (
            "test_an_embedding_model_is_loaded_too",
            "test_an_embed_is_sent_whole_and_an_embedding_model_is_loaded_by_embedding_nothing",
        ),
    ),
    35: (
        "lines can be large",
        ("test_one_line_of_twenty_megabytes_in_small_packets_takes_no_longer_than_its_size",),
    ),
}


@cache
def written() -> set[str]:
    """The names of all tests."""
    files = TESTS.rglob("test_*.py")
    trees = [ast.parse(path.read_text("utf-8")) for path in files]
    functions = (
        node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return {function.name for function in functions if function.name.startswith("test_")}


def test_every_trap_is_there() -> None:
    assert list(TRAPS) == list(range(1, 36))


@pytest.mark.parametrize("number", TRAPS)
def test_a_trap_is_proved_or_concerns_no_client(number: int) -> None:
    _trap, proof = TRAPS[number]
    if isinstance(proof, str):
        assert re.fullmatch(rf"{NONE}\w.+", proof)
    else:
        assert proof
        assert set(proof) <= written()
