"""True claims made wrong in every way we know, and what the verifier says of them.

From the command line, on a database of its own: `python -m tests.summaries.wrong_claims`.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psutil
from sqlalchemy import text

from app.audit.collection import AUDIT_LOG
from app.audit.importers.reading.records import Source, read_records
from app.audit.importers.refusal import draft_or_refuse
from app.audit.importers.registry import FORMATS
from app.audit.queries import EventFact, LogSlice
from app.kernel.database import current_session, unit_of_work
from app.kernel.query_language.query import parse
from app.summaries.claims.verdicts import Verdict
from app.summaries.claims.verifier import SliceReads, verify
from tests.factories.audit import AuditEventFactory
from tests.summaries.logs import DAY, LIES, MemoryLog, an_event, random_log, true_claims
from tests.support.databases import ROOT
from tests.support.installation import installed
from tests.support.worlds import World, make_world

TRUE = "true"
EVENTS = 2_000
REAL_DATA = ROOT.parent / "shared" / "data" / "events_real.jsonl"
_FACTS = ("occurred_at", "actor_id", "actor_name", "action", "outcome")
_FACTS += ("target_id", "target_name", "source_ip")


@dataclass
class Line:
    """What became of the claims of one kind; `seconds` of processor, ours and the database's."""

    kind: str
    made: int = 0
    supported: int = 0
    seconds: float = 0.0

    @property
    def is_right(self) -> bool:
        return self.made > 0 and self.supported == (self.made if self.kind == TRUE else 0)

    @property
    def milliseconds(self) -> float:
        return 1_000 * self.seconds / max(self.made, 1)


def store(world: World, events: Sequence[EventFact]) -> MemoryLog:
    """Put events into a tenant's log, and return them as they are there, with their new ids."""
    stored = []
    with world.session(), unit_of_work():
        for event in events:
            values = {name: getattr(event, name) for name in _FACTS}
            row = AuditEventFactory(tenant_id=world.tenant.id, **values)
            stored.append((row.id, event))
    return MemoryLog([_with_id(event, ident) for ident, event in stored])


def slice_around(log: MemoryLog) -> LogSlice:
    times = [event.occurred_at for event in log.events]
    return LogSlice(parse("", AUDIT_LOG.fields), min(times), max(times) + timedelta(seconds=1))


def try_claims(
    world: World, log: MemoryLog, foreign: UUID, *, seed: int, number: int
) -> list[Line]:
    """Check so many true claims about a tenant's log, and each of them made wrong in every way.

    `foreign` is an event of another tenant.
    """
    around = slice_around(log)
    outside = store(world, [an_event(0, at=around.end + timedelta(days=1))]).events[0].id
    swaps = {
        "another tenant's event": foreign,
        "an event outside the slice": outside,
        "an id that nobody gave out": uuid4(),
    }
    claims = list(true_claims(log, seed, number))
    lines = []
    with world.session():
        reads = SliceReads(around)
        lines.append(_checked(TRUE, claims, reads))
        for kind, lie in LIES.items():
            wrong = [changed for claim in claims if (changed := lie(log, *claim)) is not None]
            lines.append(_checked(kind, wrong, reads))
        for kind, stranger in swaps.items():
            swapped = [(fields, (*ids[:-1], stranger)) for fields, ids in claims]
            lines.append(_checked(kind, swapped, reads))
    return lines


def cloudtrail_events(path: Path) -> Iterator[EventFact]:
    """Return captured CloudTrail events as facts."""
    file = Source.of_file(path)
    number = 0
    for record in read_records(file, file.layout()):
        if record.value["source"] != "aws.cloudtrail":
            continue
        for event in FORMATS["cloudtrail"].events(record.value):
            draft = draft_or_refuse(event)
            target = draft.targets[0] if draft.targets else None
            number += 1
            yield an_event(
                number,
                at=draft.occurred_at,
                actor_id=draft.actor.id,
                actor_name=draft.actor.name,
                action=draft.action,
                outcome=draft.outcome.value,
                target_id=target.id if target else None,
                target_name=target.name if target else None,
                source_ip=draft.source_ip,
            )


def _checked(kind: str, claims: Sequence[tuple], reads: SliceReads) -> Line:
    line = Line(kind)
    clock = _processor()
    begun = clock()
    for fields, ids in claims:
        line.made += 1
        line.supported += verify(fields, ids, reads).verdict is Verdict.SUPPORTED
    line.seconds = clock() - begun
    return line


def _processor() -> Callable[[], float]:
    """Return a clock of processor time: of this process, and of the database's that serves it."""
    backend = psutil.Process(current_session().scalar(text("SELECT pg_backend_pid()")))

    def now() -> float:
        used = backend.cpu_times()
        return time.process_time() + used.user + used.system

    return now


def _with_id(event: EventFact, ident: UUID) -> EventFact:
    values = {name: getattr(event, name) for name in event.__dataclass_fields__}
    return EventFact(**{**values, "id": ident})


def _table(title: str, lines: Sequence[Line]) -> str:
    rows = [f"\n{title}", f"{'kind':34} {'made':>7} {'supported':>9} {'ms a claim':>10}"]
    rows += [
        f"{line.kind:34} {line.made:>7} {line.supported:>9} {line.milliseconds:>10.2f}"
        f"{'' if line.is_right else '   WRONG'}"
        for line in lines
    ]
    wrong = [line for line in lines if line.kind != TRUE]
    made, slipped = sum(line.made for line in wrong), sum(line.supported for line in wrong)
    rows.append(f"{len(wrong)} kinds of wrong claims: {made:,} made, {slipped} supported")
    return "\n".join(rows) + "\n"


def main() -> int:
    """Print what the verifier says of true and wrong claims; exit with 1 if it ever errs."""
    parser = argparse.ArgumentParser("tests.summaries.wrong_claims", description=main.__doc__)
    parser.add_argument("--true", type=int, default=1_000, help="how many true claims")
    wanted = parser.parse_args().true
    with installed() as installation:
        app = installation.make_app()
        alder, birch = make_world(app, "Alder"), make_world(app, "Birch")
        foreign = store(birch, [an_event(0, at=DAY + timedelta(hours=1))]).events[0].id
        made = store(alder, random_log(seed=7, size=EVENTS).events)
        results = [try_claims(alder, made, foreign, seed=11, number=wanted)]
        sys.stdout.write(_table(f"A made log of {EVENTS:,} events", results[-1]))
        if REAL_DATA.exists():
            world = make_world(app, "Cedar")
            real = store(world, list(cloudtrail_events(REAL_DATA)))
            results.append(try_claims(world, real, foreign, seed=3, number=wanted))
            title = f"{len(real.events):,} CloudTrail events"
            sys.stdout.write(_table(title, results[-1]))
        else:
            sys.stdout.write("\nThe public data are not here: no CloudTrail events were tried.\n")
    return 0 if all(line.is_right for lines in results for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
