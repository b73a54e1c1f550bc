"""Redis gone, PostgreSQL restarted: what was answered stays true, and no process needs a restart."""

import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
import pytest
from celery import Celery
from django.db import Error, close_old_connections, connection

from kernel.cases import actions, replay, trail
from kernel.cases.models import Application, Document
from kernel.cases.tasks import make_papers
from kernel.core.outbox.models import Message
from kernel.core.outbox.tasks import deliver
from kernel.form import flow
from kernel.sla.models import Alarm, Clock
from kernel.sla.tasks import sweep
from portal import celery_app
from portal.notices.sending_out import send_out
from script.engines import Redis
from tests import driving, factories
from tests.codes import REGISTRATION, SEALS
from tests.faults.together import at_once, stopping_after

BOUNDED = 3  # seconds: what a lost Redis may cost one action


@pytest.fixture
def broker(tmp_path):
    """A Redis of one's own, to be killed, that wake-ups are sent to."""
    redis = Redis(tmp_path / "redis", tmp_path / "redis.log", durable=False)
    app = Celery("lost")
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = redis.url
    app.set_current()
    yield redis
    celery_app.set_current()
    app.close()
    redis.stop()


def test_an_action_succeeds_while_redis_is_gone_and_the_sweep_finds_the_papers(
    zone, officers, broker
):
    first, second = factories.filed(zone=zone), factories.filed(zone=zone)
    driving.work(REGISTRATION, officers[REGISTRATION], first)  # connected to the broker
    broker.process.kill()
    broker.process.wait()
    began = time.monotonic()
    driving.work(REGISTRATION, officers[REGISTRATION], second)
    assert time.monotonic() - began < BOUNDED
    second.refresh_from_db()
    assert second.state == flow.SEALING
    pending = Document.objects.filter(state=Document.State.PENDING)
    pending.exclude(application=second, kind="licence").update(
        state=Document.State.READY
    )  # one paper is enough
    assert make_papers() == 1
    assert second.documents.get(kind="licence").state == Document.State.READY


def test_a_task_may_run_again(zone, travel):
    case = factories.filed(zone=zone, applicant=factories.with_mail(factories.UserFactory()))
    travel(
        Clock.objects.get(owner=case.uid, name="licence_and_seals").due_at + timedelta(seconds=1)
    )
    for _time in range(2):
        sweep()
        send_out()
        deliver()
    assert Alarm.objects.count() == 3
    assert set(Message.objects.values_list("state", "tries")) == {("told", 1)}


@contextmanager
def administration():
    """A connection beside the product's."""
    described = connection.settings_dict
    beside = psycopg2.connect(
        host=described["HOST"],
        port=described["PORT"],
        user=described["USER"],
        dbname=described["NAME"],
    )
    beside.autocommit = True
    yield beside.cursor()
    beside.close()


def cut_every_connection() -> None:
    """What a restart of PostgreSQL does to the product."""
    with administration() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_cut_between_requests_costs_nothing_committed_and_no_restart(zone, officers):
    case = factories.filed(zone=zone)
    failed = 0
    for department in flow.usual():
        cut_every_connection()
        for _request in range(3):
            close_old_connections()  # as at the begin of each request
            try:
                driving.work(department, officers[department], case)
                break
            except Error:
                failed += 1
    assert failed <= len(flow.usual())
    case.refresh_from_db()
    assert case.state == flow.COMPLETED and trail.faults(case) == []


@pytest.mark.parametrize("statement", ["FOR UPDATE", "sla_span", "cases_event", "UPDATE"])
def test_a_cut_in_the_middle_of_a_move_undoes_it_whole(zone, officers, statement):
    case = factories.filed(zone=zone)
    stage = factories.stage(case, REGISTRATION)

    def approve():
        with stopping_after(statement, cut_every_connection):
            return driving.close(REGISTRATION, officers[REGISTRATION], case, stage)

    (answer,) = at_once(approve)
    assert isinstance(answer, Error), answer
    connection.close()
    case = Application.objects.get(pk=case.pk)
    assert replay.fold(case.events.order_by("seq"))[0] == case.state == flow.LICENSING
    assert trail.faults(case) == [] and not case.documents.filter(kind="licence").exists()
    assert driving.close(REGISTRATION, officers[REGISTRATION], case, stage).state == flow.SEALING
    assert actions.take_next(actor=officers[SEALS]).application_id == case.pk
