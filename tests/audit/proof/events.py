"""Stored events made up for tests, with every part that an event can have."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from hypothesis import strategies as st

from app.audit.proof.leaves import StoredEvent

TENANT = UUID("01935700-0000-7000-8000-000000000001")

EXAMPLE = StoredEvent(
    tenant_id=TENANT,
    id=UUID("01935700-0000-7000-8000-000000000002"),
    occurred_at=dt.datetime(2026, 11, 22, 14, 31, 7, 123456, dt.UTC),
    received_at=dt.datetime(2026, 11, 22, 14, 31, 8, 0, dt.UTC),
    actor_type="person",
    actor_id="u-1",
    actor_name="Tomas Ek",
    action="member.role_changed",
    outcome="success",
    target_type="member",
    target_id="u-2",
    target_name="Ana Ruiz",
    targets=(
        {"type": "member", "id": "u-2", "name": "Ana Ruiz"},
        {"type": "role", "id": "admin", "name": "Admin"},
    ),
    source_ip="2001:db8::7",
    user_agent="Firefox",
    session="ab12",
    request_id="r-1",
    reason="ticket 4711",
    changes={"role": {"before": "analyst", "after": "admin"}},
    metadata={"email": "ana@alder.example", "count": 3, "a/b~c": {"deep": [1.5, None]}},
    event_type_version=1,
    received_from=None,
    release="0.1.0",
    retention="standard",
    salt=bytes(range(16)),
)

_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_optional = st.none() | _text
_party = st.fixed_dictionaries({"type": _text, "id": _text, "name": _text})
_metadata = st.dictionaries(
    _text,
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | _text,
    max_size=3,
)
_changes = st.dictionaries(
    _text, st.fixed_dictionaries({"before": _optional, "after": _optional}), max_size=3
)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_moments = st.integers(-(2 * 10**15), 2 * 10**17).map(
    lambda microseconds: _EPOCH + dt.timedelta(microseconds=microseconds)
)


@st.composite
def stored_events(draw):
    """Events of every shape that the log takes."""
    targets = tuple(draw(st.lists(_party, max_size=3)))
    first = targets[0] if targets else {"type": None, "id": None, "name": None}
    return replace(
        EXAMPLE,
        id=draw(st.uuids()),
        occurred_at=draw(_moments),
        actor_id=draw(_text),
        actor_name=draw(_text),
        action=draw(_text),
        targets=targets,
        target_type=first["type"],
        target_id=first["id"],
        target_name=first["name"],
        source_ip=draw(st.none() | st.ip_addresses().map(str)),
        user_agent=draw(_optional),
        session=draw(_optional),
        request_id=draw(_optional),
        reason=draw(_optional),
        changes=draw(_changes),
        metadata=draw(_metadata),
        received_from=draw(_optional),
        salt=draw(st.binary(min_size=16, max_size=16)),
    )
