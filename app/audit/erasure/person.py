"""Who is to be erased: the id that events carry, and the words that stand for the same person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.proof.erasing import mentions_of, pattern_of
from app.audit.proof.leaves import ERASED, ERASED_PERSON
from app.kernel.database import current_session

# A shorter word stands in too many texts that are about somebody else.
SHORTEST = 3
MOST_TEXTS = 20
# So many of a person's latest events are asked for the names that they were known by.
_LOOKED_AT = 5_000


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the log. `texts` are names and addresses, found in whatever case."""

    id: str
    texts: frozenset[str]

    def is_mentioned_in(self, *texts: str | None) -> bool:
        """Say whether one of the texts holds the id, a name or an address of the person."""
        mentions = mentions_of(self.id, self.texts)
        return any(mentions(text) for text in texts if text)

    def out_of(self, value: T) -> T:
        """Return a JSON value, or a tuple of such, with the person's id and names blanked in it."""
        return cast("T", self._out_of(value))

    def _out_of(self, value: object) -> object:
        if isinstance(value, str):
            return self._out_of_text(value)
        if isinstance(value, dict):
            return {self._out_of(name): self._out_of(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._out_of(one) for one in value)
        return value

    def _out_of_text(self, text: str) -> str:
        if not self.is_mentioned_in(text):
            return text
        if text == self.id:
            return ERASED
        found = re.compile(pattern_of({self.id, *self.texts}), re.IGNORECASE)
        left = found.sub(ERASED_PERSON, text)
        # Where a name is spelled so that only folding finds it, all of the text goes.
        return ERASED if self.is_mentioned_in(left) else left


def find_person(person_id: str, texts: Iterable[str]) -> Person | None:
    """Return somebody with what was said of them and the names that the log has for them.

    None where no event of the tenant in scope has somebody of that id as actor or first target.
    """
    names = _names_of(person_id)
    if not names or person_id == ERASED:
        return None
    known = [one.strip() for one in (*texts, *sorted(names))]
    # The placeholder of those who were erased before is nobody's name.
    wanted = {one for one in known if len(one) >= SHORTEST} - {ERASED, ERASED_PERSON}
    return Person(person_id, frozenset(sorted(wanted)[: 2 * MOST_TEXTS]))


def is_program(person_id: str) -> bool:
    """Say whether the log knows the id as a program's, whose name is no personal value."""
    statement = select(AuditEvent.actor_type).where(AuditEvent.actor_id == person_id)
    latest = statement.order_by(AuditEvent.occurred_at.desc(), AuditEvent.id.desc()).limit(1)
    return current_session().scalar(latest) in {"system", "service", "api_key"}


def _names_of(person_id: str) -> set[str]:
    as_actor = select(AuditEvent.actor_name).where(AuditEvent.actor_id == person_id)
    as_target = select(AuditEvent.target_name).where(AuditEvent.target_id == person_id)
    newest = (AuditEvent.occurred_at.desc(), AuditEvent.id.desc())
    names: set[str] = set()
    for statement in (as_actor, as_target):
        latest = statement.order_by(*newest).limit(_LOOKED_AT).subquery()
        names |= {name or person_id for (name,) in current_session().execute(select(latest))}
    return names
