"""What senders know: which batches they sent, and which of them were acknowledged."""

import threading
from collections import Counter
from dataclasses import dataclass, field

Event = dict[str, object]


@dataclass
class Batch:
    """Events sent in one request, by one sender, until they are acknowledged or given up.

    The first target of each event has an id that no other event has: its mark. With a `key`
    (Idempotency-Key) the events have no ids of their own.
    """

    sender: str
    marks: tuple[str, ...]
    body: bytes
    key: str | None
    tries: int = 0
    ids: tuple[str, ...] | None = None

    @property
    def is_acknowledged(self) -> bool:
        return self.ids is not None


@dataclass
class Ledger:
    """The batches of all senders, and whatever an answer said that cannot be right."""

    batches: list[Batch] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin(self, batch: Batch) -> None:
        with self._lock:
            self.batches.append(batch)

    def count(self, answer: str) -> None:
        """Count an answer, by what it was."""
        with self._lock:
            self.answers[answer] += 1

    def complain(self, finding: str) -> None:
        """Note an answer that cannot be right."""
        with self._lock:
            self.wrong.append(finding)

    @property
    def acknowledged(self) -> list[Batch]:
        return [batch for batch in self.batches if batch.is_acknowledged]
