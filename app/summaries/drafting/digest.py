"""The digest of a slice: what a model gets to see of it, in tokens and of bounded size."""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.audit.groups import (
    MIN_BURST,
    NOTHING_ASKED,
    EventGroup,
    GroupKey,
    list_exemplars,
    survey_slice,
)
from app.audit.queries import LogSlice, Totals
from app.gateway.ledger import hash_json
from app.gateway.redaction import clean_value
from app.kernel.commands import Outcome
from app.kernel.query_language.query import Query
from app.kernel.times import iso
from app.summaries.claims.contract import MAX_CITED, Content, Group, Why
from app.summaries.drafting.codebook import Codebook
from app.summaries.drafting.focus import read_question
from app.summaries.drafting.sizing import MAX_DIGEST_TOKENS, tokens_of
from app.vocabulary.audit_tags import AuditTag

MAX_GROUPS = 24
MAX_EXEMPLARS = 60
MAX_OUTLINE = 300

# How many groups of each kind are taken before the rest is filled with the most frequent.
_QUOTAS = {
    Why.ASKED: 12,
    Why.DENIED: 5,
    Why.FAILURES: 7,
    Why.BURST: 3,
    Why.RARE: 5,
    Why.FREQUENT: MAX_GROUPS,
}
# A group is rare whose action, whoever acts, occurs no more often than the root of the slice, and
# only beside many others: of a handful of events each is.
_RARE_IN = 50
_BURST_SECONDS = 600

# What a reader of a whole log wants to hear did not happen.
WATCHED_ACTIONS = (
    AuditTag.MEMBER_ROLE_CHANGED.value,
    AuditTag.API_KEY_CREATED.value,
    AuditTag.AUDIT_EVENT_EXPORTED.value,
)
# Values of these keys are words of the log's vocabulary; those of all others may name somebody.
_PUBLIC_KEYS = frozenset({"action", "outcome"})


