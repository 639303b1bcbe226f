"""From a slice of a log to claims that were checked: digest, call, verdicts, one repair round.

Nothing here knows of a stored summary, so that what is evaluated is what runs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

from app.audit.proof.watermarks import Watermark, get_watermark
from app.audit.queries import LogSlice
from app.gateway.choices.policy import Choice
from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.gateway import Completion, complete, get_provider
from app.gateway.releases import resolve_prompt
from app.gateway.tools import ToolDenied, call_tool
from app.gateway.verdicts import record_verdicts
from app.kernel.actor import Actor
from app.kernel.database import Scope, unit_of_work
from app.kernel.routing import database
from app.summaries.claims.checking import CheckedClaim, check_claim
from app.summaries.claims.contract import (
    PROMPT,
    Answer,
    Claim,
    Mistake,
    Refusal,
    answer_schema,
)
from app.summaries.claims.sentences import Wording
from app.summaries.claims.verdicts import Finding, Verdict
from app.summaries.claims.verifier import SliceReads
from app.summaries.drafting.digest import Digest, make_digest
from app.summaries.drafting.log_tools import DESCRIPTION
from app.summaries.drafting.refusals import RefusalCode
from app.summaries.drafting.sizing import MAX_DIGEST_TOKENS, MAX_MENDED, tokens_of

PURPOSE = "summary"

# Counting, digesting and asking; after them each claim is a step of its own.
STEPS = 3
# How a repair round ended: in an answer, or else in the code of a failure.
REPAIRED = "answered"

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be summarised, and how.

    `focus` is a person's question, which chooses among what the slice holds. `prompt` is a name,
    or a name with a version. `log_of` is the tenant whose log the slice is of, where that is not
    the one who asks and is billed, and `only` the one model that is asked, as in an evaluation.
    The call of a repair round has an id that follows from `call_id`, so that whoever asks again
    finds both in the ledger.
    """

    slice: LogSlice
    wording: Wording
    call_id: UUID
    focus: str | None = None
    prompt: str = PROMPT
    purpose: str = PURPOSE
    log_of: UUID | None = None
    only: Choice | None = None

    @property
    def repair_call_id(self) -> UUID:
        return uuid5(self.call_id, "repair")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: claims with their verdicts, or why there are none.

    `watermark` is how far the log had got before anything was read. `before` are the claims, by
    their place, that the repair round put others in place of; `repair` is how it ended, and None
    where nothing was to be repaired.
    """

    digest: Digest
    completion: Completion
    claims: tuple[CheckedClaim, ...]
    refusal: Refusal | None
    watermark: Watermark
    before: Mapping[int, CheckedClaim] = field(default_factory=dict)
    repair: str | None = None

    @property
    def refused(self) -> RefusalCode | None:
        """Why this is no draft: nothing was claimed, or nothing of what was is supported."""
        if self.refusal is not None:
            return RefusalCode(self.refusal.value)
        if not self.claims:
            return RefusalCode.NO_EVIDENCE
        return RefusalCode.UNVERIFIABLE if all(map(_is_wrong, self.claims)) else None


def _silently(words: str, done: int, total: int) -> None:
    del words, done, total


def answer(actor: Actor, asked: Asked, tell: Tell = _silently) -> Answered:
    """Return what a model says of a slice, each claim checked against the log.

    Claims that the log does not support go back to the model once, with their verdicts; one that
    stays wrong stays in the answer. `tell` hears what is being done, and how far that is. Needs a
    session without a unit of work, because the gateway commits. Raises `ModelCallFailed`.
    """
    with _log_of(asked):
        watermark = get_watermark()
        digest = make_digest(asked.slice, asked.focus)
    digest = _described(actor, asked, digest)
    tell(f"Asking the model ({get_provider().label})", 1, STEPS)
    completion = _ask(actor, asked, digest, asked.call_id)
    said = Answer.from_json(completion.data)
    with _log_of(asked):
        claims = _checked(asked, digest, said.claims, tell)
    record_verdicts(asked.call_id, _verdicts(claims))
    answered = Answered(digest, completion, claims, said.refusal, watermark)
    # The built-in rules would say the same again.
    if completion.is_extractive or not any(map(_is_wrong, claims)):
        return answered
    tell("Asking the model to mend what the log does not support", STEPS - 1, STEPS)
    return _repaired(actor, asked, answered, said.claims)


def _described(actor: Actor, asked: Asked, digest: Digest) -> Digest:
    """Return the digest with what its actions mean, where the prompt may ask for that."""
    with unit_of_work():
        prompt = resolve_prompt(actor.tenant, asked.prompt, on_trial=True).prompt
    if DESCRIPTION not in prompt.tools:
        return digest
    actions = list(dict.fromkeys(group.action for group in digest.content.groups))
    try:
        known = call_tool(actor, prompt, DESCRIPTION, {"actions": actions}, call_id=asked.call_id)
    except ToolDenied:
        # Who may not read event types gets a summary without their words.
        return digest
    types = tuple(f"{action}: {title}" for action, title in known.items())
    content = replace(digest.content, types=types)
    return replace(digest, content=content) if tokens_of(content) <= MAX_DIGEST_TOKENS else digest


@contextmanager
def _log_of(asked: Asked) -> Iterator[None]:
    """Read the log that the slice is of, in a session of its own where it is another's."""
    if asked.log_of is None:
        yield
        return
    with database().session(Scope(tenant_id=asked.log_of)):
        yield


