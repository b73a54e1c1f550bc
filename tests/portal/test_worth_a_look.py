"""The supervisor's list "worth a look": what several cases share, why, and that nothing is refused by it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.cases.models import Person
from tests import factories, officers
from tests.factories import MORNING

LIST = reverse("supervision:list", args=["worth_a_look"])
pytestmark = pytest.mark.django_db


def zone_with(**settings):
    off = {f"look_{what}": 1000 for what in ("filings", "companies", "phone", "file")}
    return factories.ZoneFactory(settings={**off, **settings})


def filed(zone, place: int = 0, **fields):
    """A case with people and files of its own, but for what a test gives."""
    case = factories.filed(zone=zone, **fields)
    for order, person in enumerate(case.people.order_by("pk")):
        person.data = {
            **person.data,
            "id_number": f"no-{place}-{order}",
            "phone": f"{place}{order}",
        }
        person.save()
    for material in case.materials.all():
        material.sha256 = f"{place:03}{material.pk:061}"
        material.save()
    return case


def shown(zone) -> dict[str, str]:
    answer = officers.browser(factories.supervisor(zone)).get(LIST)
    assert answer.status_code == 200
    return {row.filing_number: answer.content.decode() for row in answer.context["page"]}


@pytest.fixture(autouse=True)
def _clock(travel):
    travel(MORNING)


def test_what_stands_alone_is_not_on_it():
    zone = zone_with(look_filings=2, look_companies=2, look_phone=2, look_file=2)
    for place in range(2):
        filed(zone, place)
    assert shown(zone) == {}


def test_one_person_who_files_for_many():
    zone, applicant = zone_with(look_filings=2), factories.UserFactory()
    cases = [filed(zone, place, applicant=applicant) for place in range(2)]
    filed(zone, 2)
    found = shown(zone)
    assert set(found) == {case.filing_number for case in cases}
    page = next(iter(found.values()))
    assert "Its applicant filed 2 cases or more." in page
    assert applicant.real_name not in page, "masked"


@pytest.mark.parametrize(
    ("setting", "field", "sentence"),
    [
        ("look_companies", "id_number", "named in 2 cases or more"),
        ("look_phone", "phone", "stands for 2 people or more"),
    ],
)
def test_one_person_or_one_phone_in_many(setting, field, sentence):
    zone = zone_with(**{setting: 2})
    cases = [filed(zone, place) for place in range(3)]
    for case in cases[:2]:
        person = Person.objects.filter(application=case).first()
        person.data = {**person.data, field: "13800007777"}
        person.save()
    found = shown(zone)
    assert set(found) == {case.filing_number for case in cases[:2]}
    assert sentence in next(iter(found.values()))


def test_one_picture_in_many():
    zone = zone_with(look_file=2)
    cases = [filed(zone, place) for place in range(3)]
    for case in cases[:2]:
        case.materials.filter(pk=case.materials.first().pk).update(sha256="a" * 64)
    found = shown(zone)
    assert set(found) == {case.filing_number for case in cases[:2]}
    assert "uploaded with 2 cases or more" in next(iter(found.values()))


def test_days_and_zones_are_apart(travel):
    zone, applicant = zone_with(look_filings=2, look_days=30), factories.UserFactory()
    filed(zone, 0, applicant=applicant)
    filed(factories.ZoneFactory(code="neighbour"), 1, applicant=applicant)
    assert shown(zone) == {}
    travel(MORNING + timedelta(days=31))
    filed(zone, 2, applicant=applicant)
    assert shown(zone) == {}


def test_the_live_page_counts_it_where_there_is_any():
    zone, applicant = zone_with(look_filings=2), factories.UserFactory()
    web = officers.browser(factories.supervisor(zone))
    assert "Worth a look" not in web.get(reverse("supervision:live")).content.decode()
    for place in range(2):
        filed(zone, place, applicant=applicant)
    assert "Worth a look" in web.get(reverse("supervision:live")).content.decode()
