"""A worker that imports a file and is killed in the middle: run as a program by its test.

Arguments: tenant, account, import, and the batch in which it dies. The database is that of the
environment.
"""

import os
import signal
import sys
from uuid import UUID

from app import create_app
from app.audit.ingest import importing
from app.audit.ingest.imports import running
from app.boot.settings import Settings
from app.identity.queries.actors import load_actor
from app.kernel.database import Scope
from app.kernel.routing import database


def main(tenant: str, account: str, import_id: str, last: int) -> None:
    importing.BATCH = 10
    batches = 0
    store = running.store_records

    def store_and_die(*arguments, **named):
        nonlocal batches
        store(*arguments, **named)
        batches += 1
        if batches == last:
            # In the middle of the transaction: stored, and not committed.
            os.kill(os.getpid(), signal.SIGKILL)

    running.store_records = store_and_die
    app = create_app(Settings.from_environment())
    with app.app_context(), database().session(Scope(tenant_id=UUID(tenant))):
        running.run(load_actor(UUID(account)), import_id)


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
