"""Settings as a process of its own sees them, in an environment that the test makes up."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "SECRET_KEY": "s" * 60,
    "FIELD_KEYS": f"k2:{KEY},k1:{KEY}",
    "BLIND_INDEX_KEY": KEY,
    "DATABASE_URL": "postgres://portal:secret@db:5432/portal",
    "REDIS_URL": "redis://redis:6379/0",
    "ALLOWED_HOSTS": "portal.example",
    "SITE_ADDRESS": "https://portal.example",
}


def ask(module: str, expression: str, environment: dict[str, str]) -> subprocess.CompletedProcess:
    """Print an expression as JSON from a process of its own whose environment is `environment` and no more."""
    imports = "import json; from django.conf import settings; from portal.settings import env"
    code = f"{imports}; print(json.dumps({expression}))"
    surroundings = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": f"portal.settings.{module}",
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
    )


def answer(module: str, expression: str, environment: dict[str, str]):
    done = ask(module, expression, environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
