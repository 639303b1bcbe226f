"""From a slice of a log to claims that were checked: digest, call, answer, verdicts.

Nothing here knows of a stored summary, so that what is evaluated is what runs.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from app.audit.queries import LogSlice
from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.gateway import Completion, complete, get_provider
from app.kernel.actor import Actor
from app.kernel.database import Scope
from app.kernel.routing import database
from app.summaries.checking import CheckedClaim, check_claim
from app.summaries.contract import PROMPT, Answer, Claim, Refusal, answer_schema
from app.summaries.digest import Digest, make_digest
from app.summaries.sentences import Wording
from app.summaries.verifier import SliceReads

PURPOSE = "summary"

# Counting, digesting and asking; after them each claim is a step of its own.
STEPS = 3

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be summarised, and how.

    `focus` is a person's question, which chooses among what the slice holds. `prompt` is a name,
    or a name with a version. `log_of` is the tenant whose log the slice is of, where that is not
    the one who asks and is billed: so it is in an evaluation.
    """

    slice: LogSlice
    wording: Wording
    call_id: UUID
    focus: str | None = None
    prompt: str = PROMPT
    purpose: str = PURPOSE
    log_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: claims with their verdicts, or why there are none."""

    digest: Digest
    completion: Completion
    claims: tuple[CheckedClaim, ...]
    refusal: Refusal | None


def _silently(words: str, done: int, total: int) -> None:
    del words, done, total


def answer(actor: Actor, asked: Asked, tell: Tell = _silently) -> Answered:
    """Return what a model says of a slice, each claim checked against the log.

    `tell` hears what is being done, and how far that is. Needs a session without a unit of work,
    because the gateway commits. Raises `ModelCallFailed`.
    """
    with _log_of(asked):
        digest = make_digest(asked.slice, asked.focus)
    tell(f"Asking the model ({get_provider().label})", 1, STEPS)
    completion = _ask(actor, asked, digest)
    said = Answer.from_json(completion.data)
    with _log_of(asked):
        claims = _checked(asked, digest, said.claims, tell)
    return Answered(digest, completion, claims, said.refusal)


@contextmanager
def _log_of(asked: Asked) -> Iterator[None]:
    """Read the log that the slice is of, in a session of its own where it is another's."""
    if asked.log_of is None:
        yield
        return
    with database().session(Scope(tenant_id=asked.log_of)):
        yield


def _ask(actor: Actor, asked: Asked, digest: Digest) -> Completion:
    return complete(
        actor,
        purpose=asked.purpose,
        prompt=asked.prompt,
        content=digest.content.as_json(),
        schema=answer_schema(digest.content),
        call_id=asked.call_id,
    )


def _checked(
    asked: Asked, digest: Digest, claims: Sequence[Claim], tell: Tell
) -> tuple[CheckedClaim, ...]:
    reads = SliceReads(asked.slice)
    checked = []
    for number, claim in enumerate(claims, start=1):
        tell(f"Checking claim {number} of {len(claims)}", STEPS + number - 1, STEPS + len(claims))
        try:
            fields, event_ids = digest.codebook.read(claim)
        except KeyError:
            raise ModelCallFailed(FailureCode.NONSENSE) from None
        checked.append(check_claim(fields, event_ids, reads, asked.wording))
    return tuple(checked)