@dataclass(frozen=True, slots=True)
class Digest:
    """What is sent, how to read the answer, and how many events the groups stand for.

    `event_set_hash` names the slice and the groups with their real values, for the ledger.
    """

    content: Content
    codebook: Codebook
    totals: Totals
    events_seen: int
    event_set_hash: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A group that is worth a line of the digest, and why."""

    group: EventGroup
    why: Why


def make_digest(slice_: LogSlice, focus: str | None = None) -> Digest:
    """Return the digest of the slice. The same slice always gives the same digest.

    `focus` is a person's question, as it was typed.

    Only the SQL grows with the slice; what leaves it is at most `MAX_GROUPS` groups and
    `MAX_EXEMPLARS` ids of events, and at most `MAX_DIGEST_TOKENS` together: where words are so
    long that this is not enough, the least telling groups are left out.
    """
    codebook = Codebook()
    question = None if focus is None else read_question(focus, slice_, codebook)
    asked = NOTHING_ASKED if question is None else question.asked
    survey = survey_slice(slice_, limit=MAX_GROUPS, asked=asked, watched=WATCHED_ACTIONS)
    totals = survey.totals
    chosen = choose(survey.groups, totals.count)
    keys = [each.group.key for each in chosen]
    exemplars = share_out(keys, list_exemplars(slice_, keys, limit=MAX_CITED)) if keys else {}
    content = Content(
        start=iso(slice_.start),
        end=iso(slice_.end),
        query=_outline(slice_.query),
        total=totals.count,
        failed=totals.failed,
        denied=totals.denied,
        groups=tuple(_line(each, exemplars[each.group.key], codebook) for each in chosen),
        absent=_absent(slice_, survey.present, codebook),
        focus=None if question is None else question.text,
    )
    content = fitting(content)
    seen = sum(group.count for group in content.groups)
    return Digest(content, codebook, totals, seen, _hash_of(slice_, chosen))


def _hash_of(slice_: LogSlice, chosen: Sequence[Chosen]) -> str:
    groups = [
        [*dataclasses.astuple(one.group.key), one.group.count, iso(one.group.first)]
        for one in chosen
    ]
    return hash_json([slice_.query.canonical(), iso(slice_.start), iso(slice_.end), groups])


def fitting(content: Content) -> Content:
    """Return the content with as many of its groups, the most telling first, as there is room."""
    while content.groups and tokens_of(content) > MAX_DIGEST_TOKENS:
        content = dataclasses.replace(content, groups=content.groups[:-1])
    return content


def choose(groups: Sequence[EventGroup], total: int) -> tuple[Chosen, ...]:
    """Return the groups to show, the most telling first: refused, failed, rare, bursts, many."""
    taken: dict[GroupKey, Chosen] = {}
    for why, quota in _QUOTAS.items():
        before = len(taken)
        for group in _candidates(groups, why, total):
            if len(taken) == MAX_GROUPS or len(taken) - before == quota:
                break
            taken.setdefault(group.key, Chosen(group, why))
    return tuple(taken.values())


def share_out(
    keys: Sequence[GroupKey], found: Mapping[GroupKey, tuple[UUID, ...]]
) -> dict[GroupKey, tuple[UUID, ...]]:
    """Return at most `MAX_EXEMPLARS` of the events: turn by turn, so that every group has some."""
    shares = dict.fromkeys(keys, 0)
    left = MAX_EXEMPLARS
    for turn in range(MAX_CITED):
        for key in keys:
            if left and len(found[key]) > turn:
                shares[key] += 1
                left -= 1
    return {key: _ends(found[key], share) for key, share in shares.items()}


def _candidates(groups: Sequence[EventGroup], why: Why, total: int) -> Iterator[EventGroup]:
    match why:
        case Why.ASKED:
            return iter(sorted((g for g in groups if g.is_asked), key=lambda g: g.by_count))
        case Why.DENIED:
            return iter(sorted(_with(groups, Outcome.DENIED), key=lambda g: g.by_outcome))
        case Why.FAILURES:
            return iter(sorted(_with(groups, Outcome.FAILURE), key=lambda g: g.by_outcome))
        case Why.RARE:
            most = math.isqrt(total) if total >= _RARE_IN else 0
            rare = (g for g in groups if g.of_action <= most)
            return iter(sorted(rare, key=lambda g: g.by_rarity))
        case Why.BURST:
            return iter(sorted(filter(_is_burst, groups), key=lambda g: g.by_rate))
        case Why.FREQUENT:
            return iter(sorted(groups, key=lambda g: g.by_count))


def _with(groups: Sequence[EventGroup], outcome: Outcome) -> list[EventGroup]:
    return [group for group in groups if group.key.outcome == outcome.value]


def _is_burst(group: EventGroup) -> bool:
    seconds = (group.last - group.first).total_seconds()
    return group.count >= MIN_BURST and seconds <= _BURST_SECONDS


def _ends(ids: tuple[UUID, ...], share: int) -> tuple[UUID, ...]:
    """Return so many of the ids, the last always among them."""
    return ids if share >= len(ids) else (*ids[: share - 1], ids[-1])


def _line(chosen: Chosen, event_ids: Sequence[UUID], codebook: Codebook) -> Group:
    group = chosen.group
    key = group.key
    return Group(
        group=codebook.group(f"{key.actor_id}\0{key.action}\0{key.outcome}"),
        actor=codebook.actor(key.actor_id),
        action=codebook.action(key.action),
        outcome=Outcome(key.outcome),
        ip=codebook.address(group.source_ip) if group.source_ip is not None else None,
        target=codebook.target(group.target_id) if group.target_id is not None else None,
        count=group.count,
        first=iso(group.first),
        last=iso(group.last),
        event_ids=tuple(codebook.event(event_id) for event_id in event_ids),
        why=chosen.why,
        # The group holds all events of its actor, action and outcome; where it also names a
        # target or an address, every one of them has it.
        is_exact=True,
    )


def _absent(slice_: LogSlice, present: frozenset[str], codebook: Codebook) -> tuple[str, ...]:
    """Return the watched actions that never occur; of a filtered slice that would say little."""
    if slice_.query.terms:
        return ()
    return tuple(codebook.action(each) for each in WATCHED_ACTIONS if each not in present)


def _outline(query: Query) -> str:
    """Return the query without names, addresses and free words, which stay in the house."""
    parts = []
    for term in query.terms:
        shown = clean_value(term.values[0]) if term.key in _PUBLIC_KEYS else "…"
        parts.append(f"{'-' if term.negated else ''}{term.key or 'text'}:{shown}")
    return " ".join(parts)[:MAX_OUTLINE]
