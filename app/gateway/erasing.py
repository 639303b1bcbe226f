"""Taking a person out of what was sent to models, and out of what they answered."""

from collections import Counter

from sqlalchemy import select

from app.audit.erasure.person import Person
from app.gateway.models import ModelAnswer
from app.kernel.database import current_session


def erase_from_answers(person: Person, *, clears: bool) -> Counter[str]:
    """Count calls of models that name a person, and blank the person in their words.

    The ledger keeps the hash of what was answered; it is no longer that of what is left.
    """
    found = Counter[str]()
    for kept in current_session().scalars(select(ModelAnswer)):
        messages, answer = person.out_of((kept.messages, kept.answer))
        if (messages, answer) == (kept.messages, kept.answer):
            continue
        found["model_calls"] += 1
        if clears:
            kept.messages, kept.answer = messages, answer
    return found
