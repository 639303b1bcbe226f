"""Over the database as over memory: true claims pass, and those made wrong in any way do not."""

from datetime import timedelta

from tests.summaries.logs import DAY, an_event, random_log
from tests.summaries.wrong_claims import REAL_DATA, cloudtrail_events, store, try_claims


def foreign_event(birch):
    return store(birch, [an_event(0, at=DAY + timedelta(hours=1))]).events[0].id


def test_claims_about_a_made_log(alder, birch):
    log = store(alder, random_log(seed=7, size=150).events)

    lines = try_claims(alder, log, foreign_event(birch), seed=11, number=25)

    assert [line.kind for line in lines if not line.is_right] == []
    assert len(lines) > 14


def test_claims_about_captured_cloudtrail_events(alder, birch, real_data):
    events = list(cloudtrail_events(real_data / REAL_DATA.name))
    log = store(alder, events[::8])

    lines = try_claims(alder, log, foreign_event(birch), seed=3, number=25)

    assert [line.kind for line in lines if not line.is_right] == []
