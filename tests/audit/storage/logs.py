"""Logs to look things up in: made-up events of one tenant, stored through the door of the log."""

import datetime as dt
import random

from app.audit.event import EventDraft, Party
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.commands import Outcome
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7

NOW = clock.now()
ACTIONS = ("door.opened", "door.closed", "door_bell.rung", "lamp.lit", "lamp.broken", "report.read")
WORDS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath", "iris", "juniper")
OUTCOMES = (Outcome.SUCCESS,) * 8 + (Outcome.FAILURE, Outcome.DENIED)


def tell(world, drafts):
    """Store drafts in batches; return them."""
    with world.session() as session:
        for start in range(0, len(drafts), 500):
            with unit_of_work():
                batch = drafts[start : start + 500]
                store_events(session, batch, received_from="a test")
    return drafts


def made_up(number, *, days=40, seed=1):
    """Return so many drafts of the last days, in no order; the first words are the common ones."""
    chance = random.Random(seed)  # noqa: S311  repeatable
    return [_draft(chance, dt.timedelta(days=days) * chance.random() ** 2) for _ in range(number)]


def _draft(chance, age):
    actor = int(20 * chance.random() ** 2)
    target = int(200 * chance.random() ** 2)
    words = [WORDS[int(len(WORDS) * chance.random() ** 3)] for _ in range(3)]
    return EventDraft(
        id=uuid7(),
        occurred_at=NOW - age,
        actor=Party("person", f"u-{actor}", f"Person {actor}"),
        action=chance.choice(ACTIONS),
        outcome=chance.choice(OUTCOMES),
        targets=(Party(chance.choice(("door", "lamp")), f"thing-{target}", f"Thing {target}"),),
        source_ip=chance.choice(
            (None, f"10.0.{actor}.{target % 8}", f"2001:db8::{actor:x}:{target % 8:x}")
        ),
        session=chance.choice((None, f"s-{actor}-{age.days}")),
        reason=f"OPS-{target}" if target % 7 == 0 else None,
        metadata={"note": " ".join(words), "floor": target % 3},
    )
