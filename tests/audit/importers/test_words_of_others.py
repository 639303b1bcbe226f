"""Times, outcomes and actions as other systems write them."""

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.importers.actions import action_of
from app.audit.importers.moments import find_moment, moment_of
from app.audit.importers.outcomes import outcome_of
from app.audit.importers.refusal import RecordRefused

MOMENT = "2026-03-14T09:26:53+00:00"
ACTION = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@pytest.mark.parametrize(
    "spelled",
    [
        "2026-03-14T09:26:53Z",
        "2026-03-14 09:26:53",
        "2026-03-14 09:26:53Z",
        "2026-03-14 09:26:53 UTC",
        "2026-03-14T10:26:53+01:00",
        "2026-03-14T10:26:53+0100",
        "2026-03-14T09:26:53.000000000Z",
        "20260314T092653Z",
        1773480413,
        "1773480413",
        1773480413000,
        1773480413000000,
        1773480413000000000,
        "1773480413.0",
        "14/03/2026 09:26:53",
        "03/14/2026 9:26:53 AM",
        "14.03.2026 09:26:53",
        "[14/Mar/2026:09:26:53 +0000]",
        "Mar 14, 2026 9:26:53 AM",
        "Sat, 14 Mar 2026 09:26:53 GMT",
        "Sat Mar 14 09:26:53 2026",
    ],
)
def test_time_is_read_in_utc_however_it_is_written(spelled):
    assert moment_of(spelled) == MOMENT


def test_fractions_of_a_second_are_kept_to_the_microsecond():
    assert moment_of("2026-03-14T09:26:53.123456789Z").endswith("53.123456+00:00")
    assert moment_of(1773480413123).endswith("53.123000+00:00")
    assert moment_of("1773480413.5").endswith("53.500000+00:00")


def test_time_without_a_zone_is_in_the_zone_given():
    berlin = ZoneInfo("Europe/Berlin")

    assert moment_of("2026-07-14 09:26:53", berlin) == "2026-07-14T07:26:53+00:00"
    assert moment_of("2026-07-14 09:26:53Z", berlin) == "2026-07-14T09:26:53+00:00"


@pytest.mark.parametrize(
    "spelled", ["", "yesterday", "2026-13-40", "99/99/2026", True, None, {}, [], "1" * 40, "x" * 99]
)
def test_what_is_no_time_is_refused(spelled):
    assert find_moment(spelled) is None
    with pytest.raises(RecordRefused):
        moment_of(spelled)


@given(st.one_of(st.text(max_size=80), st.integers(), st.floats(), st.none(), st.booleans()))
def test_nothing_that_is_written_as_a_time_breaks_the_reader(value):
    found = find_moment(value)

    assert found is None or found.endswith("+00:00")


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("SUCCESS", "success"),
        ("succeeded", "success"),
        ("ALLOWED", "success"),
        (200, "success"),
        (True, "success"),
        ("Failure", "failure"),
        ("unsuccessful", "failure"),
        ("error", "failure"),
        (500, "failure"),
        ("404", "failure"),
        (False, "failure"),
        ("DENY", "denied"),
        ("login_failed_access_denied", "denied"),
        ("Blocked", "denied"),
        (403, "denied"),
        ("unauthorized", "denied"),
        ("purple", None),
        (None, None),
        ([], None),
    ],
)
def test_outcome_is_told_by_words_and_codes(word, outcome):
    assert outcome_of(word) == outcome


@pytest.mark.parametrize(
    ("parts", "action"),
    [
        (("okta", "user.session.start"), "okta.user.session.start"),
        (("crm", "User Login"), "crm.user_login"),
        (
            ("azure", "MICROSOFT.COMPUTE/VIRTUALMACHINES/DELETE"),
            "azure.microsoft.compute.virtualmachines.delete",
        ),
        (("aws", "DescribeDBInstances"), "aws.describe_db_instances"),
        (("onelogin", "5"), "onelogin.event_5"),
        (("crm", "gelöscht"), "crm.geloscht"),
        (("crm", "!!!"), "crm"),
    ],
)
def test_action_has_the_form_of_the_contract(parts, action):
    assert action_of(*parts) == action


def test_words_in_other_scripts_stay_apart():
    opened, closed = action_of("crm", "открыто"), action_of("crm", "закрыто")

    assert opened != closed
    assert ACTION.fullmatch(opened)


@given(st.text(max_size=200))
def test_any_words_make_an_action_or_none(words):
    action = action_of(words)

    assert action == "" or (ACTION.fullmatch(action) and len(action) <= 120)
