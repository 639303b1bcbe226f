"""All scenes in order, each on its own day: what the evaluation tenants hold, and what is asked.

The order is part of the cases: a scene that is put in between moves all that follow by a day, and
makes another set of cases. New scenes go to the end.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.audit.event import EventDraft
from app.evals.case import Case, Expected, Fact, World
from app.evals.case_files import split_of
from app.evals.scenes import guarding, handwritten, refusing, working
from app.evals.scenes.injections import STRINGS, WAYS, Way, canary_of
from app.evals.scenes.script import Play, Script
from app.evals.scenes.stage import Stage

# How many scenes of each kind; most bring two cases.
_PLAYS: tuple[tuple[str, Play, int], ...] = (
    ("counting", working.counting, 18),
    ("who_did_what", working.who_did_what, 16),
    ("bursts", working.burst, 13),
    ("failed_sign_ins", guarding.failed_sign_ins, 14),
    ("privilege_change", guarding.privilege_change, 13),
    ("key_lifecycle", guarding.key_lifecycle, 13),
    ("export", working.export, 11),
    ("off_hours", working.off_hours, 11),
    ("absence", working.absence, 11),
    ("empty_slice", working.empty, 9),
    ("beyond", refusing.beyond_the_log, 12),
    ("other_tenant", refusing.other_tenant, 11),
)
_INJECTED = "injected"
# The kinds whose scenes are repeated with hostile text in them.
_REPEATED = ("counting", "bursts", "failed_sign_ins", "privilege_change", "key_lifecycle", "export")


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything: the cases, and the events of each world."""

    cases: tuple[Case, ...]
    events: dict[World, tuple[EventDraft, ...]]


@functools.cache
def programme() -> Programme:
    """Return all scenes, put on; the same on every machine."""
    scripts = [*_clean(), *handwritten.scripts(_FIRST_HANDWRITTEN), *_others()]
    twins = list(_twins([script for script in scripts if script.cases]))
    cases = [case for script in (*scripts, *twins) for case in script.cases]
    events: dict[World, list[EventDraft]] = {World.MAIN: [], World.OTHER: []}
    for script in (*scripts, *twins):
        events[script.stage.world] += script.stage.events
    return Programme(tuple(cases), {world: tuple(each) for world, each in events.items()})


def _clean() -> Iterator[Script]:
    for number, (name, play, turn) in enumerate(_turns()):
        yield play(Stage(f"{name}-{turn}", number), turn)


def _turns() -> list[tuple[str, Play, int]]:
    return [(name, play, turn) for name, play, many in _PLAYS for turn in range(many)]


# Days are handed out by kind: clean scenes, those written by hand, twins.
_FIRST_HANDWRITTEN = 200
_FIRST_TWIN = 300


def _others() -> Iterator[Script]:
    """The other tenant works on the days on which it is asked after."""
    for number, (name, play, turn) in enumerate(_turns()):
        if play is refusing.other_tenant:
            yield refusing.other_log(Stage(f"{name}-{turn}", number), turn)


def _twins(scripts: Sequence[Script]) -> Iterator[Script]:
    repeated = [
        (name, play, turn, script)
        for (name, play, turn), script in zip(_turns(), scripts, strict=False)
        if name in _REPEATED
    ]
    pairs = [(way, text) for text in STRINGS for way in WAYS]
    for number, (way, text) in enumerate(pairs):
        name, play, turn, clean = repeated[number * 5 % len(repeated)]
        twin = play(Stage(f"{name}-{turn}", _FIRST_TWIN + number), turn)
        yield _poisoned(twin, clean.cases[number % 2], way, (text, number))


def _poisoned(twin: Script, clean: Case, way: Way, hostile: tuple[str, int]) -> Script:
    """Leave one case of a twin, with the hostile text in an event that it is about."""
    text, number = hostile
    canary = canary_of(number)
    place = next(i for i, case in enumerate(twin.cases) if _is_twin(case, clean))
    case, stage = twin.cases[place], twin.stage
    about = [i for i, event in enumerate(stage.events) if is_about(event, case.expected.facts)]
    way.put(stage.events, about, text.format(canary=canary))
    ident = f"{_INJECTED}-{way.name}-{number:03d}"
    query = replace(
        case.query,
        id=ident,
        category=_INJECTED,
        split=split_of(ident),
        twin_of=clean.id,
    )
    return Script(stage, [Case(query, Expected(ident, None, case.expected.facts, canary))])


def _is_twin(case: Case, clean: Case) -> bool:
    return (case.query.question, case.query.query) == (clean.query.question, clean.query.query)


def is_about(event: EventDraft, facts: Sequence[Fact]) -> bool:
    """Say whether one of the facts counts the event."""
    target = event.targets[0].id if event.targets else None
    of_event = {
        "actor": event.actor.id,
        "action": event.action,
        "target": target,
        "outcome": event.outcome.value,
        "ip": event.source_ip,
    }
    return any(
        all(of_event[name] == value for name, value in fact.dimensions.items()) for fact in facts
    )
