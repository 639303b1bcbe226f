"""Taking a person out of calls to models: who made them, what was sent, and what came back."""

from collections import Counter

from sqlalchemy import select

from app.audit.erasure.person import Person
from app.gateway.models import ModelAnswer, ModelCall
from app.kernel.database import current_session

_AT_ONCE = 500


def erase_from_answers(person: Person, *, clears: bool) -> Counter[str]:
    """Count calls of models that name a person, and blank the person in them.

    In their words, in who made them, and in what an endpoint said at a failed try. The ledger keeps
    the hash of what was answered; it is no longer that of what is left.
    """
    found = Counter[str]()
    statement = (
        select(ModelCall, ModelAnswer)
        .join(
            ModelAnswer,
            (ModelAnswer.call_id == ModelCall.id) & (ModelAnswer.tenant_id == ModelCall.tenant_id),
        )
        .execution_options(yield_per=_AT_ONCE)
    )
    for call, kept in current_session().execute(statement):
        said = (kept.messages, kept.answer, call.caller_id, call.caller_name, call.attempts)
        left = person.out_of(said)
        if left == said:
            continue
        found["model_calls"] += 1
        if clears:
            kept.messages, kept.answer, call.caller_id, call.caller_name, call.attempts = left
    return found
