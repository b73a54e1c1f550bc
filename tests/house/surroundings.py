"""Settings as a process of its own sees them, in an environment that the test makes up."""

import base64
import json
import os
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
# The folders of the product, as the import contract names them.
ROOTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["root_packages"]
KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "SECRET_KEY": "s" * 60,
    "FIELD_KEYS": f"k2:{KEY},k1:{KEY}",
    "BLIND_INDEX_KEY": KEY,
    "DATABASE_URL": "postgres://portal:secret@db:5432/portal?sslmode=verify-full&sslrootcert=/run/ca",
    "REDIS_URL": "rediss://redis:6379/0?ssl_cert_reqs=required&ssl_ca_certs=/run/ca",
    "TRAIL_KEYS": f"t1:{KEY}",
    "ALLOWED_HOSTS": "portal.example",
    "SITE_ADDRESS": "https://portal.example",
}


def beside_the_tests_of_departments(name: str) -> list[ModuleType]:
    """The modules of this name in the folders of tests of the departments: what a department says to tests that look
    at all of them (`answers`, `limits`)."""
    paths = sorted((ROOT / "tests").glob(f"*/{name}.py"))
    return [import_module(f"tests.{path.parent.name}.{name}") for path in paths]


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
