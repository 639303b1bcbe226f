"""One run: senders and exporters at work, one kill after the other, and a verdict at the end."""

import random
import statistics
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from flask import Flask

from app.audit.rollups.drift import find_drift
from app.identity.roles import Role
from app.identity.service.api_keys import create_api_key
from app.kernel.routing import DATABASE
from app.vocabulary.permissions import Permission
from tests.audit.storage.logs import made_up, tell
from tests.factories.identity import PASSWORD
from tests.kill.export_checks import are_over, check_exports
from tests.kill.exporter import Exporter
from tests.kill.ledger import Ledger
from tests.kill.log_checks import check_log, read_log
from tests.kill.seal_checks import Keeper, check_seal, is_sealed
from tests.kill.senders import Sender
from tests.kill.victims import VICTIMS, order_of_victims
from tests.support.installation import Installation
from tests.support.wire import Person, Wire
from tests.support.worlds import World, make_world

TENANTS = ("Alder", "Birch")
SENDERS_OF_A_TENANT = 2
# So long the product works between two kills: rounds of sealing come every three seconds.
WORK_S = (0.3, 4.0)
LONGEST_ANSWER_S = 30.0
# So many that nobody counts beforehand how many of them an export takes (see `exporter`).
OLD_EVENTS = 6_000
# A job whose worker was killed is found by the minute, once its heartbeat is half a minute old.
PATIENCE_S = 240.0
KEYS = 6

Look = Callable[[psycopg.Connection, UUID], bool]