def _ask(
    actor: Actor, asked: Asked, digest: Digest, call_id: UUID, mistakes: tuple[Mistake, ...] = ()
) -> Completion:
    content = replace(digest.content, mistakes=mistakes)
    return complete(
        actor,
        purpose=asked.purpose,
        prompt=asked.prompt,
        content=content.as_json(),
        schema=answer_schema(content),
        call_id=call_id,
        event_set_hash=digest.event_set_hash,
        only=asked.only,
    )


def _checked(
    asked: Asked, digest: Digest, claims: Sequence[Claim], tell: Tell
) -> tuple[CheckedClaim, ...]:
    reads = SliceReads(asked.slice)
    checked: list[CheckedClaim] = []
    for number, claim in enumerate(claims, start=1):
        tell(f"Checking claim {number} of {len(claims)}", STEPS + number - 1, STEPS + len(claims))
        try:
            fields, event_ids = digest.codebook.read(claim)
        except KeyError:
            raise ModelCallFailed(FailureCode.NONSENSE) from None
        one = check_claim(fields, event_ids, reads, asked.wording)
        checked.append(_unless_said(one, checked))
    return tuple(checked)


def _repaired(actor: Actor, asked: Asked, answered: Answered, said: Sequence[Claim]) -> Answered:
    """Return the answer with wrong claims said anew, as far as the model did."""
    wrong = [place for place, one in enumerate(answered.claims) if _is_wrong(one)][:MAX_MENDED]
    mistakes = tuple(_mistake(said[place], answered.claims[place].finding) for place in wrong)
    try:
        completion = _ask(actor, asked, answered.digest, asked.repair_call_id, mistakes)
        again = Answer.from_json(completion.data)
        with _log_of(asked):
            mended = _checked(asked, answered.digest, again.claims, _silently)
        record_verdicts(asked.repair_call_id, _verdicts(mended))
    except ModelCallFailed as failure:
        # The first answer stands, wrong claims with their verdicts, and says why.
        return replace(answered, repair=failure.failure_code.value)
    claims, before = list(answered.claims), {}
    for place, one in zip(wrong, mended, strict=False):
        before[place] = claims[place]
        claims[place] = _unless_said(one, [*claims[:place], *claims[place + 1 :]])
    return replace(answered, claims=tuple(claims), before=before, repair=REPAIRED)


def _verdicts(claims: Sequence[CheckedClaim]) -> list[str]:
    return [one.finding.verdict.value for one in claims]


def _mistake(claim: Claim, finding: Finding) -> Mistake:
    return Mistake(claim.as_json(), finding.verdict.value, finding.field)


def _unless_said(one: CheckedClaim, others: Sequence[CheckedClaim]) -> CheckedClaim:
    """Return the claim, found wrong where another that holds says the same already."""
    is_repetition = not _is_wrong(one) and any(
        other.fields == one.fields and not _is_wrong(other) for other in others
    )
    if not is_repetition:
        return one
    detail = "It says the same as another claim."
    finding = Finding(Verdict.CONTRADICTED, detail, one.finding.events, "kind")
    return replace(one, finding=finding)


def _is_wrong(one: CheckedClaim) -> bool:
    return one.finding.verdict is not Verdict.SUPPORTED
