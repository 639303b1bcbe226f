"""Fixtures of retention: events that were received long ago, and the nights in which they go."""

import datetime as dt

import pytest

from app.audit.proof.checking import check_window
from app.audit.proof.keys import load_keys
from app.audit.proof.settings import seal_settings
from app.audit.retention.deletion.rounds import begin_round, go_on_round
from app.audit.rollups.drift import find_drift
from app.kernel import clock
from tests.audit.proof.conftest import SealedLog

NOW = clock.now()


class AgedLog(SealedLog):
    """A log in which events were received at other times than now."""

    def tell_days_ago(self, days, count=1, **values):
        """Write events as of an earlier day; return their ids."""
        then = NOW - dt.timedelta(days=days)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: then)
            return self.tell(count, **values)

    def begin(self):
        with self.world.app.app_context():
            begin_round([self.world.tenant.id])

    def go_on(self, turn_s=60.0):
        with self.world.app.app_context():
            go_on_round([self.world.tenant.id], turn_s)

    def night(self):
        """Seal, and let the worker delete what is over."""
        self.seal()
        self.begin()
        self.go_on()

    def there(self, ids):
        """Return which of the events are still there."""
        return {event.id for event in self.world.log()} & set(ids)

    def problems(self):
        """Return what the checks of the seal and of the counts find wrong, after sealing."""
        self.seal()
        with self.world.session():
            finding = check_window(load_keys(seal_settings().keys), 0.0)
            return [*([finding.problem] if finding.problem else []), *find_drift()]


@pytest.fixture
def log(alder, tmp_path):
    return AgedLog(alder, tmp_path)
