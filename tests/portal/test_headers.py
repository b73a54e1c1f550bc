"""What may be kept of an answer, and what programs ask of every site."""

import pytest
from django.urls import reverse

from tests import factories, officers

pytestmark = pytest.mark.django_db


def test_nothing_is_kept_of_a_page_for_somebody(client, zone):
    person = officers.browser(factories.UserFactory())
    for name in ("home", "services", "guide", "standards"):
        assert "no-store" in person.get(reverse(name))["Cache-Control"], name
        assert "no-store" not in client.get(reverse(name)).headers.get("Cache-Control", ""), name


def test_answers_of_the_interface_are_not_kept(zone):
    supervisor = officers.browser(factories.supervisor(zone))
    for address in ("/api/v1/cases/", "/api/v1/schema/"):
        answer = supervisor.get(address)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-cache", address


def test_robots_stay_away_from_forms_and_cases(client):
    told = client.get("/robots.txt")
    assert told["Content-Type"].startswith("text/plain")
    lines = told.content.decode().splitlines()
    assert "Disallow: /" in lines and f"Allow: {reverse('guide')}" in lines
    assert not any("progress" in line or "filings" in line for line in lines)


def test_security_txt_says_whom_to_tell(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    told = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:security@example.org" in told and "Expires: " in told


def test_what_is_sent_to_a_page_that_takes_nothing_gets_a_page(client):
    answer = client.post(reverse("robots"), headers={"accept-language": "en"})
    assert answer.status_code == 405 and "GET" in answer["Allow"]
    assert "nothing of what was sent was kept" in answer.content.decode()
