"""A person who asks for large exports again and again, which the worker makes."""

import threading

from tests.kill.ledger import Ledger
from tests.support.wire import BROKEN, Person

# Whole words rule out counting beforehand how many events there are, so that the worker makes it.
QUERY = "action:kill -actor:nobody word"
PAUSE_S = 1.0


class Exporter:
    """Asks until told to stop; `asked` are the exports that were promised."""

    def __init__(self, person: Person, slug: str, ledger: Ledger) -> None:
        self.person, self.slug, self.ledger = person, slug, ledger
        self.stopping = threading.Event()
        self.asked: list[str] = []

    @property
    def path(self) -> str:
        return f"/t/{self.slug}/audit-log/exports"

    def run(self) -> None:
        """Ask for an export a second; while two are being made, the page refuses a third."""
        while not self.stopping.wait(PAUSE_S):
            try:
                answer = self.person.post(f"{self.path}/new", q=QUERY, form="csv")
            except BROKEN:
                continue
            self.ledger.count(f"export {answer.status}")
            if answer.status == 303:
                self.asked.append(answer.headers["Location"].rpartition("/")[2])
