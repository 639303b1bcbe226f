"""What limits a sender: its events, not the calls that they come in."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.kernel import clock
from app.kernel.database import unit_of_work
from app.kernel.rate_limit import API_CALLS_PER_MINUTE, RateWindow
from app.kernel.routing import database
from tests.audit.sending import Sender, an_event


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


@pytest.fixture
def spent(sender):
    """Let the key have made all its calls of this minute, and of the next one."""
    _tenant, key_id, _secret = sender.key.split(".")
    key = f"api-key:{UUID(hex=key_id)}"
    minute = clock.now().timestamp() // 60 * 60
    with sender.app.app_context(), database().session(), unit_of_work() as session:
        for start in (minute, minute + 60):
            at = datetime.fromtimestamp(start, UTC)
            session.add(RateWindow(key=key, window_start=at, hits=API_CALLS_PER_MINUTE))


@pytest.mark.usefixtures("spent")
def test_key_whose_calls_are_spent_still_sends_events(sender):
    assert sender.post([an_event() for _ in range(3)]).status_code == 200


@pytest.mark.usefixtures("spent")
@pytest.mark.parametrize("body", ["{", "", "[" * 100_000])
def test_body_without_events_counts_as_a_call(sender, body):
    assert sender.post(body).status_code == 429


@pytest.mark.usefixtures("spent")
def test_reading_is_limited_by_calls(sender):
    answer = sender.app.test_client().get(
        "/api/v1/events", headers={"Authorization": f"Bearer {sender.key}"}
    )
    assert answer.status_code == 429
