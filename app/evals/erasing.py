"""Taking a person out of the cases that a tenant made of its reviews, and out of their results."""

from collections import Counter

from sqlalchemy import select

from app.audit.erasure.person import Person
from app.evals.models import EvalCase, EvalResult
from app.evals.own_cases import OWN
from app.kernel.database import current_session


def erase_from_evaluations(person: Person, *, clears: bool) -> Counter[str]:
    """Count cases and results that name a person, and blank the person in them.

    Shipped cases name nobody who exists.
    """
    found = Counter[str]()
    session = current_session()
    for case in session.scalars(select(EvalCase)):
        asked, expected = person.out_of((case.asked, case.expected))
        if (asked, expected) == (case.asked, case.expected):
            continue
        found["eval_cases"] += 1
        if clears:
            case.asked, case.expected = asked, expected
    for result in session.scalars(select(EvalResult).where(EvalResult.category == OWN)):
        said = (result.asked, result.expected, result.outcome)
        left = person.out_of(said)
        if left == said:
            continue
        found["eval_results"] += 1
        if clears:
            result.asked, result.expected, result.outcome = left
    return found
