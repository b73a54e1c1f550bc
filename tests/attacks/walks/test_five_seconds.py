"""No client, transaction, file, name or task holds up anybody else for more than five seconds: one of each tries."""

import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest
import yaml
from celery import Celery
from django.utils import timezone

from kernel.cases.models import Application
from kernel.form import uploads
from portal.operations.models import Heartbeat
from script.engines import VENV, start, stop, wait_for
from tests.attacks.server import HOST
from tests.attacks.walks import never_ends
from tests.attacks.walks.test_files import bomb, materials, pdf
from tests.faults import together
from tests.faults.test_no_end import a_frozen_transaction
from tests.faults.together import ROOT, wait_until
from tests.house import test_proxy as proxies

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
SECONDS = 5


@contextmanager
def nobody_waits(usual: float = 0):
    """What is asked within is answered in time: no more than that later than it usually is, in seconds."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took < usual + SECONDS, f"{took:.1f} s"


def anna_works_on(place) -> None:
    """A page, and a save of her own draft."""
    anna = place.inside(place.anna)
    assert anna.get("/my/").status == 200
    given = {"detail": place.draft.answers["address"]["detail"]}
    saved = anna.post(f"/filings/{place.draft.ref}/address/autosave/", given)
    assert saved.status < 300, saved.status


@pytest.mark.skipif(not proxies.NGINX, reason="needs nginx: script/test installs it")
def test_a_slow_client(place, tmp_path):
    """Was open: 40 connections that send nothing stopped the site. Here 60, in three ways, through the proxy."""
    with ExitStack() as stack:
        tls, _plain = stack.enter_context(proxies.proxy(tmp_path, place.server.port))
        for turn in range(60):
            said = list(proxies.SLOW.values())[turn % 3]
            link = proxies.socket.create_connection(("127.0.0.1", tls))
            stack.enter_context(proxies.TRUSTING.wrap_socket(link)).sendall(said)
        with nobody_waits():
            page = f"https://127.0.0.1:{tls}/privacy/"
            assert proxies.answer_of(page, headers={"Host": HOST}) == 200
    with nobody_waits():
        anna_works_on(place)


def test_a_transaction_that_does_not_end(place):
    """Was open: nine presses on what one open transaction holds stopped the site. Here twenty, of one person."""
    bert, page = place.inside(place.bert), f"/filings/{place.berts.ref}/address/autosave/"
    assert bert.token
    hold = partial(Application.objects.select_for_update().get, pk=place.berts.pk)
    with a_frozen_transaction(hold), ThreadPoolExecutor(20) as presses:
        pressed = [presses.submit(bert.again().post, page, {"detail": "1"}) for _press in range(20)]
        with nobody_waits():
            anna_works_on(place)
        statuses = {press.result().status for press in pressed}
    assert statuses <= {429, 503}, "and who pressed is told"


def test_a_file_that_unfolds_without_end(place):
    """Was open: a kilobyte of PDF took a process. Here six of them at once, beside somebody's own small file."""
    bert, anna = place.inside(place.bert), place.inside(place.anna)
    assert bert.token and anna.token
    sent, mine = ("address_proof", "bomb.pdf", bomb()), f"/filings/{place.draft.ref}/materials/"
    began = time.monotonic()
    assert anna.send(mine, ("address_proof", "first.pdf", pdf())).status == 200
    alone = time.monotonic() - began
    with ThreadPoolExecutor(6) as presses:
        pressed = [presses.submit(bert.again().send, materials(place), sent) for _press in range(6)]
        with nobody_waits():
            anna_works_on(place)
        with nobody_waits(alone):
            assert anna.send(mine, ("address_proof", "mine.pdf", pdf())).status == 200
        statuses = {press.result().status for press in pressed}
    assert statuses <= {422, 429}, statuses
    assert uploads.AT_ONCE > 1, "or one person's file would be everybody's"


NAMES = [
    "中" * 57,
    "国中" * 100,
    "（" * 150,
    "（中）" * 60,
    "有限公司" * 40,
    "淄博市" * 50,
    "山东省淄博市高新区" * 20,
    "一二三四五六七八九十" * 15,
    "股份" * 60 + "有限",
    "\u3000" * 200,
    "𠮷" * 80,
    "a" * 5000,
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_that_is_looked_at_for_ever(place, name):
    """Was open: a name of 57 letters took minutes. Other shapes that a pattern might go through again and again."""
    bert = place.inside(place.bert)
    given = {
        "trade_name": name,
        "industry_term": name,
        "region": name,
        "organisation_form": "有限公司",
    }
    with nobody_waits():
        looked = bert.post(f"/filings/{place.berts.ref}/name/look/", given)
        assert looked.status in (200, 422), looked.status
    with nobody_waits():
        anna_works_on(place)


@pytest.fixture
def workers(place, tmp_path):
    """Those of the compose file, on the server's Redis, with one task more: it never ends."""
    text = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", (ROOT / "docker-compose.yml").read_text())
    described = yaml.safe_load(text)["services"]  # as with no environment of its own
    with ExitStack() as stack:
        for name in ("worker", "clocks"):
            command = described[name]["command"]
            command = [VENV / command[0], *command[1:], "--hostname", f"{name}@five"]
            command += ["--include", never_ends.__name__, "--without-gossip", "--without-mingle"]
            surroundings = together.environment() | {"REDIS_URL": place.server.redis.url}
            surroundings |= {"WORKER_HEARTBEAT": str(tmp_path / name)}
            log = tmp_path / f"{name}.log"
            process = start(command, log, env=surroundings)
            stack.callback(stop, process, signal.SIGKILL)
            wait_for((tmp_path / name).exists, process, log, name)
        yield


def test_a_task_that_never_ends(place, workers):
    """Own idea: both hands of the worker hold a paper that is never done. Deadlines are watched all the same."""
    with Celery(set_as_current=False) as sender:
        sender.config_from_object("django.conf:settings", namespace="CELERY")
        sender.conf.broker_url = place.server.redis.url
        for _hand in range(4):
            sender.send_task(never_ends.TASK, queue="papers")
        began = timezone.now()
        wait_until(lambda: never_ends.begun(place.server.redis.url) >= 2, "both are held")
        with nobody_waits():
            sender.send_task("kernel.sla.tasks.sweep", queue="clocks")
            swept = Heartbeat.objects.filter(sweep="clocks", done_at__gt=began)
            wait_until(swept.exists, "the clocks were looked at")
    with nobody_waits():
        anna_works_on(place)
