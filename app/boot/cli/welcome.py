"""Saying where Ballast is, once it really answers there."""

import http.client
import threading
import time

import click

PATIENCE_S = 60
PAUSE_S = 0.2


def welcome_when_ready(port: int, words: str, started: float) -> None:
    """Print the words as soon as the web server on the port is ready; does not wait itself.

    `started` is the monotonic time at which the run began. Says nothing when it never gets
    ready: then whatever keeps it from it has said so.
    """

    def wait() -> None:
        while time.monotonic() - started < PATIENCE_S:
            if _is_ready(port):
                click.echo(words)
                click.echo(f"Ready in {time.monotonic() - started:.1f} s.\n")
                return
            time.sleep(PAUSE_S)

    threading.Thread(target=wait, daemon=True).start()


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
