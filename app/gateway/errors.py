"""How a call to a model fails, told apart by what somebody can do about it."""

from enum import StrEnum

from app.kernel.problems import Problem


class FailureCode(StrEnum):
    """The kinds of failure; stored in the ledger and shown, so never renamed."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    RATE_LIMITED = "rate_limited"
    NOT_AUTHORISED = "not_authorised"
    NOT_ACCEPTED = "not_accepted"
    UNAVAILABLE = "unavailable"
    NONSENSE = "nonsense"
    TRUNCATED = "truncated"
    DECLINED = "declined"
    CHANGED = "changed"
    PROMPT_REFUSED = "prompt_refused"
    OVER_BUDGET = "over_budget"
    STOPPED = "stopped"
    RESTING = "resting"
    TOO_MANY_CALLS = "too_many_calls"
    NOT_CONFIGURED = "not_configured"
    EXPIRED = "expired"

    @property
    def words(self) -> str:
        """The code as people read it in a list."""
        return self.value.replace("_", " ")


_DETAILS = {
    FailureCode.UNREACHABLE: "The model endpoint could not be reached. Ask again in a while; if it"
    " stays away, whoever runs this installation can check BALLAST_LLM_BASE_URL.",
    FailureCode.TOO_SLOW: "The model did not answer in time. Ask again, or choose a smaller slice.",
    FailureCode.RATE_LIMITED: "The model endpoint takes no more requests for now. Ask again later.",
    FailureCode.NOT_AUTHORISED: "The model endpoint refused our key. Whoever runs this installation"
    " can set BALLAST_LLM_API_KEY to one that is valid.",
    FailureCode.NOT_ACCEPTED: "The model endpoint did not accept the request. Whoever runs this"
    " installation can check BALLAST_LLM_BASE_URL and BALLAST_LLM_MODEL; the call ledger holds"
    " what the endpoint said.",
    FailureCode.UNAVAILABLE: "The model endpoint has a fault of its own. Ask again in a while.",
    FailureCode.NONSENSE: "The model answered with something that is not what was asked for, and"
    " nothing of it was used. Ask again; if it stays, another model may do better.",
    FailureCode.TRUNCATED: "The model's answer was cut off before its end, and nothing of it was"
    " used. Ask again with a smaller slice.",
    FailureCode.DECLINED: "The model declined to answer. Read the events themselves, or ask again"
    " with another slice.",
    FailureCode.CHANGED: "What this call was about has changed since it was first made. Ask again.",
    FailureCode.PROMPT_REFUSED: "The prompt of this call is not a released one, or its file was"
    " changed after its release. Nothing was sent.",
    FailureCode.OVER_BUDGET: "This call could take more than is left of this month's budget, so"
    " nothing was sent. Whoever may change models can raise the budget under Settings, Models.",
    FailureCode.STOPPED: "Calls to models are stopped, and nothing was sent. Settings, Models says"
    " by whom and why.",
    FailureCode.RESTING: "The model endpoint failed several times in a row and is left alone for a"
    " moment. Ask again in a minute.",
    FailureCode.TOO_MANY_CALLS: "This tenant has made as many calls to models as it may in a"
    " minute. Ask again in the next one.",
    FailureCode.NOT_CONFIGURED: "The model that is chosen here is not offered any more. Choose"
    " another under Settings, Models.",
    FailureCode.EXPIRED: "The answer of this call is not kept any more. Ask again.",
}


class ModelCallFailed(Problem):
    """A model gave no usable answer. `failure_code` says of which kind the failure is.

    `detail` is for the person who waits for the answer; `retry_after_s` is set when the endpoint
    itself said when to come back.
    """

    status = 503
    code = "model-call-failed"
    title = "The model gave no usable answer"

    def __init__(
        self, failure_code: FailureCode, detail: str | None = None, retry_after_s: int | None = None
    ) -> None:
        headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
        super().__init__(detail or explain(failure_code), headers=headers)
        self.failure_code = failure_code
        self.retry_after_s = retry_after_s


def explain(failure_code: FailureCode) -> str:
    """Return what a person should know and do about this kind of failure."""
    return _DETAILS[failure_code]
