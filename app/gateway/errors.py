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
