"""What Prometheus is told, whom it is told to, and the heartbeat of the sweeps."""

import os
import subprocess
import sys
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from celery.app.trace import trace_task
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel.core.outbox.models import Message
from kernel.sla.tasks import sweep
from portal.celery import app
from portal.notices import sending_out
from portal.operations import heartbeat
from portal.operations.models import Heartbeat
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scrape(client, settings):
    """Series with its labels → value."""
    settings.METRICS_FROM = [ip_network("127.0.0.0/8")]

    def ask() -> dict[str, float]:
        answer = client.get("/metrics")
        assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
        rows = (
            row.rsplit(" ", 1)
            for row in answer.content.decode().splitlines()
            if row and row[0] != "#"
        )
        return {name: float(value) for name, value in rows}

    return ask


def test_nobody_is_told_by_default(client):
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("given", "status"), [("Bearer right", 200), ("Bearer wrong", 404), ("", 404)]
)
def test_a_token_opens_it(client, settings, given, status):
    settings.METRICS_TOKEN = "right"
    assert client.get("/metrics", headers={"Authorization": given}).status_code == status


def test_what_a_client_claims_of_its_address_does_not_open_it(client, settings):
    settings.METRICS_FROM, settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")], 1
    assert (
        client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1, 203.0.113.9"}).status_code
        == 404
    )
    assert (
        client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9, 10.0.0.1"}).status_code
        == 200
    )
    assert client.get("/metrics", headers={"X-Forwarded-For": "nonsense"}).status_code == 404


def test_clocks_are_counted_by_their_moments_though_no_sweep_ran(scrape, zone, travel):
    factories.filed(zone=zone)
    assert scrape()['portal_clocks{clock="licence_and_seals",state="running"}'] == 1
    travel(factories.MORNING + timedelta(minutes=40))
    assert scrape()['portal_clocks{clock="licence_and_seals",state="at_risk"}'] == 1
    travel(factories.MORNING + timedelta(minutes=45))  # at the deadline, which is in time
    assert scrape()['portal_clocks{clock="licence_and_seals",state="at_risk"}'] == 1
    travel(factories.MORNING + timedelta(minutes=46))
    found = scrape()
    assert found['portal_clocks{clock="licence_and_seals",state="breached"}'] == 1
    assert found['portal_clocks{clock="licence_and_seals",state="running"}'] == 0
    assert found['portal_clocks{clock="tax",state="running"}'] == 0


def test_what_waits_is_counted_and_the_statements_do_not_grow(scrape, zone):
    def filed():
        factories.filed(zone=zone, applicant=factories.with_mail(factories.UserFactory()))
        sending_out.send_out()

    filed()
    with CaptureQueriesContext(connection) as one:
        found = scrape()
    waiting, aside = 'portal_outbox_depth{channel="%s"}', 'portal_outbox_set_aside{channel="%s"}'
    assert found[waiting % "e-mail"] == 1 and found["portal_papers_pending"] >= 1
    assert found[waiting % "tax"] == found[aside % "e-mail"] == 0
    filed()
    Message.objects.filter(pk=Message.objects.first().pk).update(state="aside")
    with CaptureQueriesContext(connection) as two:
        found = scrape()
    assert len(two) == len(one) < 10
    assert found[waiting % "e-mail"] == found[aside % "e-mail"] == 1


def test_requests_are_counted_by_status(scrape, client):
    before = scrape().get('portal_request_seconds_count{method="GET",status="404"}', 0)
    client.get("/nothing-here/")
    client.generic("BREW", "/nothing-here/")
    found = scrape()
    assert found['portal_request_seconds_count{method="GET",status="404"}'] == before + 1
    assert not any("BREW" in series for series in found)


def test_every_sweep_is_done_within_a_minute_of_the_first_start():
    """What is to be done rarely is looked at often: else a new installation is called late until then."""
    entries = app.conf.beat_schedule.items()
    assert [name for name, entry in entries if entry["schedule"] > heartbeat.PATIENCE] == []


def test_a_sweep_leaves_its_heartbeat_and_its_age_is_told_apart_from_readiness(scrape, client):
    answer = client.get("/sweepz")
    assert answer.status_code == 503 and "clocks" in answer.json()["late"]
    for name, entry in app.conf.beat_schedule.items():
        Heartbeat.objects.create(sweep=name, done_at=timezone.now() - timedelta(days=1))
        assert entry["task"]
    trace_task(sweep, "1", (), {}, request={}, app=app)
    found = client.get("/sweepz").json()
    assert found["sweeps"]["clocks"] < 30 and found["late"] == [
        "diaries",
        "services",
        "hall",
        "line",
        "counter",
        "waits",
        "signatures",
        "outbox",
        "notices",
        "receipts",
        "digests",
        "told",
        "papers",
        "trail",
        "revocations",
        "timestamps",
        "rounds",
        "reviews",
        "retention",
        "figures",
        "summaries",
    ]
    assert client.get("/readyz").status_code == 200
    assert scrape()['portal_sweep_age_seconds{sweep="clocks"}'] < 30
    Heartbeat.objects.update(done_at=timezone.now())
    assert client.get("/sweepz").status_code == 200 and heartbeat.late(heartbeat.ages()) == []


def test_processes_add_up_what_they_counted(tmp_path):
    """As gunicorn's workers: two processes count, a third tells the sum."""
    count = (
        "from portal.operations.metrics import REQUESTS; REQUESTS.labels('GET', 200).observe(0.02)"
    )
    tell = (
        "from portal.operations.metrics import _counted_by_all, generate_latest;"
        "print(generate_latest(_counted_by_all()).decode())"
    )
    begin = "import django; django.setup();"
    surroundings = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for code in (count, count):
        subprocess.run([sys.executable, "-c", begin + code], cwd=ROOT, env=surroundings, check=True)
    told = subprocess.run(
        [sys.executable, "-c", begin + tell],
        cwd=ROOT,
        env=surroundings,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert 'portal_request_seconds_count{method="GET",status="200"} 2.0' in told
