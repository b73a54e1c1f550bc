"""Ask the web server on this machine whether it is ready; `python -m portal.probe` exits 0 if so. For health checks."""

import sys
import urllib.error
import urllib.request

from portal.settings import env


def ready(port: int = 8000) -> bool:
    host = env.listing("ALLOWED_HOSTS", ["localhost"])[0].lstrip(".")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(not ready())
