"""A port that is taken is said so before anything starts."""

import re
import socket

import pytest

from app.boot.local.errors import PortTakenError
from app.boot.local.ports import ensure_port_free


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_taken_port_names_a_free_one_to_use_instead(listener):
    port = listener.getsockname()[1]
    with pytest.raises(PortTakenError, match=f"Port {port} is taken") as caught:
        ensure_port_free(port)
    instead = int(re.search(r"PORT=(\d+) make run", str(caught.value)).group(1))
    ensure_port_free(instead)


def test_port_is_free_again_when_its_server_is_gone(listener):
    port = listener.getsockname()[1]
    listener.close()
    ensure_port_free(port)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_number_that_is_no_port_is_refused(port):
    with pytest.raises(PortTakenError, match="between 1 and 65535"):
        ensure_port_free(port)
