"""A stranger's system on this machine: answers as a test says, and keeps what it was asked."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


class Stub(ThreadingHTTPServer):
    """`answer` is the body (bytes) or an object made into JSON, `status` its status; until `let` is set, a stub that
    `hangs` doesn't answer."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked, self.headers = [], []
        self.answer, self.status, self.more = {}, 200, {}
        self.hangs, self.let = False, Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body))
        self.server.headers.append(dict(self.headers))
        if self.server.hangs:
            self.server.let.wait(30)
        said = self.server.answer
        said = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(self.server.status)
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
