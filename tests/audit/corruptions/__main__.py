"""Run from the command line: `python -m tests.audit.corruptions --count 10000`."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from app.audit.exports.settings import ExportSettings
from app.audit.proof.settings import SealSettings
from app.boot.settings import Settings
from app.gateway.settings import GatewaySettings
from app.kernel.database import Database
from app.kernel.mail import MailSettings
from app.kernel.routing import DATABASE
from tests.audit.corruptions.tally import Tally, corrupt
from tests.audit.corruptions.workshop import Workshop
from tests.support.databases import SECRET, ServerLease, drop_database, fresh_database
from tests.support.worlds import make_world

# All corruptions of a log are undone in one transaction, and a server keeps locks for only so much
# that was undone in one.
A_LOG_SERVES = 500


def main() -> int:
    """Make the corruptions; return 1 when one was not found."""
    parser = argparse.ArgumentParser("tests.audit.corruptions", description=main.__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    lease = ServerLease()
    lease.take()
    try:
        return _run(given.count, given.seed)
    finally:
        drop_database()
        lease.give_back()


def _run(count: int, seed: int) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            data_dir=folder,
            database=fresh_database(),
            secret_key=SECRET,
            gateway=GatewaySettings(),
            mail=MailSettings(None, 587, None, None, "ballast@localhost"),
            seal=SealSettings("ballast.example", folder / "seal-keys", makes_key=True),
            exports=ExportSettings(folder / "exports"),
            quick_passwords=True,
        )
        app = create_app(settings)
        tally, chance = Tally(), random.Random(seed)  # noqa: S311  repeatable
        try:
            for done in range(0, count, A_LOG_SERVES):
                tenant = make_world(app, f"Log{done}").tenant
                database: Database = app.extensions[DATABASE]
                database.engine.dispose()
                shop = Workshop(app, settings.database.for_owner(), tenant, folder)
                with shop.open():
                    shop.build()
                    corrupt(shop, tally, min(A_LOG_SERVES, count - done), chance, _progress(count))
        finally:
            seconds = time.monotonic() - started
            sys.stdout.write(f"\n{tally.table()}\n{seconds:.0f} s, seed {seed}\n")
    for line in (*tally.missed, *tally.false_alarms):
        sys.stdout.write(f"NOT AS IT SHOULD BE: {line}\n")
    return 1 if tally.missed or tally.false_alarms else 0


def _progress(count: int):
    def show(done: int) -> None:
        if done % 500 == 0:
            sys.stderr.write(f"{done:,} of {count:,}\n")

    return show


if __name__ == "__main__":
    sys.exit(main())
