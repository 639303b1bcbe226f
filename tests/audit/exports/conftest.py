"""Large exports are those of more than a few events here, and written in small parts."""

import pytest

from app.audit.exports import parts, requesting


@pytest.fixture
def few_are_many(monkeypatch):
    """Make everything over ten events a large export, and a part about twenty events."""
    monkeypatch.setattr(requesting, "MOST_AT_ONCE", 10)
    monkeypatch.setattr(parts, "EVENTS_A_PART", 20)
