"""Behind PgBouncer in transaction mode, where each transaction may meet another session of PostgreSQL."""

import os
import shutil
from contextlib import ExitStack
from functools import partial

import pytest
from django.db import connection

from kernel.cases.models import Application
from kernel.core.moment import now
from portal.settings import env
from portal.supervision import exporting
from portal.supervision.tables import TABLES
from script.engines import answers, spare_port, start, stop, wait_for
from tests import factories
from tests.faults.together import at_once

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(not PGBOUNCER, reason="needs PgBouncer: script/test installs it")
CASES, PEOPLE = 5, 6
SETTINGS = """[databases]
* = host={HOST} port={PORT} user={USER}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
"""


@pytest.fixture
def pooled(transactional_db, tmp_path, monkeypatch):
    """New connections of this process go through PgBouncer, as docs/operations.md says."""
    described, port = connection.settings_dict, spare_port()
    with ExitStack() as stack:
        (tmp_path / "settings").write_text(SETTINGS.format(port=port, **described))
        as_root = ["--user", "nobody"] if os.geteuid() == 0 else []
        log = tmp_path / "log"
        process = start([PGBOUNCER, *as_root, tmp_path / "settings"], log)
        stack.callback(stop, process)
        wait_for(lambda: answers(port), process, log, "PgBouncer")
        for name in ("STATEMENT", "LOCK", "IDLE"):
            monkeypatch.setenv(f"DATABASE_{name}_SECONDS", "0")
        monkeypatch.setitem(described, "OPTIONS", env.limits())
        monkeypatch.setitem(described, "PORT", port)
        monkeypatch.setitem(described, "HOST", "127.0.0.1")
        connection.close()
        yield
        connection.close()


def _exported(rows) -> list[list]:
    return list(exporting.cells(TABLES["cases"], rows, now()))


def test_an_export_is_whole(zone, pooled, monkeypatch):
    monkeypatch.setattr(exporting, "CHUNK", 2)
    for _case in range(CASES):
        factories.draft(zone=zone)
    rows = Application.objects.order_by("-pk")
    exported = partial(_exported, rows)
    expected = [case.number for case in rows]
    for found in at_once(*[exported] * PEOPLE):
        assert not isinstance(found, Exception), found
        assert [row[0] for row in found] == expected
