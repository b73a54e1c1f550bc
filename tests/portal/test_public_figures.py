"""The public's figures: the supervisor's sums by month and stage, with nothing that leads to a case."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests import driving, factories
from tests.codes import REGISTRATION
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def downloaded(client, **asked) -> list[dict]:
    answer = client.get(reverse("public-figures-file"), asked)
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_finished_clocks_and_corrections_stand_in_their_month(client, travel):
    client.cookies["language"] = "en"
    travel(MORNING)
    zone = factories.ZoneFactory()
    officers = driving.staff(zone)
    driving.completed(zone=zone)
    travel(MORNING + timedelta(days=30))
    done = driving.completed(zone=zone)
    driving.given_back(officers, REGISTRATION, zone=zone)
    rows = {(row["Month"], row["Clock"]): row for row in downloaded(client)}
    assert {month for month, _clock in rows} == {"2026-03", "2026-04"}
    assert [rows[month, "total"]["n"] for month in ("2026-03", "2026-04")] == ["1", "1"]
    asked = {key for key, row in rows.items() if row["Corrections asked for"] != "0"}
    assert asked == {("2026-04", "licence_and_seals"), ("2026-04", "total")}
    page = client.get(reverse("public-figures")).content.decode()
    assert done.filing_number not in page and done.name not in page
    assert "April 2026" in page


def test_a_zone_shows_its_own_and_an_unknown_one_is_not_found(client, travel):
    travel(MORNING)
    factories.ZoneFactory()
    other = driving.completed(zone=factories.ZoneFactory(code="other")).zone
    assert downloaded(client) == []
    assert downloaded(client, zone=other.code)
    assert client.get(reverse("public-figures"), {"zone": "nowhere"}).status_code == 404


def test_before_anything_is_filed_the_page_says_so(client):
    assert client.get(reverse("public-figures")).status_code == 200
    assert downloaded(client) == []
