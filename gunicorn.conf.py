"""Read by gunicorn: where the web server's processes write what they count, for portal/operations/metrics.py."""

import os
import shutil
import tempfile

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(server):
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="portal-metrics-")


def on_exit(server):
    shutil.rmtree(os.environ[FOLDER], ignore_errors=True)
