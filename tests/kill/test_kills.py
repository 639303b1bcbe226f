"""What was acknowledged survives whatever is killed; `make kill` does the same at length."""

from tests.kill.run import Run
from tests.support.installation import installed


def test_nothing_acknowledged_is_lost_when_web_worker_and_database_are_killed():
    with installed() as installation:
        tally = Run(installation, seed=3, exports=False).go(3)
    assert tally.wrong == [], tally.table()
    assert tally.kills.total() == len(tally.kills) == 3
    assert tally.events_acknowledged > 0
    assert tally.checkpoints_kept > 0
