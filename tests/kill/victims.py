"""What is killed, each with the hardest signal there is."""

import os
import random
import signal
from collections.abc import Callable

from tests.support.installation import Installation, kill_group

Kill = Callable[[Installation, random.Random], None]


def kill_web_process(installation: Installation, chance: random.Random) -> None:
    """One of the processes that answer requests."""
    processes = installation.web_processes()
    if processes:
        _kill(chance.choice(processes))


def kill_web_server(installation: Installation, _chance: random.Random) -> None:
    """The web server with all its processes."""
    if installation.web is not None:
        kill_group(installation.web.pid)


def kill_worker(installation: Installation, _chance: random.Random) -> None:
    """The worker."""
    if installation.worker is not None:
        kill_group(installation.worker.pid)


def kill_database(installation: Installation, _chance: random.Random) -> None:
    """The first process of the database, which the others follow."""
    _kill(installation.database_process())


def kill_backend(installation: Installation, chance: random.Random) -> None:
    """A process of the database that works for the product; it then recovers as after a crash."""
    backends = installation.busy_backends()
    if backends:
        _kill(chance.choice(backends[:3]))


def kill_everything(installation: Installation, chance: random.Random) -> None:
    """All of it at once, as when the machine stops."""
    database = installation.database_process()
    kill_web_server(installation, chance)
    kill_worker(installation, chance)
    _kill(database)


VICTIMS: dict[str, Kill] = {
    "a web process": kill_web_process,
    "the worker": kill_worker,
    "the database": kill_database,
    "the web server": kill_web_server,
    "a database process": kill_backend,
    "all at once": kill_everything,
}


def order_of_victims(times: int, chance: random.Random) -> list[str]:
    """Return who is killed when: each as often as the others, in an order by chance."""
    names = list(VICTIMS)
    order: list[str] = []
    while len(order) < times:
        # The first three of a short run are a web process, the worker and the database.
        some = names[: max(3, min(len(names), times - len(order)))]
        chance.shuffle(some)
        order += some
    return order[:times]


def _kill(process_id: int) -> None:
    try:
        os.kill(process_id, signal.SIGKILL)
    except ProcessLookupError:
        return
