"""Programs that send events without a pause, and try again whatever happens, as they should."""

import json
import random
import threading
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from app.kernel import clock
from tests.kill.ledger import Batch, Ledger
from tests.support.wire import BROKEN, Answer, Wire

ACTION = "kill.survived"
TAKEN, MIXED = 200, 207
# What says: come back later, nothing was stored.
LATER = frozenset({429, 503})
LARGEST = 60
PAUSE_S = 0.05
# How often a batch is left to its fate, and how often one is sent that is known to be stored.
GIVEN_UP, SENT_AGAIN = 0.1, 0.1


class Sender:
    """Sends batches with the keys of one tenant until it is told to stop."""

    def __init__(
        self, name: str, wire: Wire, keys: Sequence[str], ledger: Ledger, seed: int
    ) -> None:
        self.name, self.ledger = name, ledger
        self.stopping = threading.Event()
        self._wire, self._keys = wire, keys
        self._calls = 0
        self._sent: list[Batch] = []
        self._chance = random.Random(f"{seed} {name}")  # noqa: S311  repeatable

    def run(self) -> None:
        """Send until told to stop; what is under way then is given up."""
        number = 0
        while not self.stopping.is_set():
            stored = [batch for batch in self._sent if batch.is_acknowledged]
            if stored and self._chance.random() < SENT_AGAIN:
                self._send_again(self._chance.choice(stored))
                continue
            number += 1
            batch = self._make(number)
            self._sent.append(batch)
            self.ledger.begin(batch)
            self._insist(batch)
        self._wire.close()

    def _make(self, number: int) -> Batch:
        chance, has_key = self._chance, self._chance.random() < 0.3
        marks = tuple(
            f"{self.name}-{number}-{place}" for place in range(chance.randint(1, LARGEST))
        )
        events = [_event(mark, chance, has_id=not has_key) for mark in marks]
        key = f"{self.name}-{number}" if has_key else None
        return Batch(self.name, marks, json.dumps(events).encode(), key)

    def _insist(self, batch: Batch) -> None:
        while not self.stopping.is_set():
            if batch.tries and self._chance.random() < GIVEN_UP:
                self.ledger.count("given up")
                return
            answer = self._try(batch)
            if answer is not None and answer.status == TAKEN:
                self._acknowledge(batch, answer)
                return
            if answer is not None and answer.status not in LATER and answer.status < 500:
                self.ledger.complain(f"{batch.sender}: {answer.status} {answer.text[:300]}")
                return
            self.stopping.wait(PAUSE_S)

    def _send_again(self, batch: Batch) -> None:
        answer = self._try(batch)
        if answer is None or answer.status != TAKEN:
            return
        results = answer.json()["results"]
        ids = tuple(one["id"] for one in results)
        if {one["status"] for one in results} != {"duplicate"} or ids != batch.ids:
            self.ledger.complain(f"Acknowledged before, and new when sent again: {batch.marks[0]}…")

    def _acknowledge(self, batch: Batch, answer: Answer) -> None:
        results = answer.json()["results"]
        found = {one["status"] for one in results}
        if len(results) != len(batch.marks) or not found <= {"stored", "duplicate"}:
            self.ledger.complain(f"Not an answer to what was sent: {answer.text[:300]}")
        elif len(found) > 1:
            self.ledger.complain(f"A part was stored before, and a part was not: {batch.marks[0]}…")
        elif found == {"duplicate"} and batch.tries == 1:
            self.ledger.complain(f"Sent once, and known already: {batch.marks[0]}…")
        batch.ids = tuple(one["id"] for one in results)

    def _try(self, batch: Batch) -> Answer | None:
        batch.tries += 1
        # A key may make so many calls a minute; that limit is not what is tried here.
        key = self._keys[self._calls % len(self._keys)]
        self._calls += 1
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        if batch.key is not None:
            headers["Idempotency-Key"] = batch.key
        try:
            answer = self._wire.send("POST", "/api/v1/events", batch.body, headers)
        except BROKEN:
            self.ledger.count("no answer")
            return None
        self.ledger.count(str(answer.status))
        return answer


def _event(mark: str, chance: random.Random, *, has_id: bool) -> dict[str, object]:
    at = clock.now() - timedelta(minutes=chance.random() * 5_000)
    event: dict[str, object] = {
        "occurred_at": at.isoformat(),
        "actor": {"type": "service", "id": f"s-{chance.randrange(9)}"},
        "action": f"{ACTION}.{chance.choice(('once', 'twice'))}",
        "outcome": chance.choice(("success", "failure", "denied")),
        "targets": [{"type": "mark", "id": mark}],
        "source": {"ip": f"10.1.{chance.randrange(4)}.{chance.randrange(250)}"},
        "metadata": {"note": "word " * chance.randrange(30)},
    }
    return event | ({"id": str(uuid4())} if has_id else {})
