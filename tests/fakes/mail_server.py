"""A mail server on this machine: it takes what it is given, and refuses some addresses."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

OK, REFUSED = "250 ok", "550 nobody of that name"


class Door(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as one sender needs."""

    def handle(self):
        self.say("220 a test")
        for line in iter(self.hear, "QUIT"):
            verb = line.split(maxsplit=1)[0].split(":")[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say(OK)
            else:
                wanted = verb == "RCPT" and "refused" in line
                self.say(REFUSED if wanted else OK)
        self.say("221 bye")

    def hear(self):
        return self.rfile.readline().decode().rstrip("\r\n")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class PostOffice(socketserver.ThreadingTCPServer):
    """The running server; `mails` is what it took, as it came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.mails: list[bytes] = []

    @property
    def arrived(self) -> list[EmailMessage]:
        return [message_from_bytes(mail, policy=policy.default) for mail in self.mails]

    @property
    def recipients(self) -> list[str]:
        return [str(mail["To"]) for mail in self.arrived]


@contextlib.contextmanager
def open_post_office() -> Iterator[PostOffice]:
    with PostOffice() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
