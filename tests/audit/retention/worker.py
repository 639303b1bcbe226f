"""A worker that deletes or erases in small batches, slowly enough to be killed at work."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from app import create_app
from app.audit.erasure import rounds as erasing
from app.audit.erasure import scanning
from app.audit.retention.deletion import deleting, selecting
from app.audit.retention.deletion import rounds as deletion
from app.boot.settings import Settings
from tests.support.databases import SECRET

PAUSE_S = 0.01
BATCH = 5


def main() -> None:
    """Go on with a tenant's deletion or erasure: data folder, tenant, and which of the two."""
    folder, tenant, work = sys.argv[1:]
    url = os.environ["DATABASE_URL"]
    asked = {
        "BALLAST_DATA_DIR": str(Path(folder)),
        "BALLAST_OWNER_DATABASE_URL": url,
        "BALLAST_SECRET_KEY": SECRET,
        "DATABASE_URL": url,
    }
    # Before and after what each batch writes, so that the kill may come with half of it done.
    selecting.BATCH = scanning.BATCH = BATCH
    deleting.delete_events = _slowly(deleting.delete_events)
    erasing.write_erasures = _slowly(erasing.write_erasures)
    go_on = {"deletion": deletion.go_on_round, "erasure": erasing.go_on_with_erasures}[work]
    with create_app(Settings.from_environment(asked)).app_context():
        print("begins", flush=True)  # noqa: T201  its parent waits for this
        go_on([UUID(tenant)], 600.0)


def _slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any) -> Any:
        time.sleep(PAUSE_S)
        done = function(*arguments)
        time.sleep(PAUSE_S)
        return done

    return run


if __name__ == "__main__":
    main()
