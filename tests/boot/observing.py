"""Looking at servers and processes from outside, as a person with `ps` and `psql` would."""

import contextlib
import time

import psutil
import psycopg

# Generous, because it only matters when something is broken, and machines are busy at times.
PATIENCE_SECONDS = 120


@contextlib.contextmanager
def running(postgres):
    try:
        postgres.start()
        yield postgres
    finally:
        postgres.stop()


def connect(url):
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def get_server_pid(postgres):
    with connect(postgres.url()) as connection:
        backend = psutil.Process(connection.info.backend_pid)
        return backend.ppid()


def is_alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(condition):
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.02)
