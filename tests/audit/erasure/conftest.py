"""Fixtures of erasures: somebody in the log, and the two people it takes to erase her."""

import pytest

from app.audit.erasure.rounds import go_on_with_erasures
from app.audit.event import Party
from tests.audit.proof.conftest import SealedLog

ANA = Party("person", "u-ana", "Ana Ruiz")
TOMAS = Party("person", "u-tomas", "Tomas Ek")


class PeopledLog(SealedLog):
    """A log with Ana in it: she acts, is a target, is mentioned, and has no part."""

    def tell_of_ana(self):
        """Write an event of each kind; return their ids."""
        return [
            self.tell(1, **values)[0]
            for values in (
                {"actor": ANA, "source_ip": "192.0.2.9", "user_agent": "Firefox", "session": "s9"},
                {"actor": TOMAS, "source_ip": "192.0.2.1", "targets": (ANA, TOMAS)},
                {
                    "actor": TOMAS,
                    "reason": "Asked for by ANA RUIZ",
                    "changes": {"mail": {"before": "ana@example.org", "after": "none"}},
                    "metadata": {"cc": {"who": ["ana@example.org"]}, "badge": 7},
                },
                {"actor": TOMAS, "reason": "Fire drill, annual"},
            )
        ]

    def go_on(self, turn_s=60.0):
        """Let the worker come round."""
        with self.world.app.app_context():
            go_on_with_erasures([self.world.tenant.id], turn_s)

    @property
    def place(self):
        return f"{self.world.path}/settings/retention/erasures"

    def ask(self, visitor=None, **typed):
        """Ask for Ana to be erased, and let it be counted; return the page of it."""
        visitor = visitor or self.world.as_person("admin")
        values = {"person_id": "u-ana", "texts": "ana@example.org", "reason": "Letter 7", **typed}
        visitor.submit(visitor.get(f"{self.place}/new"), "Count what would go", **values)
        self.go_on()
        return visitor.get(self.newest())

    def newest(self):
        """Return the address of the erasure that was asked for last."""
        event = self.world.log("erasure.requested")[-1]
        return f"{self.place}/{event.target_id}"

    def confirm(self):
        """Confirm the newest erasure as an owner; nothing goes before the worker comes round."""
        owner = self.world.as_person("owner")
        page = owner.get(f"{self.newest()}/approve")
        return owner.submit(page, "Erase")

    def erase_ana(self):
        """Ask, confirm, and let the worker carry it out; return the page as the admin sees it."""
        self.ask()
        self.confirm()
        self.go_on()
        return self.world.as_person("admin").get(self.newest())


@pytest.fixture
def log(alder, tmp_path):
    return PeopledLog(alder, tmp_path)