@dataclass
class Tally:
    """What a run came to. `wrong` is everything that should not be; times are in seconds."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    down_s: dict[str, list[float]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    requests_acknowledged: int = 0
    events_acknowledged: int = 0
    events_stored: int = 0
    exports: int = 0
    checkpoints_kept: int = 0
    sealed_after_s: float = 0
    fallen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        # `asdict` does not know how counters are made.
        plain = {"kills": dict(self.kills), "answers": dict(self.answers)}
        return {**vars(self), **plain}

    def table(self) -> str:
        """Return the run as text."""
        lines = [f"{'killed':20} {'times':>5} {'down s p50':>11} {'max':>6}"]
        for name, times in self.kills.items():
            down = self.down_s.get(name, [0.0])
            lines.append(f"{name:20} {times:5} {statistics.median(down):11.2f} {max(down):6.2f}")
        lines.append(f"{'in all':20} {self.kills.total():5}")
        answers = ", ".join(f"{name}: {n:,}" for name, n in sorted(self.answers.items()))
        lines.append(f"answers: {answers}")
        lines.append(
            f"{self.events_acknowledged:,} events in {self.requests_acknowledged:,} requests were"
            f" acknowledged; {self.events_stored:,} are stored (what nobody heard of may be)."
        )
        lines.append(
            f"{self.exports} exports, {self.checkpoints_kept} checkpoints kept; all sealed"
            f" {self.sealed_after_s:.1f} s after the last event."
        )
        lines += [f"ENDED BY ITSELF: {one}" for one in self.fallen]
        lines += [f"NOT AS IT SHOULD BE: {one}" for one in self.wrong]
        return "\n".join(lines)


class Run:
    """A run on an installation that has just been made."""

    def __init__(self, installation: Installation, seed: int, *, exports: bool = True) -> None:
        self.installation, self.seed = installation, seed
        self.ledger, self.tally = Ledger(), Tally(seed)
        self.chance = random.Random(seed)  # noqa: S311  repeatable
        self._app: Flask = installation.make_app()
        self.worlds = [make_world(self._app, name) for name in TENANTS]
        keys = [[_make_key(world) for _ in range(KEYS)] for world in self.worlds]
        for world in self.worlds if exports else ():
            tell(world, made_up(OLD_EVENTS))
        self._forget_connections()
        installation.start()
        self.senders = [
            Sender(f"{name}-{n}", self._wire(), some, self.ledger, seed)
            for name, some in zip(TENANTS, keys, strict=True)
            for n in range(SENDERS_OF_A_TENANT)
        ]
        self.exporters = [self._exporter(world) for world in self.worlds] if exports else []
        self.keepers = [Keeper(world.tenant.id) for world in self.worlds]

    def go(self, times: int) -> Tally:
        """Kill so often, then look at everything; return what it came to."""
        busy = (*self.senders, *self.exporters)
        threads = [threading.Thread(target=one.run, daemon=True) for one in busy]
        for thread in threads:
            thread.start()
        try:
            for number, name in enumerate(order_of_victims(times, self.chance), start=1):
                self._kill(name)
                sys.stderr.write(f"{number} of {times}: {name}\n")
            self.installation.let_work(WORK_S[0])
        finally:
            for one in busy:
                one.stopping.set()
            for thread in threads:
                thread.join()
        self._judge()
        return self.tally

    def _kill(self, name: str) -> None:
        self.installation.let_work(self.chance.uniform(*WORK_S))
        self._keep_checkpoints()
        VICTIMS[name](self.installation, self.chance)
        self.tally.kills[name] += 1
        # At once: a kill may not be felt yet, and what is down has to be seen as down.
        self.installation.keep_up()
        self.tally.down_s.setdefault(name, []).append(self.installation.wait_until_ready())

    def _judge(self) -> None:
        tally, ledger = self.tally, self.ledger
        self.installation.keep_up()
        self.installation.wait_until_ready()
        tally.answers = ledger.answers
        tally.wrong += ledger.wrong
        # A part that is missing is said to be missing; 500 would be a fault of ours.
        tally.wrong += [
            f"{n} answers of {name}" for name, n in ledger.answers.items() if "500" in name
        ]
        tally.fallen = self.installation.fallen
        tally.requests_acknowledged = len(ledger.acknowledged)
        tally.events_acknowledged = sum(len(batch.marks) for batch in ledger.acknowledged)
        tally.exports = sum(len(exporter.asked) for exporter in self.exporters)
        for world, keeper in zip(self.worlds, self.keepers, strict=True):
            tally.wrong += [f"{world.tenant.name}: {one}" for one in self._findings(world, keeper)]
        tally.checkpoints_kept = sum(len(keeper.notes) for keeper in self.keepers)

    def _findings(self, world: World, keeper: Keeper) -> list[str]:
        found: list[str] = []
        tenant_id = world.tenant.id
        with self.installation.connect() as connection:
            for exporter in self.exporters:
                if exporter.slug == world.tenant.slug:
                    self._wait_for(are_over, connection, tenant_id)
                    found += check_exports(connection, tenant_id, exporter)
            log = read_log(connection, tenant_id)
            self.tally.events_stored += sum(map(len, log.ids_by_mark.values()))
            batches = [b for b in self.ledger.batches if b.sender.startswith(_first_name(world))]
            found += check_log(log, batches)
            waited = self._wait_for(is_sealed, connection, tenant_id)
            self.tally.sealed_after_s = max(self.tally.sealed_after_s, waited or 0)
            if waited is None:
                found.append("The log is not sealed to its end.")
            keeper.keep(connection)
        with world.session():
            found += [f"A count is wrong: {one}" for one in find_drift()[:3]]
        return [*found, *check_seal(world, keeper, self.installation.folder)]

    def _wait_for(
        self, is_so: Look, connection: psycopg.Connection, tenant_id: UUID
    ) -> float | None:
        return self.installation.wait_for(lambda: is_so(connection, tenant_id), PATIENCE_S)

    def _keep_checkpoints(self) -> None:
        with self.installation.connect() as connection:
            for keeper in self.keepers:
                keeper.keep(connection)

    def _exporter(self, world: World) -> Exporter:
        person = Person(self._wire())
        person.sign_in(world.people[Role.OWNER].email, PASSWORD)
        return Exporter(person, world.tenant.slug, self.ledger)

    def _wire(self) -> Wire:
        return Wire(self.installation.port, patience_s=LONGEST_ANSWER_S)

    def _forget_connections(self) -> None:
        self._app.extensions[DATABASE].engine.dispose()


def _make_key(world: World) -> str:
    with world.session():
        return create_api_key(
            world.system(),
            name="sender",
            scopes=(Permission.AUDIT_EVENT_CREATE,),
            lifetime_days=None,
        ).text


def _first_name(world: World) -> str:
    return world.tenant.name.partition(" ")[0]
