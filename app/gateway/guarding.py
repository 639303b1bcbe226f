"""An endpoint with its guards: before each try the stop and the breaker are asked."""

from app.gateway.chat import AttemptFailedError, ChatAnswer, ChatRequest, Endpoint
from app.gateway.endpoints.breaker import COUNTED, BreakerState, enter, note_answer, note_failure
from app.gateway.endpoints.stops import find_stop
from app.gateway.errors import FailureCode
from app.gateway.settings import GatewaySettings
from app.kernel.database import unit_of_work

# A try with less than this share of a call's time shows nothing of the endpoint: it may have got
# what others left of it, and one tenant's order of fallbacks must not close it to all.
FAIR_SHARE = 0.25
_FOR_WANT_OF_TIME = frozenset({FailureCode.TOO_SLOW, FailureCode.UNREACHABLE})


class GuardedEndpoint:
    """Asks the endpoint only where neither a stop nor its breaker forbids it.

    `states` are those of the breaker at each try, in order.
    """

    def __init__(self, endpoint: Endpoint, address: str, settings: GatewaySettings) -> None:
        self._endpoint = endpoint
        self._address = address
        self._settings = settings
        self.states: list[BreakerState | None] = []

    def ask(self, request: ChatRequest, timeout_s: float) -> ChatAnswer:
        """Return the answer within `timeout_s` seconds; raises `AttemptFailedError`."""
        self.states.append(None)
        demand_no_stop()
        state = self.states[-1] = enter(self._address, timeout_s)
        if state is BreakerState.OPEN:
            raise AttemptFailedError(FailureCode.RESTING, "the breaker of the endpoint is open")
        try:
            answer = self._endpoint.ask(request, timeout_s)
        except AttemptFailedError as failure:
            if failure.code not in COUNTED:
                note_answer(self._address)
            elif self._was_fair(timeout_s) or failure.code not in _FOR_WANT_OF_TIME:
                note_failure(self._address, failure.code, state, self._settings)
            raise
        note_answer(self._address)
        return answer

    def _was_fair(self, timeout_s: float) -> bool:
        return timeout_s >= self._settings.deadline_s * FAIR_SHARE


def demand_no_stop() -> None:
    """Raise `AttemptFailedError` when nothing may go to a model now."""
    # A unit of its own, so that no transaction stays open while a model thinks.
    with unit_of_work():
        stop = find_stop()
    if stop is not None:
        whose = "the operator" if stop.is_global else "the tenant"
        raise AttemptFailedError(FailureCode.STOPPED, f"stopped by {whose}: {stop.reason[:120]}")
