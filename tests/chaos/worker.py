"""A worker of a run, in a process of its own so that it can be killed."""

import sys

import procrastinate

from app.boot.database_addresses import psycopg_address
from app.kernel import jobs
from app.kernel.jobs import make_queue
from tests.chaos.asking import Setup

CONCURRENCY = 4
# A killed worker is missed sooner than in production, so that a run does not last for ever.
HEARTBEAT_S = 2.0
STALLED_AFTER_S = 6


def main() -> None:
    """Work until somebody kills this."""
    setup = Setup.from_text(sys.argv[1])
    jobs.STALLED_AFTER_S = STALLED_AFTER_S
    connector = procrastinate.PsycopgConnector(
        conninfo=psycopg_address(setup.app_url), min_size=1, max_size=4
    )
    make_queue(connector, setup.app()).run_worker(
        concurrency=CONCURRENCY,
        fetch_job_polling_interval=0.5,
        update_heartbeat_interval=HEARTBEAT_S,
        stalled_worker_timeout=float(STALLED_AFTER_S),
    )


if __name__ == "__main__":
    main()
