"""The portal as it runs in production, on PostgreSQL and Redis of the tests, and whoever asks it over HTTP."""

import http.client
import json
import os
import socket
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from portal.settings import env
from script.engines import VENV, Redis, spare_port, start, stop, wait_for
from tests.faults import together

SECRETS = ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "TRAIL_KEYS")
HOST, PATIENCE = "portal.example", 30
WORKERS, THREADS = 2, 4  # as the Dockerfile has them
PASSWORD = "one-that-nobody-guesses"


@dataclass(frozen=True)
class Server:
    port: int
    redis: Redis
    log: Path
    pid: int  # of the process whose children answer

    def browser(self, address: str = "203.0.113.1") -> "Browser":
        return Browser(self.port, address)

    def raw(self, *sent: bytes) -> bytes:
        """All that is answered to these bytes, until the server ends the connection."""
        with closing(socket.create_connection(("127.0.0.1", self.port), PATIENCE)) as link:
            with suppress(OSError):  # it may have heard enough
                for part in sent:
                    link.sendall(part)
            answer = b""
            with suppress(ConnectionResetError):
                while part := link.recv(65536):
                    answer += part
            return answer


@contextmanager
def running(folder: Path):
    """Production's settings, the keys of the tests, and the tests' own database."""
    with ExitStack() as stack:
        redis = Redis(folder / "redis", folder / "redis.log", durable=False)
        stack.callback(redis.stop)
        surroundings = together.environment() | {
            **{name: env.local[name] for name in SECRETS},
            "DJANGO_SETTINGS_MODULE": "tests.attacks.settings",
            "REDIS_URL": redis.url,
            "ALLOWED_HOSTS": HOST,
            "SITE_ADDRESS": f"https://{HOST}",
            "SANDBOXES": "all",
            "SIGNING_KEYS": str(folder),
            "DATABASE_LOCK_SECONDS": "4",
        }
        port = spare_port()
        command = [VENV / "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-class", "gthread", "--no-control-socket", "--graceful-timeout", "1"]
        command += ["--workers", str(WORKERS), "--threads", str(THREADS)]
        log = folder / "web.log"
        process = start(command, log, env=surroundings | {"HOME": os.environ.get("HOME", "/")})
        stack.callback(stop, process)
        server = Server(port, redis, log, process.pid)
        wait_for(lambda: lives(server), process, log, "web")
        yield server


def lives(server: Server, within: float = PATIENCE) -> bool:
    """Whether `/livez` answers within so many seconds."""
    with suppress(OSError, http.client.HTTPException):
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=within)
        with closing(link):
            link.request("GET", "/livez", headers={"Host": HOST})
            return link.getresponse().status == 200
    return False


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode())

    @property
    def html(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def leads_to(self) -> str:
        return self.headers["Location"] or ""


class Browser:
    """Keeps cookies, sends the token of forms, and comes through the proxy from `address`."""

    def __init__(self, port: int, address: str):
        self.port, self.address, self.cookies = port, address, SimpleCookie()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, b"", headers)

    @property
    def token(self) -> str:
        if "__Host-csrf" not in self.cookies:
            self.get("/account/login/")
        return self.cookies["__Host-csrf"].value

    def post(self, path: str, data: dict | bytes, **headers: str) -> Answer:
        if isinstance(data, dict):
            data = urlencode({"csrfmiddlewaretoken": self.token, **data}, doseq=True).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self.ask("POST", path, data, headers)

    def post_json(self, path: str, data, **headers: str) -> Answer:
        """As a script of ours would, with the token in the header; text is sent as it is."""
        body = data if isinstance(data, str) else json.dumps(data)
        told = {"Content-Type": "application/json", "X-CSRFToken": self.token, **headers}
        return self.ask("POST", path, body.encode(), told)

    def send(self, path: str, *files: tuple[str, str, bytes], **fields: str) -> Answer:
        """A form with files: name of the field, name of the file as it is written, content."""
        edge, parts = "edge-of-tests", []
        for name, value in {"csrfmiddlewaretoken": self.token, **fields}.items():
            head = f'Content-Disposition: form-data; name="{name}"'
            parts.append(f"--{edge}\r\n{head}\r\n\r\n{value}\r\n".encode())
        for field, filename, content in files:
            head = f'Content-Disposition: form-data; name="{field}"; filename="{filename}"'
            head = f"--{edge}\r\n{head}\r\nContent-Type: application/pdf\r\n\r\n"
            parts.append(head.encode() + content + b"\r\n")
        parts.append(f"--{edge}--\r\n".encode())
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.ask("POST", path, b"".join(parts), kind)

    def again(self, address: str = "") -> "Browser":
        """Another with the same cookies, so that several may ask at once."""
        browser = Browser(self.port, address or self.address)
        browser.cookies.load(self.cookies.output(header="", sep=";", attrs=[]))
        return browser

    def log_in(self, username: str, password: str = PASSWORD) -> Answer:
        return self.post("/account/login/", {"username": username, "password": password})

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        sent = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Referer": f"https://{HOST}/",
            "Accept-Language": "en",
            **({"Cookie": cookies} if cookies else {}),
            **headers,
        }
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(link):
            link.request(method, path, body=body or None, headers=sent)
            answer = link.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(cookie)
            return Answer(answer.status, answer.headers, answer.read())


def with_password(account, password: str = PASSWORD):
    """As production keeps it; tests hash for speed."""
    account.password = PBKDF2PasswordHasher().encode(password, "salt-of-tests", iterations=100_000)
    account.save(update_fields=["password"])
    return account
