"""Whether the web server can have its port, asked before anything else is started."""

import errno
import socket

from app.boot.local.errors import PortTakenError

LOOPBACK = "127.0.0.1"
HIGHEST_PORT = 65535

_PORTS_TRIED = 20
_FIRST_PORT_FOR_ALL = 1024


def ensure_port_free(port: int, host: str = LOOPBACK) -> None:
    """Return when a server could listen on `host`:`port`; otherwise say what to type instead."""
    if not 1 <= port <= HIGHEST_PORT:
        raise PortTakenError(f"PORT is {port}; it must lie between 1 and {HIGHEST_PORT}.")
    refusal = _find_refusal(port, host)
    if refusal is None:
        return
    instead = f"PORT={_find_free_port_after(port, host)} make run"
    if refusal == errno.EACCES:
        raise PortTakenError(
            f"Port {port} needs special rights on this system. Use another one: {instead}"
        )
    if refusal == errno.EADDRNOTAVAIL:
        raise PortTakenError(f"This machine has no address {host} to listen on.")
    raise PortTakenError(f"Port {port} is taken by another program. Use another one: {instead}")


def _find_refusal(port: int, host: str) -> int | None:
    """The system's reason against listening there; None when there is none."""
    # Some systems let a second program bind beside one that listens on all addresses, so a
    # connection is tried as well.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        reachable = LOOPBACK if host in {"", "0.0.0.0"} else host  # noqa: S104 - compared, not bound
        if probe.connect_ex((reachable, port)) == 0:
            return errno.EADDRINUSE
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the web server does: connections of a server that just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno
    return None


def _find_free_port_after(port: int, host: str) -> int:
    first = max(port + 1, _FIRST_PORT_FOR_ALL)
    for candidate in range(first, min(first + _PORTS_TRIED, HIGHEST_PORT + 1)):
        if _find_refusal(candidate, host) is None:
            return candidate
    return 8000 + _PORTS_TRIED
