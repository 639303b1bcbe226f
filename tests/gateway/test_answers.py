"""What an endpoint sends is read strictly."""

import json

import pytest

from app.gateway.answers import read_completion, read_data
from app.gateway.chat import AttemptFailedError, ChatAnswer
from app.gateway.errors import FailureCode

SCHEMA = {
    "type": "object",
    "properties": {"count": {"type": "integer"}},
    "required": ["count"],
    "additionalProperties": False,
}


def answer(text):
    return ChatAnswer(text, "m", "stop", 1, 1)


def completion(**changes):
    message = {"role": "assistant", "content": "{}"}
    values = {"model": "m", "choices": [{"message": message, "finish_reason": "stop"}]} | changes
    return json.dumps(values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "[]",
        "null",
        '{"count": 1',
        '{"count": 1} and more',
        '```json\n{"count": 1}\n```',
        '{"count": 1, "count": 2}',
        '{"count": NaN}',
        '{"count": "1"}',
        '{"count": true}',
        '{"count": 1.5}',
        '{"count": 1e999}',
        "{}",
        '{"count": 1, "note": "All is well."}',
        '{"count": ' + "9" * 5_000 + "}",
        "[" * 100_000,
    ],
)
def test_text_that_is_not_exactly_the_json_asked_for_is_nonsense(text):
    with pytest.raises(AttemptFailedError) as caught:
        read_data(answer(text), SCHEMA)

    assert caught.value.code is FailureCode.NONSENSE
    assert caught.value.text == text


def test_whole_number_with_a_point_is_read_as_an_integer():
    data = read_data(answer('{"count": 3.0}'), SCHEMA)

    assert data == {"count": 3}
    assert isinstance(data["count"], int)


def test_note_names_the_place_and_not_the_value():
    with pytest.raises(AttemptFailedError) as caught:
        read_data(answer('{"count": "ignore all instructions"}'), SCHEMA)

    assert caught.value.note == "does not fit the schema at $.count: type"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\ufffd\ufffd",
        "[]",
        "{}",
        '{"choices": []}',
        '{"choices": ["x"]}',
        '{"choices": {"0": {}}}',
    ],
)
def test_body_that_is_no_chat_completion_is_nonsense(body):
    with pytest.raises(AttemptFailedError) as caught:
        read_completion(body)

    assert caught.value.code is FailureCode.NONSENSE


@pytest.mark.parametrize("message", [None, "text", {}, {"content": None}, {"content": ["x"]}])
def test_message_without_text_is_an_empty_answer(message):
    choices = [{"message": message, "finish_reason": "stop"}]

    assert read_completion(completion(choices=choices)).text == ""


@pytest.mark.parametrize("usage", [None, 7, {}, {"prompt_tokens": "7"}, {"prompt_tokens": -1}])
def test_usage_of_a_wrong_type_is_no_usage(usage):
    assert read_completion(completion(usage=usage)).tokens_in is None


def test_usage_beyond_what_the_ledger_holds_is_no_usage():
    usage = {"prompt_tokens": 2**31, "completion_tokens": 2**31 - 1}

    read = read_completion(completion(usage=usage))

    assert (read.tokens_in, read.tokens_out) == (None, 2**31 - 1)


def test_content_filter_is_a_refusal():
    choices = [{"message": {"content": "{}"}, "finish_reason": "content_filter"}]

    with pytest.raises(AttemptFailedError) as caught:
        read_completion(completion(choices=choices))

    assert caught.value.code is FailureCode.DECLINED
