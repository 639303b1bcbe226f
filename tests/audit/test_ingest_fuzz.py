"""Whatever is sent, the door answers: it never breaks."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.audit.contract.schema import EVENT_SCHEMA
from tests.audit.sending import Sender, an_event

BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(sorted(EVENT_SCHEMA["properties"]))


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


@BOUNDED
@given(value=VALUES)
def test_any_json_is_answered(sender, value):
    assert sender.post(json.dumps(value)).status_code in {200, 201, 207, 400, 422}


@BOUNDED
@given(field=FIELDS, value=VALUES)
def test_event_with_anything_in_one_field_is_stored_or_refused(sender, field, value):
    answer = sender.post(json.dumps(an_event(**{field: value})))

    assert answer.status_code in {201, 400, 422}


@BOUNDED
@given(metadata=st.dictionaries(st.text(min_size=1), VALUES, max_size=5))
def test_any_metadata_is_stored_or_refused(sender, metadata):
    answer = sender.post(json.dumps(an_event(metadata=metadata)))

    assert answer.status_code in {201, 400, 422}


@BOUNDED
@given(body=st.binary(max_size=200))
def test_any_bytes_are_answered(sender, body):
    assert sender.post(body).status_code in {200, 201, 207, 400, 422}
    assert sender.post(body, content_type="application/jsonl").status_code in {200, 207, 400}
    assert sender.post(body, Content_Encoding="gzip").status_code in {200, 201, 207, 400, 422}
