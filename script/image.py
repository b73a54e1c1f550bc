#!/usr/bin/env python3
"""Build the image as the Dockerfile says, and run it as docker-compose.yml says, with no registry of images.

`script/test --image` calls it. The base is Debian's own Python instead of the one that the Dockerfile names; buildah
builds without a daemon, podman runs migrate, web, worker, clocks and beat with their restrictions, secrets and
commands, against a throw-away PostgreSQL and Redis. Everything goes into a temporary folder and is removed. Debian,
as root.
"""

import base64
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path

import yaml

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from engines import ROOT, EngineError, PostgreSQL, Redis, spare_port, start, stop  # noqa: E402

TOOLS = ("debootstrap", "buildah", "podman", "runc")
IMAGE, BASE, SUITE = "localhost/portal-tried-out", "localhost/portal-base", "bookworm"
HOST = "portal.example"
MOST = 150  # seconds until all sweeps have run once, and each health check agrees
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


def missing() -> str:
    """Why it can't be done here; nothing where it can."""
    absent = [
        name
        for name in TOOLS
        if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    ]
    if absent:
        return f"not installed: {', '.join(absent)}"
    return "" if os.geteuid() == 0 else "only root can make a system to start from"


class Trial:
    """The image in a storage of its own, and what runs of it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack, self.port = folder, stack, spare_port()
        self.services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
        self._storage = [
            "--root",
            folder / "storage",
            "--runroot",
            folder / "run",
            "--storage-driver",
            "overlay",
        ]

    def build(self) -> None:
        base, archive = self.folder / "base", self.folder / "base.tar"
        packages = "--include=python3,python3-venv,ca-certificates"
        call("debootstrap", "--variant=minbase", packages, SUITE, base)
        shutil.copy(f"/{CERTIFICATES}", base / CERTIFICATES)  # this machine may have more of them
        (base / "etc/pip.conf").write_text(f"[global]\ncert = /{CERTIFICATES}\n")
        call("chroot", base, "python3", "-m", "venv", "/usr/local")
        call("tar", "-C", base, "-cf", archive, ".")
        path = "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
        call("podman", *self._storage, "import", "--change", path, archive, BASE)
        kind = ["--isolation", "chroot", "--pull-never", "--from", BASE, "--tag", IMAGE]
        call("buildah", *self._storage, "build", *kind, "--file", ROOT / "Dockerfile", ROOT)

    def write_secrets(self, database: str, redis: str) -> None:
        def key() -> str:
            return base64.b64encode(secrets.token_bytes(32)).decode()

        held = {
            "database_url": database,
            "owner_url": database,
            "redis_url": redis,
            "secret_key": key() + key(),
            "field_keys": f"k1:{key()}",
            "blind_index_key": key(),
            "inner_ca": "",  # the engines are on this host
            "trail_keys": f"t1:{key()}",
        }
        for name in ("secrets", "signing", "media"):
            (self.folder / name).mkdir()
        os.chown(self.folder / "media", 10001, 10001)
        for name, value in held.items():
            path = self.folder / "secrets" / name
            path.write_text(value)
            path.chmod(0o444)

    def command(self, name: str) -> list:
        """The command line that runs a service with its restrictions, its environment and its secrets."""
        service = self.services[name]
        mounts = [f"{self.folder}/media:/srv/media", f"{self.folder}/signing:/run/signing:ro"]
        mounts += [
            f"{self.folder}/secrets/{held}:/run/secrets/{held}:ro" for held in service["secrets"]
        ]
        options = ["--read-only"] if service["read_only"] else []
        options += [f"--cap-drop={one}" for one in service["cap_drop"]] + [
            f"--tmpfs={one}" for one in service["tmpfs"]
        ]
        options += [f"--security-opt={one.replace(':true', '')}" for one in service["security_opt"]]
        options += [
            f"--env={key}={filled(str(value))}" for key, value in service["environment"].items()
        ]
        options += [f"--volume={mount}" for mount in mounts]
        # What compose leaves to its daemon, and this machine's kernel may refuse to give.
        here = ["--network=host", "--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"]
        run = [
            "podman",
            *self._storage,
            "--runtime=runc",
            "--cgroup-manager=cgroupfs",
            "run",
            "--rm",
            "--name",
            name,
        ]
        return [*run, *here, *options, IMAGE, *self._asked(service)]

    def _asked(self, service: dict) -> list[str]:
        if "command" in service:
            return service["command"]
        (image,) = json.loads(call("podman", *self._storage, "image", "inspect", IMAGE))
        return [
            word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}")
            for word in image["Config"]["Cmd"]
        ]  # noqa: S104

    def run(self) -> None:
        call(*self.command("migrate"))
        running = {}
        for name in ("web", "worker", "clocks", "beat"):
            running[name] = start(self.command(name), self.folder / f"{name}.log")
            self.stack.callback(stop, running[name])
        try:
            self._look_at(running)
        except EngineError as error:
            logs = (
                f"{name}:\n{(self.folder / f'{name}.log').read_text()[-3000:]}" for name in running
            )
            raise EngineError("\n".join([str(error), *logs])) from error
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        ends = {name: process.wait(60) for name, process in running.items()}
        if any(ends.values()):
            raise EngineError(f"Asked to end, they ended with {ends}; it should be 0 of each.")

    def _look_at(self, running: dict[str, subprocess.Popen]) -> None:
        self._until("web is ready", lambda: self._page("/readyz"), running)
        page = self._page("/")
        (style, *_more) = re.findall(r'href="(/static/[^"]+\.css)"', page)
        if not self._page(style):
            raise EngineError(f"{style} isn't served.")
        self._until("every sweep was done", lambda: self._page("/sweepz"), running)
        for name in running:
            self._until(f"{name} is healthy", lambda name=name: self._is_healthy(name), running)

    def _page(self, path: str) -> str:
        """What web answers with 200, as the proxy would ask; nothing where it answers otherwise."""
        headers = {"Host": HOST, "X-Forwarded-Proto": "https"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.read().decode()
        except (urllib.error.URLError, OSError):
            return ""

    def _is_healthy(self, name: str) -> bool:
        kind, *check = self.services[name]["healthcheck"]["test"]
        check = ["sh", "-c", check[0].replace("$$", "$")] if kind == "CMD-SHELL" else check
        if name == "web":  # it listens elsewhere, since others are on this machine
            check = [
                "python",
                "-c",
                f"import sys; from portal import probe; sys.exit(not probe.ready({self.port}))",
            ]
        podman = [
            "podman",
            *self._storage,
            "--runtime=runc",
            "--cgroup-manager=cgroupfs",
            "exec",
            name,
            *check,
        ]
        done = subprocess.run(list(map(str, podman)), capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"   not yet: {name}: {(done.stdout + done.stderr).strip()[-200:]}", flush=True)
        return done.returncode == 0

    @staticmethod
    def _until(what: str, is_so, running: dict[str, subprocess.Popen]) -> None:
        end = time.monotonic() + MOST
        while not is_so():
            ended = [name for name, process in running.items() if process.poll() is not None]
            if ended or time.monotonic() > end:
                raise EngineError(
                    f"Not so: {what}."
                    + (f" Ended by themselves: {', '.join(ended)}." if ended else "")
                )
            time.sleep(3)
        print(f"   {what}", flush=True)

    def forget(self) -> None:
        for remove in (["rm", "--all", "--force"], ["rmi", "--all", "--force"]):
            with suppress(EngineError):
                call("podman", *self._storage, *remove)


def filled(value: str) -> str:
    """A value of the compose file with what the operator sets."""
    hosts = f"{HOST},127.0.0.1"
    given = {"SITE_ADDRESS": f"https://{HOST}", "ALLOWED_HOSTS": hosts, "SANDBOXES": "all"}
    return re.sub(r"\$\{(\w+):[-?]([^}]*)\}", lambda found: given.get(found[1], found[2]), value)


def call(*command: object) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EngineError(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout


def main() -> int:
    if reason := missing():
        print(f"The image can't be tried out here: {reason}.")
        return 1
    with ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="portal-image-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(temporary))
        folder.chmod(0o755)  # the user postgres goes through it
        trial = Trial(folder, stack)
        stack.callback(trial.forget)
        print("   building, some minutes", flush=True)
        trial.build()
        postgres = PostgreSQL(folder / "postgres", folder / "postgres.log")
        stack.callback(postgres.stop)
        redis = Redis(folder / "redis", folder / "redis.log", durable=False)
        stack.callback(redis.stop)
        trial.write_secrets(postgres.url, redis.url)
        trial.run()
    print("   the image starts, serves, works and stops")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EngineError as error:
        sys.exit(str(error))
