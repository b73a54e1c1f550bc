"""A receiver for the portal's webhook, of Python's own library alone: put it behind a server that speaks HTTPS.

WEBHOOK_SECRET=whsec_… python3 example_receiver.py      # listens on 127.0.0.1:8081
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FRESH = 300  # seconds: what is older may have been caught and sent again by somebody
LONGEST = 64 * 1024  # bytes


def mac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def is_signed(secret: str, headers, body: bytes, at: float) -> bool:
    uid, stamp = headers.get("Webhook-Id", ""), headers.get("Webhook-Timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal()) or abs(at - int(stamp)) > FRESH:
        return False
    right = "v1," + mac(secret, f"{uid}.{stamp}.".encode() + body)
    given = headers.get("Webhook-Signature", "").encode()
    return hmac.compare_digest(right.encode(), given)


class Receiver(BaseHTTPRequestHandler):
    known: set = set()  # ids that were dealt with: keep them where a restart doesn't lose them

    def do_POST(self):
        secret = os.environ["WEBHOOK_SECRET"]
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length <= LONGEST else b""
        if not is_signed(secret, self.headers, body, time.time()):
            return self.answer(401)
        told = json.loads(body)
        if told["type"] == "challenge":
            challenge = told["data"]["challenge"]
            signature = mac(secret, f"echo.{challenge}".encode())
            return self.answer(200, {"challenge": challenge, "signature": signature})
        uid = self.headers["Webhook-Id"]
        if uid not in self.known:  # the same id is the same message again
            self.known.add(uid)
            self.take(told["timestamp"], **told["data"])
        return self.answer(204)

    def take(self, at: str, kind: str, group: str, case: str, link: str, **_more):
        print(at, case, kind, group, link)

    def answer(self, status: int, content: dict | None = None):
        body = json.dumps(content).encode() if content else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", 8081), Receiver).serve_forever()
