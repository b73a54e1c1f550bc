"""A stranger's system on this machine: answers as a test says, and keeps what it was asked."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qsl


class Stub(ThreadingHTTPServer):
    """`published` is what may be read there, by its path. What is asked is answered with `answer`, the body (bytes) or
    an object made into JSON, and `status`; until `let` is set, a stub that `hangs` doesn't answer. `answers` has those
    for the values of X-TC-Action, one for all or a list for one after the other."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked, self.headers, self.published = [], [], {}
        self.answer, self.status, self.more, self.answers = {}, 200, {}, {}
        self.hangs, self.let = False, Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        published = self.server.published.get(self.path)
        self._send(200 if published else 404, json.dumps(published).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        as_form = "form" in self.headers["Content-Type"]
        self.server.asked.append(dict(parse_qsl(body.decode())) if as_form else json.loads(body))
        self.server.headers.append(dict(self.headers))
        if self.server.hangs:
            self.server.let.wait(30)
        said = self.server.answers.get(self.headers["X-TC-Action"], self.server.answer)
        said = said.pop(0) if isinstance(said, list) else said
        said = said if isinstance(said, bytes) else json.dumps(said).encode()
        self._send(self.server.status, said)

    def _send(self, status, said):
        self.send_response(status)
        for name, value in self.server.more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        try:
            self.wfile.write(said)
        except OSError:
            pass  # whoever asked has gone

    def log_message(self, *args):
        pass


@contextmanager
def running():
    stub = Stub()
    thread = Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.let.set()
        stub.shutdown()
        stub.server_close()
        thread.join()
