"""Redis and PostgreSQL as this folder starts them for itself: on loopback, on spare ports, stopped by their starter.

Needs nothing but the standard library.
"""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv" / "bin"
PATIENCE = 30  # seconds until a server must answer, or must have ended
STEADY = 10  # seconds after which a server that ends has at least worked


class EngineError(Exception):
    """A server could not be found or started; the text says which, and what to do."""


def spare_port(preferred: int = 0) -> int:
    """`preferred` if nobody listens there, else any free port of the loopback address."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise EngineError("No port is free on 127.0.0.1.")


def die_with_parent() -> None:
    """Run in a child: have Linux end it when its parent was killed without a chance to tidy up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(command: list[str], log: Path, **more) -> subprocess.Popen:
    """Start a server in a group of its own, so that a Ctrl-C meant for us doesn't reach it first."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509
            **more,
        )


def stop(process: subprocess.Popen, ask: signal.Signals = signal.SIGTERM) -> None:
    """Ask one server to end, and wait; after `PATIENCE` seconds its whole group is killed."""
    if process.poll() is None:
        process.send_signal(ask)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(is_ready: Callable[[], bool], process: subprocess.Popen, log: Path, what: str) -> None:
    """Until the server is ready. Raises EngineError when its process ended before, or took too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if is_ready():
            return
        time.sleep(0.05)
    tail = "".join(log.read_text(errors="replace").splitlines(keepends=True)[-15:])
    raise EngineError(f"{what} did not start. The end of {log}:\n{tail}")


class Server:
    """A program that is kept running: `keep` starts it again when it ended by itself, as a worker does that is deaf."""

    def __init__(self, name: str, command: list, log: Path, **more) -> None:
        self.name, self.log = name, log
        self._start = lambda: start(command, log, **more)
        self.start()

    def start(self) -> None:
        self.began, self.process = time.monotonic(), self._start()

    def keep(self) -> None:
        """Raises EngineError where it ended right after its start: it would again."""
        if self.process.poll() is None:
            return
        if time.monotonic() - self.began < STEADY:
            raise EngineError(f"The {self.name} ended by itself. Its log: {self.log}")
        print(
            f"The {self.name} ended by itself and is started again. Its log: {self.log}", flush=True
        )
        self.start()


class Redis:
    """A Redis with an append-only file in `folder`, or with none of it kept (`durable=False`).

    It asks for a password, since anybody on this machine can reach its port; in a file, since anybody can read a
    command line.
    """

    def __init__(
        self, folder: Path, log: Path, *, port: int = 0, password: str = "", durable: bool = True
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port, password = spare_port(port), password or secrets.token_urlsafe(24)
        self.url = f"redis://:{password}@127.0.0.1:{self.port}/0"
        configuration = folder / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.chmod(0o600)
        configuration.write_text(f"requirepass {password}\n")
        keep = "yes" if durable else "no"
        settings = [
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--dir",
            folder,
            "--save",
            "",
            "--appendonly",
            keep,
        ]
        command = [self._binary(), configuration, *settings, "--maxmemory-policy", "noeviction"]
        self.server = Server("Redis", command, log)
        wait_for(lambda: answers(self.port), self.process, log, "Redis")

    @property
    def process(self) -> subprocess.Popen:
        return self.server.process

    @staticmethod
    def _binary() -> str:
        found = (
            shutil.which("redis-server")
            or shutil.which("valkey-server")
            or shutil.which(VENV / "redis-server")
        )
        if not found:
            raise EngineError("No Redis was found: install redis-server or valkey-server.")
        return found

    def stop(self) -> None:
        stop(self.process)


class PostgreSQL:
    """A throw-away PostgreSQL in `folder`. Its superuser is `portal`; as root it runs as the user `postgres`.

    A crash of the machine may lose what was committed, unless it is `durable` (for measuring what commits cost).
    """

    def __init__(self, folder: Path, log: Path, *, durable: bool = False) -> None:
        self.port = spare_port()
        self.url = f"postgres://portal@127.0.0.1:{self.port}/portal"
        self.log = log
        self.folder = folder
        self.durable = durable
        self._as: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            user = self._user()
            self._as = ["runuser", "-u", user, "--"]
            shutil.chown(folder, user)
        self._run(
            "initdb",
            "-D",
            folder / "data",
            "-U",
            "portal",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "portal", "portal")

    @staticmethod
    def _user() -> str:
        try:
            return pwd.getpwnam("postgres").pw_name
        except KeyError:
            return "nobody"

    @staticmethod
    def _binary(name: str) -> str:
        newest_first = sorted(
            Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: -int(p.parts[-3])
        )
        homebrew = list(Path("/opt/homebrew/opt").glob(f"postgresql@*/bin/{name}"))
        found = shutil.which(name) or next(map(str, [*newest_first, *homebrew]), None)
        if not found:
            raise EngineError(f"PostgreSQL's {name} was not found: install postgresql.")
        return found

    def _run(self, name: str, *arguments: object) -> None:
        command = [*self._as, self._binary(name), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise EngineError(f"{name} failed: {done.stderr.strip()}")

    def start(self) -> None:
        """Start it, or start it again after a stop."""
        sync = "on" if self.durable else "off"
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "fsync": sync,
            "full_page_writes": sync,
            "max_connections": 100,
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        server = [*self._as, self._binary("postgres"), "-D", self.folder / "data", *settings]
        self.process = start(server, self.log)
        wait_for(self._is_ready, self.process, self.log, "PostgreSQL")

    def _is_ready(self) -> bool:
        """Its port answers before it accepts work."""
        ask = [self._binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ask, check=False).returncode == 0

    def stop(self, mode: str = "immediate") -> None:
        """`fast` lets it write its state down, `immediate` is a crash it will recover from."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run(
                "pg_ctl", "stop", "-D", self.folder / "data", "-m", mode, "-w", "-t", PATIENCE
            )
        stop(self.process)
