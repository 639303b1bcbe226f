"""Taking a person out of summaries that nobody signed; a signed one cannot be changed."""

from collections import Counter

from sqlalchemy import select

from app.audit.erasure.person import Person
from app.kernel.database import current_session
from app.summaries.models import Summary, SummaryClaim
from app.summaries.states import SIGNED, Status


def erase_from_summaries(person: Person, *, clears: bool) -> Counter[str]:
    """Count claims that name a person, signed ones apart, and blank the person in the others."""
    found = Counter[str]()
    for summary in current_session().scalars(select(Summary).where(Summary.question.is_not(None))):
        question = person.out_of(summary.question)
        if question == summary.question or Status(summary.status) in SIGNED:
            continue
        found["questions"] += 1
        if clears:
            summary.question = question
    statement = select(SummaryClaim, Summary.status).join(
        Summary,
        (Summary.id == SummaryClaim.summary_id) & (Summary.tenant_id == SummaryClaim.tenant_id),
    )
    for claim, status in current_session().execute(statement):
        said = (
            claim.sentence,
            claim.verdict_detail,
            claim.fields,
            claim.original_fields,
            claim.before_repair,
        )
        left = person.out_of(said)
        if left == said:
            continue
        if Status(status) in SIGNED:
            found["claims_signed"] += 1
            continue
        found["claims"] += 1
        if clears:
            claim.sentence, claim.verdict_detail, claim.fields = left[:3]
            claim.original_fields, claim.before_repair = left[3:]
    return found
