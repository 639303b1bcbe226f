"""A server that answers as it is told, for what the real one cannot be made to do."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TAKE = object()


class Script:
    """What the server answers, one answer after the other, and what it took."""

    def __init__(self, *answers):
        self.answers, self.taken, self.calls = list(answers), [], 0

    def next(self):
        self.calls += 1
        return self.answers.pop(0) if self.answers else TAKE


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        lines = gzip.decompress(body).splitlines()
        answer = self.server.script.next()
        if answer is None:
            # The connection breaks off, after all of it was read.
            self.close_connection = True
            return
        if answer is TAKE:
            events = [json.loads(line) for line in lines]
            self.server.script.taken += events
            results = [{"status": "stored", "id": event["id"]} for event in events]
            answer = (200, {}, {"results": results})
        status, headers, document = answer
        text = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments):
        pass


@contextmanager
def standing_in(*answers) -> Iterator[tuple[str, Script]]:
    """Serve the answers in their order, then take everything; yield the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.script = Script(*answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
