"""The life of a run."""

from enum import StrEnum


class RunStatus(StrEnum):
    """Where a run is; stored and shown, so never renamed."""

    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in {RunStatus.WAITING, RunStatus.RUNNING}

    @property
    def words(self) -> str:
        return {RunStatus.FAILED: "gate failed"}.get(self, self.value)

    @property
    def tone(self) -> str:
        return _TONES[self]


_TONES = {
    RunStatus.WAITING: "info",
    RunStatus.RUNNING: "info",
    RunStatus.PASSED: "success",
    RunStatus.FAILED: "danger",
    RunStatus.BROKEN: "warning",
    RunStatus.CANCELLED: "neutral",
}
