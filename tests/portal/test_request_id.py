"""One id follows a request: the answer's header, the log lines, the page of a break, the tasks that it woke."""

import json
import logging
import logging.config
import re
import uuid
from contextlib import contextmanager

import pytest
from celery import shared_task
from celery.app.trace import trace_task
from celery.signals import after_task_publish
from django.conf import settings as configured
from django.http import HttpResponse
from django.urls import include, path, reverse

from kernel.sla import set_aside
from kernel.sla.models import Clock
from portal.celery import app
from portal.logs import JsonFormatter
from tests import factories

log = logging.getLogger("tests.request_id")
seen = []


@shared_task(name="tests.woken")
def woken():
    log.warning("a task says")


def breaks(request):
    log.warning("about to break")
    raise RuntimeError("Key (phone)=(13800000426)")


def wakes(request):
    woken.apply_async(queue="tests.request_id")  # which no worker reads
    return HttpResponse()


urlpatterns = [path("breaks/", breaks), path("wakes/", wakes), path("", include("portal.urls"))]
handler500 = "portal.error_pages.broken"


@pytest.fixture
def lines(request):
    """The JSON lines written during the test, by a handler with the filters of the product's own."""
    written = []
    kept = logging.Handler()
    kept.emit = lambda record: written.append(json.loads(JsonFormatter().format(record)))
    for name in configured.LOGGING["handlers"]["console"]["filters"]:
        kept.addFilter(
            logging.config.DictConfigurator({}).configure_filter(
                configured.LOGGING["filters"][name]
            )
        )
    logging.getLogger().addHandler(kept)
    yield written
    logging.getLogger().removeHandler(kept)


@pytest.fixture
def asking(client, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


def test_each_answer_has_an_id_of_its_own(client, db):
    first, second = client.get("/livez")["X-Request-ID"], client.get("/livez")["X-Request-ID"]
    assert first != second and re.fullmatch("[0-9a-f]{32}", first)


def test_an_id_that_a_proxy_gave_is_kept_and_any_other_text_is_not(client):
    given = uuid.uuid4().hex
    assert client.get("/livez", headers={"X-Request-ID": given})["X-Request-ID"] == given
    assert (
        client.get("/livez", headers={"X-Request-ID": "13800000426"})["X-Request-ID"]
        != "13800000426"
    )


def test_the_page_of_a_break_names_the_id_that_the_log_lines_carry(asking, lines, db):
    answer = asking.get("/breaks/")
    number = answer["X-Request-ID"]
    assert answer.status_code == 500 and number in answer.content.decode()
    told = [
        line
        for line in lines
        if line["message"] == "about to break" or line.get("exception") == "RuntimeError"
    ]
    assert len(told) >= 2 and {line["request"] for line in told} == {number}
    assert "13800000426" not in json.dumps(lines) + answer.content.decode()


def test_a_task_logs_under_the_request_that_woke_it(asking, lines, db):
    sent = []
    with _published(sent):
        number = asking.get("/wakes/")["X-Request-ID"]
    assert [headers["X-Request-ID"] for headers in sent] == [number]
    for headers in (
        {"X-Request-ID": number},
        {},
    ):  # as a worker gives it what came with the message
        trace_task(woken, uuid.uuid4().hex, (), {}, request=headers, app=app)
    first, second = [line["request"] for line in lines if line["message"] == "a task says"]
    assert first == number and second not in (number, None)
    log.warning("afterwards")
    assert "request" not in lines[-1]


@contextmanager
def _published(sent):
    def take(headers, **_message):
        sent.append(headers)

    after_task_publish.connect(take, sender=woken.name)
    yield
    after_task_publish.disconnect(take, sender=woken.name)


def test_a_denial_says_which_case_and_which_account(client, lines, zone):
    stranger, case = factories.UserFactory(), factories.filed(zone=zone)
    client.force_login(stranger)
    assert client.get(reverse("filing:tasks", args=[case.number])).status_code == 404
    denied = [line for line in lines if line["message"] == "case denied"]
    assert [(line["user"], line["case"]) for line in denied] == [(stranger.pk, case.number)]


def test_a_clock_set_aside_is_named(lines, zone, settings):
    settings.CLOCK_TRIES = 1
    clock = Clock.objects.get(owner=factories.filed(zone=zone).uid, name="total")
    set_aside.failed(clock.pk, RuntimeError("a listener broke"), clock.alarm_at)
    told = [
        (line["clock"], line["failures"]) for line in lines if line["message"] == "clock set aside"
    ]
    assert told == [(clock.pk, 1)]
