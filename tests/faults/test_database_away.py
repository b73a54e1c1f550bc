"""PostgreSQL away, or gone in the middle of a request: 503 with Retry-After for everybody who asks, never 500."""

import re
import socket
from ipaddress import ip_network

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import factories
from tests.faults.test_engines_lost import cut_every_connection
from tests.faults.together import stopping_after

SENTENCE = {"zh-hans": "此前已保存的内容不受影响", "en": "What was saved before is safe."}


def addresses(patterns, before="/"):
    """Every address of the product, with a number wherever it asks for something."""
    for entry in patterns:
        route = before + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            route = re.sub(r"\(\?P<(\w+)>(?:\[[^\]]*\]|[^()\[\]]|\\.)*\)", r"<\1>", route)
            route = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", route)
            yield re.sub(r"<(?:\w+:)?(\w+)>", "1", route).replace("\\.", ".")


@pytest.fixture
def asking(client, zone, settings):
    """A client that is logged in, and is answered as a browser is when something breaks."""
    settings.METRICS_FROM = [ip_network("127.0.0.0/8")]
    client.force_login(factories.supervisor(zone))
    client.raise_request_exception = False
    return client


@pytest.fixture
def away(asking, monkeypatch):
    """From now on nobody listens where PostgreSQL was."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nowhere = probe.getsockname()[1]
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", nowhere)
    yield
    monkeypatch.undo()
    connections.close_all()


def test_no_address_answers_500(asking, away):
    answers = {
        path: asking.get(path).status_code
        for path in dict.fromkeys(addresses(get_resolver().url_patterns))
    }
    assert len(answers) > 100
    wrong = {path: status for path, status in answers.items() if status >= 500 and status != 503}
    assert not wrong, wrong
    assert list(answers.values()).count(503) > len(answers) / 2


@pytest.mark.parametrize("language", SENTENCE)
@pytest.mark.parametrize("way", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_person_is_told_a_sentence(asking, away, way, language):
    asking.cookies["language"] = language
    shown = asking.get(reverse("work"), headers=way)
    sent = asking.post(reverse("login"), {"username": "x"}, headers=way)
    for answer in (shown, sent):
        assert (
            answer.status_code == 503
            and answer["Retry-After"]
            and "no-store" in answer["Cache-Control"]
        )
        assert SENTENCE[language] in answer.content.decode()
        assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/api/v1/cases/", "/api/v1/progress/?number=1&code=1", "/sweepz", "/metrics"]
)
def test_a_machine_is_told_in_its_own_words(asking, away, path):
    answer = asking.get(path)
    assert answer.status_code == 503 and answer["Retry-After"]
    assert answer.json()["status"] == "unavailable" and answer.json()["detail"]


def test_what_watches_the_processes_goes_on(away):
    nobody = Client()
    assert nobody.get("/livez").status_code == 200
    answer = nobody.get("/readyz")
    assert answer.status_code == 503 and answer.json()["database"] == "lost"


@pytest.mark.parametrize("statement", ["accounts_session", "accounts_user"])
def test_a_cut_in_the_middle_of_a_request_is_503_and_the_next_one_is_served(asking, statement):
    with stopping_after(statement, cut_every_connection):
        answer = asking.get("/supervision/")
    assert answer.status_code == 503 and answer["Retry-After"]
    connection.close()  # as at the begin of each request
    assert asking.get("/supervision/").status_code == 200
