"""Log lines: one a record, whatever somebody writes into a header."""

import json
import logging
import sys

import pytest

from app.observability.logs import JsonFormatter, PlainFormatter

EVIL = "Mozilla\r\nerror   forged_line actor=admin\x1b[2J\x1b[31m\u2028\x85"


def record(message="request", exc_info=None, **extra):
    made = logging.LogRecord("ballast.test", logging.INFO, __file__, 1, message, (), exc_info)
    vars(made).update(extra)
    return made


def failure(text):
    error = ValueError(text)
    return type(error), error, None


@pytest.fixture
def lines(app, capsys):
    """Return what the requests of a test write, line by line, in one of the two forms."""

    def of(formatter, act):
        handler = next(h for h in logging.getLogger().handlers if getattr(h, "is_ballast", False))
        before, stream = handler.formatter, handler.stream
        handler.setFormatter(formatter)
        handler.setStream(sys.stderr)
        try:
            act()
        finally:
            handler.setFormatter(before)
            handler.setStream(stream)
        return capsys.readouterr().err.splitlines()

    return of


@pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter()])
def test_value_with_line_breaks_stays_on_its_line(formatter):
    for made in (record(user_agent=EVIL), record(EVIL), record("%s", name=EVIL)):
        written = formatter.format(made)
        assert len(written.splitlines()) == 1
        assert "\x1b" not in written


def test_json_line_holds_the_value_unchanged():
    line = json.loads(JsonFormatter().format(record(user_agent=EVIL)))
    assert line["user_agent"] == EVIL
    assert (line["level"], line["event"]) == ("info", "request")


def test_extra_field_cannot_pose_as_the_level_or_the_time():
    line = json.loads(JsonFormatter().format(record(level="critical", at="never", event="x")))
    assert (line["level"], line["event"]) == ("info", "request")
    assert line["at"] != "never"


def test_message_of_an_exception_cannot_begin_a_line():
    written = PlainFormatter().format(record(exc_info=failure(EVIL)))
    first, *rest = written.splitlines()
    assert first.startswith("info")
    assert rest
    assert all(line.startswith("    ") for line in rest)
    assert "\x1b" not in written


def test_exception_is_one_field_in_json():
    written = JsonFormatter().format(record(exc_info=failure(EVIL)))
    assert len(written.splitlines()) == 1
    assert "ValueError" in json.loads(written)["exception"]


@pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter()])
def test_request_with_an_evil_user_agent_writes_one_line(app, lines, formatter):
    def act():
        client = app.test_client()
        client.environ_base["HTTP_USER_AGENT"] = EVIL
        client.get("/sign-in", headers={"X-Request-Id": "short"})

    written = lines(formatter, act)
    assert len(written) == 1
    assert "forged_line" not in written[0]
    assert "\x1b" not in written[0]


def test_line_of_a_request_names_the_route_and_never_the_query(app, alder, lines):
    owner = alder.as_person("owner")
    path = f"{alder.path}/audit-log?q=target:a-patient"
    (line,) = map(json.loads, lines(JsonFormatter(), lambda: owner.get(path)))
    assert line["route"] == "/t/<slug:tenant>/audit-log"
    assert (line["status"], line["tenant"]) == (200, alder.tenant.slug)
    assert line["actor"] == str(alder.people["owner"].account_id)
    assert "a-patient" not in json.dumps(line)


def test_password_is_in_no_line(alder, visitor, lines):
    def act():
        page = visitor.get("/sign-in")
        values = {"email": alder.people["owner"].email, "password": "a-very-wrong-one"}
        visitor.submit(page, "Sign in", expect=422, **values)

    assert "a-very-wrong-one" not in "\n".join(lines(JsonFormatter(), act))
