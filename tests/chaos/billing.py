"""What the endpoint says that it did for each call, to hold the ledger against."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from app.gateway.budgets.pricing import TokenEstimate
from tests.fakes.model_server import ModelServer, Recorded, Reply

# What the scripted model reports for each answer that it gives.
REPORTED = 790


@dataclass
class Bill:
    """The tries of one call: answers that report their tokens, lines that broke, and refusals."""

    answered: int = 0
    broken: int = 0
    refused: int = 0

    def tokens(self, estimate: TokenEstimate) -> int:
        """Return what the ledger should charge: the estimate where nobody said what it took."""
        return self.answered * REPORTED + self.broken * estimate.tokens


@dataclass
class Books:
    """The bills of a run, by the id of the call."""

    bills: dict[str, Bill] = field(default_factory=lambda: defaultdict(Bill))

    @property
    def counts(self) -> Counter[str]:
        found = Counter[str]()
        for bill in self.bills.values():
            found.update(answered=bill.answered, broken=bill.broken, refused=bill.refused)
        return found

    def note(self, call_id: str, reply: Reply) -> None:
        bill = self.bills[call_id]
        if reply.drops:
            bill.broken += 1
        elif reply.status == 200:
            bill.answered += 1
        else:
            bill.refused += 1


class BookkeepingServer(ModelServer):
    """A model server that keeps books of what it answered to whom."""

    def __init__(self, *script: Reply) -> None:
        super().__init__(*script)
        self.books = Books()

    def take(self, recorded: Recorded) -> Reply:
        """Record a request and return the reply whose turn it is."""
        reply = super().take(recorded)
        with self._turn:
            self.books.note(recorded.headers["idempotency-key"], reply)
            # Nobody reads them again, and a run has thousands.
            self.requests.clear()
        return reply
