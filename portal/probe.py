"""For health checks on this machine; exits 0 if all is well.

`python -m portal.probe` asks the web server whether it is ready. `python -m portal.probe worker` looks when the worker
last did something: that its process answers says nothing of its work.
"""

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from portal.settings import env

LATE = 60  # seconds; the sweeps of the clocks alone come twelve times in it


def ready(port: int = 8000) -> bool:
    host = env.listing("ALLOWED_HOSTS", ["localhost"])[0].lstrip(".")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def works() -> bool:
    try:
        worked = Path(env.text("WORKER_HEARTBEAT", env.HEARTBEAT)).stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - worked < LATE


if __name__ == "__main__":
    sys.exit(not (works() if sys.argv[1:] == ["worker"] else ready()))
